"""The results of ``benchmarks.innocent`` as text."""

from typing import Any

MOST_OF_A_RULE, MOST_OF_ALL, LEAST_FOUND = 0.5, 2.0, 0.97
"""Wrong flags a thousand innocent households, of one rule and of all; the share of planted guilt to be found."""


def as_table(report: dict[str, Any]) -> str:
    """A Markdown table, a line a rule, and what was found when types were withheld."""
    lines = [
        "| rule | wrong flags | per 1,000 innocent households | planted and visible | found |",
        "|---|---:|---:|---:|---:|",
    ]
    lines += [
        f"| `{one['rule']}` | {one['wrong']:,} | {one['wrong_per_1000']:.3f} | {one['planted']:,} | {one['found']:,} |"
        for one in report["rules"]
    ]
    more = {name: found for name, found in report["withheld"].items() if found}
    found = "none was planted" if report["found"] is None else f"{report['found']:.4f}"
    lines += [
        "",
        f"{report['innocent_households']:,} innocent households; wrong flags of all rules per 1,000: "
        f"{report['wrong_per_1000']:.3f} (at most {MOST_OF_ALL}, and {MOST_OF_A_RULE} of one rule); "
        f"planted guilt found: {found} (at least {LEAST_FOUND}).",
        f"{len(report['withheld'])} types withheld in turn; a rule flags more without: {more or 'none'}.",
    ]
    return "\n".join(lines)
