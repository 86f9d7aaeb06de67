"""A reason to link is declared once: its words, its policy and its views follow from that."""

from dataclasses import replace

import duckdb
import pytest
from django.utils import translation

from review.export_row import link_label
from rules.declaration import RuleBookError
from rules.policy import Policy, load_policy
from rules.rule import load_rules
from rules.run import flag_night
from schemas import link_reasons
from schemas.link_reasons import Claim, LinkReason, Reason
from tests.rules.golden_world import NIGHT, read_cases, world_of_night

RULES = tuple(rule for rule in load_rules() if rule.id == "vehicle_owned")
SEEN = "seen_by_hand"
PERCENT = 98


@pytest.fixture
def seen_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another reason between the others, declared as they are."""
    said = [(one.name, (one.value, one.claim, one.zh, one.en)) for one in LinkReason]
    said.insert(1, (SEEN.upper(), (SEEN, Claim.CERTAIN, "两人当面核实", "seen by two officers")))
    monkeypatch.setattr(link_reasons, "LinkReason", Reason("LinkReason", said))


def policy_with_it() -> Policy:
    policy = load_policy()
    exact = policy[LinkReason.EXACT.confidence]
    told = exact.values[0].model_copy(update={"value": PERCENT})
    name = f"confidence_{SEEN}_percent"
    declared = exact.model_copy(update={"name": name, "values": (told,)})
    return replace(policy, parameters={**policy.parameters, name: declared})


def night_with_it() -> duckdb.DuckDBPyConnection:
    (car,) = [case for case in read_cases() if case.id == "vehicle_owned.car"]
    connection = world_of_night([car], NIGHT)
    connection.execute("UPDATE links SET reason = ?", [SEEN])
    return connection


@pytest.mark.usefixtures("seen_by_hand")
def test_a_reason_that_is_declared_is_read_by_rules_weighed_by_the_policy_and_shown_in_its_words() -> None:
    with night_with_it() as connection:
        (flag,) = flag_night(connection, NIGHT, RULES, policy_with_it()).to_pylist()
    assert (flag["link_reason"], float(flag["confidence"])) == (SEEN, PERCENT / 100)
    with translation.override("zh-hans"):
        assert link_label(flag["link_reason"]) == "两人当面核实"
    with translation.override("en"):
        assert link_label(flag["link_reason"]) == "seen by two officers"


@pytest.mark.usefixtures("seen_by_hand")
def test_a_reason_that_is_declared_demands_its_policy_by_name() -> None:
    with night_with_it() as connection, pytest.raises(RuleBookError, match=f"confidence_{SEEN}_percent"):
        flag_night(connection, NIGHT, RULES, load_policy())


def test_a_reason_that_is_not_declared_links_nothing() -> None:
    with night_with_it() as connection:
        assert flag_night(connection, NIGHT, RULES, load_policy()).num_rows == 0
    assert link_label(SEEN) == SEEN


def test_every_reason_that_a_flag_may_rest_on_and_no_other_has_a_confidence_and_the_surer_never_the_lower() -> None:
    policy = load_policy()
    named = {name for name in policy.parameters if name.startswith("confidence_")}
    reasons = link_reasons.reasons_of_flags()
    assert named == {reason.confidence for reason in reasons}
    sure = [policy.value(reason.confidence, policy.province, NIGHT) for reason in reasons]
    assert sure == sorted(sure, key=lambda percent: -float(str(percent)))
