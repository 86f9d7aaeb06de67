"""Figures of a great review are counted with each publication, those of a small one as they are asked for."""

from datetime import timedelta

import pytest
from django.utils import timezone

from review import counting
from review.accounts.models import Account
from review.counting import counted_at, counts
from review.dashboard_counts import cases_by_division
from review.models import Case, Decision, Flag
from review.publishing import publish_night
from review.tally import CountKind, Tally
from review.walls.scope import as_account
from tests.review.made_nights import FIRST, SECOND, SUMMARY, flag, table
from tests.review.people import person

PLACES = {"H1": "520102001001", "H2": "520102002001", "H3": "520103001001", "H4": "520302001001"}
TALLIED = {"province": "52", "city": "5201", "county": "520102"}
TOWNSHIP = "520102001"


def decide(household: str, outcome: str) -> None:
    case = Case.objects.get(household_id=household)
    seen = dict(Flag.objects.filter(case=case).values_list("flag_id", "evidence_hash"))
    Decision.objects.create(
        case=case, outcome=outcome, decided_by="county", decided_at=timezone.now(), evidence_seen=seen
    )


def publish_second() -> None:
    """All households but one again, each with a vehicle and a home."""
    flags = [
        flag(household, rule=rule, division=place)
        for household, place in PLACES.items()
        for rule in ("vehicle_owned", "property_purchased")
        if (household, rule) != ("H1", "property_purchased")
    ]
    publish_night(SECOND, table(*flags), SUMMARY)


@pytest.fixture(autouse=True)
def a_review(database: str) -> None:  # noqa: ARG001
    """Four households in three counties of two cities; two nights, three decisions, a case the county has closed."""
    flags = [
        flag(household, rule=rule, division=place, link_reason="exact" if rule == "vehicle_owned" else "repaired")
        for household, place in PLACES.items()
        for rule in ("vehicle_owned", "property_purchased")
    ]
    publish_night(FIRST, table(*flags), SUMMARY)
    publish_second()
    decide("H1", "legitimate")
    decide("H3", "legitimate")
    decide("H4", "gradual_exit_granted")
    Case.objects.filter(household_id="H3").update(
        state="closed_by_county",
        county_closed_at=timezone.now(),
        opened_night=timezone.localdate() - timedelta(days=5),
    )


@pytest.fixture
def great(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "LEAST_CASES", len(PLACES))


def seen_by(account: Account) -> dict[CountKind, dict[tuple[str, ...], int]]:
    with as_account(account):
        return {what: counts(account, what) for what in CountKind}


@pytest.mark.usefixtures("great")
@pytest.mark.parametrize(("role", "division"), [*TALLIED.items(), ("auditor", "52"), ("engineer", "5203")])
def test_what_a_publication_counts_is_what_counting_anew_gives(role: str, division: str) -> None:
    account = person(role, division)
    anew = seen_by(account)
    assert counted_at(account) is None
    publish_second()
    assert counted_at(account) is not None
    assert seen_by(account) == anew
    assert all(anew[what] for what in (CountKind.FLAGS, CountKind.CASES, CountKind.FOUND))


@pytest.mark.usefixtures("great")
def test_each_level_has_the_cases_of_the_divisions_below_it() -> None:
    publish_second()
    lines = {
        role: [(line.division, line.waiting, line.closed) for line in cases_by_division(person(role, division))]
        for role, division in TALLIED.items()
    }
    assert lines == {
        "province": [("5201", 2, 1), ("5203", 1, 0)],
        "city": [("520102", 2, 0), ("520103", 0, 1)],
        "county": [("520102001", 1, 0), ("520102002", 1, 0)],
    }


@pytest.mark.usefixtures("great")
def test_counts_hold_until_the_next_publication_and_a_township_sees_its_own_at_once() -> None:
    publish_second()
    county, township = person("county", TALLIED["county"]), person("township", TOWNSHIP)
    before = counts(county, CountKind.DECIDED)
    month = f"{timezone.localdate():%Y-%m}"
    decide("H1", "record_wrong")
    assert counts(county, CountKind.DECIDED) == before == {(month, "legitimate"): 1}
    after = {(month, "legitimate"): 1, (month, "record_wrong"): 1}
    assert counts(township, CountKind.DECIDED) == after
    publish_second()
    assert counts(county, CountKind.DECIDED) == after


@pytest.mark.usefixtures("great")
def test_an_account_sees_no_counts_of_another_division() -> None:
    publish_second()
    for role, division in (("county", "520103"), ("city", "5203")):
        account = person(role, division)
        with as_account(account):
            divisions = set(Tally.objects.visible_to(account).values_list("division", flat=True))
            assert divisions
            assert all(each.startswith(division) for each in divisions)


def test_of_a_small_review_nothing_is_kept() -> None:
    publish_second()
    assert not Tally.objects.exists()
    assert counted_at(person("province", "52")) is None


@pytest.mark.usefixtures("great")
def test_a_review_that_became_small_is_counted_as_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    publish_second()
    monkeypatch.setattr(counting, "LEAST_CASES", len(PLACES) + 1)
    publish_second()
    assert not Tally.objects.exists()
