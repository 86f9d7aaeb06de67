"""A case's life: who may take which step, what must hold first, and what two people do to each other."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from review.accounts.models import Account, Role
from review.case_life.acting import ActResult, act, actions_for
from review.case_life.acting_on_many import act_on_many
from review.case_life.refusals import ConflictError, IncompleteError, NoSuchCaseError, NotAllowedError, NotNowError
from review.case_life.table import TABLE, Action, allowed
from review.models import AuditEntry, Case, CaseState, CaseStep, Decision
from review.publishing import publish_night
from tests.review.clock import TODAY, days_pass
from tests.review.made_nights import FIRST, SECOND, SUMMARY, flag, table
from tests.review.people import person, stranger

pytestmark = pytest.mark.usefixtures("database", "today")
STOP = {"outcome": "stopped", "investigator": "王一", "second_investigator": "李二", "note": "有车，已核实"}


def published(*flags: dict[str, Any], night: date = FIRST) -> None:
    publish_night(night, table(*(flags or (flag("H1"),))), SUMMARY)


def case_of(household: str = "H1") -> Case:
    return Case.objects.get(household_id=household)


def take(account: Account, action: str, data: Mapping[str, Any] | None = None, household: str = "H1") -> ActResult:
    """The step, on the case as it is now."""
    case = case_of(household)
    return act(account, case.case_no, action, data or {}, case.version)


def notice() -> dict[str, Any]:
    return {"notified_on": TODAY, "objection_ends_on": TODAY + timedelta(days=10)}


def test_less_aid_from_opening_to_both_ledgers_closed() -> None:
    published()
    township, county, province = (person(role) for role in ("township", "county", "province"))
    take(county, "assign", {"assigned_to": township.username})
    take(township, "visit", {"visited_on": TODAY, "note": "门口停着车"})
    take(county, "decide", STOP)
    assert not Decision.objects.exists()
    take(township, "notify", notice())
    days_pass(11)
    take(county, "rectify", {"note": "下月起停发"})
    take(county, "close_county")
    assert case_of().county_closed_at is not None
    take(province, "close_province")
    decision = Decision.objects.get()
    assert (decision.outcome, decision.investigator, decision.second_investigator) == ("stopped", "王一", "李二")
    assert decision.evidence_seen == {flag("H1")["flag_id"]: flag("H1")["evidence_hash"]}
    assert case_of().state == "closed_by_province"
    steps = list(CaseStep.objects.order_by("version").values_list("action", flat=True))
    assert steps == ["assign", "visit", "decide", "notify", "rectify", "close_county", "close_province"]
    logged = AuditEntry.objects.filter(action__startswith="case.").order_by("number").values_list("action", flat=True)
    assert list(logged) == [f"case.{step}" for step in steps]


def test_what_is_legitimate_needs_no_notice_and_nothing_carried_out() -> None:
    published()
    county = person("county")
    take(county, "decide", {"outcome": "legitimate", "note": "车已报废，有证明"})
    assert take(county, "close_county").state == "closed_by_county"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"second_investigator": ""}, "second_investigator"),
        ({"second_investigator": " 王一 "}, "second_investigator"),
        ({"second_investigator": "county"}, "second_investigator"),
        ({"investigator": ""}, "investigator"),
        ({"note": " "}, "note"),
        ({"outcome": "forgiven"}, "outcome"),
        ({"fraud": "yes"}, "fraud"),
    ],
)
@pytest.mark.parametrize("outcome", ["adjusted", "stopped"])
def test_less_aid_needs_two_different_named_investigators_and_a_reason(
    outcome: str, given: dict[str, str], field: str
) -> None:
    published()
    county = person("county")
    take(county, "visit", {"visited_on": TODAY, "note": "看过"})
    with pytest.raises(IncompleteError) as refused:
        take(county, "decide", STOP | {"outcome": outcome} | given)
    assert list(refused.value.fields) == [field]
    assert case_of().state == "visited"


def test_less_aid_needs_a_visit() -> None:
    published()
    with pytest.raises(NotNowError):
        take(person("county"), "decide", STOP)


def decided_to_stop() -> Account:
    published()
    county = person("county")
    take(county, "visit", {"visited_on": TODAY, "note": "看过"})
    take(county, "decide", STOP)
    return county


def test_nothing_is_final_before_notice_and_the_end_of_the_objection_period() -> None:
    county = decided_to_stop()
    with pytest.raises(NotNowError):
        take(county, "rectify", {"note": "停发"})
    with pytest.raises(NotNowError):
        take(county, "close_county")
    take(county, "notify", notice())
    days_pass(10)
    with pytest.raises(NotNowError):  # its last day is today
        take(county, "rectify", {"note": "停发"})
    days_pass(1)
    assert take(county, "rectify", {"note": "停发"}).state == "rectified"


def test_an_objection_reopens_the_check() -> None:
    county = decided_to_stop()
    take(county, "notify", notice())
    take(county, "object", {"objected_on": TODAY, "note": "车是儿子的"})
    assert (case_of().state, case_of().visited_on) == ("objection", None)
    with pytest.raises(NotNowError):
        take(county, "decide", STOP)
    take(county, "visit", {"visited_on": TODAY, "note": "再次核查"})
    take(county, "decide", {"outcome": "legitimate", "note": "属实"})
    assert Decision.objects.get().outcome == "legitimate"


@pytest.mark.parametrize(
    "dates",
    [
        {"notified_on": TODAY, "objection_ends_on": TODAY},
        {"notified_on": TODAY + timedelta(days=1), "objection_ends_on": TODAY + timedelta(days=9)},
        {"notified_on": TODAY - timedelta(days=1), "objection_ends_on": TODAY + timedelta(days=9)},
        {"notified_on": "", "objection_ends_on": TODAY},
    ],
)
def test_a_notice_follows_the_decision_and_leaves_time_to_object(dates: dict[str, Any]) -> None:
    county = decided_to_stop()
    with pytest.raises(IncompleteError):
        take(county, "notify", dates)


def test_a_case_cannot_be_closed_over_evidence_that_no_decision_has_seen() -> None:
    published()
    county = person("county")
    take(county, "decide", {"outcome": "legitimate", "note": "属实"})
    published(flag("H1"), flag("H1", "2"), night=SECOND)
    with pytest.raises(NotNowError, match="vehicle_owned"):
        take(county, "close_county")
    take(county, "send_back", {"note": "又有一辆车"})
    take(county, "decide", {"outcome": "legitimate", "note": "两辆都报废了"})
    assert take(county, "close_county").state == "closed_by_county"


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("state", list(CaseState))
def test_every_role_in_every_state_does_what_the_table_says_and_no_more(role: Role, state: CaseState) -> None:
    published()
    account = person(role)
    Case.objects.update(state=state)
    offered = actions_for(account, case_of())
    assert offered == [action for action in Action if allowed(role, action, state)]
    for action in set(Action) - set(offered):
        with pytest.raises((NotAllowedError, NotNowError, IncompleteError)):
            take(account, action, {"note": "试试"})
        assert case_of().state == state


def test_the_table_leads_from_every_state_to_both_ledgers_closed() -> None:
    reached = {CaseState.CLOSED_BY_PROVINCE}
    for _ in CaseState:
        reached |= {source for row in TABLE for source in row.sources if row.target in reached}
    assert reached == set(CaseState)


@pytest.mark.parametrize("role", ["township", "county", "city"])
def test_nobody_acts_outside_the_own_division(role: str) -> None:
    published()
    action = {"township": "visit", "county": "decide", "city": "send_back"}[role]
    with pytest.raises(NoSuchCaseError):
        take(stranger(role), action, {"note": "试试", "visited_on": TODAY} if role == "township" else {"note": "试试"})


def test_the_slower_of_two_is_told_what_the_other_did() -> None:
    published()
    first, second = person("county"), person("county", username="other")
    seen = case_of().version
    act(first, case_of().case_no, "decide", {"outcome": "legitimate", "note": "属实"}, seen)
    with pytest.raises(ConflictError) as told:
        act(second, case_of().case_no, "decide", {"outcome": "identity_error", "note": "不是本人"}, seen)
    assert [(change.actor, change.action, change.state) for change in told.value.changes] == [
        ("county", "decide", "decided")
    ]
    assert Decision.objects.get().outcome == "legitimate"


def test_who_decides_on_evidence_that_a_night_has_changed_is_told_so() -> None:
    published()
    seen = case_of().version
    published(flag("H1", row="another car"), night=SECOND)
    with pytest.raises(ConflictError) as told:
        act(person("county"), case_of().case_no, "decide", {"outcome": "legitimate", "note": "属实"}, seen)
    assert told.value.changes[-1].actor == "hedui"


def test_a_night_that_says_nothing_new_disturbs_nobody() -> None:
    published()
    seen = case_of().version
    published(flag("H1", delivery="d2"), night=SECOND)
    assert act(person("county"), case_of().case_no, "decide", {"outcome": "legitimate", "note": "属实"}, seen)


def chosen() -> list[tuple[str, int]]:
    return list(Case.objects.order_by("pk").values_list("case_no", "version"))


def test_many_cases_are_assigned_or_found_legitimate_at_once() -> None:
    published(flag("H1"), flag("H2"), flag("H3"))
    township, county = person("township"), person("county")
    assert len(act_on_many(county, chosen(), "assign", {"assigned_to": township.username}).done) == 3
    stale = chosen()
    take(township, "visit", {"visited_on": TODAY, "note": "看过"}, "H2")
    result = act_on_many(county, stale, "decide", {"outcome": "legitimate", "note": "部门数据已更正"})
    assert [acted.state for acted in result.done] == ["decided", "decided"]
    assert [(number, type(why)) for number, why in result.refused.items()] == [(case_of("H2").case_no, ConflictError)]


@pytest.mark.parametrize("outcome", ["stopped", "adjusted", "identity_error", "gradual_exit_granted"])
def test_never_many_at_once_but_legitimate(outcome: str) -> None:
    published(flag("H1"), flag("H2"))
    with pytest.raises(NotAllowedError):
        act_on_many(person("county"), chosen(), "decide", STOP | {"outcome": outcome})
    with pytest.raises(IncompleteError):
        act_on_many(person("county", username="b"), chosen(), "decide", {"outcome": "legitimate"})
    with pytest.raises(NotAllowedError):
        act_on_many(person("county", username="c"), chosen(), "close_county", {})
    assert set(Case.objects.values_list("state", flat=True)) == {"opened"}


def test_only_someone_who_works_there_is_assigned_a_case() -> None:
    published()
    county = person("county")
    for nobody in (stranger("township"), person("auditor"), person("township", username="gone", is_active=False)):
        with pytest.raises(IncompleteError):
            take(county, "assign", {"assigned_to": nobody.username})
