"""The stages of a night, each a function of the night alone: a process of its own may run any of them.

What one stage leaves for the next stands in the lake, so a scheduler runs them as tasks and ``pipelines.night`` runs
them in a row. None takes a lock: whoever runs them does (see ``pipelines.lake_lock``). Each imports what it alone
needs when it is called: a task's process is short.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from engines.choose import default_engine, open_engine
from engines.connection import Connection
from engines.embedded import Limits, connect
from engines.lake import Lake
from engines.peak_memory import peak_memory_mb
from pipelines.deliveries.as_of import Freshness, TypeAsOf, choose, create_view
from pipelines.deliveries.kept_contracts import version_of
from pipelines.deliveries.receipts import Receipt, ReceiptStore
from pipelines.intake.inbox import InboxFile, PassedOver, find_deliveries
from pipelines.intake.passed_over import as_told, left_waiting, passed_over
from pipelines.intake.still_uploading import at_rest
from pipelines.progress import Progress
from pipelines.reporting.report import NightReport, summary_of_types, taken_in_by, warnings_of
from pipelines.settings import settings
from rules.book import RuleBook, load_rule_book
from schemas.catalogue import Catalogue, load_catalogue
from schemas.listed import rosters_of


class RosterUnusableError(RuntimeError):
    """A roster is missing, late or refused. Nothing was linked, flagged or published; what had landed is kept."""

    exit_code = 3


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
    rules: tuple[str, ...] = ()
    """Run only these rules; the flags of all others stand as they were. Empty: all."""
    again: bool = False
    """A past night with what is known now: what did not change for it stands (see pipelines.past.backfill)."""
    limits: Limits = field(default_factory=Limits)
    engine: str = field(default_factory=default_engine)
    """What links and flags: duckdb or spark. All else of the night is DuckDB's."""
    catalogue: Catalogue = field(default_factory=load_catalogue)
    book: RuleBook = field(default_factory=load_rule_book)


def waiting(night: Night, types: Sequence[str] = ()) -> tuple[list[InboxFile], list[PassedOver]]:
    """What came and was not settled before, in the order it is to be taken in; and what is named so that it cannot be.

    A refusal holds only for the contract it was read with: after the contract is corrected, the file is read again.
    Of ``types`` if given, else of the night's. Raises pipelines.intake.inbox.InboxMissingError when there is no inbox,
    and schemas.catalogue.ContractError for a type that does not exist.
    """
    receipt_store = ReceiptStore(night.lake)
    wanted = [night.catalogue[name] for name in types or night.types] or list(night.catalogue)
    found, passed = find_deliveries(
        night.inbox,
        wanted,
        delivered_by=night.business_date,
        received_by=night.received_by,
        among=night.catalogue,
    )
    versions = {contract.name: version_of(contract) for contract in wanted}

    def settled(file: InboxFile) -> bool:
        known = receipt_store.settled(file.type_name, file.source, size=file.size, modified_ns=file.modified_ns)
        return known is not None and (known.taken or known.contract_version == versions[file.type_name])

    return [file for file in found if not settled(file)], passed


def take_in(night: Night, progress: Progress, types: Sequence[str] = ()) -> list[Receipt]:
    """Land, conform and check what waits, of ``types`` if given; each delivery is settled by its receipt."""
    files = at_rest(waiting(night, types)[0], settings().upload_pause)
    with progress.stage("ingest", len(files)):
        # What reads and checks is dear to start: a night with nothing new does without.
        return _settle(night, files, progress) if files else []


def _settle(night: Night, files: Sequence[InboxFile], progress: Progress) -> list[Receipt]:
    from expectations.gate import Gate
    from pipelines.intake.block_workers import BlockWorkers
    from pipelines.intake.ingest import Ingest
    from pipelines.intake.side_by_side import settle_all

    def told(receipt: Receipt) -> None:
        progress.step("ingest", f"type={receipt.type_name} delivery={receipt.delivery_id}", _facts(receipt))

    threads = night.limits.threads
    receipt_store = ReceiptStore(night.lake)

    @contextmanager
    def ready() -> Iterator[Ingest]:
        with (
            connect(night.lake.root / "spill", night.limits) as connection,
            Gate(memory_limit=night.limits.memory, threads=threads) as gate,
            BlockWorkers(threads) as workers,
        ):
            yield Ingest(night.lake, receipt_store, connection, gate, night.business_date, workers)

    return settle_all(ready, files, night.catalogue, threads, told)


def in_use(night: Night) -> list[TypeAsOf]:
    """What is in use for each type as of the night, in the order of the catalogue."""
    receipt_store = ReceiptStore(night.lake)
    return [
        choose(contract, receipt_store, as_of=night.business_date, known_by=night.received_by)
        for contract in night.catalogue
    ]


