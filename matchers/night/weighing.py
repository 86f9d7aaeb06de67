"""The weighing: what no number settles is weighed, over all types at once, with the frozen model of the province.

Probabilistic: a record against everybody watched. Household: a record with a sign of belonging to a household, against
its members only, where less agreement is enough. Both leave to a person what is not well ahead of the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engines.connection import Connection
from engines.embedded import make_room
from matchers.identity.levels import level_name
from matchers.night.comparison_inputs import (
    CALLED,
    book_names,
    forget_sides,
    portions,
    prepare_places,
    prepare_records,
    prepare_sides,
)
from matchers.night.comparisons import COMPARED, NAMES_AGREE, NAMES_AGREE_AT_HOME
from matchers.night.contradiction import BIRTH_AND_SEX, contradicts
from matchers.night.pairs import (
    block_records,
    candidates_of,
    closed_blocks,
    find_households,
    start_blocks,
    take_household_pairs,
    take_pairs,
)
from matchers.night.province_model import HouseholdModel, ProvinceModel, load_province
from matchers.night.watched_numbers import BODY
from matchers.queries import number, query
from matchers.weights.compare import Counts, Patterns, compare_pairs, pattern_counts
from matchers.weights.frequencies import LARGEST_ADJUSTMENT
from matchers.weights.model import Model, drift
from matchers.weights.score import score_pairs
from schemas.link_reasons import Claim, LinkReason, sql_list

LIKELY_PAIR = (
    "reason VARCHAR, record BIGINT, person_id BIGINT, weight DOUBLE, probability DOUBLE, lead DOUBLE, sound BOOLEAN,"
    " names_agree BOOLEAN, body VARCHAR, name_level VARCHAR"
)
"""What is kept of the pairs of each portion that are likely enough to be kept. body: a number but its check digit."""
NAME_AND_PLACE = (
    "record BIGINT, person_id BIGINT, name VARCHAR, born VARCHAR, division VARCHAR, near INTEGER, close_by BOOLEAN"
)
"""What is kept of the pairs that only a name and a place hold together. near: how much of the division is the same."""
_NOBODY = (
    "(SELECT NULL::BIGINT AS record, NULL::BIGINT AS person_id, NULL::BOOLEAN AS close_by, NULL::BIGINT AS namesakes"
    " WHERE FALSE)"
)
WEIGHED = "record BIGINT, person_id BIGINT, reason VARCHAR, weight DOUBLE, probability DOUBLE, name_level VARCHAR"


@dataclass(frozen=True)
class Weighed:
    """Where the weighed links of all types are: tables as those of `stages.Linked`, and what to look at."""

    links: str
    possible: str
    counts: dict[str, dict[LinkReason, int]]
    warnings: list[str]
    drift: list[str]
    """How the levels of the candidate pairs differ from those of the training."""


def weigh_unmatched(con: Connection, population: str | None = None, model: ProvinceModel | None = None) -> Weighed:
    """Weigh the records that the certain stages left unmatched, of all types since the people were made ready.

    population: a relation of `name`, `birth_date` and `division`, a row a person of the province: it tells which names
    are common, and whether anybody else in the village is called the same. Without it, names are counted among the
    unmatched records and the people watched, and a name and a village seldom suffice.
    Makes `links_weighed` and `possible_weighed`.
    """
    model = model or load_province()
    book_names(con)
    count_names(con, population)
    find_households(con)
    start_blocks(con)
    for records in portions(con):
        prepare_records(con, records)
        block_records(con)
        make_room(con)
    prepare_places(con)
    rules = candidates_of(con)
    con.execute(f"CREATE OR REPLACE TEMP TABLE likely_pair ({LIKELY_PAIR})")
    start_name_and_place_pairs(con)
    patterns: list[tuple[Patterns, Counts]] = []
    for records in portions(con):
        prepare_records(con, records)
        take_household_pairs(con)
        take_pairs(con, records)
        prepare_sides(con)
        patterns.append(_find_likely(con, model))
        forget_sides(con)
    count_namesakes(con, population)
    con.execute(f"CREATE OR REPLACE TEMP TABLE weighed ({WEIGHED})")
    weights, household = model.weights, model.household
    _decide(con, LinkReason.PROBABILISTIC, weights, model.match_alone, "namesake")
    _decide(con, LinkReason.HOUSEHOLD, household, household.match, _NOBODY)
    return _publish(con, closed_blocks(rules), drift(model.weights, *_together(patterns)))


def _find_likely(con: Connection, model: ProvinceModel) -> tuple[Patterns, Counts]:
    """Add to `likely_pair` the candidates and the household pairs of one portion; returns the candidates' patterns."""
    candidates = _compared(con, "portion_pair")
    rank_pairs(con, model.weights_among(number(con, "SELECT count(*) FROM people")), candidates)
    find_name_and_place_pairs(con, model.weights.possible)
    _keep_likely(con, LinkReason.PROBABILISTIC, model.weights.possible, NAMES_AGREE)
    rank_pairs(con, model.weights_in_household(), _compared(con, "household_pair"))
    _keep_likely(con, LinkReason.HOUSEHOLD, model.household.possible, NAMES_AGREE_AT_HOME)
    return candidates


