"""How common a value is: agreement on 王芳 says less than agreement on a rare name."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from matchers.weights.comparisons import Comparison
from matchers.weights.estimate import Floors

LARGEST_ADJUSTMENT = 10.0
"""Bits by which one value's frequency may move a weight, up or down."""


def frequency_keys(compared: tuple[Comparison, ...]) -> list[tuple[str, str]]:
    """Fields and keys whose values' frequencies are needed."""
    found = {(one.field, level.frequency_key) for one in compared if one.term_frequency for level in one.levels}
    return sorted((field, key) for field, key in found if key is not None)


def count_frequencies(
    con: duckdb.DuckDBPyConnection, compared: tuple[Comparison, ...], relations: Mapping[str, str]
) -> Floors:
    """Make a table `frequency_<field>_<key>` (`value`, `bits`) for each key needed.

    relations: for each field a relation with its STRUCT column, as prepared. bits: log2 of the chance that two
    non-matches agree on any value, over the chance that a non-match has this one; positive for rare values. Returns
    that chance of any value for the closest level of each comparison: its u can be no lower, or rare values would weigh
    more than their rarity.
    """
    chances: dict[tuple[str, str], float] = {}
    for field, key in frequency_keys(compared):
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE frequency_{field}_{key} AS"
            f" WITH counted AS (SELECT {field}.{key} AS value, count(*) AS n FROM {relations[field]}"
            f" WHERE {field}.{key} IS NOT NULL GROUP BY 1),"
            " total AS (SELECT sum(n)::DOUBLE AS all_rows, sum(n::DOUBLE * n) AS squares FROM counted)"
            f" SELECT value, least(greatest(log2(squares / all_rows / n), -{LARGEST_ADJUSTMENT}),"
            f" {LARGEST_ADJUSTMENT}) AS bits, squares / all_rows / all_rows AS chance"
            " FROM counted, total"
        )
        found = con.execute(f"SELECT any_value(chance) FROM frequency_{field}_{key}").fetchall()
        chances[field, key] = float(found[0][0] or 0.0)
    return {
        (place, 1): chances[one.field, str(one.levels[0].frequency_key)]
        for place, one in enumerate(compared)
        if one.term_frequency and one.levels and one.levels[0].frequency_key is not None
    }


def frequency_bits(compared: tuple[Comparison, ...]) -> tuple[str, str]:
    """SQL for the bits a pair's values add, over aliases `p` (compared pairs), `l`, `r`; and the joins it needs.

    The value is the right row's; the left row's where that is not in the table (the other table was counted).
    """
    terms, joins = ["0.0"], []
    for one in compared:
        if not one.term_frequency:
            continue
        for place, level in enumerate(one.levels, start=1):
            if level.frequency_key is None:
                continue
            alias = f"f_{one.field}_{place}"
            table = f"frequency_{one.field}_{level.frequency_key}"
            joins.append(
                f"LEFT JOIN {table} AS {alias} ON p.g_{one.field} = {place}"
                f" AND {alias}.value = r.{one.field}.{level.frequency_key}"
            )
            terms.append(f"coalesce({alias}.bits, 0.0)")
    return " + ".join(terms), "\n".join(joins)
