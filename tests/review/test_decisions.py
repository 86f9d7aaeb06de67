"""A decision outlives every later night; only evidence nobody has seen reopens a case."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from review.models import AppendOnlyError, AuditEntry, Case, CaseState, Decision
from review.publishing import publish_night
from tests.review.made_nights import FIRST, FOURTH, SECOND, SUMMARY, THIRD, flag, table

pytestmark = pytest.mark.usefixtures("database")


def publish(night: date, *flags: dict[str, Any]) -> int:
    return publish_night(night, table(*flags), SUMMARY).reopened


def close(household: str, seen: Iterable[dict[str, Any]], **other: Any) -> Decision:
    case = Case.objects.get(household_id=household)
    case.state = CaseState.CLOSED_BY_PROVINCE
    case.save()
    values: dict[str, Any] = {"outcome": "legitimate", "decided_by": "county officer", "decided_at": timezone.now()}
    hashes = {each["flag_id"]: each["evidence_hash"] for each in seen}
    return Decision.objects.create(case=case, evidence_seen=hashes, **(values | other))


def test_the_same_evidence_never_reopens_what_a_person_closed() -> None:
    seen = flag("H1")
    publish(FIRST, seen)
    close("H1", [seen])
    before = list(Decision.objects.values())
    assert publish(SECOND, seen) == 0
    assert publish(THIRD, flag("H1", delivery="delivered again")) == 0
    assert Case.objects.get().state == "closed_by_province"
    assert list(Decision.objects.values()) == before


def test_new_evidence_reopens_and_says_what_is_new() -> None:
    seen = flag("H1")
    publish(FIRST, seen, flag("H2"))
    close("H1", [seen])
    close("H2", [flag("H2")])
    before = list(Decision.objects.order_by("pk").values())
    assert publish(SECOND, flag("H1", row="another car"), flag("H2")) == 1
    case = Case.objects.get(household_id="H1")
    assert (case.state, case.reopened_night, case.last_changed_night) == ("reopened", SECOND, SECOND)
    assert case.reopened_because == [{"flag_id": seen["flag_id"], "rule": "vehicle_owned", "new": "evidence"}]
    assert Case.objects.get(household_id="H2").state == "closed_by_province"
    assert list(Decision.objects.order_by("pk").values()) == before
    assert AuditEntry.objects.get(action="case.reopened").detail["case_no"] == case.case_no


def test_a_new_flag_reopens_and_says_so() -> None:
    publish(FIRST, flag("H1"))
    close("H1", [flag("H1")])
    assert publish(SECOND, flag("H1"), flag("H1", "2")) == 1
    assert Case.objects.get().reopened_because == [
        {"flag_id": flag("H1", "2")["flag_id"], "rule": "vehicle_owned", "new": "flag"}
    ]


def test_a_ground_that_goes_and_comes_back_as_it_was_stays_closed() -> None:
    publish(FIRST, flag("H1"))
    close("H1", [flag("H1")])
    assert publish(SECOND) == 0
    assert publish(THIRD, flag("H1")) == 0
    assert publish(FOURTH, flag("H1", row="other")) == 1


def test_evidence_that_an_earlier_decision_saw_stays_seen() -> None:
    publish(FIRST, flag("H1", row="a"))
    close("H1", [flag("H1", row="a")])
    assert publish(SECOND, flag("H1", row="b")) == 1
    close("H1", [flag("H1", row="b")])
    assert publish(THIRD, flag("H1", row="a")) == 0


def test_an_older_night_reopens_nothing() -> None:
    publish(THIRD, flag("H1"))
    close("H1", [flag("H1")])
    assert publish(FIRST, flag("H1", row="older"), flag("H1", "2")) == 0
    assert Case.objects.get().state == "closed_by_province"


def test_evidence_that_changed_behind_a_deciders_back_reopens_on_the_next_night() -> None:
    publish(FIRST, flag("H1", row="b"))
    close("H1", [flag("H1", row="a")])
    assert publish(SECOND, flag("H1", row="b")) == 1


ENOUGH = {
    "second_investigator": "township officer",
    "notified_on": date(2020, 11, 2),
    "objection_ends_on": date(2020, 11, 12),
}


@pytest.mark.parametrize("outcome", ["adjusted", "stopped"])
@pytest.mark.parametrize(
    "lack",
    [
        {"second_investigator": ""},
        {"second_investigator": "county officer"},
        {"notified_on": None},
        {"objection_ends_on": None},
        {"objection_ends_on": date(2020, 11, 1)},
    ],
)
def test_less_aid_needs_two_people_and_notice(outcome: str, lack: dict[str, Any]) -> None:
    publish(FIRST, flag("H1"))
    with pytest.raises(IntegrityError), transaction.atomic():
        close("H1", [flag("H1")], outcome=outcome, **(ENOUGH | lack))
    close("H1", [flag("H1")], outcome=outcome, **ENOUGH)
    assert Decision.objects.get().outcome == outcome


def test_an_outcome_must_be_one_of_the_nine() -> None:
    publish(FIRST, flag("H1"))
    with pytest.raises(IntegrityError), transaction.atomic():
        close("H1", [flag("H1")], outcome="forgiven")


def test_the_audit_log_only_grows() -> None:
    publish(FIRST, flag("H1"))
    entry = AuditEntry.objects.get()
    entry.actor = "someone else"
    copied = AuditEntry(pk=entry.pk, at=entry.at, actor="someone else", action=entry.action)
    with pytest.raises(AppendOnlyError):
        entry.save()
    with pytest.raises(AppendOnlyError):
        copied.save()
    with pytest.raises(AppendOnlyError):
        entry.delete()
    with pytest.raises(AppendOnlyError):
        AuditEntry.objects.update(actor="someone else")
    with pytest.raises(AppendOnlyError):
        AuditEntry.objects.filter(pk=entry.pk).delete()
    with pytest.raises(AppendOnlyError):
        AuditEntry.objects.bulk_update([entry], ["actor"])
    assert AuditEntry.objects.get().actor == "hedui"
