"""Where files lie: whatever lies in an inbox is a delivery or is named with what to do, and no link is followed."""

import os
from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.intake.inbox import InboxFile, PassedOver, find_deliveries
from pipelines.intake.passed_over import ONE_BY_ONE, in_short, passed_over
from pipelines.intake.still_uploading import at_rest
from pipelines.settings import SHANGHAI
from schemas.catalogue import load_catalogue

CATALOGUE = load_catalogue()
NIGHT = date(2024, 7, 2)
VEHICLES = "public_security/motor_vehicle"


def put(inbox: Path, place: str, written: date = NIGHT) -> Path:
    path = inbox / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"a,b\n1,2\n")
    seconds = datetime.combine(written, time(12), SHANGHAI).timestamp()
    os.utime(path, (seconds, seconds))
    return path


def found_in(inbox: Path, known_by: date = NIGHT) -> tuple[list[InboxFile], list[PassedOver]]:
    contracts = list(CATALOGUE)
    return find_deliveries(inbox, contracts, delivered_by=known_by, received_by=known_by, among=CATALOGUE)


def test_a_file_in_no_day_s_folder_came_on_the_day_it_was_written(tmp_path: Path) -> None:
    put(tmp_path, f"{VEHICLES}/motor_vehicle_20240630.csv", date(2024, 7, 1))
    put(tmp_path, "机动车登记2024-06-29.xlsx", date(2019, 1, 1))
    found, named = found_in(tmp_path)
    assert [(one.delivery_date, one.received) for one in found] == [
        (date(2024, 6, 29), date(2024, 6, 29)),
        (date(2024, 6, 30), date(2024, 7, 1)),
    ]
    assert named == []


def test_a_file_that_came_after_the_night_and_says_no_day_of_receipt_is_named(tmp_path: Path) -> None:
    put(tmp_path, f"{VEHICLES}/motor_vehicle_20240630.csv", date(2024, 7, 3))
    put(tmp_path, f"{VEHICLES}/2024-07-03/motor_vehicle_20240630.csv")
    found, named = found_in(tmp_path)
    assert found == []
    assert [(one.place, "2024-07-03" in one.advice_zh) for one in named] == [
        (f"{VEHICLES}/motor_vehicle_20240630.csv", True)
    ]
    assert len(found_in(tmp_path, date(2024, 7, 3))[0]) == 2


def test_links_and_pipes_are_found_under_agreed_names_alone_and_never_entered(tmp_path: Path) -> None:
    outside = put(tmp_path, "outside/motor_vehicle_20240630.csv")
    inbox = tmp_path / "inbox"
    day = inbox / VEHICLES / "2024-07-01"
    day.mkdir(parents=True)
    (day / "motor_vehicle_20240630.csv").symlink_to(outside)
    (day / "机动车2024-06-30.xlsx").symlink_to(outside)
    (day / "2024-06-29").symlink_to(outside.parent, target_is_directory=True)
    os.mkfifo(day / "机动车20240630.csv")
    found, named = found_in(inbox)
    assert [one.source for one in found] == [f"{VEHICLES}/2024-07-01/motor_vehicle_20240630.csv"]
    assert sorted(one.place.rpartition("/")[2] for one in named) == [
        "2024-06-29",
        "机动车2024-06-30.xlsx",
        "机动车20240630.csv",
    ]


def test_names_are_shown_without_long_numbers(tmp_path: Path) -> None:
    put(tmp_path, "529901199001011234/王五529901199001011234_20240630.csv")
    (one,) = passed_over(tmp_path, CATALOGUE)
    assert one.place == "******************/王*******************_20240630.csv"


def test_very_many_files_alike_are_named_by_their_folder(tmp_path: Path) -> None:
    for number in range(ONE_BY_ONE + 1):
        put(tmp_path, f"taxation/{number:03}.csv")
    put(tmp_path, "taxation/x.tmp")
    named = passed_over(tmp_path, CATALOGUE)
    assert [one.place for one in named] == ["taxation", "taxation/x.tmp"]
    assert named[0].advice_en.startswith(f"{ONE_BY_ONE + 1} files: ")
    assert in_short(named) == named


PIECES = st.sampled_from(
    [
        *("public_security", "公安", "motor_vehicle", "机动车登记", "marriage", "2024-06-30", "20240630", "sub", "old"),
        *(
            "motor_vehicle_20240630.csv",
            "机动车.csv",
            "readme.txt",
            "x.part",
            "~$x.xlsx",
            "20240630.csv",
            "a b (1).zip",
        ),
    ]
)


@settings(max_examples=40)
@given(st.lists(st.lists(PIECES, min_size=1, max_size=4), min_size=1, max_size=8))
def test_nothing_is_passed_over_in_silence(tmp_path_factory: pytest.TempPathFactory, places: list[list[str]]) -> None:
    inbox = tmp_path_factory.mktemp("inbox")
    files = set()
    for pieces in places:
        path = inbox.joinpath(*(f"{piece}.d" if "." in piece else piece for piece in pieces[:-1]), pieces[-1])
        if not path.exists() and not any(above.is_file() for above in path.parents):
            files.add(str(put(inbox, str(path.relative_to(inbox)), date(2024, 6, 30)).relative_to(inbox)))
    found, named = found_in(inbox)
    assert sorted([one.source for one in found] + [one.place for one in named]) == sorted(files)


def test_a_file_that_grows_when_looked_at_twice_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("grows", "rests", "goes"):
        (tmp_path / name).write_bytes(b"1")
    put(tmp_path, "is old", date(2020, 1, 1))
    facts = {path.name: path.stat() for path in tmp_path.iterdir()}
    files = [
        InboxFile(NIGHT, NIGHT, 1, tmp_path / name, "t", name, facts[name].st_size, facts[name].st_mtime_ns)
        for name in facts
    ]
    pauses: list[float] = []

    def meanwhile(seconds: float) -> None:
        pauses.append(seconds)
        with (tmp_path / "grows").open("ab") as file:
            file.write(b"2")
        (tmp_path / "goes").unlink(missing_ok=True)

    monkeypatch.setattr("pipelines.intake.still_uploading.time.sleep", meanwhile)
    assert {one.source for one in at_rest(files, 2)} == {"rests", "is old"}
    assert pauses == [2]
    assert at_rest([one for one in files if one.source == "is old"], 2) != []
    assert at_rest(files, 0) == files
    assert pauses == [2]
