"""The three sample nights as ``hedui night`` runs them, for the tests that hold them to something."""

import os
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from tests.made_once import made_once

INBOX = Path(__file__).parents[2] / "data" / "sample" / "inbox"
NIGHTS = (date(2020, 10, 29), date(2020, 10, 30), date(2020, 10, 31))
DATABASE = "review.sqlite3"
SECONDS = "seconds.txt"
RUN = f"""
import sys
from datetime import date
from pathlib import Path
from engines.lake import Lake
from pipelines.night import Night, run_night
inbox, lake = Path(sys.argv[1]), Lake(Path(sys.argv[2]))
for day in map(date.fromisoformat, sys.argv[3:]):
    run_night(Night(day, inbox, lake, f"sqlite:///{{lake.root / '{DATABASE}'}}", day))
"""


def run_in_process(inbox: Path, lake: Path) -> float:
    """Run the nights in one process of their own; returns the seconds they took."""
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", RUN, inbox, lake, *map(str, NIGHTS)], check=True, env=os.environ)
    assert (lake / "nights" / f"{NIGHTS[-1]}.json").exists()
    return time.monotonic() - started


def sample_nights(factory: pytest.TempPathFactory) -> Path:
    """The lake of the three nights, with its review database, and beside them the seconds they took."""

    def make(lake: Path) -> None:
        seconds = run_in_process(INBOX, lake)
        (lake / SECONDS).write_text(str(seconds), encoding="utf-8")

    return made_once(factory, "sample_nights", make)
