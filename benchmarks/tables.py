"""The results of a benchmark as a Markdown table; `python -m benchmarks.tables FILE.json` prints it again."""

import json
import sys
from pathlib import Path
from typing import Any

COLUMNS = (
    "task",
    "tool",
    "mode",
    "precision",
    "recall",
    "F1",
    "no or damaged number: P",
    "R",
    "R where it can be told",
    "wall s",
    "cleaning s",
    "ratio",
    "ratio with cleaning",
    "peak MB",
)


def as_table(report: dict[str, Any]) -> str:
    """One line a run; a ratio is its seconds to those of hedui in the same mode, without and with the cleaning."""
    results = report["results"]
    own = {(one["task"], one["mode"]): one["wall_seconds"] for one in results if one["tool"] == "hedui"}
    head = [f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|"]
    return "\n".join([*head, *(_line(one, own.get((one["task"], one["mode"]))) for one in results)])


def _line(result: dict[str, Any], own_seconds: float | None) -> str:
    wall, cleaning = result["wall_seconds"], result["cleaning_seconds"]
    ratios = [f"{seconds / own_seconds:.1f}" if own_seconds else "" for seconds in (wall, wall + cleaning)]
    cells = [result["task"], result["tool"], result["mode"]]
    if result["outcome"] != "done":
        return f"| {' | '.join(cells)} | {result['outcome']} |||||||||"
    found = result["score"]
    cells += [f"{found['all'][name]:.5f}" for name in ("precision", "recall", "f1")]
    if "number_missing_or_damaged" in found:
        part, enough = found["number_missing_or_damaged"], found["number_missing_or_damaged_but_enough_to_tell"]
        cells += [f"{part['precision']:.5f}", f"{part['recall']:.5f}", f"{enough['recall']:.5f}"]
    else:
        cells += ["", "", ""]
    cells += [f"{wall:.1f}", f"{cleaning:.1f}", *ratios, f"{result['peak_memory_mb']:.0f}"]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    print(as_table(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
