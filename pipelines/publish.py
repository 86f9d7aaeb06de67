"""Publish: the night's flags go from the lake to the review database, where people take over."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from hashlib import sha256
from typing import Any

import polars as pl
import pyarrow as pa

from engines.embedded import connect
from engines.lake import Lake
from pipelines.deliveries.as_of import TypeAsOf
from pipelines.deliveries.receipts import ReceiptStore
from pipelines.deliveries.states import delivery_lines
from pipelines.flag import read_flags, read_not_checkable
from pipelines.flagged_members import read_flagged_members
from pipelines.progress import Progress
from pipelines.provenance.kept_rule_books import kept_rule
from pipelines.provenance.made_of import Provenance, read_provenance
from pipelines.reporting.not_checkable import counted, of_households
from pipelines.reporting.quality import quality_of
from pipelines.reporting.report import summary_of_types, taken_in_by
from pipelines.settings import SHANGHAI
from rules.rule import Rule
from schemas.catalogue import load_catalogue


def publish(
    lake: Lake,
    night: date,
    database_url: str,
    *,
    in_use: list[TypeAsOf],
    counts: Mapping[str, Mapping[str, Any]],
    not_taken_in: Sequence[Mapping[str, str]] = (),
    progress: Progress,
) -> dict[str, int]:
    """Bring the review database to what the night found; the same night twice changes nothing.

    Flags of rules that could not be run stay as they are. ``counts`` (links by reason, flags by rule) are kept with the
    night, which rules were not run and for want of what, or failed, which findings could not be checked, what its
    deliveries were like (``pipelines.reporting.quality``) and what of the inbox was ``not_taken_in``. Returns how many
    flags were new, seen again, changed and cleared, and how many cases were opened and reopened.
    """
    from review.configure import configure, migrate

    configure(database_url)
    from review.publishing import PublishCounts, already_published, publish_night

    with progress.stage("publish"):
        migrate()
        made_of = read_provenance(lake, night)
        flags, members = read_flags(lake, night), read_flagged_members(lake, night)
        counts = {**counts, "not_run": {name: list(lacked) for name, lacked in made_of.not_run().items()}}
        silent = read_not_checkable(lake, night)
        if silent.num_rows:
            counts["not_checkable"] = counted(silent)
        if made_of.failed:
            counts["failed"] = made_of.failed
        _keep_list(lake, night)
        types = summary_of_types(in_use, taken_in_by(ReceiptStore(lake), night))
        known = _made_of(made_of, flags, members, silent, (types, counts, *not_taken_in))
        if already_published(night, known):
            seen = sum(counts["flags"].values())
            return asdict(PublishCounts(opened=0, new=0, seen_again=seen, changed=0, cleared=0, reopened=0))
        with connect(lake.root / "spill") as connection:
            quality = quality_of(connection, lake, ReceiptStore(lake), in_use) | {"passed_over": list(not_taken_in)}
        summary = {
            "types": types,
            "counts": counts,
            "versions": made_of.versions(),
            "quality": quality,
        }
        published = publish_night(
            night,
            flags,
            summary,
            members=members,
            rules=rule_texts(lake, made_of),
            made_of=known,
            not_checked=made_of.failed,
            not_checkable=of_households(silent),
        )
    return asdict(published)


def _keep_list(lake: Lake, night: date) -> None:
    """The list of deliveries for the site, as they stand now; an older night changes nothing of it."""
    from review.delivery_list import FIELDS, keep_deliveries
    from review.models import Night

    if Night.objects.filter(date__gt=night).exists():
        return
    receipt_store, today = ReceiptStore(lake), datetime.now(tz=SHANGHAI).date()
    lines = delivery_lines(receipt_store, load_catalogue(), receipt_store.types(), today=max(night, today))
    told = (asdict(line) | {"delivery_id": line.delivery, "state": line.state.value} for line in lines)
    keep_deliveries({name: line[name] for name in FIELDS} for line in told)


def _made_of(night: Provenance, flags: pa.Table, members: pa.Table | None, silent: pa.Table, told: Any) -> str:
    """A hash of all that a publication is made of, the same for the same rows in any lake."""
    made = night.model_dump(mode="json", exclude={"known_by"})
    digest = sha256(json.dumps([made, told], sort_keys=True, default=str).encode())
    for table in (flags, members, silent):
        if table is not None:
            for column in table.combine_chunks().itercolumns():
                digest.update(pl.Series(column).hash(seed=0).to_numpy().tobytes())
    return digest.hexdigest()


def state_of_review() -> dict[str, Any]:
    """What the night's report keeps of the review database that ``publish`` has just configured."""
    from review.audit.chain import newest
    from review.figures import figures_for_report

    return figures_for_report() | {"audit": asdict(newest())}


def rule_texts(lake: Lake, made_of: Provenance) -> list[dict[str, Any]]:
    """What each rule of the night said of itself, in the text it was run with."""
    return said_of(kept_rule(lake, name, made.rule) for name, made in sorted(made_of.rules.items()))


def said_of(rules: Iterable[Rule]) -> list[dict[str, Any]]:
    """What a reviewer is told of each rule, with its version."""
    said = {"id", "version", "direction", "title", "legal_basis", "check_on_visit", "can_be_wrong"}
    return [rule.model_dump(mode="json", include=said) for rule in rules]
