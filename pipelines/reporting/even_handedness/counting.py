"""The counts of a night: how many people of each group there are, and how many were flagged, confirmed, drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from engines.embedded import literal
from schemas.contract import Contract
from schemas.link_reasons import ACCEPTED, sql_list
from schemas.listed import listed_sql

SQL = Path(__file__).parent / "sql" / "counts.sql"
PLACE = ("scheme", "household_id", "member_id", "status", "paid", "is_head")
PERSON = ("sex", "birth_date", "ethnicity", "division", "area")
GIVEN = ("night_flags", "decided_flags")


@dataclass(frozen=True)
class Count:
    """``count`` of the ``of`` people of one group, by one measure."""

    measure: str
    attribute: str
    group: str
    count: int
    of: int


def count_groups(
    connection: duckdb.DuckDBPyConnection,
    rosters: Sequence[Contract],
    night: date,
    flags: pa.Table,
    decided: pa.Table,
    age_bands: tuple[int, ...],
) -> list[Count]:
    """Count everybody on the rosters by measure, attribute and group; the attribute ``all`` is everybody.

    The connection holds the as-of views, ``links`` and ``person_memberships`` of the night; it is left as it was.
    ``flags`` has scheme, household_id, member_id, direction; ``decided`` besides ``confirmed``.
    """
    sql = SQL.read_text(encoding="utf-8").format(
        listed=listed_sql(rosters, PLACE + PERSON),
        night=night.isoformat(),
        accepted=sql_list(*ACCEPTED),
        bands=_bands(age_bands),
    )
    for name, table in zip(GIVEN, (flags, decided), strict=True):
        connection.register(name, table)
    try:
        return [Count(*row) for row in connection.execute(sql).fetchall()]
    finally:
        for name in GIVEN:
            connection.unregister(name)


def band_names(begins: tuple[int, ...]) -> list[str]:
    """The age bands by name, youngest first: ``0-17``, ``18-39``, ... ``80+``."""
    starts = [0, *begins]
    ends = [f"-{begin - 1}" for begin in begins]
    return [f"{start}{end}" for start, end in zip(starts, [*ends, "+"], strict=True)]


def _bands(begins: tuple[int, ...]) -> str:
    names = band_names(begins)
    below = [f"WHEN age < {begin} THEN {literal(name)}" for begin, name in zip(begins, names, strict=False)]
    return " ".join([*below, f"WHEN age >= {begins[-1]} THEN {literal(names[-1])}"])
