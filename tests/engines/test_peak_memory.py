"""The memory a program is said to have held is its own."""

import subprocess
import sys

from engines.peak_memory import peak_memory_mb

HELD_MB = 300
HOLDS = "from engines.peak_memory import peak_memory_mb; held = b'x' * ({} << 20); print(peak_memory_mb())"


def told(megabytes: int) -> int:
    command = [sys.executable, "-c", HOLDS.format(megabytes)]
    return int(subprocess.run(command, capture_output=True, check=True).stdout)


def test_a_small_program_is_not_large_because_a_large_one_started_it() -> None:
    held = b"x" * (HELD_MB << 20)
    assert peak_memory_mb() > len(held) >> 20
    assert told(1) < HELD_MB


def test_what_was_held_is_told() -> None:
    assert HELD_MB < told(HELD_MB) < 2 * HELD_MB
