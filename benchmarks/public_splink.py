"""Splink 5 on the public sets, by its comparison library, blocking by the same columns as the specs beside it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path

import duckdb
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from benchmarks.tasks import Task

LEAST_PROBABILITY = 0.01
_FEBRL: tuple[list[object], list[tuple[str, ...]], list[tuple[str, ...]]] = (
    [
        cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
        cl.NameComparison("surname").configure(term_frequency_adjustments=True),
        cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
        cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
        cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
        cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(term_frequency_adjustments=True),
    ],
    [("soc_sec_id",), ("given_name", "surname"), ("date_of_birth",), ("postcode", "surname"), ("address_1",)],
    [("date_of_birth",), ("postcode",)],
)
_WORDS = cll.CustomLevel


def _shared(column: str) -> cl.CustomComparison:
    """Words in common, by Jaccard: what the library offers for longer texts."""
    words = "list_distinct(string_split({column}_{side}, ' '))"
    left, right = (words.format(column=column, side=side) for side in ("l", "r"))
    ratio = (
        f"len(list_intersect({left}, {right}))::DOUBLE / greatest(len(list_distinct(list_concat({left}, {right}))), 1)"
    )
    levels = [_WORDS(f"{ratio} >= {least}", label_for_charts=f"words {least}") for least in (0.8, 0.5, 0.35, 0.2)]
    return cl.CustomComparison(
        output_column_name=column,
        comparison_levels=[cll.NullLevel(column), cll.ExactMatchLevel(column), *levels, cll.ElseLevel()],
    )


def _price(column: str) -> cl.CustomComparison:
    return cl.CustomComparison(
        output_column_name=column,
        comparison_levels=[
            cll.NullLevel(column),
            cll.ExactMatchLevel(column),
            *(cll.PercentageDifferenceLevel(column, share) for share in (0.03, 0.1, 0.3)),
            cll.ElseLevel(),
        ],
    )


def _days() -> cl.CustomComparison:
    levels = [
        _WORDS(
            f"transaction_date_r - transaction_date_l BETWEEN {first} AND {last}", label_for_charts=f"{first} to {last}"
        )
        for first, last in ((1, 1), (2, 2), (3, 4), (5, 10), (11, 30))
    ]
    return cl.CustomComparison(
        output_column_name="transaction_date",
        comparison_levels=[cll.NullLevel("transaction_date"), *levels, cll.ElseLevel()],
    )


def _often(comparison: object) -> object:
    return comparison.configure(term_frequency_adjustments=True)  # type: ignore[attr-defined]


SETTINGS: Mapping[str, tuple[list[object], list[tuple[str, ...]], list[tuple[str, ...]]]] = {
    **{f"febrl{number}": _FEBRL for number in (1, 2, 3, 4)},
    "fake_1000": (
        [
            cl.ForenameSurnameComparison("first_name", "surname"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            _often(cl.ExactMatch("city")),
            cl.EmailComparison("email"),
        ],
        [("first_name",), ("surname",), ("dob",), ("email",)],
        [("dob",), ("email",)],
    ),
    "historical_50k": (
        [
            cl.ForenameSurnameComparison("first_name", "surname"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.PostcodeComparison("postcode"),
            _often(cl.ExactMatch("birth_place")),
            _often(cl.ExactMatch("occupation")),
        ],
        [
            ("substr(first_name, 1, 3)", "substr(surname, 1, 4)"),
            ("surname", "dob"),
            ("first_name", "dob"),
            ("postcode", "first_name"),
            ("postcode", "surname"),
            ("dob", "birth_place"),
            ("postcode", "substr(dob, 1, 4)"),
        ],
        [("first_name", "surname"), ("dob",)],
    ),
    "chicago_childcare": (
        [
            cl.JaroWinklerAtThresholds("site", [0.92, 0.8]),
            cl.JaroWinklerAtThresholds("address", [0.95, 0.85]),
            _often(cl.ExactMatch("zip")),
            _often(cl.ExactMatch("phone")),
        ],
        [("phone",), ("address",), ("substr(address, 1, 8)",), ("site",), ("substr(site, 1, 5)", "zip")],
        [("phone",), ("address",)],
    ),
    "patents": (
        [
            cl.JaroWinklerAtThresholds("name", [0.9, 0.8]),
            cl.ExactMatch("lat"),
            _shared("coauthors"),
            _shared("classes"),
        ],
        [("name",), ("split_part(name, ' ', 1)",), ("substr(name, 1, 5)",), ("lat", "lng")],
        [("name",), ("lat", "lng")],
    ),
    "transactions": (
        [
            cl.CustomComparison(
                output_column_name="memo",
                comparison_levels=[
                    cll.NullLevel("memo"),
                    cll.ExactMatchLevel("memo", term_frequency_adjustments=True),
                    *(
                        _WORDS(f"substr(memo_l, 1, {size}) = substr(memo_r, 1, {size})", label_for_charts=f"{size}")
                        for size in (12, 8, 5, 2)
                    ),
                    cll.ElseLevel(),
                ],
            ),
            _price("amount"),
            _days(),
        ],
        [
            ("amount",),
            ("substr(memo, 1, 6)", "strftime(transaction_date, '%Y%m')"),
            ("floor(amount)", "strftime(transaction_date, '%Y%m')"),
            ("substr(memo, 1, 9)",),
        ],
        [("amount",), ("memo",)],
    ),
    "fodors_zagats": (
        [
            cl.JaroWinklerAtThresholds("name", [0.92, 0.8]),
            cl.JaroWinklerAtThresholds("addr", [0.92, 0.8]),
            cl.JaroWinklerAtThresholds("city", [0.9]),
            cl.LevenshteinAtThresholds("phone", [2, 4]),
            cl.JaroWinklerAtThresholds("type", [0.9]),
        ],
        [("phone",), ("name",), ("split_part(name, ' ', 1)",), ("split_part(addr, ' ', 1)",)],
        [("name",), ("addr",)],
    ),
    "dblp_acm": (
        [
            cl.JaroWinklerAtThresholds("title", [0.95, 0.88]),
            _shared("authors"),
            _often(cl.ExactMatch("venue")),
            cl.ExactMatch("year"),
        ],
        [("title",), ("substr(title, 1, 6)", "year"), ("authors", "year"), ("split_part(authors, ' ', 1)", "year")],
        [("title",), ("authors", "year")],
    ),
    "abt_buy": ([_shared("name"), _price("price")], [("split_part(name, ' ', 1)",), ("code",)], [("code",)]),
    "amazon_google": (
        [_shared("title"), cl.JaroWinklerAtThresholds("manufacturer", [0.9]), _price("price")],
        [("title",), ("split_part(title, ' ', 1)",), ("split_part(title, ' ', 2)",)],
        [("title",), ("split_part(title, ' ', 1)",)],
    ),
}
"""For each set the comparisons, the blocking rules, and the blocks that m is estimated over."""
CODE = "regexp_extract(name, '[a-z]*[0-9][a-z0-9]{3,}')"


def link(task: Task, out: Path) -> None:
    """Train on the task's tables, and write every pair that is likely at all: left_id, right_id, probability."""
    logging.disable(logging.WARNING)
    con = duckdb.connect()
    con.execute("SET enable_progress_bar = false")
    tables = [one for one in (task.left, task.right) if one.exists()]
    database = DuckDBAPI(con)
    code = f", nullif({CODE}, '') AS code" if task.name == "abt_buy" else ""
    frames = [
        database.register(con.sql(f"SELECT *{code} FROM '{table}'"), dataset_display_name=f"table_{table.stem}")
        for table in tables
    ]
    comparisons, blocking, training = SETTINGS[task.name]
    rules = [block_on(*columns) for columns in blocking]
    linker = Linker(
        frames,
        SettingsCreator(
            link_type="dedupe_only" if len(tables) == 1 else "link_only",
            unique_id_column_name="record_id",
            blocking_rules_to_generate_predictions=rules,
            comparisons=comparisons,
            retain_matching_columns=False,
        ),
    )
    linker.training.estimate_probability_two_random_records_match(rules[:1], recall=0.6)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for columns in training:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*columns))
    found = linker.inference.predict(threshold_match_probability=LEAST_PROBABILITY).as_duckdbpyrelation()
    found.create_view("found")
    con.execute(
        "COPY (SELECT record_id_l AS left_id, record_id_r AS right_id, match_probability AS probability,"
        f" match_weight AS weight FROM found) TO '{out}'"
    )
