"""The most memory a process has held so far."""

import resource
import sys
from pathlib import Path


def peak_memory_mb(process: int | str = "self") -> int:
    """The largest resident set of a process (its number, or ``self``) so far, in MiB; 0 for one that has ended.

    On Linux not what getrusage and wait4 say: they count in what the parent held when it started the process, so a
    small program started by a large one seems large (``setmax_mm_hiwater_rss`` in the kernel's fs/exec.c).
    """
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8", errors="replace").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return _by_getrusage() if process == "self" else 0
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM:")), 0)


def _by_getrusage() -> int:
    """Where there is no /proc: macOS counts bytes, other systems KiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak >> (20 if sys.platform == "darwin" else 10)
