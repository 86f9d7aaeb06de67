"""The costly stages: what no number settles is weighed, over all types at once, with the frozen model of the province.

Probabilistic: a record against everybody watched. Household: a record that something ties to a household, against its
members only, where a weaker agreement tells. Both leave to a person what is not well ahead of the next.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engines.connection import Connection
from matchers.identity.levels import level_name
from matchers.identity.name_book import add_names
from matchers.night.province import (
    BIRTH,
    COMPARED,
    LARGEST_BLOCK,
    NAMES_AGREE,
    NAMES_AGREE_AT_HOME,
    RULES,
    name_struct,
    number_struct,
)
from matchers.night.province_model import HouseholdModel, ProvinceModel, load_province
from matchers.queries import query
from matchers.reasons import LinkReason
from matchers.weights.blocking import RuleReport
from matchers.weights.compare import Counts, Patterns, compare_pairs, pattern_counts
from matchers.weights.frequencies import LARGEST_ADJUSTMENT
from matchers.weights.model import Model, drift
from matchers.weights.score import score_pairs

CALLED = "SELECT name FROM left_over UNION ALL SELECT former_name AS name FROM left_over WHERE former_name IS NOT NULL"
"""SQL for every name that a record left over carries."""
LEFT_OVER = (
    "type VARCHAR, role VARCHAR, row_key VARCHAR, delivery_id VARCHAR, id_number VARCHAR, id_verdict VARCHAR,"
    " name VARCHAR, former_name VARCHAR, birth_date DATE, sex VARCHAR, division VARCHAR, address VARCHAR,"
    " phone VARCHAR, household VARCHAR, relatives VARCHAR[], entry VARCHAR"
)
"""What is kept of a record that the certain stages leave over; `entry` says why it may be weighed."""

LIKELY = (
    "reason VARCHAR, record BIGINT, person_id VARCHAR, weight DOUBLE, probability DOUBLE, lead DOUBLE, sound BOOLEAN,"
    " names_agree BOOLEAN, body VARCHAR, namesakes BIGINT, enough DOUBLE, name_level VARCHAR"
)
"""What is kept of the pairs of each portion that are likely enough to tell of. body: a number but its check digit."""
WEIGHED = "record BIGINT, person_id VARCHAR, reason VARCHAR, weight DOUBLE, probability DOUBLE, name_level VARCHAR"

PORTION = 500_000
"""Records that are compared at a time: all that is made of them fits in memory. It does not follow the memory there is,
as the blocks' cap holds within a portion, and a night must find the same wherever it runs."""


@dataclass(frozen=True)
class Weighed:
    """Where the weighed links of all types are: tables as those of `stages.Linked`, and what to look at."""

    links: str
    possible: str
    counts: dict[str, dict[LinkReason, int]]
    warnings: list[str]
    drift: list[str]
    """How the levels of the candidate pairs differ from those of the training."""


def watch_places(con: Connection) -> None:
    """Gather what the places of the people watched tell, and forget what an earlier round left over."""
    con.execute(query("night/places_told"))
    con.execute(f"CREATE OR REPLACE TEMP TABLE left_over ({LEFT_OVER})")
    con.execute("CREATE OR REPLACE TEMP TABLE tie (type VARCHAR, role VARCHAR, household VARCHAR, person_id VARCHAR)")


def weigh_left_over(con: Connection, population: str | None = None, model: ProvinceModel | None = None) -> Weighed:
    """Weigh the records that the certain stages left over, of all types since the people were made ready.

    population: a relation of `name`, `birth_date` and `division`, a row a person of the province: it tells which names
    are common, and whether anybody else in the village is called the same. Without it, names are counted among the
    records left over and the people watched, and a name and a village seldom suffice.
    Makes `links_weighed` and `possible_weighed`.
    """
    model = model or load_province()
    book_names(con)
    count_names(con, population)
    con.execute(f"CREATE OR REPLACE TEMP TABLE likely ({LIKELY})")
    rules: list[RuleReport] = []
    patterns: list[tuple[Patterns, Counts]] = []
    for records in _portions(con):
        prepare_sides(con, records)
        rules += candidates_of(con)
        patterns.append(_find_likely(con, model, population))
    con.execute(f"CREATE OR REPLACE TEMP TABLE weighed ({WEIGHED})")
    _decide(con, LinkReason.PROBABILISTIC, model.weights.margin)
    _decide(con, LinkReason.HOUSEHOLD, model.household.margin)
    return _publish(con, _closed(rules), drift(model.weights, *_together(patterns)))


