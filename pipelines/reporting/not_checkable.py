"""What a night could not check, rule by rule and division by division, for its report and for the review."""

from collections.abc import Mapping

import duckdb
import pyarrow as pa

Counts = Mapping[str, Mapping[str, Mapping[str, int]]]
"""By rule, then by county, then by what was wanting (``type: kind``): how many households."""


def counted(not_checkable: pa.Table) -> Counts:
    """The households each rule could not check (``rules.claims.NOT_CHECKABLE``), by county and by what was wanting."""
    told: dict[str, dict[str, dict[str, int]]] = {}
    with duckdb.connect() as connection:
        connection.register("not_checkable", not_checkable)
        rows = connection.execute(
            "SELECT rule, left(division, 6), type || ': ' || kind, count(DISTINCT (scheme, household_id)) "
            "FROM not_checkable GROUP BY ALL ORDER BY ALL"
        ).fetchall()
    for rule, county, wanting, households in rows:
        told.setdefault(rule, {}).setdefault(county, {})[wanting] = households
    return told


def of_households(not_checkable: pa.Table) -> pa.Table:
    """One row a household: scheme, household_id and, as JSON, each rule with what it wanted and why."""
    with duckdb.connect() as connection:
        connection.register("not_checkable", not_checkable)
        return connection.sql(
            "SELECT scheme, household_id, to_json(list(DISTINCT {'rule': rule, 'zh': why_zh, 'en': why_en} "
            "ORDER BY {'rule': rule, 'zh': why_zh, 'en': why_en}))::VARCHAR AS told "
            "FROM not_checkable GROUP BY ALL ORDER BY ALL"
        ).to_arrow_table()
