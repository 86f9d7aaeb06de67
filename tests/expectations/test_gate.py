import json
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from expectations.gate import Gate, GateError, Verdict, check_delivery
from schemas.catalogue import load_catalogue
from schemas.contract import Contract, RowRule
from schemas.declaration import Title
from tests.expectations.conforming import DELIVERY_DATE, Delivery, delivery_of

pytestmark = pytest.mark.slow

CATALOGUE = load_catalogue()
VEHICLES = CATALOGUE["motor_vehicle"]
CREMATIONS = CATALOGUE["cremation"]
ROWS = 400


@pytest.fixture(scope="module")
def gate() -> Iterator[Gate]:
    with Gate(memory_limit="1GB", threads=2) as opened:
        yield opened


def told(verdict: Verdict) -> list[tuple[str, str | None, str, str]]:
    return [(f.expectation, f.column, f.expected, f.observed) for f in verdict.failures]


@pytest.mark.parametrize("contract", list(CATALOGUE), ids=lambda contract: contract.name)
def test_a_conforming_delivery_of_every_type_is_accepted(contract: Contract, gate: Gate, tmp_path: Path) -> None:
    verdict = delivery_of(contract, tmp_path, 40).through(gate, last_good_rows=40)
    assert told(verdict) == []
    assert verdict.accepted
    asked = {each["expectation"] for each in verdict.results["expectations"]}
    assert {"headers", "rows", "quarantined", "key_unique", "filled"} <= asked
    assert ("rows_against_last" in asked) == (contract.expectations.rows_against_last is not None)
    rules = {each["row_rule"] for each in verdict.results["expectations"]} - {None}
    assert rules == {rule.name for rule in contract.row_rules}
    assert json.loads(json.dumps(verdict.results)) == verdict.results


REFUSED = {
    "codes": (
        "UPDATE made SET vehicle_kind = 'Z9' WHERE row_number <= 2",
        ("codes", "vehicle_kind", "100%", "99.5%"),
        "“车辆类型”有 2 行的值不在代码表内",
    ),
    "required column": (
        "UPDATE made SET owner_name = NULL WHERE row_number <= 2",
        ("filled", "owner_name", "100%", "99.5%"),
        "“机动车所有人”填写率 99.5%,低于 100%(缺 2 行)",
    ),
    "filled": (
        "UPDATE made SET owner_id = NULL, owner_id_verdict = 'blank' WHERE row_number <= 100",
        ("filled", "owner_id", "≥ 85%", "75%"),
        "“身份证明号码”填写率 75%,低于 85%(缺 100 行)",
    ),
    "row rule": (
        "UPDATE made SET displacement = -1 WHERE row_number <= 3",
        ("row_rule", None, "0", "3"),
        "3 行不符合行规则 displacement_not_negative:排量为负",
    ),
    "key": (
        "UPDATE made SET plate_number = 'A1' WHERE row_number <= 3",
        ("key_unique", None, "0", "1"),
        "主键(号牌号码、号牌种类)重复 1 个",
    ),
    "dates before 1900": (
        "UPDATE made SET first_registered_on = '1066-10-14' WHERE row_number <= 40",
        ("dates", "first_registered_on", "≥ 95%", "90%"),
        "“初次登记日期”在 1900-01-01 至 2020-11-01 之间的占 90%,低于 95%(40 行在外)",
    ),
}


@pytest.mark.parametrize(("fault", "failure", "message"), REFUSED.values(), ids=REFUSED)
def test_one_fault_in_the_rows_is_one_failure_with_what_was_observed(
    fault: str, failure: tuple[str, str | None, str, str], message: str, gate: Gate, tmp_path: Path
) -> None:
    verdict = delivery_of(VEHICLES, tmp_path, ROWS, fault).through(gate)
    assert told(verdict) == [failure]
    assert verdict.failures[0].message_zh == message
    assert not verdict.accepted


def test_keys_are_not_counted_where_they_are_known_to_differ(gate: Gate, tmp_path: Path) -> None:
    twice = delivery_of(VEHICLES, tmp_path, ROWS, REFUSED["key"][0])
    assert told(twice.through(gate, keys_differ=False)) == [REFUSED["key"][1]]
    assert told(twice.through(gate, keys_differ=True)) == []


