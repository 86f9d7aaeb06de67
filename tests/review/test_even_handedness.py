"""What the report on even-handedness takes from the review: decided flags, the last decision, by the night's end."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from review.confirming import FILE, ConfirmingError, load_confirming
from review.even_handedness import decided_flags, keep_report, read_report
from review.models import Case, Decision, Outcome
from review.publishing import publish_night
from tests.review.made_nights import FIRST, SECOND, SUMMARY, THIRD, flag, table

SHANGHAI = ZoneInfo("Asia/Shanghai")
WITH_NOTICE = {"second_investigator": "li", "notified_on": FIRST, "objection_ends_on": SECOND}


def decide(household: str, outcome: Outcome, at: datetime, *seen: dict[str, str]) -> None:
    Decision.objects.create(
        case=Case.objects.get(household_id=household),
        outcome=outcome,
        decided_by="zhang",
        decided_at=at,
        evidence_seen={one["flag_id"]: one["evidence_hash"] for one in seen},
        **(WITH_NOTICE if outcome in {Outcome.ADJUSTED, Outcome.STOPPED} else {}),
    )


def found(night: date) -> dict[str, bool]:
    decided = decided_flags(night).to_pylist()
    return {one["household_id"]: one["confirmed"] for one in decided}


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI)


@pytest.mark.usefixtures("database")
def test_each_flag_a_decision_has_seen_counts_once_by_the_last_outcome() -> None:
    flags = {name: flag(name) for name in ("H1", "H2", "H3", "H4")}
    publish_night(FIRST, table(*flags.values(), flag("H1", record="2")), SUMMARY)
    decide("H1", Outcome.LEGITIMATE, noon(FIRST), flags["H1"])
    decide("H1", Outcome.STOPPED, noon(SECOND), flags["H1"])
    decide("H2", Outcome.RECORD_WRONG, noon(SECOND), flags["H2"])
    decide("H3", Outcome.REFERRED, noon(SECOND), flags["H3"])
    assert found(FIRST) == {"H1": False}
    assert found(THIRD) == {"H1": True, "H2": False}
    assert decided_flags(THIRD).num_rows == 2


@pytest.mark.usefixtures("database")
def test_a_night_counts_what_was_decided_by_its_last_second_in_shanghai() -> None:
    one = flag("H1")
    publish_night(FIRST, table(one), SUMMARY)
    decide("H1", Outcome.LEGITIMATE, datetime(SECOND.year, SECOND.month, SECOND.day, 0, 0, tzinfo=SHANGHAI), one)
    assert found(FIRST) == {}
    assert found(SECOND) == {"H1": False}


@pytest.mark.usefixtures("database")
def test_a_flag_on_the_whole_household_names_no_member() -> None:
    one = flag("H1", member_id=None, member_name=None, member_id_number=None)
    publish_night(FIRST, table(one), SUMMARY)
    decide("H1", Outcome.LEGITIMATE, noon(FIRST), one)
    assert decided_flags(FIRST)["member_id"].to_pylist() == [None]


@pytest.mark.usefixtures("database")
def test_the_report_is_kept_with_its_night_and_read_again() -> None:
    assert read_report() is None
    for night in (FIRST, SECOND):
        publish_night(night, table(flag()), SUMMARY)
    keep_report(FIRST, {"night": "first"})
    keep_report(SECOND, {"night": "second"})
    keep_report(SECOND, {"night": "second, again"})
    assert read_report() == {"night": "second, again"}
    assert read_report(FIRST) == {"night": "first"}
    assert read_report(THIRD) is None


def test_every_outcome_says_what_it_confirms_and_why(tmp_path: Path) -> None:
    confirming = load_confirming()
    assert confirming.keys() == set(Outcome.values)
    assert {name for name, one in confirming.items() if one.doubt == "yes"} == {
        "adjusted",
        "stopped",
        "gradual_exit_granted",
    }
    short = tmp_path / "confirming.yaml"
    short.write_text("\n".join(FILE.read_text(encoding="utf-8").splitlines()[:-3]), encoding="utf-8")
    with pytest.raises(ConfirmingError, match="referred"):
        load_confirming(short)
