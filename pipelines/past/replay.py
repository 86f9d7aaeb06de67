"""Replay: make a past night's flags again, of the deliveries, links, rule texts and policy of that night, and compare.

What the night was made of is in ``pipelines.provenance.made_of``. The links are those the lake keeps; where the night
was linked again since, for some rules only, the others' links are made anew of their own deliveries.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from engines.embedded import connect
from engines.lake import Lake
from pipelines.deliveries.as_of import show_deliveries
from pipelines.deliveries.kept_contracts import catalogue_then
from pipelines.flag import read_flags
from pipelines.link import asked_of_the_near_poor, link_night, show_kept_links
from pipelines.past.compare_flags import Compared, Outcome, compare_flags
from pipelines.progress import Progress
from pipelines.provenance.kept_rule_books import kept_policy, kept_rule
from pipelines.provenance.made_of import (
    Inputs,
    MadeOf,
    NoSuchNightError,
    Provenance,
    nights_kept,
    not_delivered,
    read_provenance,
)
from pipelines.seen_by_night import seen_by_night
from rules.book import RuleBook
from rules.rule import Direction
from rules.run import FLAGS, flag_night
from rules.texts import Edit, edits_of
from schemas.catalogue import Catalogue

LEAST_PREFIX = 6


class NoSuchFlagError(LookupError):
    """The lake has no such flag, or several that begin so. The message says what to give."""

    exit_code = 4


@dataclass(frozen=True)
class ReplayedNight:
    """What came of a night's flags when they were made again."""

    night: date
    flags: int
    by_rule: dict[str, int]
    differing: list[Compared]
    """*cleared*: the replay did not find it; *added*: the replay alone found it."""
    edited: list[Edit]
    """Rules and policy that read otherwise today."""

    @property
    def reproduced(self) -> int:
        """How many of the night's flags came out the same."""
        return self.flags - sum(one.outcome is not Outcome.ADDED for one in self.differing)


@dataclass(frozen=True)
class ReplayedFlag:
    """What came of one flag."""

    flag: dict[str, object]
    """As the lake keeps it, in the columns of ``rules.run.FLAGS``."""
    night: date
    outcome: Outcome
    """*same*, *changed*, or *cleared* where the replay did not find it."""
    differs: tuple[str, ...]
    edited: list[Edit]
    today: Outcome | None
    """The same, of that night's deliveries, with today's text and policy; None where neither was edited."""
    differs_today: tuple[str, ...] = ()


def find_night(lake: Lake, flag_id: str) -> tuple[date, dict[str, object]]:
    """The last night whose flags hold ``flag_id`` (or the only one that begins so), and the flag.

    Raises NoSuchFlagError.
    """
    if len(flag_id) < LEAST_PREFIX:
        raise NoSuchFlagError(f"{flag_id!r} is too short: give at least {LEAST_PREFIX} characters of the flag's number")
    for night in reversed(nights_kept(lake)):
        flags = read_flags(lake, night)
        found = flags.filter(pc.starts_with(flags["flag_id"], flag_id)).to_pylist()
        if len(found) > 1:
            raise NoSuchFlagError(f"{len(found)} flags begin with {flag_id!r}: give more of the number")
        if found:
            return night, found[0]
    raise NoSuchFlagError(f"no night in this lake has a flag {flag_id!r}: check the number, or give another --lake")


def replay_flag(lake: Lake, catalogue: Catalogue, flag_id: str, book: RuleBook) -> ReplayedFlag:
    """Make one flag again. ``book`` is today's, to say what was edited since and what it would say."""
    night, flag = find_night(lake, flag_id)
    provenance = read_provenance(lake, night)
    name = str(flag["rule"])
    kept = pa.Table.from_pylist([flag], schema=FLAGS)
    with connect(lake.root / "spill") as connection:
        made = provenance.rules[name]
        then = _book(lake, {**(made.beside or {}), name: made.rule}, made.policy)
        contracts = _show(connection, lake, catalogue, provenance, made.inputs, then)
        inputs = provenance.inputs[made.inputs]
        missing = not_delivered(inputs)
        known = seen_by_night(connection, lake, contracts, inputs, then.rules)
        found = flag_night(connection, night, then.rules, then.policy, contracts, missing=missing, seen=known)
        outcome, differs = _stands(kept, found)
        edited = edits_of(then.only([name]), book)
        if not edited:
            return ReplayedFlag(flag, night, outcome, differs, edited, None)
        now = book.find(name)
        if now is None:
            return ReplayedFlag(flag, night, outcome, differs, edited, Outcome.CLEARED)
        rules = book.rules if now.direction is Direction.CONTROL else (now,)
        _show_deliveries(connection, lake, catalogue, provenance.inputs[made.inputs])
        known = seen_by_night(connection, lake, catalogue, inputs, rules)
        found = flag_night(connection, night, rules, book.policy, catalogue, missing=missing, seen=known)
        today, differs_today = _stands(kept, found)
    return ReplayedFlag(flag, night, outcome, differs, edited, today, differs_today)


