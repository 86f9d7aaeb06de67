"""The columns that most likely tell one row of a type from another."""

from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import duckdb
import pyarrow as pa

from engines.embedded import identifier
from pipelines.drafting.sample import SampleColumn
from schemas.column import Meaning

LIKELY = (
    *(Meaning.SERIAL, Meaning.ID_NUMBER, Meaning.ORGANISATION_CODE, Meaning.MONTH, Meaning.CODE, Meaning.DATE),
    *(Meaning.PERSON_NAME, Meaning.DIVISION, Meaning.ORGANISATION_NAME, Meaning.COUNT),
)
"""Meanings that keys have, the likeliest first."""
MOST_TRIED = 8
MOST_COLUMNS = 3
SOME = 1_000


class Key(NamedTuple):
    """A key, and how many rows of the sample have one that another row has too."""

    places: tuple[int, ...]
    sharing: int


def likely_key(
    connection: duckdb.DuckDBPyConnection, columns: Sequence[tuple[SampleColumn, Meaning]], rows: int
) -> Key:
    """The fewest of the likeliest columns that no two rows share; where there are none, those that fewest do."""
    likely = [(column, meaning) for column, meaning in columns if meaning in LIKELY and column.filled]
    likely.sort(key=lambda one: (_counts_rows(one[0]), one[0].filled < rows, LIKELY.index(one[1]), one[0].place))
    tried = [column for column, _ in likely][:MOST_TRIED] or [columns[0][0]]
    best = Key((tried[0].place,), rows)
    table = pa.table({f"c{column.place}": column.cells for column in tried})
    connection.register("sampled", table)
    try:
        for size in range(1, MOST_COLUMNS + 1):
            for chosen in combinations(tried, size):
                listed = ", ".join(identifier(f"c{column.place}") for column in chosen)
                query = f"SELECT count(*) FROM (FROM sampled SELECT {listed} GROUP BY ALL)"
                found = Key(tuple(column.place for column in chosen), rows - connection.sql(query).fetchall()[0][0])
                if found.sharing < best.sharing:
                    best = found
                if not found.sharing and all(column.filled == rows for column in chosen):
                    return found
    finally:
        connection.unregister("sampled")
    return best


def _counts_rows(column: SampleColumn) -> bool:
    """Whether it numbers the rows of the sheet: the next delivery numbers others so."""
    first = column.cells[:SOME].to_pylist()
    return len(first) > 1 and first == [str(number) for number in range(1, len(first) + 1)]
