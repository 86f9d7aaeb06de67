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

_PROBED = 1 << 20


def quoted(name: str) -> str:
    """An identifier quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def relation_of(con: duckdb.DuckDBPyConnection, source: Source) -> str:
    """SQL that reads a source. Every column of a CSV is text; it may be UTF-8 or GB18030."""
    path = Path(source)
    if not path.name.endswith((".parquet", ".csv", ".csv.gz")):
        return quoted(str(source))
    if not path.exists():
        raise FileNotFoundError(f"{path}: there is no such file; nothing was read. Give a CSV or Parquet file.")
    text = "'" + str(path).replace("'", "''") + "'"
    if path.suffix == ".parquet":
        return f"read_parquet({text})"
    return f"read_csv({text}, all_varchar = true)" if _is_utf8(path) else _chinese_csv(con, path)


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
