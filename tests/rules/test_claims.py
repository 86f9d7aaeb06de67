"""What a finding rests on decides whether it is a flag: in households, and by each line of a header that says so."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rules.grounds import Manner
from rules.rule import Rule, load_rules
from rules.run import Judged
from tests.rules.golden_world import Case, judged_on_night, read_cases

pytestmark = pytest.mark.slow

CASES = [case for case in read_cases() if case.id.startswith("claims.")]
BOOK = {rule.id: rule for rule in load_rules() if rule.direction != "control"}
JUDGING = ("category_unsupported", "deceased_recipient", "undeclared_spouse")
"""The rules those households are about."""


@pytest.fixture(scope="module")
def judged() -> Judged:
    return judged_on_night(CASES, CASES[0].night, tuple(BOOK[name] for name in JUDGING))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_finding_that_cannot_be_checked_is_no_flag_and_says_for_want_of_what(case: Case, judged: Judged) -> None:
    told = [row for row in judged.not_checkable.to_pylist() if row["household_id"].startswith(f"{case.id}/")]
    wanted = case.content.get("not_checkable", [])
    assert [{key: row[key] for key in ("rule", "type", "kind")} for row in told] == wanted
    assert all(row["why_zh"] and row["why_en"] for row in told)
    flagged = [flag for flag in judged.flags.to_pylist() if flag["household_id"].startswith(f"{case.id}/")]
    assert [flag["rule"] for flag in flagged] == [flag["rule"] for flag in case.content["flags"]]


def basis_of(judged: Judged, case: str) -> dict[str, Any]:
    (flag,) = [flag for flag in judged.flags.to_pylist() if flag["household_id"] == f"{case}/H1"]
    told: dict[str, Any] = json.loads(flag["basis"])
    return told


def test_a_flag_keeps_how_far_every_source_was_known_and_what_speaks_against_it(judged: Judged) -> None:
    certificates = basis_of(judged, "claims.register_past_its_usual_lag")
    assert certificates["decided_on"] == "2020-10-02"
    assert {one["type"]: one["until"] for one in certificates["sources"]}["disability_certificate"] == "2020-10-17"
    assert certificates["contradictions"] == []
    (spoken,) = basis_of(judged, "claims.divorced_by_the_roster_alone")["contradictions"]
    assert (spoken["by"], spoken["effect"], spoken["since"]) == ("divorced_on_roster", "lowers", "2020-01-15")


def found(judged: Judged) -> set[tuple[object, ...]]:
    keys = ("rule", "household_id", "member_id", "severity")
    return set(zip(*(judged.flags[key].to_pylist() for key in keys), strict=True))


def loosened(rule: Rule) -> list[tuple[str, Rule]]:
    """The rule without one thing that its header holds it to."""
    return [
        (f"{rule.id} without {name}", rule.model_copy(update={"contradicted_by": _but(rule.contradicted_by, name)}))
        for name in rule.contradicted_by
    ] + [
        (f"{rule.id} whatever came of {name}", rule.model_copy(update={"reads": rule.reads | {name: Manner.MAY_TELL}}))
        for name in ("disability_certificate",)
        if rule.reads.get(name) is Manner.ABSENCE_TELLS
    ]


def _but(held: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in held.items() if key != name}


LOOSENED = [one for name in JUDGING for one in loosened(BOOK[name])]


@pytest.mark.parametrize(("said", "rule"), LOOSENED, ids=[said for said, _ in LOOSENED])
def test_every_line_of_a_header_that_holds_a_rule_back_spares_some_household(
    judged: Judged, said: str, rule: Rule
) -> None:
    freed = found(judged_on_night(CASES, CASES[0].night, (rule,)))
    assert freed != {one for one in found(judged) if one[0] == rule.id}, said
