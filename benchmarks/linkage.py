"""Linkage, side by side: `python -m benchmarks.linkage --population 1000000 --out benchmarks/results/linkage.json`.

Every tool is run on every task twice, each time in a process of its own: with training, and with the model that the
training left behind. See README.md in this folder for the tasks, the tools' settings and the results.
"""

import argparse
import importlib.metadata
import json
import os
import platform
from pathlib import Path
from typing import Any

from benchmarks import febrl, province
from benchmarks.measure import bytecode, compile_packages, run_tool
from benchmarks.scoring import score
from benchmarks.tables import as_table, reasons_table, telling_table
from benchmarks.tasks import EVERY_TYPE, FEBRL_TASKS, MODES, PROVINCE_TASKS, TASKS, TOOLS, Task

WORK = Path("var/bench")
PACKAGES = ("duckdb", "numpy", "pandas", "pyarrow", "recordlinkage", "splink")


def main() -> None:
    """Read the command line, run, write the results, print the table."""
    options = _options()
    tasks = _prepare(options)
    compile_packages(options.work)
    results: list[dict[str, Any]] = []
    for name, task in tasks.items():
        for tool in options.tools:
            for mode in _modes(name, tool):
                results.append(_result(tool, task, mode, options))
                print(f"{name} {tool} {mode}: {_short(results[-1])}", flush=True)
    report = {"conditions": _conditions(options, tasks), "results": results}
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(as_table(report), reasons_table(report), telling_table(report), sep="\n\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.linkage", description=__doc__)
    parser.add_argument("--population", type=int, default=1_000_000, help="people of the invented province")
    parser.add_argument("--seed", type=int, default=20201031)
    parser.add_argument("--tasks", type=_listed(TASKS), default=list(TASKS), help=f"of {','.join(TASKS)}")
    parser.add_argument("--tools", type=_listed(TOOLS), default=list(TOOLS), help=f"of {','.join(TOOLS)}")
    parser.add_argument("--limit-seconds", type=float, default=600.0, help="after which a run is ended")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each tool and mode, of which the fastest counts")
    parser.add_argument("--work", type=Path, default=WORK, help="where the inputs are prepared, once")
    parser.add_argument("--out", type=Path, required=True, help="the JSON file of the results")
    return parser.parse_args()


def _listed(known: tuple[str, ...]) -> Any:
    def names(text: str) -> list[str]:
        given = [name.strip() for name in text.split(",") if name.strip()]
        if unknown := [name for name in given if name not in known]:
            raise argparse.ArgumentTypeError(f"unknown {unknown}: choose of {', '.join(known)}")
        return given

    return names


def _prepare(options: argparse.Namespace) -> dict[str, Task]:
    tasks = {name: febrl.prepare(name, options.work) for name in options.tasks if name in FEBRL_TASKS}
    types = [name for name in options.tasks if name not in FEBRL_TASKS]
    if types:
        # Who is in the household register tells which records nobody could tell apart, whatever the task.
        prepared = province.prepare(options.population, options.seed, [*PROVINCE_TASKS, *types], options.work)
        tasks |= {name: prepared[name] for name in types}
    return tasks


def _result(tool: str, task: Task, mode: str, options: argparse.Namespace) -> dict[str, Any]:
    folder = task.folder / tool
    folder.mkdir(exist_ok=True)
    model, out = folder / "model.json", folder / f"{mode}.parquet"
    # The machine is never quite quiet: of the runs the fastest tells most of the tool.
    runs = [
        run_tool(
            tool, task, mode, model=model, out=out, limit_seconds=options.limit_seconds, bytecode=bytecode(options.work)
        )
        for _ in range(options.repeat)
    ]
    run = min(runs, key=lambda one: (one.outcome != "done", one.wall_seconds))
    result: dict[str, Any] = {"task": task.name, "tool": tool, "mode": mode, **vars(run), "cleaning_seconds": 0.0}
    if task.is_province and tool != "hedui":
        result["cleaning_seconds"] = json.loads(task.cleaning.read_text(encoding="utf-8"))["seconds"]
    if run.outcome == "done":
        result["score"] = score(task, out)
    return result


def _modes(task: str, tool: str) -> tuple[str, ...]:
    """All types together are linked by hedui alone, whose model is frozen anyway."""
    if task == EVERY_TYPE:
        return ("frozen",) if tool == "hedui" else ()
    return MODES


def _short(result: dict[str, Any]) -> str:
    if result["outcome"] != "done":
        return str(result["outcome"])
    found = result["score"]["all"]
    return (
        f"P {found['precision']:.5f} R {found['recall']:.5f} F1 {found['f1']:.5f}"
        f" {result['wall_seconds']:.1f} s {result['peak_memory_mb']:.0f} MB"
    )


def _conditions(options: argparse.Namespace, tasks: dict[str, Task]) -> dict[str, Any]:
    return {
        "population": options.population,
        "seed": options.seed,
        "runs": options.repeat,
        "rows": {name: task.rows() for name, task in tasks.items()},
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "packages": {name: importlib.metadata.version(name) for name in PACKAGES},
    }


if __name__ == "__main__":
    main()
