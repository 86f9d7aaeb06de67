"""DuckDB inside this process: one connection, with limits that are set explicitly."""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from engines.connection import Connection

TABLES = "night"
"""The catalogue of a connection's own tables. TEMP ones are in another, which cannot be compressed."""
FULL = 0.4
"""The share of the memory that tables may take before it is worth the time to compress them."""
PATTERN = re.compile(r"[\[*?]")
"""What DuckDB takes for a pattern in the name of a file."""
SIZE = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[KMGT]i?B)")


@dataclass(frozen=True)
class Limits:
    """What one connection may take. Beyond ``memory`` it spills into the folder it was opened with."""

    memory: str = field(default_factory=lambda: os.environ.get("HEDUI_MEMORY_LIMIT") or "3GB")
    threads: int = field(default_factory=lambda: int(os.environ.get("HEDUI_THREADS") or os.cpu_count() or 1))

    def part(self, share: float) -> "Limits":
        """The limits of one of several connections at once, which may take ``share`` of these."""
        size = SIZE.fullmatch(self.memory)
        if size is None:
            raise ValueError(f"HEDUI_MEMORY_LIMIT is {self.memory!r}: give a number and a unit, such as 3GB or 1500MiB")
        return Limits(f"{float(size['number']) * share:g}{size['unit']}", max(1, int(self.threads * share)))


@contextmanager
def connect(spill: Path, limits: Limits | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open DuckDB in memory, spilling to ``spill``, and close it again.

    Extensions are neither downloaded nor loaded: the networks this runs on have no internet.
    """
    limits = limits or Limits()
    spill.mkdir(parents=True, exist_ok=True)
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": limits.memory,
        "threads": limits.threads,
        "temp_directory": str(spill),
        "autoinstall_known_extensions": False,
        "preserve_insertion_order": False,
    }
    connection = duckdb.connect(":memory:", config=settings)
    try:
        connection.execute("SET TimeZone = 'Asia/Shanghai'")
        # Tables are compressed when make_room says so: for work that mostly fits, that takes longer than to make them.
        connection.execute("SET checkpoint_threshold = '1TB'")
        connection.execute(f"ATTACH ':memory:' AS {TABLES} (COMPRESS); USE {TABLES}")
        yield connection
    finally:
        connection.close()


def make_room(connection: Connection) -> None:
    """Compress the connection's tables, but for TEMP ones, where they take much of its memory: to about a quarter.

    What was compressed before stays as it is. An engine that keeps its tables in files needs none of it.
    """
    if not isinstance(connection, duckdb.DuckDBPyConnection):
        return
    taken, most = connection.execute(
        "SELECT (SELECT sum(memory_usage_bytes + temporary_storage_bytes) FROM duckdb_memory()"
        " WHERE tag = 'IN_MEMORY_TABLE'), parse_formatted_bytes(current_setting('memory_limit'))"
    ).fetchall()[0]
    if taken > FULL * most:
        connection.execute(f"CHECKPOINT {TABLES}")


def sql_type(arrow_type: pa.DataType) -> str:
    """The DuckDB type of an Arrow type that a contract can declare."""
    if pa.types.is_decimal(arrow_type):
        return f"DECIMAL({arrow_type.precision},{arrow_type.scale})"
    return {pa.date32(): "DATE", pa.int64(): "BIGINT"}.get(arrow_type, "VARCHAR")


def identifier(name: str) -> str:
    """A name quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def file_list(files: Iterable[str | Path]) -> str:
    """Files as ``read_parquet`` takes them: quoted for SQL, and nothing in their names taken for a pattern."""
    named = [PATTERN.sub(r"[\g<0>]", str(file)) for file in files]
    return f"[{', '.join(map(literal, named))}]"


def literal(value: str) -> str:
    """A text quoted for SQL."""
    return "'" + value.replace("'", "''") + "'"