def link_people(night: Night, progress: Progress) -> dict[str, int]:
    """Link the records of every type to people, and keep the links; returns how many by reason.

    Links stand that this program made of the same rows, the near-poor's for the same types; again (in a backfill),
    another program's do too. Raises RosterUnusableError when a roster is missing, late or refused: then nothing is
    linked.
    """
    from pipelines.link import asked_of_the_near_poor, kept_link_counts, link
    from pipelines.provenance.made_of import find_provenance, inputs_id, inputs_of
    from pipelines.provenance.program import program_version

    chosen = in_use(night)
    require_rosters(chosen, rosters_of(night.catalogue), ReceiptStore(night.lake))
    known = find_provenance(night.lake, night.business_date)
    asked = asked_of_the_near_poor(night.book, night.catalogue)
    if (
        known
        and known.links == inputs_id(inputs_of(chosen, night.catalogue, asked))
        and (night.again or known.program == program_version(night.engine))
    ):
        return kept_link_counts(night.lake, night.business_date)
    with open_engine(night.engine, night.lake.root / "spill", night.limits) as connection:
        show_as_of(night, connection)
        return link(connection, night.lake, night.catalogue, asked, night.business_date, progress)


def flag_people(night: Night, progress: Progress) -> dict[str, int]:
    """Run the rules over the night's records and kept links, and keep the flags; returns how many by rule.

    Flags that this program made of the same rows, rules and policy stand. A rule that cannot be run ends no night: what
    the night had of it stands (see ``pipelines.publish`` for the review).
    """
    import pyarrow as pa

    from pipelines.flag import flag, flags_by_rule, keep_flags, read_flags, read_not_checkable
    from pipelines.flagged_members import keep_flagged_members
    from pipelines.link import asked_of_the_near_poor, show_kept_links
    from pipelines.provenance.made_of import (
        Provenance,
        find_provenance,
        inputs_id,
        inputs_of,
        provenance_of,
    )
    from pipelines.provenance.program import program_version
    from pipelines.provenance.standing import Again

    day, program = night.business_date, program_version(night.engine)
    known = find_provenance(night.lake, day)
    seen = inputs_of(in_use(night), night.catalogue, asked_of_the_near_poor(night.book, night.catalogue))
    same_rows = known is not None and known.links == inputs_id(seen)
    # A sample once drawn stands, whatever else is made again of the same rows.
    stands = known if night.again or same_rows else None
    again = Again.of(day, night.book, night.rules, stands, ReceiptStore(night.lake).withdrawn())

    def made_of(again: Again, failed: Mapping[str, str]) -> Provenance:
        return provenance_of(
            day,
            again.book,
            seen,
            program,
            known_by=night.received_by,
            linked_by=known.program if known and same_rows and night.again else program,
            rosters=rosters_of(night.catalogue),
            standing=again.standing,
            failed=failed,
        )

    made = made_of(again, {})
    if known and not night.rules and known.model_copy(update={"known_by": made.known_by}) == made:
        made.keep(night.lake)
        return flags_by_rule(read_flags(night.lake, day), known)
    with open_engine(night.engine, night.lake.root / "spill", night.limits) as connection:
        show_as_of(night, connection)
        show_kept_links(connection, night.lake, day)
        found = flag(connection, day, again.book, night.catalogue, progress, night.lake, seen)
        again = again.but_failed(found.failed, known)
        made = made_of(again, found.failed)
        flags = pa.concat_tables([again.standing_flags(read_flags(night.lake, day)), found.flags])
        silent = pa.concat_tables([again.standing_flags(read_not_checkable(night.lake, day)), found.not_checkable])
        keep_flagged_members(connection, night.lake, night.catalogue, day, flags)
    keep_flags(night.lake, flags, again.book, night.catalogue, made, silent)
    return flags_by_rule(flags, made)


def rules_failed(night: Night) -> list[str]:
    """The rules that could not be run when the night's flags were made."""
    from pipelines.provenance.made_of import read_provenance

    return sorted(read_provenance(night.lake, night.business_date).failed)


def publish(night: Night, progress: Progress, *, links: dict[str, int], flags: dict[str, int]) -> dict[str, int]:
    """Bring the review database to what the night found; the counts are kept with the night."""
    from pipelines.publish import publish as publish_flags

    return publish_flags(
        night.lake,
        night.business_date,
        night.database_url,
        in_use=in_use(night),
        # A scheduler may hand them over in another order.
        counts={"links": dict(sorted(links.items())), "flags": dict(sorted(flags.items()))},
        not_taken_in=not_taken_in(night),
        progress=progress,
    )