def test_unsound_numbers_are_a_share_of_the_numbers_that_are_there(gate: Gate, tmp_path: Path) -> None:
    blank = "UPDATE made SET owner_id_verdict = 'blank' WHERE row_number <= 200"
    unsound = "UPDATE made SET owner_id_verdict = 'checksum' WHERE row_number > 200 AND row_number <= {last}"
    enough = delivery_of(VEHICLES, tmp_path / "enough", ROWS, blank, unsound.format(last=230))
    assert enough.through(gate).accepted
    too_many = delivery_of(VEHICLES, tmp_path / "too many", ROWS, blank, unsound.format(last=250))
    assert told(too_many.through(gate)) == [("sound_id_numbers", "owner_id", "≥ 85%", "75%")]


def test_a_date_that_may_lie_ahead_is_no_fault_and_one_that_has_happened_is(gate: Gate, tmp_path: Path) -> None:
    students = CATALOGUE["student_enrolment"]
    ahead = "UPDATE made SET expected_end = DATE '2024-06-30'"
    assert delivery_of(students, tmp_path / "end", ROWS, ahead).through(gate).accepted
    unborn = "UPDATE made SET birth_date = DATE '2020-11-02', enrolled_on = '2020-11-02', expected_end = '2024-06-30'"
    assert ("dates", "birth_date", "≥ 95%", "0%") in told(
        delivery_of(students, tmp_path / "born", ROWS, unborn).through(gate)
    )


def test_three_exceptions_never_refuse_however_few_there_are(gate: Gate, tmp_path: Path) -> None:
    roster = CATALOGUE["dibao_roster"]
    sparse = "UPDATE made SET exit_ends_on = CASE WHEN row_number <= 7 THEN DATE '2020-12-31' END"
    odd = "UPDATE made SET exit_ends_on = '1821-01-01' WHERE row_number <= {odd}"
    for few in (1, 3):
        assert delivery_of(roster, tmp_path / str(few), 120, sparse, odd.format(odd=few)).through(gate).accepted
    assert delivery_of(roster, tmp_path / "rows", 4, quarantined=3).through(gate).accepted
    many = delivery_of(roster, tmp_path / "many", 120, sparse, odd.format(odd=4)).through(gate)
    assert told(many) == [("dates", "exit_ends_on", "≥ 95%", "42.86%")]


def test_a_few_unread_cells_are_no_fault_and_most_of_a_column_are(gate: Gate, tmp_path: Path) -> None:
    roster = CATALOGUE["dibao_roster"]
    sparse = "UPDATE made SET exit_ends_on = CASE WHEN row_number <= {read} THEN DATE '2020-12-31' END"
    some = delivery_of(roster, tmp_path / "some", 120, sparse.format(read=10))
    assert some.through(gate, unread={"exit_ends_on": 10}).accepted
    assert (
        delivery_of(roster, tmp_path / "none", 120, sparse.format(read=0))
        .through(gate, unread={"exit_ends_on": 3})
        .accepted
    )
    most = some.through(gate, unread={"exit_ends_on": 11, "relation_to_head": 60})
    assert told(most) == [("read", "exit_ends_on", "≤ 50%", "52.38%")]
    assert most.failures[0].message_zh == "“渐退期截止日期”有内容的单元格中无法读取的占 52.38%,高于上限 50%"
    others = some.through(gate, unread={"relation_to_head": 61})
    assert told(others) == [("read", "relation_to_head", "≤ 50%", "50.83%")]


def test_rows_are_compared_with_the_last_good_delivery(gate: Gate, tmp_path: Path) -> None:
    delivery = delivery_of(VEHICLES, tmp_path, ROWS)
    assert delivery.through(gate, last_good_rows=571).accepted
    shrunk = delivery.through(gate, last_good_rows=3443)
    assert told(shrunk) == [("rows_against_last", None, "2,411 – 5,164", "400")]
    assert shrunk.failures[0].message_zh == "行数 400 低于上次合格数据 3,443 行的 0.7 倍(2,411)"
    grown = delivery.through(gate, last_good_rows=200)
    assert told(grown) == [("rows_against_last", None, "140 – 300", "400")]
    assert grown.failures[0].message_en == "400 rows are above 1.5 times the 200 of the last good delivery (300)"


