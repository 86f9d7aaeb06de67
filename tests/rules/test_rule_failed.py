"""A rule that cannot be run is told, and costs no other rule its flags."""

import re
from collections.abc import Sequence

import pytest

from rules.check import check_rules
from rules.declaration import RuleBookError
from rules.policy import load_policy
from rules.rule import Rule, load_rules
from rules.run import flag_night
from schemas.catalogue import load_catalogue
from schemas.contract import Contract
from tests.rules.golden_world import NIGHT
from tests.rules.test_flag_night import BOTH_RECORDS, CAR, world

pytestmark = pytest.mark.slow

DEAD = "deceased_recipient"
CARS, BILLS = {"vehicle_owned", "vehicle_purchased"}, {"medical_hardship", "supplement_missing"}
RULES = [rule for rule in load_rules() if rule.id in {DEAD, *CARS, *BILLS, "control_sample"}]
"""Some that break together, and some that do not: to plan the whole book takes seconds."""


def found(rules: Sequence[Rule], contracts: Sequence[Contract] | None = None) -> tuple[set[str], dict[str, str]]:
    """The rules that found something in a world of a car and a death, and those that failed with why."""
    failed: dict[str, RuleBookError] = {}
    with world(CAR, BOTH_RECORDS) as connection:
        flags = flag_night(connection, NIGHT, rules, load_policy(), contracts, failed=failed)
    return set(flags["rule"].to_pylist()), {name: str(error) for name, error in failed.items()}


def book(sql: str) -> list[Rule]:
    return [rule.model_copy(update={"sql": sql}) if rule.id == "vehicle_owned" else rule for rule in RULES]


def without_column(type_name: str, column: str) -> list[Contract]:
    """The catalogue after a column of a type was dropped."""
    contracts = []
    for contract in load_catalogue():
        if contract.name == type_name:
            columns = tuple(one for one in contract.columns if one.name != column)
            contract = contract.model_copy(update={"columns": columns})  # noqa: PLW2901
        contracts.append(contract)
    return contracts


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("SELECT colour FROM linked_motor_vehicle", "does not fit the views"),
        ("SELECT scheme FROM linked_motor_vehicle", "does not yield"),
        ("SELECT *, error('x') AS reason_zh FROM linked_motor_vehicle", "vehicle_owned"),
    ],
)
def test_all_other_rules_find_what_they_find(sql: str, why: str) -> None:
    rules, failed = found(book(sql))
    assert why in failed["vehicle_owned"]
    assert rules >= {DEAD}
    assert failed.keys() == {"vehicle_owned", "control_sample"}


def test_no_control_sample_is_drawn_beside_a_rule_that_failed() -> None:
    assert "vehicle_owned could not be run" in found(book("SELECT 1"))[1]["control_sample"]


def test_a_column_dropped_from_a_contract_is_found_by_the_check_and_skips_the_rules_that_read_it() -> None:
    dropped = without_column("motor_vehicle", "vehicle_kind")
    problems = check_rules(RULES, load_policy(), dropped, NIGHT)
    names = {name for problem in problems for name in re.findall(r"(?:rule|shared view) (\w+):", problem)}
    readers = {rule.id for rule in RULES if names & {rule.id, *(view.id for view in rule.views)}}
    assert "vehicle_owned" in readers
    failed: dict[str, RuleBookError] = {}
    with world(CAR, BOTH_RECORDS) as connection:
        connection.execute("ALTER TABLE motor_vehicle DROP vehicle_kind")
        flags = flag_night(connection, NIGHT, RULES, load_policy(), dropped, failed=failed)
    assert failed.keys() - {"control_sample"} == readers
    assert DEAD in flags["rule"].to_pylist()


def test_a_type_that_is_gone_skips_the_rules_that_read_it() -> None:
    contracts = [contract for contract in load_catalogue() if contract.name != "motor_vehicle"]
    rules, failed = found(RULES, contracts)
    assert DEAD in rules
    readers = {rule.id for rule in RULES if "motor_vehicle" in rule.reads}
    assert failed.keys() - {"control_sample"} == readers


def test_a_shared_view_that_does_not_fit_skips_its_readers_alone() -> None:
    broken = []
    for rule in RULES:
        views = tuple(
            view.model_copy(update={"sql": "SELECT colour FROM membership"}) if view.id == "recent_bill" else view
            for view in rule.views
        )
        broken.append(rule.model_copy(update={"views": views}))
    rules, failed = found(broken)
    readers = {rule.id for rule in RULES if "recent_bill" in {view.id for view in rule.views}}
    assert failed.keys() - {"control_sample"} == readers != set()
    assert {DEAD, "vehicle_owned"} <= rules


def test_without_a_broken_rule_none_is_told() -> None:
    assert found(load_rules())[1] == {}
