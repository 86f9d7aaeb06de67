"""The province's model, learned: weights without labels, thresholds on the labelled truth of an invented province."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import numpy as np
import numpy.typing as npt

from matchers.night.comparison_inputs import book_names, prepare_places, prepare_records, prepare_sides
from matchers.night.comparisons import COMPARED, DIGEST, NAMES_AGREE, NAMES_AGREE_AT_HOME, TELLING_RULES
from matchers.night.pairs import block_records, candidates_of, find_households, start_blocks, take_household_pairs
from matchers.night.province_model import HouseholdModel, Measured, ProvinceModel
from matchers.night.weighing import (
    count_names,
    count_namesakes,
    find_name_and_place_pairs,
    rank_pairs,
    start_name_and_place_pairs,
    weigh_unmatched,
)
from matchers.queries import query
from matchers.weights.blocking import RuleReport
from matchers.weights.compare import Counts, Patterns, compare_pairs, pattern_counts
from matchers.weights.estimate import Estimate, estimate
from matchers.weights.model import Model, RuleModel, TrainingReport, frozen

RANDOM_PAIRS = 2_000_000
"""Pairs of a record and a person drawn at random, on which the levels of non-matches are counted."""
TRAINING_PAIRS = 1_000_000
MARGIN = 5.0
"""Bits by which the best candidate must lead the next: thirty to one."""
LEAST = 0.999
"""A link needs this probability at least, however well the labelled links below it fared."""
WANTED = 0.9985
"""The precision asked of weighed links on the labelled province; a little over what the nightly links are held to."""
POSSIBLE = 0.2
LOOKED_AT = 0.1
"""Pairs less probable than this say nothing about a threshold."""


@dataclass(frozen=True)
class Labelled:
    """The truth: a relation of `type, role, row_key, person_id`, and what to call the province in the report."""

    relation: str
    province: str


def train_province(
    con: duckdb.DuckDBPyConnection, population: str, truth: Labelled, out: Path, seed: int = 1
) -> ProvinceModel:
    """Learn the province's model from what the certain stages left unmatched on `con`, and write it to `out`.

    population: as for `matchers.night.weighing.weigh_unmatched`. The weights come from recordlinkage's ECM and see no
    label; the thresholds are the lowest at which the labelled links are precise enough.
    """
    book_names(con)
    count_names(con, population)
    find_households(con)
    start_blocks(con)
    prepare_records(con)
    block_records(con)
    prepare_places(con, everybody=True)
    prepare_sides(con, everybody=True)
    rules = candidates_of(con)
    compare_pairs(con, COMPARED, "candidate", "compared")
    patterns = pattern_counts(con, COMPARED, "compared")
    sizes = [len(one.level_names) for one in COMPARED]
    records, places = _rows(con, "prepared_left"), _rows(con, "prepared_right")
    random = _random_patterns(con, records, places, seed)
    none = np.zeros((0, len(sizes)), dtype=np.int64), np.zeros(0)
    con.execute(f"CREATE OR REPLACE TEMP TABLE compared_telling AS FROM compared WHERE rule <= {TELLING_RULES}")
    telling = pattern_counts(con, COMPARED, "compared_telling")
    learned = estimate(telling, random, none, sizes, records * places, TRAINING_PAIRS, seed)
    weights = _frozen(learned, patterns, rules, (records, places, int(random[1].sum())))
    people = _rows(con, "people")
    rank_pairs(con, weights, patterns)
    start_name_and_place_pairs(con)
    find_name_and_place_pairs(con, LOOKED_AT)
    count_namesakes(con, population)
    match = max(_threshold(con, truth, "NOT coalesce(namesakes = 0 AND close_by, FALSE)", NAMES_AGREE), LEAST)
    match_alone = _threshold(con, truth, "namesakes = 0 AND close_by", NAMES_AGREE)
    take_household_pairs(con)
    compare_pairs(con, COMPARED, "household_pair", "compared")
    of_households = pattern_counts(con, COMPARED, "compared")
    prior = _household_prior(con, truth)
    rank_pairs(con, weights.model_copy(update={"prior": prior}), of_households)
    count_namesakes(con, None)
    household = HouseholdModel(
        prior=prior,
        match=max(_threshold(con, truth, "TRUE", NAMES_AGREE_AT_HOME), LEAST),
        possible=POSSIBLE,
        margin=MARGIN,
    )
    model = ProvinceModel(
        people=people,
        weights=weights.model_copy(update={"match": match}),
        match_alone=match_alone,
        household=household,
        measured={},
    )
    measured = _measured(con, population, truth, model)
    model = model.model_copy(update={"measured": measured})
    model.save(out)
    return model


def _random_patterns(con: duckdb.DuckDBPyConnection, records: int, places: int, seed: int) -> tuple[Patterns, Counts]:
    con.execute("CREATE OR REPLACE TEMP TABLE random_pair (left_row BIGINT, right_row BIGINT)")
    con.execute(
        query(
            "weights/random_pairs",
            left="prepared_left",
            right="prepared_right",
            wanted=str(RANDOM_PAIRS),
            left_rows=str(records),
            right_rows=str(places),
            seed=str(seed),
            distinct="TRUE",
        )
    )
    compare_pairs(con, COMPARED, "random_pair", "compared_random")
    return pattern_counts(con, COMPARED, "compared_random")


def _frozen(
    learned: Estimate, patterns: tuple[Patterns, Counts], rules: list[RuleReport], rows: tuple[int, int, int]
) -> Model:
    report = TrainingReport(
        left_rows=rows[0],
        right_rows=rows[1],
        rules=tuple(RuleModel(**vars(rule)) for rule in rules),
        candidate_pairs=int(patterns[1].sum()),
        random_pairs=rows[2],
        patterns=len(patterns[0]),
        expected_matches=round(learned.matches, 1),
        ecm_starts=learned.fit.starts,
        known_pairs=0,
        ecm_settled_starts=learned.fit.settled_starts,
        ecm_agreeing_starts=learned.fit.agreeing_starts,
        ecm_log_likelihood=round(learned.fit.log_likelihood, 3),
        iterations=learned.iterations,
        converged=learned.converged,
    )
    return frozen(DIGEST, COMPARED, learned, patterns, (0.5, POSSIBLE, MARGIN), report)


def _household_prior(con: duckdb.DuckDBPyConnection, truth: Labelled) -> float:
    """The share of pairs of a record and a member of its likely household that are true: counted."""
    rows = con.execute(query("night/household_matches", truth=truth.relation)).fetchall()
    matches, pairs = rows[0]
    return float(f"{max(matches, 0.5) / max(pairs, 1):.6g}")


def _threshold(con: duckdb.DuckDBPyConnection, truth: Labelled, condition: str, agree: str) -> float:
    """The lowest probability from which the leading pairs of `best_pair` under `condition` are right often enough."""
    labelled = query(
        "night/labelled_pairs",
        truth=truth.relation,
        margin=str(MARGIN),
        least=str(LOOKED_AT),
        condition=condition,
        names_agree=agree,
    )
    found = con.execute(labelled).fetchnumpy()
    weight: npt.NDArray[np.float64] = np.asarray(found["weight"], dtype=np.float64)
    right = np.cumsum(np.asarray(found["is_right"], dtype=np.float64))
    precise = np.flatnonzero(right / np.arange(1, len(right) + 1) >= WANTED)
    if not len(precise):
        raise ValueError(
            "no threshold gives links precise enough; nothing was written. Look at the truth and the data."
        )
    last = float(weight[precise[-1]])
    return float(f"{1 / (1 + 2 ** -min(last, 40.0)):.12g}")


def _measured(
    con: duckdb.DuckDBPyConnection, population: str, truth: Labelled, model: ProvinceModel
) -> dict[str, Measured]:
    """How the labelled province fares by reason; recall is of the unmatched records that are somebody's."""
    weigh_unmatched(con, population, model)
    found = con.execute(query("night/labelled_links", truth=truth.relation)).fetchall()
    return {
        reason: Measured(
            province=truth.province,
            links=links,
            wrong=wrong,
            precision=round(1 - wrong / links, 6) if links else 1.0,
            recall=round((links - wrong) / true, 6) if true else 1.0,
        )
        for reason, links, wrong, true in found
    }


def _rows(con: duckdb.DuckDBPyConnection, relation: str) -> int:
    return int(con.execute(f"SELECT count(*) FROM {relation}").fetchall()[0][0])
