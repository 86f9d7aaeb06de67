"""What a lake and a review database hold, so that two of them can be compared row by row."""

import sqlite3
from pathlib import Path

import pyarrow as pa
from deltalake import DeltaTable

# A seal covers the moment of its line.
MOMENTS = ("published_at", "at", "seal")
"""Columns that say when something happened on this machine."""


def lake_rows(lake: Path) -> dict[str, pa.Table]:
    """Every Delta table of the lake, its rows in an order of their own."""
    tables = {}
    for log in sorted((lake / "tables").rglob("_delta_log")):
        table = DeltaTable(log.parent).to_pyarrow_table()
        table = table.select(sorted(table.column_names))
        tables[str(log.parent.relative_to(lake / "tables"))] = table.sort_by(
            [(name, "ascending") for name in table.column_names]
        )
    return tables


def review_rows(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every table of the review database but Django's own, without the moments."""
    with sqlite3.connect(database) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'review_%'")
        return {name: _rows(connection, name) for (name,) in names.fetchall()}


def _rows(connection: sqlite3.Connection, table: str) -> list[tuple[object, ...]]:
    columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[1] not in MOMENTS]
    return sorted(connection.execute(f"SELECT {', '.join(columns)} FROM {table}").fetchall(), key=repr)
