"""What the rule book does to innocent families is counted: on a small province, and as a table."""

from pathlib import Path

import polars as pl
import pytest

from benchmarks.innocent import copy_without, measure, more_without
from benchmarks.innocent_tables import as_table
from engines.lake import Lake

FLAGS = {"rule": pl.String, "household_id": pl.String, "member_id": pl.String}


@pytest.mark.slow
def test_a_small_province_is_measured(tmp_path: Path) -> None:
    report = measure(6_000, 20201031, 0.52, tmp_path, [])
    assert report["innocent_households"] > 100
    assert report["found"] > 0.9
    assert {one["rule"] for one in report["rules"]} >= {"vehicle_owned", "undeclared_spouse"}
    assert report["wrong_per_1000"] == pytest.approx(sum(one["wrong_per_1000"] for one in report["rules"]), abs=0.1)
    assert report["withheld"] == {}
    assert "innocent households" in as_table(report)


def test_what_is_flagged_without_a_type_alone_is_told_by_rule() -> None:
    whole = pl.DataFrame([("a", "H1", "M1"), ("b", "H2", None)], schema=FLAGS, orient="row")
    without = pl.DataFrame([("a", "H1", "M1"), ("b", "H2", None), ("b", "H3", None)], schema=FLAGS, orient="row")
    assert more_without(without, whole, ["a", "b"]) == {"b": 1}
    assert more_without(whole, whole, ["a", "b"]) == {}


def test_a_lake_without_a_type_has_all_else_that_was_taken_in_and_nothing_that_was_found(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    for place in ("deliveries/marriage/a", "deliveries/cremation/b", "landed/c", "tables/links/d", "provenance/e"):
        (lake.root / place).parent.mkdir(parents=True, exist_ok=True)
        (lake.root / place).write_text(place, encoding="utf-8")
    without = copy_without(lake, tmp_path / "without", "marriage").root
    kept = {path.relative_to(without).as_posix() for path in without.rglob("*") if path.is_file()}
    assert kept == {"deliveries/cremation/b", "landed/c"}
    assert (lake.root / "deliveries/marriage/a").exists()
