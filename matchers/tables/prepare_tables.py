"""The two tables of a linkage, prepared: one row each, a number, the user's id, and a STRUCT of keys a field."""

from __future__ import annotations

import duckdb
import pyarrow as pa

from matchers.columns import MissingColumnsError
from matchers.identity.id_numbers import clean, upgrade, verdicts
from matchers.identity.name_book import add_names
from matchers.queries import number
from matchers.tables.sources import Source, quoted, relation_of
from matchers.weights.field_kinds import KINDS, Kind
from matchers.weights.spec import FieldSpec, LinkageSpec


def prepare(con: duckdb.DuckDBPyConnection, source: Source, spec: LinkageSpec, side: str) -> str:
    """Make the table `prepared_<side>` (`row`, `id`, the fields) and return its name. `side` is left or right.

    Rows are numbered in the order of their ids, so that a run does not depend on the order they came in.
    """
    relation = relation_of(con, source)
    id_column = spec.left_id if side == "left" else spec.right_id or spec.left_id
    columns = {name: one.left if side == "left" else one.right for name, one in spec.fields.items()}
    _require(con, relation, str(source), [id_column, *(column for column in columns.values() if column)])
    raw = ", ".join(f"{quoted(column) if column else 'NULL'}::VARCHAR AS {name}" for name, column in columns.items())
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
        book = _book(con, one.kind, name, side)
        if book is None:
            value = f"c.{name}" if one.from_number is None else f"coalesce(c.{name}, {_told(one)})"
            packed.append(
                f"(SELECT CASE WHEN v IS NOT NULL THEN struct_pack({keys}) END FROM (SELECT {value} AS v)) AS {name}"
            )
        else:
            table, written, present = book
            joins.append(f"LEFT JOIN {table} AS k_{name} ON k_{name}.{written} = c.{name}")
            keys = keys.replace("k.", f"k_{name}.")
            packed.append(f"CASE WHEN k_{name}.{present} IS NOT NULL THEN struct_pack({keys}) END AS {name}")
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE prepared_{side} AS"
        f" WITH c AS (SELECT row, id, {', '.join(cleaned)} FROM raw_{side} AS s)"
        f" SELECT c.row, c.id, {', '.join(packed)} FROM c {' '.join(joins)}"
    )
    con.execute(f"DROP TABLE raw_{side}")
    return f"prepared_{side}"


def _book(con: duckdb.DuckDBPyConnection, kind: Kind, name: str, side: str) -> tuple[str, str, str] | None:
    """The table of keys made by the column, its column as written, and one that is null where nothing can be read."""
    if kind is Kind.HAN_NAME:
        add_names(con, f"SELECT {name} AS name FROM raw_{side}")
        return "name_keys", "name", "name"
    if kind is Kind.ID_NUMBER:
        _read_numbers(con, side, name)
        return f"numbers_{name}", "raw", "cleaned"
    return None


def _told(one: FieldSpec) -> str:
    """SQL for the birth date (YYYYMMDD) or sex (1 or 2) that a readable number tells."""
    read = f"k_{one.from_number}.read"
    told = f"substr({read}, 7, 8)" if one.kind is Kind.DATE else f"(2 - substr({read}, 17, 1)::INTEGER % 2)::VARCHAR"
    return f"CASE WHEN regexp_matches({read}, '^[0-9]{{17}}') THEN {told} END"


def _require(con: duckdb.DuckDBPyConnection, relation: str, source: str, columns: list[str]) -> None:
    present = {row[0] for row in con.execute(f"DESCRIBE FROM {relation}").fetchall()}
    missing = [column for column in columns if column not in present]
    if missing:
        raise MissingColumnsError(
            f"{source}: lacks the columns {', '.join(missing)}; nothing was linked."
            " Correct the spec's fields or the table."
        )


def _refuse_repeated_ids(con: duckdb.DuckDBPyConnection, side: str, source: str, column: str) -> None:
    repeated = number(con, f"SELECT count(*) - count(DISTINCT id) FROM raw_{side}")
    if repeated:
        raise ValueError(
            f"{source}: {column} is empty or repeated in {repeated} rows; nothing was linked."
            " Give each row an id of its own."
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
