"""The night: every stage in order, for one business date.

Each stage is a function of the date, its inputs as of that date, and versions; it writes aside and publishes in one
step. So a night that is run again gives the same rows, and one that was killed is simply run again.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from engines.embedded import Limits, connect
from engines.lake import Lake
from expectations.gate import Gate
from pipelines.as_of import Freshness, TypeAsOf, choose, create_view
from pipelines.docs import write_docs
from pipelines.flag import flag
from pipelines.inbox import Misnamed, find_deliveries
from pipelines.ingest import Ingest
from pipelines.ledger import Ledger, Receipt, as_json
from pipelines.link import link
from pipelines.progress import Progress
from pipelines.publish import publish, state_of_review
from pipelines.quality import quality_of
from pipelines.report import NightReport, peak_memory_mb, summary_of_types
from schemas.catalogue import Catalogue, load_catalogue

ROSTERS = ("dibao_roster", "tekun_roster")
"""Without tonight's rosters nobody knows whom the night is about: it stops."""


class RosterUnusableError(RuntimeError):
    """A roster is missing, late or refused. Nothing was linked, flagged or published; what had landed is kept."""

    exit_code = 3


class LakeBusyError(RuntimeError):
    """Another process runs a night on the same lake."""

    exit_code = 5


@dataclass(frozen=True)
class Night:
    """What a night is run with."""

    business_date: date
    inbox: Path
    lake: Lake
    database_url: str
    received_by: date
    types: tuple[str, ...] = ()
    """Take in only these types; all others stand as they were. Empty: all."""
    limits: Limits = field(default_factory=Limits)
    catalogue: Catalogue = field(default_factory=load_catalogue)


def run_night(night: Night, progress: Progress | None = None) -> NightReport:
    """Take in what came, link, flag and publish, and return the report, which is also kept in the lake.

    Raises RosterUnusableError when a roster is missing, late or refused, LakeBusyError when another night is running,
    pipelines.inbox.InboxMissingError when there is no inbox, and schemas.catalogue.ContractError when ``types`` names
    one that does not exist.
    """
    progress = progress or Progress()
    ledger = Ledger(night.lake)
    with _one_night_at_a_time(night.lake), connect(night.lake.root / "spill", night.limits) as connection:
        settled, misnamed = _ingest(night, ledger, connection, progress)
        in_use = _as_of(night, ledger, connection)
        _require_rosters(in_use, ledger)
        links = link(connection, night.lake, night.catalogue, night.business_date, progress)
        flags = flag(connection, night.lake, night.business_date, progress)
        counts = {"links": links, "flags": flags}
        published = publish(
            night.lake,
            night.business_date,
            night.database_url,
            in_use=in_use,
            counts=counts,
            quality=quality_of(connection, night.lake, ledger, in_use),
            progress=progress,
        )
    write_docs(night.lake, in_use, progress)
    report = NightReport(
        night=night.business_date,
        types=summary_of_types(in_use, settled),
        links=links,
        flags=flags,
        published=published,
        review=state_of_review(),
        misnamed=[{"file": wrong.path.name, "advice": wrong.advice} for wrong in misnamed],
        seconds=progress.seconds,
        peak_memory_mb=peak_memory_mb(),
        refused=[as_json(receipt) for receipt in settled if not receipt.usable],
    )
    report.keep(night.lake)
    return report


def _ingest(
    night: Night, ledger: Ledger, connection: duckdb.DuckDBPyConnection, progress: Progress
) -> tuple[list[Receipt], list[Misnamed]]:
    """Take in what came and was not settled before."""
    wanted = [night.catalogue[name] for name in night.types] or list(night.catalogue)
    found, misnamed = find_deliveries(
        night.inbox, wanted, delivered_by=night.business_date, received_by=night.received_by
    )
    waiting = [file for file in found if not ledger.settled(file.type_name, file.source, file.path)]
    settled: list[Receipt] = []
    with (
        progress.stage("ingest", len(waiting)),
        Gate(memory_limit=night.limits.memory, threads=night.limits.threads) as gate,
    ):
        ingest = Ingest(night.lake, ledger, connection, gate)
        for delivery in waiting:
            receipt = ingest.settle(delivery, night.catalogue[delivery.type_name])
            settled.append(receipt)
            progress.step("ingest", f"type={receipt.type_name} delivery={receipt.delivery_id}", _facts(receipt))
    return settled, misnamed


def _facts(receipt: Receipt) -> dict[str, object]:
    facts: dict[str, object] = {
        "status": receipt.status.value,
        "landed": receipt.landed,
        "conformed": receipt.conformed,
        "quarantined": receipt.quarantined,
    }
    if receipt.failures:
        facts["because"] = "; ".join(failure.message_en for failure in receipt.failures)
    return facts


def _as_of(night: Night, ledger: Ledger, connection: duckdb.DuckDBPyConnection) -> list[TypeAsOf]:
    """Choose what is in use for each type, and make its view."""
    in_use = [
        choose(contract, ledger, as_of=night.business_date, known_by=night.received_by) for contract in night.catalogue
    ]
    for chosen in in_use:
        create_view(connection, night.lake, night.catalogue[chosen.type_name], chosen)
    return in_use


def _require_rosters(in_use: list[TypeAsOf], ledger: Ledger) -> None:
    for chosen in in_use:
        if chosen.type_name not in ROSTERS or chosen.freshness is Freshness.FRESH:
            continue
        refusals = [receipt for receipt in ledger.of_type(chosen.type_name) if receipt.delivery_id in chosen.refused]
        why = "; ".join(failure.message_en for receipt in refusals for failure in receipt.failures)
        raise RosterUnusableError(
            f"{chosen.type_name}: {f'refused: {why}' if why else 'tonight has none'}; the newest good one is of "
            f"{chosen.newest or 'no day'}. Nothing was linked or flagged. "
            f"Put a good roster into the inbox and run the night again."
        )


@contextmanager
def _one_night_at_a_time(lake: Lake) -> Iterator[None]:
    """Hold the lake's lock; the system releases it when the process ends, however it ends."""
    with (lake.folder() / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LakeBusyError(f"another night is running on {lake.root}: wait for it, then run this one") from None
        yield
