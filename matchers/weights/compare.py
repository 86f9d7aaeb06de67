"""Pairs turned into patterns: for each comparison the place of its level."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from engines.connection import Connection
from matchers.queries import query
from matchers.weights.comparisons import Comparison

Patterns = npt.NDArray[np.int64]
"""Distinct patterns, a row each, a column a comparison."""
Counts = npt.NDArray[np.float64]


def compare_pairs(con: Connection, compared: Sequence[Comparison], pairs: str, table: str) -> None:
    """Make `table`: the columns of the relation `pairs` (`left_row`, `right_row`, ...) and a place a comparison.

    The column of a comparison is `g_<field>`.
    """
    places = ", ".join(f"{one.sql()} AS g_{one.field}" for one in compared)
    con.execute(query("weights/compare", table=table, pairs=pairs, places=places))


def pattern_counts(con: Connection, compared: Sequence[Comparison], table: str) -> tuple[Patterns, Counts]:
    """The distinct patterns of a compared table and how many pairs have each, in a fixed order."""
    columns = ", ".join(f"g_{one.field}" for one in compared)
    found = con.execute(f"SELECT {columns}, count(*) AS pairs FROM {table} GROUP BY ALL ORDER BY ALL").fetchnumpy()
    arrays = [np.asarray(found[f"g_{one.field}"], dtype=np.int64) for one in compared]
    return np.column_stack(arrays), np.asarray(found["pairs"], dtype=np.float64)
