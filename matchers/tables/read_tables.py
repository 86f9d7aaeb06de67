"""A table as it came, its rows numbered, its values as text: `raw_left` and `raw_right`.

What a value's type or place has done to it is put right here: whole numbers that are floats, and rows whose name and
identity number stand in each other's columns.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import pyarrow as pa

from engines.column_bytes import one_array
from matchers.columns import MissingColumnsError
from matchers.identity.id_numbers import clean, upgrade, verdicts
from matchers.identity.name_cells import columns_swapped
from matchers.identity.several_people import hold_several, perhaps_several
from matchers.queries import number
from matchers.tables.sources import Source, TableError, columns_of, quoted, relation_of
from matchers.weights.field_kinds import FORMER, Kind
from matchers.weights.spec import LinkageSpec

_FLOATS = frozenset({"DOUBLE", "FLOAT", "REAL"})


@dataclass(frozen=True)
class ReadTable:
    """A table that was read. warnings: what a person should know of it."""

    rows: int
    warnings: list[str]


def read_table(con: duckdb.DuckDBPyConnection, source: Source, spec: LinkageSpec, side: str) -> ReadTable:
    """Make `raw_<side>` (`row`, `id`, the fields as text, `household` if the spec has one). `side` is left or right.

    Also makes `numbers_<side>_<field>` for each identity number. Rows are numbered in the order of their ids, so that a
    run does not depend on the order they came in. Raises TableError or MissingColumnsError, which say what to do.
    """
    relation = relation_of(con, source)
    types = columns_of(con, relation, source)
    id_column = spec.left_id if side == "left" else spec.right_id or spec.left_id
    columns = _columns(spec, side, types)
    household = (spec.household.left if side == "left" else spec.household.right) if spec.household else None
    wanted = [id_column, *(column for column in columns.values() if column), *([household] if household else [])]
    _require(str(source), list(types), wanted)
    raw = [f"{_text(spec, name, column, types, str(source))} AS {name}" for name, column in columns.items()]
    if household:
        raw.append(f"{quoted(household)}::VARCHAR AS household")
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE raw_{side} AS"
        f" SELECT row_number() OVER (ORDER BY {quoted(id_column)}) AS row, {quoted(id_column)} AS id, {', '.join(raw)}"
        f" FROM {relation}"
    )
    _refuse_repeated_ids(con, side, str(source), id_column)
    warnings = _put_back(con, spec, side, str(source)) + _set_several_apart(con, spec, side, str(source))
    for name, one in spec.fields.items():
        if one.kind is Kind.ID_NUMBER:
            _read_numbers(con, side, name)
    return ReadTable(number(con, f"SELECT count(*) FROM raw_{side}"), warnings)


def _columns(spec: LinkageSpec, side: str, types: dict[str, str]) -> dict[str, str | None]:
    columns = {name: one.left if side == "left" else one.right for name, one in spec.fields.items()}
    for name, one in spec.fields.items():
        if one.former is not None:
            columns[name + FORMER] = one.former if one.former in types else None
    return columns


def _text(spec: LinkageSpec, name: str, column: str | None, types: dict[str, str], source: str) -> str:
    """SQL for a column's values as text."""
    if column is None:
        return "NULL::VARCHAR"
    field = spec.fields.get(name)
    text = quoted(column)
    if types[column] not in _FLOATS:
        return f"{text}::VARCHAR"
    if field is not None and field.kind is Kind.ID_NUMBER:
        raise TableError(
            f"{source}: {column} holds floating-point numbers, which lose the last digits of an ID number; nothing was"
            " linked. Export the column as text again from where it comes."
        )
    whole = f"{text} = trunc({text}) AND abs({text}) < 9e15"
    return (
        f"CASE WHEN NOT isfinite({text}) THEN NULL WHEN {whole} THEN {text}::BIGINT::VARCHAR ELSE {text}::VARCHAR END"
    )


def _put_back(con: duckdb.DuckDBPyConnection, spec: LinkageSpec, side: str, source: str) -> list[str]:
    """Where the name is a number and the number is none, the two have changed places."""
    name, number_field = spec.first_of(Kind.HAN_NAME), spec.first_of(Kind.ID_NUMBER)
    if name is None or number_field is None:
        return []
    swapped = columns_swapped(name, number_field)
    rows = number(con, f"SELECT count(*) FROM raw_{side} WHERE {swapped}")
    if not rows:
        return []
    con.execute(f"UPDATE raw_{side} SET {name} = {number_field}, {number_field} = {name} WHERE {swapped}")
    return [
        f"{source}: {rows} rows have the name and the number in each other's columns; they were read the right way"
        " round. Tell whoever made the table."
    ]


def _set_several_apart(con: duckdb.DuckDBPyConnection, spec: LinkageSpec, side: str, source: str) -> list[str]:
    """Of a cell that names several people nobody knows whom the rest of the row means: it is left out."""
    name, number_field = spec.first_of(Kind.HAN_NAME), spec.first_of(Kind.ID_NUMBER)
    if name is None or number_field is None:
        return []
    few = con.sql(
        f"SELECT row, {name} AS name, {number_field} AS number FROM raw_{side}"
        f" WHERE {perhaps_several(name, number_field)}"
    ).to_arrow_table()
    rows = few.filter(hold_several(one_array(few["name"]), one_array(few["number"]))).select(["row"])
    if not rows.num_rows:
        return []
    con.register("several_people", rows)
    con.execute(
        f"UPDATE raw_{side} SET {name} = NULL, {number_field} = NULL WHERE row IN (SELECT row FROM several_people)"
    )
    con.unregister("several_people")
    return [
        f"{source}: {rows.num_rows} rows name several people in one cell; their names and numbers were left out. Give"
        " each person a row."
    ]


def _require(source: str, present: list[str], columns: list[str]) -> None:
    missing = [column for column in columns if column not in present]
    if missing:
        raise MissingColumnsError(
            f"{source}: lacks the columns {', '.join(missing)}; nothing was linked. It has {', '.join(present)}."
            " Correct the spec's fields or the table."
        )


def _refuse_repeated_ids(con: duckdb.DuckDBPyConnection, side: str, source: str, column: str) -> None:
    repeated = number(con, f"SELECT count(*) - count(DISTINCT id) FROM raw_{side}")
    if repeated:
        raise TableError(
            f"{source}: {column} is empty or repeated in {repeated} rows; nothing was linked."
            " Give each row an id of its own."
        )


def _read_numbers(con: duckdb.DuckDBPyConnection, side: str, name: str) -> None:
    """Make `numbers_<side>_<name>`: each distinct number cleaned, judged, and as 18 characters where it is sound.

    `read` is the number as 18 where possible, else as cleaned; blanks and placeholders are left out.
    """
    raw = con.sql(f"SELECT DISTINCT {name} AS raw FROM raw_{side} WHERE {name} IS NOT NULL").to_arrow_table()["raw"]
    cleaned = clean(raw)
    judged = verdicts(cleaned).cast(pa.string())
    table = pa.table({"raw": raw, "cleaned": cleaned, "verdict": judged, "upgraded": upgrade(cleaned)})
    con.register("read_numbers", table)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE numbers_{side}_{name} AS"
        " SELECT *, coalesce(upgraded, cleaned) AS read FROM read_numbers WHERE verdict NOT IN ('blank', 'placeholder')"
    )
    con.unregister("read_numbers")
