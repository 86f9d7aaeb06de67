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


def reasons_table(report: dict[str, Any]) -> str:
    """hedui's links of the province by reason: how many, and how many of them wrong."""
    lines = ["| task | reason | links | wrong |", "|---|---|---|---|"]
    for one in _own_frozen(report):
        for reason, counts in one["score"]["by_reason"].items():
            lines.append(f"| {one['task']} | {reason} | {counts['links']:,} | {counts['wrong']:,} |")
    return "\n".join(lines)


def telling_table(report: dict[str, Any]) -> str:
    """The true pairs whose numbers do not say it: whether the record carries enough, and how many were found."""
    lines = ["| task | does the record carry enough to tell? | true | found |", "|---|---|---|---|"]
    for one in _own_frozen(report):
        for telling, counts in one["score"]["by_telling"].items():
            lines.append(f"| {one['task']} | {telling} | {counts['true']:,} | {counts['found']:,} |")
    return "\n".join(lines)


def _own_frozen(report: dict[str, Any]) -> list[dict[str, Any]]:
    own = (one for one in report["results"] if one["tool"] == "hedui" and one["mode"] == "frozen")
    return [one for one in own if "by_reason" in one.get("score", {})]


if __name__ == "__main__":
    given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    print(as_table(given), reasons_table(given), telling_table(given), sep="\n\n")
