"""What decisions say of rules: rates with intervals, floors, the control sample, days to close."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.utils import timezone

from review import ledgers
from review.figures import Floors, FloorsError, Rate, confirmation_rates, days_to_close, load_floors, rules_under_floor
from review.filters import Ledger
from review.ledgers import ledger
from review.models import Case, Decision, Flag
from review.publishing import publish_night
from tests.review.made_nights import FIRST, SUMMARY, flag, table
from tests.review.people import person, stranger


def test_wilson_interval_of_two_in_ten() -> None:
    low, high = Rate(2, 10).interval
    assert (round(low, 4), round(high, 4)) == (0.0567, 0.5098)
    assert Rate(0, 0).interval == (0.0, 1.0)
    assert Rate(0, 0).rate is None


@pytest.fixture
def decided(database: str) -> None:  # noqa: ARG001
    """Ten households: a vehicle each, decided: 2 stopped, 6 legitimate, 1 referred, 1 open; two of a control sample."""
    outcomes = ["gradual_exit_granted"] * 2 + ["legitimate"] * 6 + ["referred"]
    flags = [flag(f"H{n}", link_reason="repaired" if n < 4 else "exact") for n in range(10)]
    flags += [flag(f"C{n}", rule="control_sample", direction="control") for n in range(2)]
    publish_night(FIRST, table(*flags), SUMMARY)
    pairs = [
        *zip([f"H{n}" for n in range(9)], outcomes, strict=True),
        ("C0", "legitimate"),
        ("C1", "supplement_granted"),
    ]
    for household, outcome in pairs:
        case = Case.objects.get(household_id=household)
        for result, age in (("record_wrong", 2), (outcome, 1)):
            Decision.objects.create(
                case=case,
                outcome=result,
                decided_by="county",
                decided_at=timezone.now() - timedelta(days=age),
                evidence_seen=dict(Flag.objects.filter(case=case).values_list("flag_id", "evidence_hash")),
            )


@pytest.mark.usefixtures("decided")
def test_confirmation_by_rule_and_link_reason_counts_the_newest_decision_and_no_referral() -> None:
    rates = confirmation_rates(None)
    assert rates.by_rule["vehicle_owned"] == Rate(2, 8)
    assert rates.by_link_reason == {"repaired": Rate(2, 4), "exact": Rate(0, 4)}
    assert rates.by_rule_and_link_reason["vehicle_owned", "repaired"] == Rate(2, 4)
    assert rates.control == Rate(1, 2)


@pytest.mark.usefixtures("decided")
def test_figures_stay_within_the_division() -> None:
    assert confirmation_rates(person("county")).by_rule["vehicle_owned"] == Rate(2, 8)
    assert confirmation_rates(stranger("county")).by_rule == {}
    assert confirmation_rates(person("administrator")).by_rule == {}


@pytest.mark.usefixtures("decided")
def test_a_rule_under_its_floor_is_named_once_enough_is_decided() -> None:
    assert list(rules_under_floor(None, Floors(least_decided=8, floor=0.26))) == ["vehicle_owned"]
    assert rules_under_floor(None, Floors(least_decided=8, floor=0.25)) == {}
    assert rules_under_floor(None, Floors(least_decided=9, floor=0.9)) == {}
    assert rules_under_floor(None, Floors(least_decided=2, floor=0.9, rules={"vehicle_owned": 0.1})).keys() == {
        "control_sample"
    }


def test_floors_that_do_not_hold_name_file_and_key(tmp_path: Path) -> None:
    assert load_floors().of("vehicle_owned") == 0.05
    file = tmp_path / "floors.yaml"
    file.write_text("least_decided: 0\nfloor: 0.1\n")
    with pytest.raises(FloorsError, match=r"floors.yaml: least_decided"):
        load_floors(file)


@pytest.mark.usefixtures("decided")
def test_days_to_close_and_both_ledgers() -> None:
    closed = timezone.now()
    for n in range(3):
        Case.objects.filter(household_id=f"H{n}").update(
            state="closed_by_county", county_closed_at=closed, opened_night=timezone.localdate() - timedelta(days=n)
        )
    found = days_to_close(None)
    assert (found.cases, found.nine_in_ten) == (3, 2)
    county = person("county")
    assert [line.cases for line in ledger(county, Ledger.BOTH)] == [12]
    assert [(line.division, line.cases, line.unassigned) for line in ledger(county, Ledger.COUNTY)] == [
        ("520102", 9, 9)
    ]
    assert [line.cases for line in ledger(county, Ledger.PROVINCE)] == [3]
    assert ledger(county, Ledger.DONE) == []
    assert ledger(stranger("county"), Ledger.BOTH) == []


@pytest.mark.usefixtures("decided")
def test_a_great_ledger_is_shown_again_for_a_while_to_those_who_read_the_division(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ledgers, "MANY_CASES", 12)
    cache.clear()
    county = person("county")
    assert [line.cases for line in ledger(county, Ledger.COUNTY)] == [12]
    Case.objects.filter(household_id="H0").update(state="closed_by_county")
    assert [line.cases for line in ledger(county, Ledger.COUNTY)] == [12]
    assert [line.cases for line in ledger(county, Ledger.PROVINCE)] == [1]
    assert ledger(person("administrator", "520102"), Ledger.COUNTY) == []
    assert ledger(stranger("county"), Ledger.COUNTY) == []
    cache.clear()
    assert [line.cases for line in ledger(county, Ledger.COUNTY)] == [11]
