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
import pyarrow.compute as pc

from engines.embedded import Limits, connect
from engines.lake import Lake
from pipelines.as_of import TypeAsOf
from pipelines.compare_flags import Compared, compare_flags
from pipelines.flag import flag, flags_by_rule, keep_flags, read_flags
from pipelines.ledger import Ledger
from pipelines.link import keep_links, kept_link_counts, link_night, show_kept_links
from pipelines.night import Night, one_night_at_a_time, require_rosters, see_as_of, take_in
from pipelines.progress import Progress
from pipelines.provenance import Provenance, find_provenance, provenance_of
from pipelines.publish import publish
from rules.book import RuleBook, load_rule_book
from rules.rule import Direction
from schemas.catalogue import Catalogue, load_catalogue


class BackfillError(ValueError):
    """A backfill asked for wrongly. Nothing was changed; the message says what to give."""

    exit_code = 4


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


def backfill(plan: Backfill, progress: Progress | None = None) -> Iterator[NightAgain]:
    """Run the nights again, oldest first; each is published before the next begins.

    Raises BackfillError for a range or rules that cannot be, and what ``pipelines.night.run_night`` raises.
    """
    _understood(plan)
    progress = progress or Progress()
    with one_night_at_a_time(plan.lake):
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
    book = _book_to_run(plan, day, known)
    in_use = _see(plan, day, connection, progress)
    kept = read_flags(plan.lake, day)
    standing = known.only(_standing(plan, book, known)) if known else None
    provenance = provenance_of(day, book, in_use, standing=standing)
    if relink := known is None or known.links != provenance.links:
        link_night(connection, plan.catalogue, progress)
    else:
        show_kept_links(connection, plan.lake, day)
    found = flag(connection, day, book, progress)
    stand = pc.is_in(kept["rule"], pa.array(list(standing.rules) if standing else [], pa.string()))
    differing = compare_flags(kept.filter(pc.invert(stand)), found)
    if plan.dry_run:
        return NightAgain(day, found.num_rows, differing, None)
    if relink:
        keep_links(connection, plan.lake, day)
    flags = pa.concat_tables([kept.filter(stand), found])
    keep_flags(plan.lake, flags, book, provenance)
    counts = {"links": kept_link_counts(plan.lake, day), "flags": flags_by_rule(flags, provenance)}
    published = publish(plan.lake, day, plan.database_url, in_use=in_use, counts=counts, progress=progress)
    return NightAgain(day, found.num_rows, differing, published)


def _book_to_run(plan: Backfill, day: date, known: Provenance | None) -> RuleBook:
    """The rules to run: those asked for, without a control rule that has drawn its sample."""
    if known is None and plan.rules:
        raise BackfillError(f"{day} was never run: run it in full before some of its rules, without --rules")
    book = plan.book.only(plan.rules) if plan.rules else plan.book
    drawn = known.rules.keys() if known else ()
    return book.only([one.id for one in book.rules if one.direction is not Direction.CONTROL or one.id not in drawn])


def _standing(plan: Backfill, book: RuleBook, known: Provenance) -> set[str]:
    """The rules whose flags of the night stay as they are: those not run, save one the book no longer has."""
    ran = {rule.id for rule in book.rules}
    return {name for name in known.rules if name not in ran and (plan.rules or plan.book.find(name))}


def _see(plan: Backfill, day: date, connection: duckdb.DuckDBPyConnection, progress: Progress) -> list[TypeAsOf]:
    """Take in what has come, and make the as-of views."""
    ledger = Ledger(plan.lake)
    inbox = plan.inbox or plan.lake.root
    night = Night(day, inbox, plan.lake, plan.database_url, plan.known_by, limits=plan.limits, catalogue=plan.catalogue)
    if plan.inbox:
        take_in(night, ledger, connection, progress)
    in_use = see_as_of(night, ledger, connection)
    require_rosters(in_use, ledger)
    return in_use
