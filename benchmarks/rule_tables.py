"""The results of the rule book's benchmark as Markdown: `python -m benchmarks.rule_tables FILE.json`."""

import json
import sys
from pathlib import Path
from typing import Any

COLUMNS = (
    "rule",
    "planted",
    "found",
    "recall (95%)",
    "hidden: found of",
    "flags",
    "unexplained",
    "precision (95%)",
    "lookalikes: flagged of",
    "holds",
)


def as_table(report: dict[str, Any]) -> str:
    """One line a rule, then one a night."""
    head = [f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|"]
    return "\n".join([*head, *map(_rule, report["rules"]), "", *map(_night, report["nights"])])


def _rule(score: dict[str, Any]) -> str:
    cells = [
        score["rule"],
        score["planted"],
        score["found"],
        _rate(score["recall"]),
        f"{score['hidden_found']} of {score['hidden']}",
        score["flags"],
        score["unexplained"],
        _rate(score["precision"]),
        f"{score['lookalikes_flagged']} of {score['lookalikes']}",
        "yes" if score["holds"] else "**no**",
    ]
    return f"| {' | '.join(map(str, cells))} |"


def _rate(measured: dict[str, Any]) -> str:
    if measured["rate"] is None:
        return "–"
    return f"{measured['rate']:.3f} ({measured['low']:.3f}–{measured['high']:.3f})"


def _night(night: dict[str, Any]) -> str:
    stages = ", ".join(f"{stage} {taken} s" for stage, taken in night["seconds_by_stage"].items())
    return (
        f"- {night['night']}: {night['rows']:,} rows landed, {night['flags']:,} flags, "
        f"{night['seconds']} s ({stages}), "
        f"{night['peak_memory_mb']:,} MB at most"
    )


if __name__ == "__main__":
    print(as_table(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
