"""One piece of the night's benchmark, in a process of its own: `python -m benchmarks.run_night WORK ASKED ANSWER`.

ASKED is JSON; the answer, JSON too, is written to the file ANSWER.
"""

import hashlib
import json
import os
import sys
import time
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.watched import written_to_disk
from engines.peak_memory import peak_memory_mb


@dataclass
class Clock:
    """A watcher of a night that notes when each stage began."""

    began: list[tuple[str, float]] = field(default_factory=list)
    steps: dict[str, int] = field(default_factory=dict)

    def stage(self, name: str, total: int) -> None:
        """Note that a stage begins."""
        self.began.append((name, time.time()))
        self.steps[name] = total

    def step(self, name: str, subject: str) -> None:
        """Let a step pass."""


def night(asked: dict[str, Any]) -> dict[str, Any]:
    """Run the night of ``date`` from ``inbox`` into ``lake`` and the review ``database``."""
    from engines.lake import Lake
    from pipelines.night import Night, run_night
    from pipelines.progress import Progress

    lake, day = Lake(Path(asked["lake"])), date.fromisoformat(asked["date"])
    lake.folder()
    clock = Clock()
    report = run_night(Night(day, Path(asked["inbox"]), lake, asked["database"], day), Progress(clock))
    return {
        "rows": sum(facts["landed"] for facts in report.types.values()),
        "quarantined": sum(facts["quarantined"] for facts in report.types.values()),
        "deliveries": sum(facts["deliveries"] for facts in report.types.values()),
        "refused": [receipt["type_name"] for receipt in report.refused],
        "links": sum(report.links.values()),
        "flags": report.flags,
        "published": report.published,
        "stages": [
            {"stage": name, "steps": clock.steps[name], "began": began, "ended": ended}
            for (name, began), ended in zip(
                clock.began, [*(began for _, began in clock.began[1:]), time.time()], strict=True
            )
        ],
        "flags_hash": hash_of_flags(lake, day),
    }


def hash_of_flags(lake: Any, day: date) -> str:
    """A hash of all the night's flags, whole, in the order of their numbers."""
    from pipelines.flag import read_flags

    rows = read_flags(lake, day).sort_by("flag_id").to_pylist()
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()


def floor(asked: dict[str, Any]) -> dict[str, Any]:
    """Read the files with DuckDB alone, and join the recipients' numbers."""
    from benchmarks.night_floor import measure_floor

    return measure_floor(asked)


def main(work: str, asked: str, answer: str) -> None:
    """Do the work, and write its answer."""
    result = {"night": night, "floor": floor}[work](json.loads(asked))
    result["own_peak_memory_mb"] = peak_memory_mb()
    result["own_written"] = written_to_disk(os.getpid())
    Path(answer).write_text(json.dumps(result, default=str), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
