"""A county's own standard overrides the province's, in the band of supplements and in the comparison of income."""

from dataclasses import replace
from decimal import Decimal

import pytest

from rules.policy import Policy, load_policy
from rules.rule import load_rules
from rules.run import flag_night
from tests.rules.golden_world import NIGHT, read_cases, world_of_night

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
