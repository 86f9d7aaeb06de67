"""Splink 5 on DuckDB, set up as its documentation recommends; see README.md beside this folder for every setting."""

import logging
from pathlib import Path

import duckdb
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from benchmarks.tasks import Task

LEAST_PROBABILITY = 0.05
"""Pairs below are not written; the scoring sets the threshold."""
SEED = 1
BLOCKING = {
    "province": [
        block_on("number"),
        block_on("normal", "born"),
        block_on("pinyin", "substr(division, 1, 6)"),
        block_on("born", "substr(division, 1, 9)"),
    ],
    "febrl4": [
        block_on("given_name", "surname"),
        "l.given_name = r.surname and l.surname = r.given_name",
        block_on("date_of_birth"),
        block_on("soc_sec_id"),
        block_on("state", "address_1"),
        block_on("street_number", "address_1"),
        block_on("postcode"),
    ],
    "febrl3": [
        block_on("soc_sec_id"),
        block_on("given_name"),
        block_on("surname"),
        block_on("date_of_birth"),
        block_on("postcode"),
    ],
}
CERTAIN = {
    "province": ([block_on("number", "normal")], 0.95),
    "febrl4": ([block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")], 0.8),
    "febrl3": (
        [
            block_on("soc_sec_id"),
            block_on("given_name", "surname", "date_of_birth"),
            "l.given_name = r.surname and l.surname = r.given_name and l.date_of_birth = r.date_of_birth",
        ],
        0.9,
    ),
}
"""Rules that give nearly only true pairs, and the share of the true pairs they are taken to find."""
TRAINING = {
    "province": [block_on("number"), block_on("normal", "division")],
    "febrl4": [block_on("date_of_birth"), block_on("postcode")],
    "febrl3": [block_on("date_of_birth"), block_on("postcode")],
}
"""The blocks that m is estimated over, each for the comparisons that do not use its columns."""
PAIRS_FOR_U = {"province": 1e7, "febrl4": 1e6, "febrl3": 1e6}


def link(task: Task, mode: str, model: Path, out: Path) -> None:
    """Train and save the model, or read the saved one; then score every blocked pair."""
    logging.disable(logging.WARNING)
    con = duckdb.connect()
    con.execute("SET enable_progress_bar = false")
    database = DuckDBAPI(con)
    tables = [task.left] if task.is_deduplication else [task.left, task.right]
    # Splink puts the table whose name comes first on the left of every pair.
    frames = [
        database.register(con.read_parquet(str(table)), dataset_display_name=f"table_{table.stem}") for table in tables
    ]
    kind = "province" if task.is_province else task.name
    if mode == "train":
        linker = Linker(frames, _settings(task))
        rules, recall = CERTAIN[kind]
        linker.training.estimate_probability_two_random_records_match(rules, recall=recall)
        linker.training.estimate_u_using_random_sampling(max_pairs=PAIRS_FOR_U[kind], seed=SEED)
        for block in TRAINING[kind]:
            linker.training.estimate_parameters_using_expectation_maximisation(
                block, estimate_without_term_frequencies=kind != "febrl3"
            )
        linker.misc.save_model_to_json(str(model), overwrite=True)
    else:
        linker = Linker(frames, str(model))
    found = linker.inference.predict(threshold_match_probability=LEAST_PROBABILITY).as_duckdbpyrelation()
    found.create_view("found")
    con.execute(
        "COPY (SELECT record_id_l AS left_id, record_id_r AS right_id, NULL::VARCHAR AS reason, TRUE AS accepted,"
        f" match_probability AS probability FROM found) TO '{out}'"
    )


def _settings(task: Task) -> SettingsCreator:
    kind = "province" if task.is_province else task.name
    comparisons = {"province": _province, "febrl4": _febrl4, "febrl3": _febrl3}[kind](task)
    return SettingsCreator(
        link_type="dedupe_only" if task.is_deduplication else "link_only",
        unique_id_column_name="record_id",
        blocking_rules_to_generate_predictions=BLOCKING[kind],
        comparisons=comparisons,
        retain_matching_columns=False,
    )


def _province(task: Task) -> list[object]:
    """Numbers by edit distance (they are ASCII), names by Han and then by pinyin, so that distance is of letters."""
    number = cl.LevenshteinAtThresholds("number", [1, 2])
    name = cl.CustomComparison(
        output_column_name="normal",
        comparison_levels=[
            cll.NullLevel("normal"),
            cll.ExactMatchLevel("normal", term_frequency_adjustments=True),
            cll.CustomLevel("former_normal_l = normal_r", label_for_charts="former name"),
            cll.ExactMatchLevel("pinyin"),
            cll.JaroWinklerLevel("pinyin", 0.92),
            cll.JaroWinklerLevel("pinyin", 0.8),
            cll.ElseLevel(),
        ],
    )
    place = cl.CustomComparison(
        output_column_name="division",
        comparison_levels=[
            cll.NullLevel("division"),
            cll.ExactMatchLevel("address"),
            cll.ExactMatchLevel("division"),
            _same_start(9, "township"),
            _same_start(6, "county"),
            cll.ElseLevel(),
        ],
    )
    if task.name != "household_register":
        return [number, name, place]
    return [number, name, place, cl.DateOfBirthComparison("born", input_is_string=True), cl.ExactMatch("sex")]


def _same_start(digits: int, label: str) -> cll.CustomLevel:
    return cll.CustomLevel(
        f"substr(division_l, 1, {digits}) = substr(division_r, 1, {digits})", label_for_charts=f"same {label}"
    )


def _febrl4(_task: Task) -> list[object]:
    return [
        cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
        cl.NameComparison("surname").configure(term_frequency_adjustments=True),
        cl.DateOfBirthComparison(
            "date_of_birth", input_is_string=True, datetime_format="%Y%m%d", invalid_dates_as_null=True
        ),
        cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
        cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True),
    ]


def _febrl3(_task: Task) -> list[object]:
    return [
        cl.NameComparison("given_name"),
        cl.NameComparison("surname"),
        cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
        cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2]),
        cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
    ]
