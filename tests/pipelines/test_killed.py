"""A night that is killed anywhere and run again leaves the rows that an undisturbed night leaves."""

import os
import random
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from synth.province import build
from tests.pipelines.lake_contents import lake_rows, review_rows

NIGHT = date(2020, 10, 29)
BOUNDARIES = (
    "stage=ingest begins",
    "stage=ingest type=dibao_roster",
    "stage=ingest ends",
    "stage=link begins",
    "stage=link ends",
    "stage=flag ends",
    "stage=publish begins",
    "stage=publish ends",
)
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("province")
    build(800, 7, NIGHT, 1, folder, 0.5)
    return folder


def start(province: Path, lake: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            *(sys.executable, "-c", "from pipelines.command_line import main; main()", "night"),
            *("--date", NIGHT.isoformat(), "--inbox", str(province / "inbox"), "--lake", str(lake), "--json"),
        ],
        env=os.environ | {"HEDUI_LOG": "info", "HEDUI_DATABASE_URL": ""},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def run_to_the_end(province: Path, lake: Path) -> None:
    process = start(province, lake)
    _, log = process.communicate()
    assert process.returncode == 0, log


def kill_at(province: Path, lake: Path, boundary: str) -> bool:
    """Kill the night as soon as its log tells of the boundary; False when it never came to it."""
    process = start(province, lake)
    assert process.stderr
    for line in process.stderr:
        if boundary in line:
            process.send_signal(signal.SIGKILL)
            break
    process.communicate()
    return process.returncode == -signal.SIGKILL


@pytest.fixture(scope="module")
def undisturbed(province: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    lake = tmp_path_factory.mktemp("undisturbed")
    run_to_the_end(province, lake)
    return lake


def assert_same_rows(lake: Path, other: Path) -> None:
    ours, theirs = lake_rows(lake), lake_rows(other)
    assert ours.keys() == theirs.keys()
    assert [name for name in ours if not ours[name].equals(theirs[name])] == []
    assert review_rows(lake / "review.sqlite3") == review_rows(other / "review.sqlite3")
    receipts = [sorted(path.name for path in (one / "deliveries").rglob("*.json")) for one in (lake, other)]
    assert receipts[0] == receipts[1]


def test_the_undisturbed_night_holds_something(undisturbed: Path) -> None:
    assert lake_rows(undisturbed)["flags"].num_rows > 50
    assert len(review_rows(undisturbed / "review.sqlite3")["review_flag"]) > 50


def test_a_night_run_twice_changes_nothing(province: Path, undisturbed: Path) -> None:
    before = lake_rows(undisturbed), review_rows(undisturbed / "review.sqlite3")
    run_to_the_end(province, undisturbed)
    assert (lake_rows(undisturbed), review_rows(undisturbed / "review.sqlite3")) == before


def test_killed_at_every_stage_boundary(province: Path, undisturbed: Path, tmp_path: Path) -> None:
    assert [boundary for boundary in BOUNDARIES if not kill_at(province, tmp_path, boundary)] == []
    run_to_the_end(province, tmp_path)
    assert_same_rows(tmp_path, undisturbed)


def test_killed_at_random_times(province: Path, undisturbed: Path, tmp_path: Path) -> None:
    moments = random.Random(20201029)  # noqa: S311 not a secret
    killed = 0
    for _ in range(3):
        process = start(province, tmp_path)
        time.sleep(moments.uniform(1.0, 8.0))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        killed += process.returncode == -signal.SIGKILL
    assert killed > 0
    run_to_the_end(province, tmp_path)
    assert_same_rows(tmp_path, undisturbed)
