"""Every golden household gets the flags a caseworker expects, and no other."""

from functools import cache
from typing import Any

import pytest

from tests.rules.golden_world import Case, flags_of_night, read_cases

CASES = read_cases()
pytestmark = pytest.mark.slow
OF_THE_OFFICE = {"review_overdue", "allowance_missing"}
"""Leads on the office, which most families would get that say nothing of reviews and payments: where a family does not
name one, its own file alone asks for its absence."""
CHECKED = ("severity", "link_reason", "amount", "reason_zh", "reason_en", "record_key")
"""What an expected flag may state beside rule, household and member."""


@cache
def all_flags() -> dict[str, list[dict[str, Any]]]:
    by_case: dict[str, list[dict[str, Any]]] = {case.id: [] for case in CASES}
    for night in sorted({case.night for case in CASES}):
        for flag in flags_of_night([case for case in CASES if case.night == night], night).to_pylist():
            by_case[flag["household_id"].rpartition("/")[0]].append(flag)
    return by_case


def _ground(case: Case, flag: dict[str, Any], stated: set[str]) -> dict[str, Any]:
    ground = {"rule": flag["rule"], "household": flag["household_id"].removeprefix(case.id + "/")}
    if flag["member_id"] is not None:
        ground["member"] = flag["member_id"].removeprefix(case.id + "/")
    return ground | {name: str(flag[name]).replace(case.id + "/", "") for name in stated}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_gets_exactly_its_flags(case: Case) -> None:
    expected = case.content["flags"]
    stated = {flag["rule"]: {name for name in flag if name in CHECKED} for flag in expected}
    asked = stated.keys() | {case.id.partition(".")[0]}
    flags = [flag for flag in all_flags()[case.id] if flag["rule"] in asked or flag["rule"] not in OF_THE_OFFICE]
    found = [_ground(case, flag, stated.get(flag["rule"], set())) for flag in flags]
    wanted = [{key: str(value) for key, value in flag.items()} for flag in expected]
    assert sorted(found, key=str) == sorted(wanted, key=str)


def test_no_reason_carries_a_whole_number_or_a_whole_name() -> None:
    for night in sorted({case.night for case in CASES}):
        cases = [case for case in CASES if case.night == night]
        people = [person["name"] for case in cases for person in case.content["people"].values()]
        for flag in [flag for case in cases for flag in all_flags()[case.id]]:
            said = flag["reason_zh"] + flag["reason_en"]
            assert flag["member_id_number"] is None or flag["member_id_number"] not in said
            assert not [name for name in people if name in said]
