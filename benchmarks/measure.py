"""What one run of a tool takes: wall seconds and peak memory of a process that does nothing else."""

import compileall
import os
import subprocess
import sys
import sysconfig
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.tasks import Task
from engines.peak_memory import peak_memory_mb

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Run:
    """How a run went."""

    wall_seconds: float
    """Of the whole process, the start of Python and its imports included."""
    work_seconds: float | None
    """From the tool's first read to its links being written; None where it did not come to that."""
    peak_memory_mb: float
    outcome: str
    """``done``, ``out of time`` or ``failed``, with the last line it wrote."""


def bytecode(work: Path) -> Path:
    """Where the compiled packages lie."""
    return (work / "bytecode").absolute()


def compile_packages(work: Path) -> None:
    """Compile every package once, as an installer does, so that no tool's clock holds the compiling of Python files."""
    sys.pycache_prefix = str(bytecode(work))
    for folder in (
        sysconfig.get_path("purelib"),
        *(str(ROOT / name) for name in ("benchmarks", "engines", "matchers")),
    ):
        compileall.compile_dir(folder, quiet=2, workers=2)


def run_tool(
    tool: str, task: Task, mode: str, *, model: Path, out: Path, limit_seconds: float, bytecode: Path | None = None
) -> Run:
    """Run a tool on a task in a process of its own, for so long at most, with the compiled packages of ``bytecode``."""
    out.unlink(missing_ok=True)
    command = [sys.executable, "-m", "benchmarks.run_tool", tool, task.name, str(task.folder), mode, str(model)]
    log = out.with_suffix(".log")
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(bytecode)} if bytecode else dict(os.environ)
    started = time.perf_counter()
    with log.open("w") as written:
        process = subprocess.Popen(  # noqa: S603
            [*command, str(out)], stdout=written, stderr=written, cwd=ROOT, env=environment
        )
        peak, code, in_time = _wait(process, started + limit_seconds)
    wall = time.perf_counter() - started
    lines = [line.strip() for line in log.read_text(encoding="utf-8").splitlines() if line.strip(" ^~")]
    seconds = [float(line.removeprefix("seconds ")) for line in lines if line.startswith("seconds ")]
    outcome = "done" if code == 0 and seconds else f"failed: {lines[-1] if lines else f'exit code {code}'}"
    return Run(
        round(wall, 2),
        seconds[-1] if seconds else None,
        round(peak, 1),
        outcome if in_time else f"out of time, after {limit_seconds:.0f} s",
    )


def _wait(process: subprocess.Popen[bytes], deadline: float) -> tuple[float, int, bool]:
    """Wait for the process, watching its peak memory (MB), and end it at the deadline."""
    in_time, peak = True, 0.0
    while process.poll() is None:
        peak = max(peak, peak_memory_mb(process.pid))
        if in_time and time.perf_counter() > deadline:
            in_time = False
            process.kill()
        time.sleep(0.02)
    return peak, process.returncode, in_time