def _portions(con: Connection) -> Iterator[range]:
    """The numbers of the records left over, some at a time; one portion at least."""
    first, last = con.execute("SELECT coalesce(min(rowid), 0), coalesce(max(rowid), 0) FROM left_over").fetchall()[0]
    for start in range(first, last + 1, PORTION):
        yield range(start, start + PORTION)


def _find_likely(con: Connection, model: ProvinceModel, population: str | None) -> tuple[Patterns, Counts]:
    """Add to `likely` what the candidates and the ties of one portion come to; returns the candidates' patterns."""
    candidates = _compared(con, "candidate")
    rank_pairs(con, model.weights_among(_count(con, "people")), candidates)
    find_namesakes(con, population)
    _keep_likely(con, LinkReason.PROBABILISTIC, model.weights, model.match_alone, NAMES_AGREE)
    tie_households(con)
    rank_pairs(con, model.weights_in_household(), _compared(con, "tied_pair"))
    find_namesakes(con, None)
    _keep_likely(con, LinkReason.HOUSEHOLD, model.household, model.household.match, NAMES_AGREE_AT_HOME)
    return candidates


def _together(found: Sequence[tuple[Patterns, Counts]]) -> tuple[Patterns, Counts]:
    return np.concatenate([patterns for patterns, _ in found]), np.concatenate([counts for _, counts in found])


def _compared(con: Connection, pairs: str) -> tuple[Patterns, Counts]:
    compare_pairs(con, COMPARED, pairs, "compared")
    return pattern_counts(con, COMPARED, "compared")


def _closed(reports: Sequence[RuleReport]) -> list[str]:
    blocks, pairs = Counter[str](), Counter[str]()
    for rule in reports:
        blocks[rule.rule] += rule.closed_blocks
        pairs[rule.rule] += rule.closed_pairs
    return [
        f"rule {rule}: {closed} blocks ({pairs[rule]} pairs) are over the cap of {LARGEST_BLOCK}"
        " and were left closed; records that only this rule finds stay unlinked"
        for rule, closed in blocks.items()
        if closed
    ]


def book_names(con: Connection) -> None:
    """Put every name that a record left over carries into the book of names."""
    add_names(con, CALLED)


def prepare_sides(con: Connection, records: range | None = None, *, everybody: bool = False) -> None:
    """Make `prepared_left` of the table `left_over`, `prepared_right` of the places that may be compared with it, and
    `tied`, the households that something ties a record to. See `book_names`, which comes first.

    records: the numbers of those to prepare, else all are. everybody: prepare all places of all people, whether a
    record could be theirs or not.
    """
    asked = f" WHERE rowid >= {records.start} AND rowid < {records.stop}" if records else ""
    con.execute(f"CREATE OR REPLACE TEMP VIEW asked_record AS SELECT rowid AS record, * FROM left_over{asked}")
    con.execute(
        query("night/records_left", name=name_struct("t.kind"), number=number_struct(old_form=True), birth=BIRTH)
    )
    con.execute(query("night/tied"))
    right = {"name": name_struct("t.kind"), "number": number_struct(old_form=False), "birth": BIRTH}
    con.execute(query("night/places", everybody=str(everybody).upper(), **right))


def count_names(con: Connection, population: str | None) -> None:
    """Make `frequency_name_clear` (`value`, `bits`): how much more a rare name says."""
    own = (
        f"(SELECT k.written AS name FROM ({CALLED}) AS called JOIN name_keys AS k USING (name)"
        " UNION ALL SELECT name FROM watched_name)"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE frequency_name_clear AS"
        f" WITH counted AS (SELECT name, count(*) AS n FROM {population or own} GROUP BY name),"
        " total AS (SELECT sum(n)::DOUBLE AS everybody, sum(n::DOUBLE * n) AS squares FROM counted),"
        " known AS (SELECT k.clear AS value, sum(n) AS n FROM counted JOIN name_keys AS k USING (name)"
        " WHERE k.clear IS NOT NULL GROUP BY ALL)"
        f" SELECT value, greatest(least(log2(squares / everybody / n), {LARGEST_ADJUSTMENT}), -{LARGEST_ADJUSTMENT})"
        " AS bits FROM known, total"
    )


