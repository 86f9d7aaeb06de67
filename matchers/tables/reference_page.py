"""Kinds, keys and levels for docs/linking.md: `python -m matchers.tables.reference_page` writes them there."""

from __future__ import annotations

from pathlib import Path

from matchers.weights.field_kinds import KINDS
from matchers.weights.levels import KIND_LEVELS

PAGE = Path(__file__).parents[2] / "docs" / "linking.md"
BEGIN, END = "<!-- kinds: begin, written by python -m matchers.tables.reference_page -->", "<!-- kinds: end -->"


def kinds_table() -> str:
    """Each kind with the keys that a blocking rule may name and the levels it has by itself."""
    rows = ["| kind | keys | levels |", "|---|---|---|"]
    for kind, keys in KINDS.items():
        levels = ", ".join(level.name for level in KIND_LEVELS[kind])
        rows.append(f"| `{kind}` | {', '.join(keys.keys)} | {levels} |")
    return "\n".join(rows)


def with_kinds(page: str) -> str:
    """The page with the table as the code has it now."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{kinds_table()}\n\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(with_kinds(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