def test_a_floor_and_a_ceiling_of_rows(gate: Gate, tmp_path: Path) -> None:
    delivery = delivery_of(_with_rows(VEHICLES, least=500), tmp_path / "few", ROWS)
    assert told(delivery.through(gate)) == [("rows", None, "≥ 500", "400")]
    delivery = delivery_of(_with_rows(VEHICLES, most=300), tmp_path / "many", ROWS)
    assert [f.message_zh for f in delivery.through(gate).failures] == ["行数 400 高于上限 300"]


def test_an_empty_full_delivery_is_refused_even_where_the_contract_sets_no_floor(gate: Gate, tmp_path: Path) -> None:
    empty = delivery_of(_with_rows(VEHICLES), tmp_path / "full", 0)
    assert told(empty.through(gate)) == [("rows", None, "≥ 1", "0")]
    assert delivery_of(_with_rows(CREMATIONS), tmp_path / "increment", 0).through(gate).accepted


def test_the_share_in_quarantine(gate: Gate, tmp_path: Path) -> None:
    assert delivery_of(VEHICLES, tmp_path / "few", 380, quarantined=20).through(gate).accepted
    many = delivery_of(VEHICLES, tmp_path / "many", 300, quarantined=100).through(gate)
    assert told(many) == [("quarantined", None, "≤ 5%", "25%")]
    assert many.failures[0].message_zh == "隔离 100 行,占 400 行的 25%,高于上限 5%"


def test_missing_headers_are_named(gate: Gate, tmp_path: Path) -> None:
    verdict = delivery_of(VEHICLES, tmp_path, ROWS).through(gate, headers_missing=["号牌号码", "排量", "机动车状态"])
    assert told(verdict) == [("headers", None, "0", "号牌号码、机动车状态")]
    assert verdict.failures[0].message_en == "agreed headers are missing: 号牌号码 (Plate number), 机动车状态 (Status)"
    assert verdict.results["headers_missing"] == ["号牌号码", "排量", "机动车状态"]


def test_a_delivery_may_lack_a_column_of_which_nothing_is_asked(gate: Gate, tmp_path: Path) -> None:
    verdict = delivery_of(VEHICLES, tmp_path, ROWS).through(gate, headers_missing=["排量", "车辆品牌"])
    assert (verdict.accepted, verdict.results["headers_missing"]) == (True, ["排量", "车辆品牌"])


def test_a_few_exceptions_do_not_refuse_a_small_increment(gate: Gate, tmp_path: Path) -> None:
    unsound = "UPDATE made SET id_number_verdict = 'checksum' WHERE row_number <= {last}"
    small = delivery_of(CREMATIONS, tmp_path / "3", 4, unsound.format(last=3), quarantined=2)
    assert small.through(gate).accepted
    worse = delivery_of(CREMATIONS, tmp_path / "4", 4, unsound.format(last=4))
    assert told(worse.through(gate)) == [("sound_id_numbers", "id_number", "≥ 60%", "0%")]


def test_results_are_the_same_wherever_and_in_whatever_order_deliveries_are_checked(gate: Gate, tmp_path: Path) -> None:
    fault = "UPDATE made SET displacement = -1 WHERE row_number = 7"
    here = delivery_of(VEHICLES, tmp_path / "here", ROWS, fault)
    first = here.through(gate, last_good_rows=390)
    delivery_of(CREMATIONS, tmp_path / "between", 9).through(gate)
    there = delivery_of(VEHICLES, tmp_path / "there", ROWS, fault)
    alone = check_delivery(
        VEHICLES,
        there.rows,
        there.quarantine,
        landed=ROWS,
        headers_missing=[],
        last_good_rows=390,
        delivery_date=DELIVERY_DATE,
        memory_limit="500MB",
        threads=1,
    )
    kept = json.dumps(first.results, ensure_ascii=False)
    assert kept == json.dumps(alone.results, ensure_ascii=False)
    assert str(tmp_path) not in kept
    assert "A7" not in kept
    assert first.failures == alone.failures


