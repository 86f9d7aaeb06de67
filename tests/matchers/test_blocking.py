"""Candidate pairs: each once, by the first rule that has it, and none from a block over the cap."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from matchers.tables.prepare_tables import prepare
from matchers.weights.blocking import RuleReport, Side, candidate_pairs
from matchers.weights.spec import parse_spec

Rows = list[tuple[str, str | None, str | None]]


def candidates(left: Rows, right: Rows | None, **spec: Any) -> tuple[list[tuple[Any, ...]], list[RuleReport]]:
    con = duckdb.connect()
    declared = parse_spec(
        {
            "id": "id",
            "task": "dedupe" if right is None else "link",
            "fields": {"name": {"kind": "latin_name"}, "town": {"kind": "text"}},
            "comparisons": [{"field": "name"}],
            **spec,
        },
        "x",
    )
    for side, rows in (("left", left), ("right", left if right is None else right)):
        con.execute(f"CREATE TABLE given_{side} (id VARCHAR, name VARCHAR, town VARCHAR)")
        con.executemany(f"INSERT INTO given_{side} VALUES (?, ?, ?)", rows)
        prepare(con, f"given_{side}", declared, side)
    reports = candidate_pairs(con, declared, [Side("prepared_left", "prepared_right")])
    found = con.execute(
        "SELECT l.id, r.id, rule FROM candidate JOIN raw_left AS l ON l.row = left_row"
        " JOIN raw_right AS r ON r.row = right_row ORDER BY ALL"
    ).fetchall()
    return found, reports


LEFT: Rows = [("a", "ann", "york"), ("b", "ann", "leeds"), ("c", None, "york")]
RIGHT: Rows = [("x", "ann", "york"), ("y", "anne", "york"), ("z", "bob", None)]


def test_each_pair_once_by_its_first_rule() -> None:
    found, reports = candidates(LEFT, RIGHT, blocking=[["name"], ["town"]])
    assert found == [("a", "x", 1), ("a", "y", 2), ("b", "x", 1), ("c", "x", 2), ("c", "y", 2)]
    assert [(report.pairs, report.new_pairs, report.largest) for report in reports] == [(2, 2, 2), (4, 3, 4)]


def test_a_missing_key_meets_nothing() -> None:
    found, _ = candidates([("a", None, None)], [("x", None, None)], blocking=[["name"], ["town"]])
    assert found == []


def test_a_conjunction_needs_all_keys() -> None:
    found, _ = candidates(LEFT, RIGHT, blocking=[["name", "town"]])
    assert found == [("a", "x", 1)]


def test_a_block_over_the_cap_is_left_out_and_reported() -> None:
    found, (report,) = candidates(LEFT, RIGHT, blocking=[["town"]], largest_block=3)
    assert found == []
    assert (report.closed_blocks, report.closed_pairs, report.pairs) == (1, 4, 0)


def test_a_large_block_opens_by_its_second_key() -> None:
    rule = {"keys": ["town"], "when_large": ["name"]}
    found, (report,) = candidates(LEFT, RIGHT, blocking=[rule], largest_block=3)
    assert found == [("a", "x", 1)]
    assert (report.closed_blocks, report.pairs) == (0, 1)


def test_what_one_rule_leaves_out_another_may_find() -> None:
    found, _ = candidates(LEFT, RIGHT, blocking=[["town"], ["town", "name"]], largest_block=3)
    assert found == [("a", "x", 2)]


def test_a_key_of_several_values_meets_on_any_of_them() -> None:
    found, _ = candidates(
        [("a", None, "new york")], [("x", None, "york road"), ("y", None, "hull")], blocking=[["town.words"]]
    )
    assert found == [("a", "x", 1)]


def test_one_table_gives_each_pair_one_way_round() -> None:
    found, (report,) = candidates(LEFT, None, blocking=[["town"]])
    assert found == [("a", "c", 1)]
    assert report.pairs == 1


def test_one_table_across_two_fields() -> None:
    rows: Rows = [("a", "kim", "lee"), ("b", "lee", "kim"), ("c", "moss", "moss")]
    found, _ = candidates(rows, None, blocking=[["name=town", "town=name"]])
    assert found == [("a", "b", 1)]


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_rows_does_not_matter(order: int) -> None:
    found, _ = candidates(LEFT[::order], RIGHT[::order], blocking=[["name"], ["town"]])
    assert [pair[:2] for pair in found] == [("a", "x"), ("a", "y"), ("b", "x"), ("c", "x"), ("c", "y")]