def _together(found: Sequence[tuple[Patterns, Counts]]) -> tuple[Patterns, Counts]:
    return np.concatenate([patterns for patterns, _ in found]), np.concatenate([counts for _, counts in found])


def _compared(con: Connection, pairs: str) -> tuple[Patterns, Counts]:
    compare_pairs(con, COMPARED, pairs, "compared")
    return pattern_counts(con, COMPARED, "compared")


def count_names(con: Connection, population: str | None) -> None:
    """Make `frequency_name_clear` (`value`, `bits`): how many bits a rare name adds."""
    own = (
        f"(SELECT k.written AS name FROM ({CALLED}) AS called JOIN name_keys AS k USING (name)"
        " UNION ALL SELECT name FROM watched_name)"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE frequency_name_clear AS"
        f" WITH counted AS (SELECT name, count(*) AS n FROM {population or own} GROUP BY name),"
        " total AS (SELECT sum(n)::DOUBLE AS everybody, sum(n::DOUBLE * n) AS squares FROM counted),"
        " known AS (SELECT name AS value, n FROM counted WHERE name IN (SELECT clear FROM name_keys))"
        f" SELECT value, greatest(least(log2(squares / everybody / n), {LARGEST_ADJUSTMENT}), -{LARGEST_ADJUSTMENT})"
        " AS bits FROM known, total"
    )


def rank_pairs(con: Connection, model: Model, patterns: tuple[Patterns, Counts]) -> None:
    """Make `best_pair`: each record's best pair with each person of the table `compared`, and how far it leads."""
    con.execute(query("night/best_pairs", scored=score_pairs(con, model, COMPARED, patterns, "compared")))


def start_name_and_place_pairs(con: Connection) -> None:
    """Make `name_and_place_pair`, empty: for pairs in which only a name and a place agree."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE name_and_place_pair ({NAME_AND_PLACE})")


def find_name_and_place_pairs(con: Connection, least: float) -> None:
    """Add such pairs of `best_pair` that are at least so probable."""
    con.execute(query("night/name_and_place_pairs", least=repr(least)))


def count_namesakes(con: Connection, population: str | None) -> None:
    """Make `namesake` (`record`, `person_id`, `close_by`, `namesakes`), a row for each `name_and_place_pair`.

    namesakes: how many others of the population have that name in that place. Without a population the table is empty:
    nothing is known.
    """
    nobody = "(SELECT NULL::VARCHAR AS name, NULL::VARCHAR AS division, NULL::DATE AS birth_date WHERE FALSE)"
    con.execute(query("night/namesakes", population=population or nobody, known=str(population is not None).upper()))


def _keep_likely(con: Connection, reason: LinkReason, least: float, agree: str) -> None:
    """Add to `likely_pair` what `best_pair` says, so that the portion need not be kept."""
    texts = {"reason": reason, "names_agree": agree, "level_name": level_name("c.g_name")}
    con.execute(query("night/likely_pairs", **texts, least=repr(least)))


def _decide(
    con: Connection, reason: LinkReason, limits: Model | HouseholdModel, match_alone: float, namesakes: str
) -> None:
    """Add to `weighed` what the likely pairs of a reason say of records that are not linked yet.

    match_alone: how likely is enough where `namesakes`, a relation as `namesake`, says that there is nobody else.
    """
    numbers = {"match": limits.match, "match_alone": match_alone, "margin": limits.margin}
    of_numbers = {name: repr(value) for name, value in numbers.items()}
    stated = {"body": BODY, "contradicts": contradicts("w", "o.born", "o.sex"), **BIRTH_AND_SEX}
    con.execute(query("night/weighed", reason=reason, **of_numbers, **stated, namesakes=namesakes))


def _publish(con: Connection, warnings: list[str], drifted: list[str]) -> Weighed:
    possible = sql_list(Claim.QUESTION)
    for table, condition in (("links_weighed", "NOT IN"), ("possible_weighed", "IN")):
        con.execute(query("night/publish_weighed", table=table, condition=f"d.reason {condition} ({possible})"))
    linked = "weighed AS w JOIN unmatched AS o ON o.rowid = w.record"
    con.execute(
        f"INSERT INTO linked_record SELECT DISTINCT o.prefiltered FROM {linked} WHERE w.reason NOT IN ({possible})"
    )
    counts: dict[str, dict[LinkReason, int]] = {}
    for name, reason, count in con.execute(
        f"SELECT o.type, w.reason, count(DISTINCT w.record) FROM {linked} GROUP BY ALL ORDER BY ALL"
    ).fetchall():
        counts.setdefault(name, {})[LinkReason(reason)] = count
    return Weighed("links_weighed", "possible_weighed", counts, warnings, drifted)
