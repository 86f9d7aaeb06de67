"""A piece of work in a process of its own, watched from outside: how long, how much memory, how much written.

Memory is the resident set of the process and all its children together (shared pages count for each), looked at twenty
times a second; written are the bytes they made the system write to disk: of /proc/<pid>/io ``write_bytes`` without
``cancelled_write_bytes``, those of files deleted before they cost a write (proc_pid_io(5)).
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).parent.parent
PAUSE = 0.05
MIB = 1 << 20


class WorkFailedError(RuntimeError):
    """The watched process did not come to its end; the message has the last line it wrote, and where its log is."""


@dataclass(frozen=True)
class Sample:
    """What the processes held and had written so far at one moment."""

    at: float
    """Seconds since the epoch."""
    memory_mb: float
    written: int
    """Bytes."""


@dataclass(frozen=True)
class Watched:
    """How a piece of work went."""

    seconds: float
    """Of the whole process, the start of Python and its imports included."""
    peak_memory_mb: float
    written: int
    """Bytes."""
    result: Mapping[str, Any]
    """What the work told about itself."""
    samples: list[Sample] = field(repr=False)

    def during(self, start: float, end: float) -> dict[str, float]:
        """The peak of memory between two moments, and what was written between them."""
        held = [one.memory_mb for one in self.samples if start <= one.at <= end]
        before, after = self._written_at(start), self._written_at(end)
        return {"peak_memory_mb": round(max(held, default=0.0), 1), "written": after - before}

    def _written_at(self, moment: float) -> int:
        return next((one.written for one in reversed(self.samples) if one.at <= moment), 0)


def watch(work: str, asked: Mapping[str, Any], log: Path, environment: Mapping[str, str] | None = None) -> Watched:
    """Run ``benchmarks.run_night`` on some work and watch it. Raises WorkFailedError when it fails."""
    answer = log.with_suffix(".answer.json")
    answer.unlink(missing_ok=True)
    command = [sys.executable, "-m", "benchmarks.run_night", work, json.dumps(asked, default=str), str(answer)]
    started = time.time()
    with log.open("w") as output:
        process = subprocess.Popen(  # noqa: S603
            command, stdout=output, stderr=output, cwd=ROOT, env={**os.environ, **(environment or {})}
        )
        samples, written_by = _samples_of(process)
    seconds = time.time() - started
    if process.returncode != 0 or not answer.exists():
        lines = [line.strip() for line in log.read_text(encoding="utf-8").splitlines() if line.strip(" ^~")]
        last = lines[-1] if lines else f"exit code {process.returncode}"
        raise WorkFailedError(f"{work}: {last} (see {log})")
    result = json.loads(answer.read_text(encoding="utf-8"))
    answer.unlink()
    own_peak, own_written = result.pop("own_peak_memory_mb"), result.pop("own_written")
    return Watched(
        round(seconds, 2),
        round(max([own_peak, *(one.memory_mb for one in samples)]), 1),
        sum({**written_by, process.pid: own_written}.values()),
        result,
        samples,
    )


def written_to_disk(pid: int) -> int:
    """Bytes that a process made the system write so far. Raises OSError when it is gone."""
    lines = Path(f"/proc/{pid}/io").read_text(encoding="ascii").splitlines()
    counted = {name: int(value) for name, value in (line.split(":") for line in lines)}
    return counted["write_bytes"] - counted["cancelled_write_bytes"]


def _samples_of(process: subprocess.Popen[bytes]) -> tuple[list[Sample], dict[int, int]]:
    """Look at the process and its children until it ends; and what each of them had written when last seen."""
    samples: list[Sample] = []
    written: dict[int, int] = {}
    root = psutil.Process(process.pid)
    while process.poll() is None:
        memory = 0
        for one in _family(root):
            try:
                memory += one.memory_info().rss
                written[one.pid] = written_to_disk(one.pid)
            except (psutil.Error, OSError):
                continue
        samples.append(Sample(time.time(), memory / MIB, sum(written.values())))
        time.sleep(PAUSE)
    return samples, written


def _family(root: psutil.Process) -> list[psutil.Process]:
    try:
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []
