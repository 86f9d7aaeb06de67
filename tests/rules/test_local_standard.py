"""Which standard counts: a county's own before the province's, and month by month the one in force."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from rules.policy import Policy, load_policy
from rules.rule import load_rules
from rules.run import flag_night
from tests.rules.golden_world import NIGHT, read_cases, world_of_night

pytestmark = pytest.mark.slow

CASES = {case.id: case for case in read_cases()}


def higher_in_county(name: str, division: str) -> Policy:
    policy = load_policy()
    parameter = policy[name]
    (province,) = parameter.values
    assert isinstance(province.value, Decimal)
    local = province.model_copy(update={"division": division, "value": province.value * 2})
    changed = parameter.model_copy(update={"values": (*parameter.values, local)})
    return replace(policy, parameters={**policy.parameters, name: changed})


@pytest.mark.parametrize(
    ("case", "standard"),
    [
        ("supplement_out_of_band.rural_above", "rural_standard_yearly"),
        ("supplement_out_of_band.urban_above", "urban_standard_monthly"),
        ("wage_income_over_standard.rural_over_by_a_fen", "rural_standard_yearly"),
        ("wage_income_over_standard.urban_over_by_a_fen", "urban_standard_monthly"),
    ],
)
def test_the_local_standard_counts_in_its_county_alone(case: str, standard: str) -> None:
    rule = case.partition(".")[0]
    rules = [one for one in load_rules() if one.id == rule]
    with world_of_night([CASES[case]], NIGHT) as connection:
        assert flag_night(connection, NIGHT, rules, higher_in_county(standard, "520103")).num_rows == 1
        assert flag_night(connection, NIGHT, rules, higher_in_county(standard, "520102")).num_rows == 0


def doubled_from(name: str, day: date) -> Policy:
    """A policy whose standard is twice as high from a day on."""
    policy = load_policy()
    parameter = policy[name]
    (value,) = parameter.values
    assert isinstance(value.value, Decimal)
    before = value.model_copy(update={"to": day - timedelta(days=1)})
    after = value.model_copy(update={"from_": day, "value": value.value * 2})
    changed = parameter.model_copy(update={"values": (before, after)})
    return replace(policy, parameters={**policy.parameters, name: changed})


@pytest.mark.parametrize(
    ("raised_on", "flagged"),
    [
        (date(2020, 9, 1), 0),
        (date(2020, 9, 30), 0),
        (date(2020, 10, 1), 1),
        (NIGHT, 1),
    ],
)
@pytest.mark.parametrize(
    ("area", "standard"), [("rural", "rural_standard_yearly"), ("urban", "urban_standard_monthly")]
)
def test_each_month_of_the_period_has_the_standard_in_force_at_its_end(
    area: str, standard: str, raised_on: date, flagged: int
) -> None:
    """Income a fen over the old standard: a rise in September lifts the sum of the period, one in October does not."""
    rules = [one for one in load_rules() if one.id == "wage_income_over_standard"]
    with world_of_night([CASES[f"wage_income_over_standard.{area}_over_by_a_fen"]], NIGHT) as connection:
        assert flag_night(connection, NIGHT, rules, doubled_from(standard, raised_on)).num_rows == flagged


def test_the_standard_of_a_period_is_added_up_month_by_month() -> None:
    """Doubled from September on, the year's standard is eleven twelfths of the old and one of the new."""
    rules = [one for one in load_rules() if one.id == "wage_income_over_standard"]
    with world_of_night([CASES["income_families.daughter_at_home_with_an_old_job"]], NIGHT) as connection:
        policy = doubled_from("rural_standard_yearly", date(2020, 9, 1))
        (flag,) = flag_night(connection, NIGHT, rules, policy).to_pylist()
    assert "标准 4677.83 元" in flag["reason_zh"]
