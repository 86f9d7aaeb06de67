"""The benchmark of the rule book: what counts as found, missed and unexplained, and a run on a small province."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from benchmarks.rule_scores import score_rules
from benchmarks.rule_tables import COLUMNS, as_table
from benchmarks.rules import NIGHTS, measure
from rules.rule import load_rules

FIRST, SECOND = date(2020, 10, 29), date(2020, 10, 30)
RULE = "vehicle_owned"


def truth(*lines: dict[str, Any]) -> pl.DataFrame:
    usual = {
        "scheme": "dibao",
        "household": "H1",
        "member": "m",
        "rule": RULE,
        "scenario": "vehicle_owned.car",
        "expected": True,
        "night": FIRST,
        "until": None,
        "identity": "sound",
    }
    return pl.DataFrame([usual | line for line in lines], schema_overrides={"until": pl.Date, "member": pl.String})


def flags(*flagged: tuple[str, str | None]) -> pl.DataFrame:
    schema = dict.fromkeys(("flag_id", "rule", "household_id", "member_id"), pl.String)
    rows = [(f"{household}{member}", RULE, household, member) for household, member in flagged]
    return pl.DataFrame(rows, schema=schema, orient="row")


def scored(cases: pl.DataFrame, *nights: pl.DataFrame) -> dict[str, Any]:
    return score_rules(cases, dict(zip((FIRST, SECOND), nights, strict=False)), [RULE])[0]


def test_a_case_is_found_when_every_night_it_holds_on_found_it() -> None:
    cases = truth({"household": "H1"}, {"household": "H2"}, {"household": "H3", "night": SECOND})
    score = scored(cases, flags(("H1", "m"), ("H2", None)), flags(("H1", "m"), ("H3", "m")))
    assert (score["planted"], score["found"], score["flags"], score["unexplained"]) == (3, 2, 3, 0)


def test_what_is_hidden_on_the_record_is_counted_apart() -> None:
    cases = truth({}, {"household": "H2", "identity": "hidden"}, {"household": "H3", "identity": "hidden"})
    score = scored(cases, flags(("H1", "m"), ("H2", "m")))
    assert (score["planted"], score["found"], score["hidden"], score["hidden_found"]) == (1, 1, 2, 1)
    assert score["recall_with_hidden"]["rate"] == pytest.approx(2 / 3)
    assert score["unexplained"] == 0


def test_a_flag_on_another_member_is_neither_found_nor_explained() -> None:
    score = scored(truth({}), flags(("H1", "other")))
    assert (score["found"], score["unexplained"]) == (0, 1)
    assert not score["holds"]


def test_one_flagged_lookalike_of_sound_identity_is_one_too_many() -> None:
    cases = truth({}, {"household": "H2", "expected": False, "scenario": "vehicle_owned.motorcycle"})
    assert scored(cases, flags(("H1", "m")))["holds"]
    score = scored(cases, flags(("H1", "m"), ("H2", "m")))
    assert (score["sound_lookalikes_flagged"], score["holds"]) == (1, False)


def test_a_rule_with_nothing_planted_does_not_hold() -> None:
    score = scored(truth({"rule": "another"}), flags())
    assert (score["recall"]["rate"], score["holds"]) == (None, False)


@pytest.mark.slow
def test_a_small_province_is_measured_rule_by_rule(tmp_path: Path) -> None:
    report = measure(2000, 7, 0.5, tmp_path, NIGHTS[:1])
    (night,) = report["nights"]
    assert night["rows"] > 5_000
    assert night["peak_memory_mb"] > 100
    found = {
        score["rule"]: (score["planted"] - score["found"], score["sound_lookalikes_flagged"])
        for score in report["rules"]
    }
    assert found.keys() == {rule.id for rule in load_rules() if rule.direction != "control"}
    assert found["vehicle_owned"] == (0, 0)
    table = as_table(report)
    assert table.splitlines()[0].count("|") == len(COLUMNS) + 1
    assert "| vehicle_owned |" in table