def test_no_value_of_a_row_reaches_the_results(gate: Gate, tmp_path: Path) -> None:
    fault = "UPDATE made SET vehicle_kind = 'SECRET', owner_name = 'SECRET', displacement = -4711 WHERE row_number < 9"
    verdict = delivery_of(VEHICLES, tmp_path, ROWS, fault).through(gate)
    assert {failure.expectation for failure in verdict.failures} == {"codes", "row_rule"}
    kept = json.dumps(verdict.results)
    assert "SECRET" not in kept
    assert "4711" not in kept


def test_a_row_rule_that_cannot_run_is_named(gate: Gate, tmp_path: Path) -> None:
    rule = RowRule(name="odd", sql="no_such_column > 1", explain=Title(zh="无", en="none"))
    delivery = delivery_of(VEHICLES.model_copy(update={"row_rules": (rule,)}), tmp_path, 3)
    with pytest.raises(GateError, match=r"motor_vehicle: row_rules\.odd\.sql cannot run: .*no_such_column"):
        delivery.through(gate)


def test_rows_without_a_column_of_the_contract_are_not_judged(gate: Gate, tmp_path: Path) -> None:
    delivery = delivery_of(VEHICLES, tmp_path, 3, "ALTER TABLE made DROP COLUMN owner_id_verdict")
    with pytest.raises(GateError, match=r"its rows lack the columns \['owner_id_verdict'\]"):
        delivery.through(gate)


def test_sql_and_braces_in_a_row_rule_are_taken_as_they_are(gate: Gate, tmp_path: Path) -> None:
    sql = "plate_number NOT LIKE '%{:x}%' AND registered_on::VARCHAR >= '1900' AND NOT regexp_matches(brand, '^:y{2}$')"
    rule = RowRule(name="odd", sql=sql, explain=Title(zh="无", en="none"))
    contract = VEHICLES.model_copy(update={"row_rules": (rule,)})
    assert delivery_of(contract, tmp_path / "good", 9).through(gate).accepted
    fault = "UPDATE made SET brand = ':yy' WHERE row_number = 2"
    assert told(delivery_of(contract, tmp_path / "bad", 9, fault).through(gate)) == [("row_rule", None, "0", "1")]


def test_a_closed_gate_says_so(tmp_path: Path) -> None:
    closed = Gate(memory_limit="500MB", threads=1)
    with pytest.raises(GateError, match="the gate is closed"):
        delivery_of(VEHICLES, tmp_path, 1).through(closed)


def test_importing_the_gate_does_not_import_great_expectations() -> None:
    code = "import sys, expectations.gate, expectations.data_docs; print('great_expectations' in sys.modules)"
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.slow
def test_checking_a_delivery_prints_nothing(tmp_path: Path) -> None:
    delivery_of(CREMATIONS, tmp_path, 3)
    code = f"""
import datetime, pathlib
from expectations.gate import check_delivery
from schemas.catalogue import load_catalogue
folder = pathlib.Path({str(tmp_path)!r})
assert check_delivery(
    load_catalogue()["cremation"], folder / "rows", folder / "quarantine", landed=3, headers_missing=[],
    last_good_rows=None, delivery_date=datetime.date(2020, 10, 31), memory_limit="500MB", threads=1,
).accepted
"""
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


@pytest.mark.slow
def test_a_million_rows_take_seconds_and_stay_within_the_memory_limit(tmp_path: Path) -> None:
    delivery: Delivery = delivery_of(VEHICLES, tmp_path, 1_000_000)
    with Gate(memory_limit="500MB", threads=2) as gate:
        delivery_of(CREMATIONS, tmp_path / "first", 3).through(gate)
        begun = time.perf_counter()
        verdict = delivery.through(gate, last_good_rows=1_000_000, delivery_date=date(2020, 10, 31))
        took = time.perf_counter() - begun
    assert verdict.accepted
    assert took < 10


def _with_rows(contract: Contract, least: float | None = None, most: float | None = None) -> Contract:
    rows = contract.expectations.rows.model_copy(update={"min": least, "max": most})
    expectations = contract.expectations.model_copy(update={"rows": rows})
    return contract.model_copy(update={"expectations": expectations})
