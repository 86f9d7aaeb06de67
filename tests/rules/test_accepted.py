"""What links a flag may rest on: those that its rule accepts, and none whose reason nobody knows."""

from dataclasses import replace
from decimal import Decimal

import pytest

from rules.declaration import RuleBookError
from rules.policy import load_policy
from rules.rule import load_rules
from rules.run import flag_night
from schemas.link_reasons import ACCEPTED, Claim, LinkReason
from tests.rules.golden_world import NIGHT
from tests.rules.test_flag_night import CAR, rule_with, world

pytestmark = pytest.mark.slow


def evidence_of(link_reason: str) -> str:
    """SQL that finds every car, as if it were linked for that reason."""
    return (
        "SELECT scheme, household_id, member_id, plate_number AS record_key, NULL AS period, NULL AS amount,"
        " '' AS reason_zh, '' AS reason_en,"
        f" [struct_update(evidence, link_reason := {link_reason})] AS evidence FROM linked_motor_vehicle"
    )


@pytest.mark.parametrize("unknown", ["'possible'", "'a hunch'", "NULL"])
def test_evidence_without_a_known_reason_stops_the_rule_and_drops_no_flag(unknown: str) -> None:
    with world(CAR) as connection, pytest.raises(RuleBookError, match=r"vehicle_owned: evidence: .*exact, upgraded"):
        flag_night(connection, NIGHT, [rule_with(evidence_of(unknown))], load_policy())


def test_a_flag_rests_on_links_alone_that_its_rule_accepts() -> None:
    asked = {
        f"{claims}_{reason}": (accepts, reason)
        for claims, accepts in enumerate((ACCEPTED, (Claim.CERTAIN,), (*ACCEPTED, Claim.CONTRADICTED)))
        for reason in (LinkReason.EXACT, LinkReason.HOUSEHOLD, LinkReason.CONTRADICTED, LinkReason.CONFLICT)
    }
    rules = [
        rule_with(evidence_of(f"'{reason}'")).model_copy(update={"id": name, "accepts": accepts})
        for name, (accepts, reason) in asked.items()
    ]
    with world(CAR) as connection:
        flags = flag_night(connection, NIGHT, rules, load_policy()).to_pylist()
    told = {key: [float(flag["confidence"]) for flag in flags if flag["rule"] == name] for name, key in asked.items()}
    assert {key: sure for key, sure in told.items() if sure} == {
        (ACCEPTED, LinkReason.EXACT): [1.0],
        (ACCEPTED, LinkReason.HOUSEHOLD): [0.9],
        ((Claim.CERTAIN,), LinkReason.EXACT): [1.0],
        ((*ACCEPTED, Claim.CONTRADICTED), LinkReason.EXACT): [1.0],
        ((*ACCEPTED, Claim.CONTRADICTED), LinkReason.HOUSEHOLD): [0.9],
        ((*ACCEPTED, Claim.CONTRADICTED), LinkReason.CONTRADICTED): [0.7],
    }


def test_a_death_or_a_second_household_is_told_by_no_contradicted_link() -> None:
    of_deaths = {rule.id: rule for rule in load_rules() if rule.id in ("deceased_recipient", "duplicate_dibao")}
    assert len(of_deaths) == 2
    assert not [one for one in of_deaths.values() if set(one.accepts) - set(ACCEPTED)]


def test_a_policy_from_before_a_reason_was_made_is_no_surer_of_it_than_of_the_least_sure() -> None:
    policy = load_policy()
    known = {name: one for name, one in policy.parameters.items() if name != "confidence_contradicted_percent"}
    rule = rule_with(evidence_of("'contradicted'")).model_copy(update={"accepts": tuple(Claim)})
    with world(CAR) as connection:
        (flag,) = flag_night(connection, NIGHT, [rule], replace(policy, parameters=known)).to_pylist()
    assert flag["confidence"] == Decimal("0.50")
