"""The control sample: so many unflagged households a night, the same for the same night and seed."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import duckdb
import pytest

from rules.policy import Policy, load_policy
from rules.rule import Rule, load_rules
from rules.run import flag_night
from tests.rules.golden_world import NIGHT, read_cases, world_of_night

pytestmark = pytest.mark.slow

CASES = [case for case in read_cases() if case.night == NIGHT]
SOME = tuple(rule for rule in load_rules() if rule.id in {"control_sample", "deceased_recipient", "vehicle_owned"})
"""Enough for a sample that is drawn from the others: to plan the whole book takes seconds."""


def with_value(policy: Policy, name: str, value: int) -> Policy:
    parameter = policy[name]
    (dated,) = parameter.values
    changed = parameter.model_copy(update={"values": (dated.model_copy(update={"value": Decimal(value)}),)})
    return replace(policy, parameters={**policy.parameters, name: changed})


@cache
def drawn_as_usual() -> list[dict[str, Any]]:
    """The sample of the golden night under the policy as it is."""
    return drawn()


@cache
def golden() -> duckdb.DuckDBPyConnection:
    return world_of_night(CASES, NIGHT)


def drawn(
    night: date = NIGHT,
    policy: Policy | None = None,
    world: duckdb.DuckDBPyConnection | None = None,
    rules: tuple[Rule, ...] = SOME,
) -> list[dict[str, Any]]:
    flags = flag_night(world or golden(), night, rules, policy or load_policy()).to_pylist()
    flagged = {flag["household_id"] for flag in flags if flag["rule"] != "control_sample"}
    assert flagged
    sample = [flag for flag in flags if flag["rule"] == "control_sample"]
    assert not flagged & {flag["household_id"] for flag in sample}
    return sample


def households(sample: list[dict[str, Any]]) -> set[str]:
    return {flag["household_id"] for flag in sample}


def test_as_many_as_the_policy_says_and_no_flagged_household() -> None:
    sample = drawn(rules=load_rules())
    assert len(sample) == load_policy().value("control_sample_size", "52", NIGHT)
    assert {(flag["direction"], flag["period"], flag["member_id"]) for flag in sample} == {
        ("control", "2020-10-31", None)
    }


def test_none_where_the_policy_says_none() -> None:
    assert drawn(policy=with_value(load_policy(), "control_sample_size", 0)) == []


def test_the_same_night_draws_the_same_in_whatever_order_the_households_stand() -> None:
    with world_of_night(CASES[::-1], NIGHT) as turned:
        assert households(drawn(world=turned)) == households(drawn_as_usual())


@pytest.mark.parametrize("other", ["night", "seed"])
def test_another_night_or_seed_draws_others(other: str) -> None:
    if other == "night":
        again = drawn(NIGHT + timedelta(days=1))
    else:
        again = drawn(policy=with_value(load_policy(), "control_sample_seed", 7))
    assert len(again) == len(drawn_as_usual())
    assert households(again) != households(drawn_as_usual())


def test_only_households_that_are_paid_are_drawn() -> None:
    everybody = with_value(load_policy(), "control_sample_size", 100_000)
    stated = {case.id: case.content.get("dibao", {}) for case in CASES}
    for household in households(drawn(policy=everybody)):
        case, _, name = household.rpartition("/")
        assert stated[case][name].get("status", "active") == "active"
