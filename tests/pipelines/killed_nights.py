"""Nights that are killed at any moment: the next one is to leave what it would have left without that."""

import json
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import psutil

from tests.pipelines.lake_contents import lake_rows, review_rows
from tests.pipelines.sample_nights import DATABASE, HEDUI

PAUSE = 0.01
SAME_OF_REPORTS = ("types", "links", "flags", "passed_over", "refused", "warnings", "headers_unknown")
"""What a report says that does not depend on how often, and when, the night was run."""


@dataclass(frozen=True)
class Kill:
    """One night that was killed."""

    night: date
    after: float
    """Processor seconds after its start."""
    stage: str
    """The stage it was in, by its log; empty before the first."""


@dataclass
class KilledNights:
    """Some nights in a row over an inbox, undisturbed; and again, killed."""

    inbox: Path
    nights: Sequence[date]
    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    seconds: dict[date, float] = field(default_factory=dict)
    """Processor seconds that each undisturbed night took: on a busy machine they tell better how far it is."""

    def run_undisturbed(self) -> None:
        """Run the nights one after the other, and keep the lake as each leaves it. Raises NightFailedError."""
        before = None
        for night in self.nights:
            lake = self._undisturbed(night)
            if before:
                shutil.copytree(before, lake, symlinks=True)
            self.seconds[night] = self._to_the_end(night, lake)
            before = lake

    def kill(self, chance: random.Random, most: int) -> tuple[list[Kill], list[str]]:
        """Kill a night once or more often, so often at most, run it to its end, and say what is not as it would be."""
        place = chance.randrange(len(self.nights))
        night, lake = self.nights[place], self.folder / "killed"
        shutil.rmtree(lake, ignore_errors=True)
        if place:
            shutil.copytree(self._undisturbed(self.nights[place - 1]), lake, symlinks=True)
        kills: list[Kill] = []
        for _ in range(min(most, chance.choice((1, 2, 4, 6, 8)))):
            kill = self._killed(night, lake, chance.uniform(0.0, self.seconds[night]))
            if kill is None:
                break
            kills.append(kill)
        try:
            self._to_the_end(night, lake)
        except NightFailedError as error:
            return kills, [str(error)]
        return kills, list(differences(lake, self._undisturbed(night), night))

    def _undisturbed(self, night: date) -> Path:
        return self.folder / f"undisturbed-{night}"

    def _start(self, night: date, lake: Path) -> subprocess.Popen[str]:
        command = ["night", "--date", str(night), "--inbox", str(self.inbox), "--lake", str(lake), "--json"]
        return subprocess.Popen(
            [*HEDUI, *command],
            env=os.environ | {"HEDUI_LOG": "info", "HEDUI_DATABASE_URL": "", **self.settings},
            stdout=subprocess.DEVNULL,
            stderr=(self.folder / "log").open("w"),
            text=True,
            start_new_session=True,
        )

    def _log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")

    def _to_the_end(self, night: date, lake: Path) -> float:
        process = self._start(night, lake)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise NightFailedError(f"the night of {night} failed: {self._log()[-2_000:]}")
        return usage.ru_utime + usage.ru_stime

    def _killed(self, night: date, lake: Path, after: float) -> Kill | None:
        """Kill the night and all its processes after so many processor seconds; None where it had ended before."""
        process = self._start(night, lake)
        watched = psutil.Process(process.pid)
        while process.poll() is None:
            used = watched.cpu_times()
            if used.user + used.system >= after:
                os.killpg(process.pid, signal.SIGKILL)
                break
            time.sleep(PAUSE)
        if process.wait() != -signal.SIGKILL:
            return None
        begun = [line.partition("stage=")[2].split()[0] for line in self._log().splitlines() if " begins" in line]
        return Kill(night, round(after, 2), begun[-1] if begun else "")


class NightFailedError(RuntimeError):
    """A night that was not killed did not end well; the message has the end of its log."""


def differences(lake: Path, other: Path, night: date) -> Iterator[str]:
    """What two lakes differ in after the same night: tables, the review, receipts, what landed, the report."""
    ours, theirs = lake_rows(lake), lake_rows(other)
    for name in sorted(ours.keys() | theirs.keys()):
        if name not in ours or name not in theirs or not ours[name].equals(theirs[name]):
            yield f"{night}: the rows of {name} differ"
    reviews, others = review_rows(lake / DATABASE), review_rows(other / DATABASE)
    yield from (f"{night}: the review's {name} differs" for name, rows in reviews.items() if rows != others[name])
    for folder in ("deliveries", "landed", "checks"):
        if odd := _files(lake / folder) ^ _files(other / folder):
            yield f"{night}: {folder} differ in {sorted(odd)[:5]}"
    report, told = (_report(one, night) for one in (lake, other))
    yield from (f"{night}: the report's {name} differ" for name in SAME_OF_REPORTS if report[name] != told[name])


def _files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def _report(lake: Path, night: date) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((lake / "nights" / f"{night}.json").read_bytes())
    return told
