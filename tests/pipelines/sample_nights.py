"""The three sample nights as ``hedui demo`` runs them, for the tests that hold them to something."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from tests.made_once import made_once

INBOX = Path(__file__).parents[2] / "data" / "sample" / "inbox"
NIGHTS = (date(2020, 10, 29), date(2020, 10, 30), date(2020, 10, 31))
DATABASE = "review.sqlite3"
HEDUI = [sys.executable, "-c", "from pipelines.command_line import main; main()"]


@dataclass(frozen=True)
class Demo:
    """What ``hedui demo`` left. Copy it before you change it."""

    folder: Path
    """With ``lake``, the database of the review and the export."""

    @property
    def lake(self) -> Path:
        return self.folder / "demo" / "lake"

    @property
    def database(self) -> Path:
        return self.folder / "demo" / DATABASE

    @property
    def export(self) -> bytes:
        return (self.folder / "demo" / "flagged.csv").read_bytes()

    @property
    def printed(self) -> str:
        return (self.folder / "stdout").read_text(encoding="utf-8")

    @property
    def complained(self) -> str:
        return (self.folder / "stderr").read_text(encoding="utf-8")

    @property
    def seconds(self) -> float:
        """How long it took, from its start to its end."""
        return float((self.folder / "seconds").read_text(encoding="utf-8"))


def sample_nights(factory: pytest.TempPathFactory) -> Demo:
    """The demo, run once for all tests."""

    def make(folder: Path) -> None:
        folder.mkdir()
        started = time.monotonic()
        with (folder / "stdout").open("w") as stdout, (folder / "stderr").open("w") as stderr:
            command = [*HEDUI, "demo", "--out", str(folder / "demo")]
            subprocess.run(command, check=True, env=os.environ, stdout=stdout, stderr=stderr)
        (folder / "seconds").write_text(str(time.monotonic() - started), encoding="utf-8")

    return Demo(made_once(factory, "sample_nights", make))
