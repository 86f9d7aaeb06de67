"""One tool on one task, in a process of its own: `python -m benchmarks.run_tool TOOL TASK FOLDER MODE MODEL OUT`.

Prints the seconds from the tool's first read to its links being written, without the start of Python and its imports.
"""

import importlib
import sys
import time
from pathlib import Path

from benchmarks.tasks import Task


def main(tool: str, name: str, folder: str, mode: str, model: str, out: str) -> None:
    """Import the tool, run it, and print how long it took."""
    module = importlib.import_module(f"benchmarks.tools.with_{tool}")
    started = time.perf_counter()
    module.link(Task(name, Path(folder)), mode, Path(model), Path(out))
    print(f"seconds {time.perf_counter() - started:.3f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
