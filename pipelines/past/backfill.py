"""Backfill: past nights run again with what is known now, after a rule or the policy changed or a delivery came late.

A night sees what speaks for a day up to it and had come by ``known_by``. Where that is what it saw before, its links
stand and only the rules run. What a night then finds replaces what it found, in the lake and in the review; other
nights stay as they are, and so does every decision. A control sample once drawn is not drawn again with hindsight.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa

from engines.connection import DUCKDB
from engines.embedded import Limits, connect
from engines.lake import Lake
from pipelines.deliveries.as_of import TypeAsOf
from pipelines.deliveries.receipts import ReceiptStore
from pipelines.flag import flag, flags_by_rule, keep_flags, read_flags, read_not_checkable
from pipelines.flagged_members import keep_flagged_members
from pipelines.lake_lock import whole_lake
from pipelines.link import asked_of_the_near_poor, keep_links, kept_link_counts, link_night, show_kept_links
from pipelines.past.compare_flags import Compared, compare_flags
from pipelines.progress import Progress
from pipelines.provenance.made_of import find_provenance, inputs_id, inputs_of, provenance_of
from pipelines.provenance.program import program_version
from pipelines.provenance.standing import Again, BackfillError
from pipelines.publish import publish
from pipelines.reporting.report import kept_notices
from pipelines.stages import Night, require_rosters, show_as_of, take_in
from rules.book import RuleBook, load_rule_book
from schemas.catalogue import Catalogue, load_catalogue
from schemas.listed import rosters_of

__all__ = ["Backfill", "BackfillError", "NightAgain", "backfill"]


@dataclass(frozen=True)
class Backfill:
    """Which nights are run again, and with what."""

    first: date
    last: date
    lake: Lake
    database_url: str
    known_by: date
    """Deliveries count that had come by this day."""
    inbox: Path | None = None
    """Where late deliveries lie; without it, what the lake has already taken in."""
    rules: tuple[str, ...] = ()
    """Run these alone; the flags of all others stay. Empty: all."""
    dry_run: bool = False
    """Say what would change, and leave flags, links and the review as they are."""
    limits: Limits = field(default_factory=Limits)
    catalogue: Catalogue = field(default_factory=load_catalogue)
    book: RuleBook = field(default_factory=load_rule_book)


@dataclass(frozen=True)
class NightAgain:
    """What running a night again changed, or would."""

    night: date
    flags: int
    """How many flags the rules that were run find now."""
    differing: list[Compared]
    published: dict[str, int] | None
    """What the review made of it; None on a dry run."""
    failed: dict[str, str] = field(default_factory=dict)
    """Rules that could not be run, each with why: their flags stand."""


def backfill(plan: Backfill, progress: Progress | None = None) -> Iterator[NightAgain]:
    """Run the nights again, oldest first; each is published before the next begins.

    Raises BackfillError for a range or rules that cannot be, and what ``pipelines.night.run_night`` raises.
    """
    _understood(plan)
    progress = progress or Progress()
    with whole_lake(plan.lake):
        for days in range((plan.last - plan.first).days + 1):
            with connect(plan.lake.root / "spill", plan.limits) as connection:
                yield _again(plan, plan.first + timedelta(days=days), connection, progress)


def _understood(plan: Backfill) -> None:
    if plan.last < plan.first:
        raise BackfillError(f"the range ends on {plan.last}, before it begins on {plan.first}: give --from before --to")
    if plan.known_by < plan.last:
        raise BackfillError(f"--received-by {plan.known_by} is before the last night {plan.last}: give a later day")
    plan.book.only(plan.rules)


def _again(plan: Backfill, day: date, connection: duckdb.DuckDBPyConnection, progress: Progress) -> NightAgain:
    known = find_provenance(plan.lake, day)
    again = Again.of(day, plan.book, plan.rules, known, ReceiptStore(plan.lake).withdrawn())
    in_use = _see(plan, day, connection, progress)
    kept = read_flags(plan.lake, day)
    asked, program = asked_of_the_near_poor(plan.book, plan.catalogue), program_version(DUCKDB)
    seen = inputs_of(in_use, plan.catalogue, asked)
    kept_links = known if known and known.links == inputs_id(seen) else None
    if kept_links is None:
        link_night(connection, plan.catalogue, asked, progress)
    else:
        show_kept_links(connection, plan.lake, day)
    found = flag(connection, day, again.book, plan.catalogue, progress, plan.lake, seen)
    again = again.but_failed(found.failed, known)
    provenance = provenance_of(
        day,
        again.book,
        seen,
        program,
        known_by=plan.known_by,
        linked_by=kept_links.program if kept_links else program,
        rosters=rosters_of(plan.catalogue),
        standing=again.standing,
        failed=found.failed,
    )
    differing = compare_flags(again.replaced_flags(kept), found.flags)
    if plan.dry_run:
        return NightAgain(day, found.flags.num_rows, differing, None, found.failed)
    if kept_links is None:
        keep_links(connection, plan.lake, day)
    flags = pa.concat_tables([again.standing_flags(kept), found.flags])
    keep_flagged_members(connection, plan.lake, plan.catalogue, day, flags)
    silent = pa.concat_tables([again.standing_flags(read_not_checkable(plan.lake, day)), found.not_checkable])
    keep_flags(plan.lake, flags, again.book, plan.catalogue, provenance, silent)
    counts = {"links": kept_link_counts(plan.lake, day), "flags": flags_by_rule(flags, provenance)}
    published = publish(
        plan.lake,
        day,
        plan.database_url,
        in_use=in_use,
        counts=counts,
        not_taken_in=kept_notices(plan.lake, day, "passed_over"),
        progress=progress,
    )
    return NightAgain(day, found.flags.num_rows, differing, published, found.failed)


def _see(plan: Backfill, day: date, connection: duckdb.DuckDBPyConnection, progress: Progress) -> list[TypeAsOf]:
    """Take in what has come, and make the as-of views."""
    inbox = plan.inbox or plan.lake.root
    night = Night(day, inbox, plan.lake, plan.database_url, plan.known_by, limits=plan.limits, catalogue=plan.catalogue)
    if plan.inbox:
        take_in(night, progress)
    in_use = show_as_of(night, connection)
    require_rosters(in_use, rosters_of(plan.catalogue), ReceiptStore(plan.lake))
    return in_use