def replay_night(lake: Lake, catalogue: Catalogue, night: date, book: RuleBook) -> ReplayedNight:
    """Make all flags of a night again: every group of rules of the same policy and deliveries in one run."""
    provenance = read_provenance(lake, night)
    kept = read_flags(lake, night)
    found, edited = [], []
    for made, versions, names in _groups(provenance):
        then = _book(lake, versions, made.policy)
        with connect(lake.root / "spill") as connection:
            contracts = _show(connection, lake, catalogue, provenance, made.inputs, then)
            inputs = provenance.inputs[made.inputs]
            known, missing = seen_by_night(connection, lake, contracts, inputs, then.rules), not_delivered(inputs)
            flags = flag_night(connection, night, then.rules, then.policy, contracts, missing=missing, seen=known)
        found.append(flags.filter(pc.is_in(flags["rule"], pa.array(names))))
        edited += [edit for edit in edits_of(then.only(names), book) if edit not in edited]
    counted = {row["values"]: row["counts"] for row in pc.value_counts(kept["rule"]).to_pylist()}
    by_rule = {name: counted.get(name, 0) for name in sorted(provenance.rules)}
    differing = compare_flags(kept, pa.concat_tables(found))
    return ReplayedNight(night, kept.num_rows, by_rule, differing, edited)


def _groups(provenance: Provenance) -> Iterator[tuple[MadeOf, dict[str, str], list[str]]]:
    """The runs it takes to make the night again: what each is made of, the rules to run, and those it is run for.

    A control rule draws from what the rules beside it do not speak of, as they read when it drew.
    """
    groups: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for name, made in provenance.rules.items():
        if made.beside is None:
            groups[(made.inputs, made.policy)][name] = made.rule
    for name, made in provenance.rules.items():
        if made.beside is not None and made.beside == groups.get((made.inputs, made.policy)):
            groups[(made.inputs, made.policy)][name] = made.rule
        elif made.beside is not None:
            yield made, {**made.beside, name: made.rule}, [name]
    for versions in groups.values():
        yield provenance.rules[next(iter(versions))], versions, list(versions)


def _book(lake: Lake, versions: dict[str, str], policy: str) -> RuleBook:
    rules = tuple(kept_rule(lake, name, version) for name, version in sorted(versions.items()))
    return RuleBook(rules, kept_policy(lake, policy))


def _show(
    connection: duckdb.DuckDBPyConnection,
    lake: Lake,
    today: Catalogue,
    provenance: Provenance,
    inputs: str,
    then: RuleBook,
) -> Catalogue:
    """Bring the rows and the links that ``then`` was run on back onto the connection; returns the contracts of then."""
    seen = provenance.inputs[inputs]
    catalogue = catalogue_then(lake, today, {name: shown.contract for name, shown in seen.items()})
    if unknown := sorted(seen.keys() - catalogue.contracts.keys()):
        raise NoSuchNightError(f"the catalogue no longer has the types {unknown} that {provenance.night} was made of")
    _show_deliveries(connection, lake, catalogue, seen)
    if inputs == provenance.links:
        show_kept_links(connection, lake, provenance.night)
    else:
        link_night(connection, catalogue, _asked(seen, then, catalogue), Progress())
    return catalogue


def _asked(seen: Inputs, book: RuleBook, catalogue: Catalogue) -> frozenset[str]:
    """The types whose rows were linked to the near-poor; where that was not kept, those that the book asks about."""
    if any(shown.of_near_poor is None for shown in seen.values()):
        return asked_of_the_near_poor(book, catalogue)
    return frozenset(name for name, shown in seen.items() if shown.of_near_poor)


def _show_deliveries(connection: duckdb.DuckDBPyConnection, lake: Lake, catalogue: Catalogue, seen: Inputs) -> None:
    for contract in catalogue:
        shown = seen.get(contract.name)
        show_deliveries(connection, lake, contract, shown.deliveries if shown else ())


def _stands(kept: pa.Table, found: pa.Table) -> tuple[Outcome, tuple[str, ...]]:
    """How the one flag of ``kept`` stands among those found."""
    one = found.filter(pc.equal(found["flag_id"], kept["flag_id"][0]))
    differing = compare_flags(kept, one)
    return (differing[0].outcome, differing[0].differs) if differing else (Outcome.SAME, ())
