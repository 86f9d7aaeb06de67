"""Where a table to be linked comes from: a CSV or Parquet file, or a relation that DuckDB already has."""

from __future__ import annotations

import codecs
import gzip
from pathlib import Path
from typing import TypeAlias

import duckdb
import pyarrow as pa
from pyarrow import csv

Source: TypeAlias = Path | str
"""A CSV (also .csv.gz) or Parquet file, or the name of a relation in the connection."""

ENDINGS = (".parquet", ".csv", ".csv.gz")
_PROBED = 1 << 20


class TableError(ValueError):
    """A table that cannot be linked; the message says which, why, and what to do."""

    exit_code = 4


class TableMissingError(TableError, FileNotFoundError):
    """There is no such table."""


def quoted(name: str) -> str:
    """An identifier quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def relation_of(con: duckdb.DuckDBPyConnection, source: Source) -> str:
    """SQL that reads a source. Every column of a CSV is text; it may be UTF-8 or GB18030.

    Raises TableError where there is no such table, or where it cannot be read.
    """
    path = Path(source)
    if not path.name.lower().endswith(ENDINGS):
        if isinstance(source, Path):
            raise TableError(
                f"{path}: neither CSV nor Parquet; nothing was read. Save it as .csv, .csv.gz or .parquet."
            )
        return quoted(source)
    if not path.exists():
        raise TableMissingError(f"{path}: there is no such file; nothing was read. Give a CSV or Parquet file.")
    text = "'" + str(path).replace("'", "''") + "'"
    if path.suffix.lower() == ".parquet":
        return f"read_parquet({text})"
    return f"read_csv({text}, all_varchar = true)" if _is_utf8(path) else _chinese_csv(con, path)


def columns_of(con: duckdb.DuckDBPyConnection, relation: str, source: Source) -> dict[str, str]:
    """The columns of a relation and their types. Raises TableError, in one sentence, where it cannot be read."""
    try:
        return {str(row[0]): str(row[1]) for row in con.execute(f"DESCRIBE FROM {relation}").fetchall()}
    except duckdb.CatalogException as error:
        raise TableMissingError(f"{source}: there is no such table in the connection; give another name.") from error
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise TableError(f"{source}: cannot be read ({reason}); nothing was linked. Save the file again.") from error


def _is_utf8(path: Path) -> bool:
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        try:
            # Not final: the last character may be cut in two.
            codecs.getincrementaldecoder("utf-8")().decode(file.read(_PROBED))
        except UnicodeDecodeError:
            return False
    return True


def _chinese_csv(con: duckdb.DuckDBPyConnection, path: Path) -> str:
    """Read a GB18030 CSV, which DuckDB cannot, by Arrow into a table of its own, and name it."""
    with pa.input_stream(str(path)) as stream:
        header = csv.open_csv(stream, csv.ReadOptions(encoding="gb18030")).schema.names
    everything_text = csv.ConvertOptions(
        column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=True, null_values=[""]
    )
    table = quoted(f"csv {path}")
    with pa.input_stream(str(path)) as stream:
        reader = csv.open_csv(stream, csv.ReadOptions(encoding="gb18030"), convert_options=everything_text)
        con.register("chinese_csv", reader)
        con.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS FROM chinese_csv")
        con.unregister("chinese_csv")
    return table
