"""The two walls: what each role reads and writes, through the manager, and on PostgreSQL with the manager gone."""

from typing import Any

import pytest
from django.db import models

from review.accounts.models import DIGITS, READERS, Role
from review.case_life.acting import act
from review.case_life.refusals import NoSuchCaseError, NotAllowedError
from review.models import AuditEntry, Case, CaseStep, Decision, Evidence, Flag, Proposal
from review.publishing import publish_night
from review.visible_case import read_case
from review.walls.scope import UnscopedQueryError, as_account
from tests.review.made_nights import FIRST, SUMMARY, flag, table
from tests.review.people import person, stranger

WALLED = (Case, Flag, Evidence, Decision, CaseStep, Proposal)
HERE, THERE = "520102001001", "520302001001"


@pytest.fixture(autouse=True)
def two_households(database: str) -> None:  # noqa: ARG001
    """One case with a decision, a proposal and history in each of two cities."""
    publish_night(FIRST, table(flag("H1"), flag("H2", division=THERE)), SUMMARY)
    for case in Case.objects.order_by("pk"):
        county = person("county", case.division[:6], username=f"county-{case.pk}")
        act(county, case.case_no, "decide", {"outcome": "legitimate", "note": "属实"}, case.version)
        Proposal._base_manager.create(
            case=case,
            outcome="stopped",
            investigator="a",
            second_investigator="b",
            proposed_by="c",
            proposed_at=case.county_closed_at or CaseStep.objects.first().at,  # type: ignore[union-attr]
            note="n",
        )


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("model", WALLED)
def test_each_role_sees_the_rows_of_its_division_and_no_others(role: Role, model: type[models.Model]) -> None:
    manager: Any = model._default_manager
    for account in (person(role, HERE[: DIGITS[role][-1]]), stranger(role)):
        expected = (account.covers(HERE) + account.covers(THERE)) * (role in READERS)
        with as_account(account):
            assert manager.visible_to(account).count() == expected


def test_nobody_signed_in_or_no_longer_active_sees_nothing() -> None:
    gone = person("province", is_active=False)
    for model in WALLED:
        assert not model.objects.visible_to(None).exists()
        assert not model.objects.visible_to(gone).exists()


@pytest.mark.parametrize("model", [*WALLED, AuditEntry])
def test_the_site_cannot_ask_without_saying_for_whom(model: type[models.Model]) -> None:
    account = person("province")
    with as_account(account), pytest.raises(UnscopedQueryError):
        model._default_manager.count()


def test_reading_a_case_out_of_division_is_as_if_it_did_not_exist() -> None:
    number = Case.objects.get(household_id="H1").case_no
    for role in READERS:
        if role is not Role.PROVINCE:
            account = stranger(role)
            with as_account(account), pytest.raises(NoSuchCaseError):
                read_case(account, number)
    with pytest.raises(NoSuchCaseError):
        read_case(person("administrator"), number)


def test_masked_by_default_unmasked_with_a_reason_that_is_kept() -> None:
    number = Case.objects.get(household_id="H1").case_no
    auditor, engineer = person("auditor"), person("engineer")
    with as_account(auditor):
        seen = read_case(auditor, number)
        assert (seen.head_name, seen.flags[0].member_name) == ("张*", "李*")
        assert seen.flags[0].member_id_number == "529901************"
        whole = read_case(auditor, number, unmasked_because="抽查 2020-11")
        assert (whole.head_name, whole.flags[0].member_id_number) == ("张三", "529901199001011234")
    with as_account(engineer), pytest.raises(NotAllowedError):
        read_case(engineer, number, unmasked_because="好奇")
    entry = AuditEntry.objects.get(action="case.unmasked")
    assert (entry.actor, entry.division, entry.detail) == (
        "auditor",
        HERE,
        {"case_no": number, "because": "抽查 2020-11"},
    )


def test_the_audit_log_is_read_by_auditors_of_the_division_and_administrators_of_accounts() -> None:
    here, there, whole = person("auditor", "5201"), stranger("auditor"), person("auditor")
    for account, places in ((here, {HERE}), (there, {THERE}), (whole, {HERE, THERE, ""})):
        with as_account(account):
            assert {line.division for line in AuditEntry.objects.visible_to(account)} == places
    for role in set(Role) - {Role.AUDITOR}:
        account = person(role, username=f"reader-{role}")
        with as_account(account):
            assert not AuditEntry.objects.visible_to(account).exists()
