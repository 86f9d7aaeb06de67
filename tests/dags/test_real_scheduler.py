"""The three sample nights on a real scheduler leave what ``hedui night`` leaves, in little more time."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.commands.export_flags import export
from review.configure import configure
from tests.dags.airflow_home import ROOT, RealAirflow, real_airflow
from tests.pipelines.lake_contents import lake_rows, review_rows

pytestmark = pytest.mark.slow
NIGHTS = ("2020-10-29", "2020-10-30", "2020-10-31")
SECONDS_MORE = 60
IN_PROCESS = """
import sys
from datetime import date
from pathlib import Path
from engines.lake import Lake
from pipelines.night import Night, run_night
inbox, lake = Path(sys.argv[1]), Lake(Path(sys.argv[2]))
for day in map(date.fromisoformat, sys.argv[3:]):
    run_night(Night(day, inbox, lake, f"sqlite:///{lake.root / 'review.sqlite3'}", day))
"""


@dataclass(frozen=True)
class Ran:
    airflow: RealAirflow
    lake: Path
    in_process: Path
    seconds: float
    seconds_in_process: float


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    folder = tmp_path_factory.mktemp("scheduler")
    inbox, lake, in_process = ROOT / "data/sample/inbox", folder / "lake", folder / "in_process"
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", IN_PROCESS, inbox, in_process, *NIGHTS], check=True, env=os.environ)
    seconds_in_process = time.monotonic() - started
    with real_airflow(folder / "airflow", {"HEDUI_INBOX": str(inbox), "HEDUI_LAKE": str(lake)}) as airflow:
        airflow.backfill(NIGHTS[0], NIGHTS[-1])
        started = time.monotonic()
        airflow.until_all_runs_end(600)
        yield Ran(airflow, lake, in_process, time.monotonic() - started, seconds_in_process)


def test_the_exports_are_the_same_bytes(ran: Ran, tmp_path: Path) -> None:
    hashes = set()
    for lake in (ran.lake, ran.in_process):
        hashes.add(export(tmp_path / f"{lake.name}.csv", f"sqlite:///{lake / 'review.sqlite3'}").sha256)
    configure("sqlite:///:memory:")
    assert len(hashes) == 1


def test_the_review_tables_and_the_lake_hold_the_same_rows(ran: Ran) -> None:
    assert review_rows(ran.lake / "review.sqlite3") == review_rows(ran.in_process / "review.sqlite3")
    ours, theirs = lake_rows(ran.lake), lake_rows(ran.in_process)
    assert ours.keys() == theirs.keys()
    assert [name for name in ours if not ours[name].equals(theirs[name])] == []


def test_no_night_of_the_backfill_is_lost_at_its_end(ran: Ran) -> None:
    nights = ran.airflow.rows("SELECT count(*) FROM dag_run WHERE run_type = 'backfill' AND state = 'success'")
    assert nights == [(len(NIGHTS),)]


def test_an_asset_event_tells_of_each_type_and_night(ran: Ran) -> None:
    told = ran.airflow.rows(
        "SELECT asset.name, count(*) FROM asset_event JOIN asset ON asset.id = asset_id GROUP BY ALL".replace(
            "GROUP BY ALL", "GROUP BY asset.name"
        )
    )
    events = dict(told)
    assert events["hedui_review"] == len(NIGHTS)
    assert events["dibao_roster"] == len(NIGHTS)
    assert len(events) == 33


def test_airflow_costs_at_most_a_minute_more_than_one_process(ran: Ran) -> None:
    print(f"three nights: {ran.seconds:.0f} s on Airflow, {ran.seconds_in_process:.0f} s in process")
    assert ran.seconds - ran.seconds_in_process <= SECONDS_MORE, ran.airflow.states()
