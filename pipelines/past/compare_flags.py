"""Two findings of the same night, compared as sets: what was added, cleared, changed."""

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import duckdb
import pyarrow as pa

SQL = Path(__file__).parent / "sql"


class Outcome(StrEnum):
    """How a flag of the one finding stands in the other."""

    SAME = "same"
    ADDED = "added"
    CLEARED = "cleared"
    CHANGED = "changed"


@dataclass(frozen=True)
class Compared:
    """One flag: how it stands, and in what it differs (amount, evidence, reason, confidence, severity ...)."""

    flag_id: str
    rule: str
    outcome: Outcome
    differs: tuple[str, ...]


def compare_flags(before: pa.Table, after: pa.Table) -> list[Compared]:
    """Every flag of both findings (schema ``rules.run.FLAGS``) that is not the same, by rule and flag."""
    with duckdb.connect() as connection:
        connection.register("before", before)
        connection.register("after", after)
        sql = (SQL / "compare_flags.sql").read_text(encoding="utf-8")
        rows = connection.execute(f"FROM ({sql}) WHERE outcome <> '{Outcome.SAME}'").fetchall()
    return [Compared(flag_id, rule, Outcome(outcome), tuple(differs)) for flag_id, rule, outcome, differs in rows]


def outcomes_by_rule(compared: list[Compared]) -> dict[str, Counter[Outcome]]:
    """How many flags of each rule came to which outcome; rules without a difference are not in it."""
    counts: dict[str, Counter[Outcome]] = {}
    for one in compared:
        counts.setdefault(one.rule, Counter())[one.outcome] += 1
    return counts
