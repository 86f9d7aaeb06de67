"""DuckDB inside this process: one connection, with limits that are set and not hoped for."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

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
            raise ValueError(f"HEDUI_MEMORY_LIMIT is {self.memory!r}: give a number and a unit, as 3GB or 1500MiB")
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
        yield connection
    finally:
        connection.close()


def sql_type(arrow_type: pa.DataType) -> str:
    """The DuckDB type of an Arrow type that a contract can declare."""
    if pa.types.is_decimal(arrow_type):
        return f"DECIMAL({arrow_type.precision},{arrow_type.scale})"
    return {pa.date32(): "DATE", pa.int64(): "BIGINT"}.get(arrow_type, "VARCHAR")


def identifier(name: str) -> str:
    """A name quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str) -> str:
    """A text quoted for SQL."""
    return "'" + value.replace("'", "''") + "'"