def candidates_of(con: Connection) -> list[RuleReport]:
    """Make `candidate` (`left_row`, `right_row`, `rule`), never of two sound numbers, and report on each rule."""
    con.execute("CREATE OR REPLACE TEMP TABLE candidate (left_row BIGINT, right_row BIGINT, rule UTINYINT)")
    reports = []
    for place, rule in enumerate(RULES, start=1):
        sides = {"left": ("prepared_left", rule.left), "right": ("prepared_right", rule.right)}
        # A key of sound numbers on both sides is opened for neither.
        keyed = {
            side: f"SELECT row, k FROM (SELECT row, unnest({key}) AS k FROM {table}"
            + (" WHERE entry IN ('unnumbered', 'stranger', 'contradicted')" if side == "left" else "")
            + ") WHERE k IS NOT NULL"
            for side, (table, key) in sides.items()
        }
        con.execute(query("weights/block", left=keyed["left"], right=keyed["right"], pairs="nl * nr"))
        before = _count(con, "candidate")
        con.execute(
            query(
                "weights/candidates",
                left_row="l.row",
                right_row="r.row",
                rule=str(place),
                largest=str(LARGEST_BLOCK),
                # IS NOT TRUE: under an OR, Spark compares every row with every row for NOT IN.
                distinct="(l.row IN (SELECT row FROM prepared_left WHERE sound)) IS NOT TRUE"
                " OR (r.row IN (SELECT row FROM prepared_right WHERE sound)) IS NOT TRUE",
            )
        )
        row = con.execute(
            "SELECT coalesce(sum(pairs) FILTER (pairs <= $cap), 0), coalesce(max(pairs), 0),"
            " count(*) FILTER (pairs > $cap), coalesce(sum(pairs) FILTER (pairs > $cap), 0) FROM block_size",
            {"cap": LARGEST_BLOCK},
        ).fetchall()[0]
        reports.append(RuleReport(rule.name, int(row[0]), _count(con, "candidate") - before, *map(int, row[1:])))
    return reports


def rank_pairs(con: Connection, model: Model, patterns: tuple[Patterns, Counts]) -> None:
    """Make `best_pair`: each record's best pair with each person of the table `compared`, and how far it leads."""
    con.execute(query("night/rivals", scored=score_pairs(con, model, COMPARED, patterns, "compared")))


def find_namesakes(con: Connection, population: str | None) -> None:
    """Make `thin_pair` (`record`, `person_id`, `namesakes`): pairs that only a name and a place hold together, with how
    many others of the population have that name in that place. Without a population it is empty: nothing is known."""
    nobody = "(SELECT NULL::VARCHAR AS name, NULL::VARCHAR AS division, NULL::DATE AS birth_date WHERE FALSE)"
    con.execute(query("night/namesakes", population=population or nobody, known=str(population is not None).upper()))


def tie_households(con: Connection) -> None:
    """Make `tied_pair`: records with the members of the households that `tied` ties them to."""
    con.execute(query("night/ties"))


def tie_everybody(con: Connection) -> None:
    """Make `tied_pair` of all records left over and all places: for the explanation of one link."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE tied_pair AS SELECT l.row AS left_row, r.row AS right_row"
        " FROM prepared_left AS l, prepared_right AS r"
    )


def _keep_likely(
    con: Connection, reason: LinkReason, limits: Model | HouseholdModel, match_alone: float, agree: str
) -> None:
    """Add to `likely` what `best_pair` and `thin_pair` say, so that the portion need not be kept."""
    numbers = {"match": limits.match, "match_alone": match_alone, "least": limits.possible}
    texts = {"reason": reason, "names_agree": agree, "level_name": level_name("c.g_name")}
    con.execute(query("night/likely", **texts, **{name: repr(value) for name, value in numbers.items()}))


def _decide(con: Connection, reason: LinkReason, margin: float) -> None:
    """Add to `weighed` what the likely pairs of a reason say of records that are not linked yet."""
    con.execute(
        query(
            "night/weighed",
            reason=reason,
            ambiguous=LinkReason.AMBIGUOUS,
            possible=LinkReason.POSSIBLE,
            margin=repr(margin),
        )
    )


def _publish(con: Connection, warnings: list[str], drifted: list[str]) -> Weighed:
    possible = ", ".join(f"'{reason}'" for reason in LinkReason if reason.possible)
    for table, condition in (("links_weighed", "NOT IN"), ("possible_weighed", "IN")):
        con.execute(query("night/publish_weighed", table=table, condition=f"d.reason {condition} ({possible})"))
    counts: dict[str, dict[LinkReason, int]] = {}
    for name, reason, count in con.execute(
        "SELECT o.type, w.reason, count(DISTINCT w.record) FROM weighed AS w JOIN left_over AS o ON o.rowid = w.record"
        " GROUP BY ALL ORDER BY ALL"
    ).fetchall():
        counts.setdefault(name, {})[LinkReason(reason)] = count
    return Weighed("links_weighed", "possible_weighed", counts, warnings, drifted)


def _count(con: Connection, relation: str) -> int:
    return int(con.execute(f"SELECT count(*) FROM {relation}").fetchall()[0][0])