def document(night: Night, progress: Progress) -> None:
    """Replace the pages on what the deliveries in use were held to."""
    from pipelines.reporting.docs import write_docs

    write_docs(night.lake, in_use(night), progress)


def report(
    night: Night,
    progress: Progress,
    *,
    links: dict[str, int],
    flags: dict[str, int],
    published: dict[str, int],
) -> NightReport:
    """Sum the published night up, and keep the report, the one on even-handedness, and the metrics in the lake."""
    from pipelines.flag import read_not_checkable
    from pipelines.link import show_kept_links
    from pipelines.provenance.made_of import read_provenance
    from pipelines.publish import state_of_review
    from pipelines.reporting.even_handedness.report import report_even_handedness
    from pipelines.reporting.metrics import write_metrics
    from pipelines.reporting.not_checkable import counted
    from review.configure import configure

    configure(night.database_url)
    with connect(night.lake.root / "spill", night.limits) as connection:
        show_as_of(night, connection)
        show_kept_links(connection, night.lake, night.business_date)
        even_handedness = report_even_handedness(
            connection, night.lake, night.catalogue, night.business_date, night.database_url, progress
        )
    settled = taken_in_by(ReceiptStore(night.lake), night.business_date)
    made_of = read_provenance(night.lake, night.business_date)
    told = NightReport(
        night=night.business_date,
        types=summary_of_types(in_use(night), settled),
        links=links,
        flags=flags,
        not_run=made_of.not_run(),
        not_checkable=counted(read_not_checkable(night.lake, night.business_date)),
        failed=made_of.failed,
        published=published,
        review=state_of_review(),
        even_handedness=even_handedness,
        passed_over=not_taken_in(night),
        seconds=progress.seconds,
        peak_memory_mb=peak_memory_mb(),
        warnings=warnings_of(settled),
        refused=[receipt.as_json() for receipt in settled if not receipt.usable],
        headers_unknown=[
            {"type_name": one.type_name, "file": one.file, "headers": list(one.headers_unknown)}
            for one in settled
            if one.headers_unknown
        ],
    )
    told.keep(night.lake)
    write_metrics(told, night.lake)
    return told


def knowing_what_was_known(night: Night) -> Night:
    """The night as it is run by itself: what it knew when it was last run, or any night before it, it still knows.

    A backfill may have told an older night of what came late: the nights after it are not to lose it again.
    """
    from pipelines.provenance.made_of import known_by_until

    known_by = known_by_until(night.lake, night.business_date)
    return replace(night, received_by=max(night.received_by, known_by or night.received_by))


def not_taken_in(night: Night) -> list[dict[str, str]]:
    """What lies in the inbox and was not taken in, as a report tells it: file, advice and advice_zh."""
    settled = taken_in_by(ReceiptStore(night.lake), night.business_date)
    known = {source for receipt in settled for source in (receipt.source, *receipt.also)}
    left = [file for file in waiting(night)[0] if file.source not in known]
    return as_told([*passed_over(night.inbox, night.catalogue, received_by=night.received_by), *left_waiting(left)])


def show_as_of(night: Night, connection: Connection) -> list[TypeAsOf]:
    """Make the view of each type as of the night; returns what is in use."""
    chosen = in_use(night)
    for one in chosen:
        create_view(connection, night.lake, night.catalogue[one.type_name], one)
    return chosen


def require_rosters(chosen: list[TypeAsOf], rosters: Collection[str], receipt_store: ReceiptStore) -> None:
    """Raise RosterUnusableError unless tonight's ``rosters`` are in use."""
    for one in chosen:
        if one.type_name not in rosters or one.freshness is Freshness.FRESH:
            continue
        refusals = [receipt for receipt in receipt_store.of_type(one.type_name) if receipt.delivery_id in one.refused]
        why = "; ".join(failure.message_en for receipt in refusals for failure in receipt.failures)
        raise RosterUnusableError(
            f"{one.type_name}: {f'refused: {why}' if why else 'tonight has none'}; the newest good one is of "
            f"{one.newest or 'no day'}. Nothing was linked or flagged. "
            f"Put a good roster into the inbox and run the night again."
        )


def _facts(receipt: Receipt) -> dict[str, object]:
    facts: dict[str, object] = {
        "status": receipt.status.value,
        "bytes": receipt.size,
        "landed": receipt.landed,
        "conformed": receipt.conformed,
        "quarantined": receipt.quarantined,
    }
    if receipt.failures:
        facts["because"] = "; ".join(failure.message_en for failure in receipt.failures)
    return facts
