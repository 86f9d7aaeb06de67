"""Nights on a real scheduler that are disturbed: a worker is killed, the database is away, a delivery comes late."""

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import psutil
import pytest

from pipelines.commands.export_flags import export
from pipelines.past.airflow_backfill import ask_airflow
from review.configure import configure
from synth.province import build
from tests.dags.airflow_home import RealAirflow, migrated_metadata, real_airflow
from tests.pipelines.lake_contents import lake_rows

pytestmark = pytest.mark.slow
FIRST, SECOND = date(2020, 10, 29), date(2020, 10, 30)
AWAY = 60
"""Seconds the database is away."""
LATE = "public_security/motor_vehicle"
IN_PROCESS = """
import sys
import time
from datetime import date
from pathlib import Path
from engines.lake import Lake
from pipelines.past.backfill import Backfill, backfill
from pipelines.night import Night, run_night
inbox, lake = Path(sys.argv[1]), Lake(Path(sys.argv[2]))
url, (day, received_by) = f"sqlite:///{lake.root / 'review.sqlite3'}", map(date.fromisoformat, sys.argv[3:])
if received_by == day:
    run_night(Night(day, inbox, lake, url, day))
else:
    list(backfill(Backfill(day, day, lake, url, received_by, inbox)))
"""


@dataclass
class World:
    """The same nights twice: on a disturbed Airflow with PostgreSQL, and in one process with SQLite."""

    folder: Path
    airflow: RealAirflow

    @property
    def lake(self) -> Path:
        return self.folder / "lake"

    @property
    def undisturbed(self) -> Path:
        return self.folder / "undisturbed"

    def in_process(self, day: date, received_by: date) -> None:
        """The night as ``hedui night`` runs it; with what came later, as ``hedui backfill`` does."""
        folders, days = (self.folder / "inbox", self.undisturbed), (day, received_by)
        subprocess.run([sys.executable, "-c", IN_PROCESS, *map(str, (*folders, *days))], check=True)

    def exports(self) -> list[str]:
        """The hash of the export of each."""
        addresses = (self.airflow.review, f"sqlite:///{self.undisturbed / 'review.sqlite3'}")
        receipts = [export(self.folder / f"{place}.csv", address) for place, address in enumerate(addresses)]
        configure("sqlite:///:memory:")
        return [receipt.sha256 for receipt in receipts]

    def assert_same(self) -> None:
        ours, theirs = lake_rows(self.lake), lake_rows(self.undisturbed)
        assert ours.keys() == theirs.keys()
        assert [name for name in ours if not ours[name].equals(theirs[name])] == []
        assert len(set(self.exports())) == 1

    def tries(self, task: str) -> int:
        found = self.airflow.rows("SELECT task_id, try_number FROM task_instance")
        return max(int(number) for name, number in found if name == task)

    def is_in(self, task: str, state: str) -> bool:
        return (task, state) in self.airflow.rows("SELECT task_id, state FROM task_instance")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("disturbed")
    build(2000, 7, FIRST, 1, folder, 0.3)
    settings = {"HEDUI_INBOX": str(folder / "inbox"), "HEDUI_LAKE": str(folder / "lake")}
    with real_airflow(folder / "airflow", settings, migrated_metadata(tmp_path_factory), as_deployed=True) as airflow:
        yield World(folder, airflow)


def kill_a_task_with_its_worker(world: World, task: str) -> None:
    """Kill a process that works on the lake, and the worker that started it, as when a machine goes down."""
    world.airflow.until(lambda: bool(world.airflow.task_processes()), f"{task} works", 240)
    (task_process, *_) = world.airflow.task_processes()
    worker = task_process.parent()
    assert worker is not None
    for process in (worker, task_process):
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGKILL)


def take_the_database_away(world: World) -> float:
    """Stop the one server that Airflow and the review have; returns the seconds it was away.

    Meanwhile the same night runs undisturbed, elsewhere.
    """
    world.airflow.metadata.stop()
    stopped = time.monotonic()
    world.in_process(FIRST, FIRST)
    while time.monotonic() - stopped < AWAY:
        world.airflow.look_after_parts()
        time.sleep(1)
    away = time.monotonic() - stopped
    world.airflow.metadata.start()
    return away


def test_nights_with_a_killed_worker_and_a_database_that_goes_away_leave_what_undisturbed_nights_leave(
    world: World,
) -> None:
    late = take_away_late_delivery(world.folder)
    world.airflow.backfill(FIRST, FIRST)
    kill_a_task_with_its_worker(world, "types.land_conform_check")
    world.airflow.until(lambda: world.is_in("publish", "running"), "the night publishes", 300)
    assert world.tries("types.land_conform_check") > 1
    assert take_the_database_away(world) >= AWAY
    world.airflow.until_all_runs_end(400)
    assert world.tries("publish") > 1
    world.assert_same()
    assert late.exists()


def test_a_late_delivery_is_picked_up_by_a_backfill_of_its_night_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = world.exports()
    bring_late_delivery(world.folder)
    monkeypatch.setenv("HEDUI_AIRFLOW_URL", world.airflow.address)
    world.airflow.until_all_backfills_end(200)
    ask_airflow(FIRST, FIRST, received_by=SECOND)
    world.airflow.until_all_runs_end(400)
    world.in_process(FIRST, SECOND)
    world.assert_same()
    assert world.exports() != before


def take_away_late_delivery(folder: Path) -> Path:
    """Keep the delivery of a type out of the inbox."""
    (newest,) = (folder / "inbox" / LATE).glob("*/*")
    kept = folder / "kept" / newest.name
    kept.parent.mkdir()
    shutil.move(newest, kept)
    return kept


def bring_late_delivery(folder: Path) -> None:
    """Deliver it the day after the night it was due for."""
    (kept,) = (folder / "kept").iterdir()
    late = folder / "inbox" / LATE / SECOND.isoformat() / kept.name
    late.parent.mkdir(exist_ok=True)
    shutil.move(kept, late)
