"""The two tables of a linkage, prepared: one row each, a number, the user's id, and a STRUCT of keys a field."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

import duckdb
import pyarrow as pa

from matchers.field_kinds import KINDS, Kind
from matchers.id_numbers import clean, upgrade, verdicts
from matchers.name_book import add_names
from matchers.people import MissingColumnsError
from matchers.spec import LinkageSpec

Source: TypeAlias = Path | str
"""A CSV or Parquet file, or the name of a relation in the connection."""


def quoted(name: str) -> str:
    """An identifier quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def relation_of(source: Source) -> str:
    """SQL that reads a source."""
    path = Path(source)
    if path.suffix in {".parquet", ".csv", ".gz"}:
        if not path.exists():
            raise FileNotFoundError(f"{path}: there is no such file; nothing was linked. Give a CSV or Parquet file.")
        text = str(path).replace("'", "''")
        return f"read_parquet('{text}')" if path.suffix == ".parquet" else f"read_csv('{text}', all_varchar = true)"
    return quoted(str(source))


def prepare(con: duckdb.DuckDBPyConnection, source: Source, spec: LinkageSpec, side: str) -> str:
    """Make the table `prepared_<side>` (`row`, `id`, the fields) and return its name. `side` is left or right.

    Rows are numbered in the order of their ids, so that a run does not depend on the order they came in.
    """
    relation = relation_of(source)
    id_column = spec.left_id if side == "left" else spec.right_id or spec.left_id
    columns = {name: one.left if side == "left" else one.right for name, one in spec.fields.items()}
    _require(con, relation, str(source), [id_column, *columns.values()])
    raw = ", ".join(f"{quoted(column)}::VARCHAR AS {name}" for name, column in columns.items())
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE raw_{side} AS"
        f" SELECT row_number() OVER (ORDER BY {quoted(id_column)}) AS row, {quoted(id_column)} AS id, {raw}"
        f" FROM {relation}"
    )
    _refuse_repeated_ids(con, side, str(source), id_column)
    cleaned, packed, joins = [], [], []
    for name, one in spec.fields.items():
        kind = KINDS[one.kind]
        cleaned.append(f"(SELECT {kind.clean} FROM (SELECT s.{name} AS x)) AS {name}")
        keys = ", ".join(f"{key} := {sql}" for key, sql in kind.keys.items())
        if one.kind is Kind.HAN_NAME:
            add_names(con, f"SELECT {name} AS name FROM raw_{side}")
            joins.append(f"LEFT JOIN name_keys AS k_{name} ON k_{name}.name = c.{name}")
            packed.append(_packed(name, keys.replace("k.", f"k_{name}."), f"k_{name}.name"))
        elif one.kind is Kind.ID_NUMBER:
            _read_numbers(con, side, name)
            joins.append(f"LEFT JOIN numbers_{name} AS k_{name} ON k_{name}.raw = c.{name}")
            packed.append(_packed(name, keys.replace("k.", f"k_{name}."), f"k_{name}.cleaned"))
        else:
            packed.append(f"(SELECT {_packed(name, keys, 'v')} FROM (SELECT c.{name} AS v)) AS {name}")
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE prepared_{side} AS"
        f" WITH c AS (SELECT row, id, {', '.join(cleaned)} FROM raw_{side} AS s)"
        f" SELECT c.row, c.id, {', '.join(packed)} FROM c {' '.join(joins)}"
    )
    con.execute(f"DROP TABLE raw_{side}")
    return f"prepared_{side}"


def _packed(name: str, keys: str, present: str) -> str:
    packed = f"CASE WHEN {present} IS NOT NULL THEN struct_pack({keys}) END"
    return packed if present == "v" else f"{packed} AS {name}"


def _require(con: duckdb.DuckDBPyConnection, relation: str, source: str, columns: list[str]) -> None:
    present = {row[0] for row in con.execute(f"DESCRIBE FROM {relation}").fetchall()}
    missing = [column for column in columns if column not in present]
    if missing:
        raise MissingColumnsError(
            f"{source}: lacks the columns {', '.join(missing)}; nothing was linked."
            " Correct the spec's fields or the table."
        )


def _refuse_repeated_ids(con: duckdb.DuckDBPyConnection, side: str, source: str, column: str) -> None:
    counted = con.execute(f"SELECT count(*), count(DISTINCT id) FROM raw_{side}").fetchone()
    if counted is not None and counted[0] != counted[1]:
        raise ValueError(
            f"{source}: {column} is empty or repeated in {counted[0] - counted[1]} of {counted[0]} rows; nothing was"
            " linked. Give each row an id of its own."
        )


def _read_numbers(con: duckdb.DuckDBPyConnection, side: str, name: str) -> None:
    """Make `numbers_<name>`: each distinct number cleaned, judged, and as 18 characters where it is sound.

    `read` is the number as 18 where possible, else as cleaned; blanks and placeholders are left out.
    """
    raw = con.sql(f"SELECT DISTINCT {name} AS raw FROM raw_{side} WHERE {name} IS NOT NULL").to_arrow_table()["raw"]
    cleaned = clean(raw)
    judged = verdicts(cleaned).cast(pa.string())
    table = pa.table({"raw": raw, "cleaned": cleaned, "verdict": judged, "upgraded": upgrade(cleaned)})
    con.register("read_numbers", table)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE numbers_{name} AS"
        " SELECT *, coalesce(upgraded, cleaned) AS read FROM read_numbers WHERE verdict NOT IN ('blank', 'placeholder')"
    )
    con.unregister("read_numbers")
