"""What a scheduled night waits for, how it is spread over the machine, and who may work on a lake at a time."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest

from engines.lake import Lake
from pipelines import scheduled
from pipelines.lake_lock import LakeBusyError, some_types, whole_lake
from pipelines.scheduled import ScheduledNight, scheduled_night
from pipelines.settings import SHANGHAI, SettingWrongError
from schemas.catalogue import load_catalogue

TODAY = datetime.now(tz=SHANGHAI).date()
Deliver = Callable[[str, date, int], None]


@pytest.fixture
def deliver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Deliver:
    """Drops a delivery of so many bytes into the inbox of a scheduled night."""
    (tmp_path / "inbox").mkdir()
    monkeypatch.setenv("HEDUI_INBOX", str(tmp_path / "inbox"))
    monkeypatch.setenv("HEDUI_LAKE", str(tmp_path / "lake"))
    monkeypatch.setenv("HEDUI_DATABASE_URL", "")
    catalogue = load_catalogue()

    def drop(name: str, day: date, size: int) -> None:
        folder = tmp_path / "inbox" / catalogue[name].department / name / TODAY.isoformat()
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}_{day:%Y%m%d}.csv").write_bytes(b"1" * size)

    return drop


def test_a_type_is_waited_for_from_the_day_after_its_lateness_date(deliver: Deliver) -> None:
    night = ScheduledNight(TODAY, TODAY)
    deliver("motor_vehicle", TODAY - timedelta(days=9), 10)
    deliver("exit_entry", TODAY - timedelta(days=3), 10)
    late = night.late()
    assert "motor_vehicle" not in late
    assert {"exit_entry", "dibao_roster"} <= set(late)


def test_a_day_in_parts_is_waited_for_until_all_have_come(deliver: Deliver, tmp_path: Path) -> None:
    night = ScheduledNight(TODAY, TODAY)
    deliver("motor_vehicle", TODAY, 10)
    (whole,) = (tmp_path / "inbox").rglob("motor_vehicle_*.csv")
    first = whole.rename(whole.with_name(f"{whole.stem}_1of2.csv"))
    assert "motor_vehicle" in night.late()
    first.with_name(f"{whole.stem}_2of2.csv").write_bytes(b"1")
    assert "motor_vehicle" not in night.late()


def test_files_that_were_passed_over_are_an_alert(
    deliver: Deliver, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    deliver("motor_vehicle", TODAY, 10)
    told = [{"file": "taxation/x.csv", "advice": "move it", "advice_zh": "请移走"}]
    report = Mock(passed_over=told, types={}, flags={})
    monkeypatch.setattr("pipelines.stages.report", lambda *_, **__: report)
    ScheduledNight(TODAY, TODAY).report(*({"counts": {}, "seconds": 0.0},) * 3)
    assert "kind=files_passed_over" in caplog.text


def test_a_night_waits_for_late_types_only_until_its_patience_ends(
    deliver: Deliver, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    deliver("motor_vehicle", TODAY, 10)
    monkeypatch.setenv("HEDUI_WAIT_UNTIL", "23:59")
    tomorrow = TODAY + timedelta(days=1)  # still to end where the tests run through midnight
    assert ScheduledNight(tomorrow, TODAY).ready(2) is None
    monkeypatch.setenv("HEDUI_WAIT_UNTIL", "00:00")
    assert ScheduledNight(TODAY, TODAY).ready(2) == [["motor_vehicle"]]
    assert "kind=types_late" in caplog.text
    monkeypatch.setenv("HEDUI_WAIT_UNTIL", "three")
    with pytest.raises(SettingWrongError, match="HEDUI_WAIT_UNTIL is 'three'"):
        ScheduledNight(TODAY, TODAY).ready(2)


def test_types_are_spread_by_their_bytes_and_small_nights_are_one_share(
    deliver: Deliver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEDUI_WAIT_UNTIL", "00:00")
    night = ScheduledNight(TODAY, TODAY)
    assert night.ready(2) == [[]]
    for name, size in (("motor_vehicle", 60), ("exit_entry", 50), ("housing_fund", 40)):
        deliver(name, TODAY, size)
    assert night.ready(2) == [["motor_vehicle", "exit_entry", "housing_fund"]]
    monkeypatch.setattr(scheduled, "BYTES_WORTH_A_PROCESS", 100)
    assert night.ready(2) == [["motor_vehicle"], ["exit_entry", "housing_fund"]]


def test_a_plan_says_what_waits_and_what_is_late(deliver: Deliver) -> None:
    deliver("motor_vehicle", TODAY, 10)
    lines = ScheduledNight(TODAY, TODAY).plan()
    assert lines[0] == f"takes in public_security/motor_vehicle/{TODAY}/motor_vehicle_{TODAY:%Y%m%d}.csv"
    assert "exit_entry is late" in lines


def test_the_parameters_of_a_run_say_which_night_it_is() -> None:
    given = {"date": "2020-10-29", "received_by": "2020-11-02", "types": ["motor_vehicle"], "rules": ["vehicle_owned"]}
    night = scheduled_night(given, None)
    assert (night.business_date, night.received_by) == (date(2020, 10, 29), date(2020, 11, 2))
    assert (night.types, night.rules, night.dry_run) == (("motor_vehicle",), ("vehicle_owned",), False)
    assert scheduled_night({"date": "2020-10-29"}, None).received_by == date(2020, 10, 29)


def test_types_are_taken_in_side_by_side_but_never_beside_a_whole_night(tmp_path: Path) -> None:
    lake = Lake(tmp_path)
    with (
        some_types(lake, ["motor_vehicle"]),
        some_types(lake, ["exit_entry"]),
        pytest.raises(LakeBusyError),
        whole_lake(lake),
    ):
        pytest.fail("a night began while types were taken in")
    with whole_lake(lake), pytest.raises(LakeBusyError), some_types(lake, ["motor_vehicle"]):
        pytest.fail("a type was taken in while a night ran")
