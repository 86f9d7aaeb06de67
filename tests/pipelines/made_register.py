"""Small registers as the as-of views show them, for linking both rounds of a night."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import duckdb
import pyarrow as pa

from matchers.identity.id_numbers import clean, verdicts
from schemas.catalogue import Catalogue, load_catalogue
from schemas.contract import Contract

TYPES = (
    "dibao_roster",
    "tekun_roster",
    "registered_poor",
    "household_register",
    "motor_vehicle",
    "marriage",
    "disability_certificate",
)
"""The places of both rounds, and records with former names, with two roles, with and without a birth date, asked of the
near-poor and not."""
Row = dict[str, Any]
Rows = dict[str, list[Row]]


def few_types() -> Catalogue:
    """A catalogue of ``TYPES`` alone."""
    whole = load_catalogue()
    return Catalogue(whole.departments, {name: whole[name] for name in TYPES})


def shown(rows: Rows, catalogue: Catalogue | None = None) -> duckdb.DuckDBPyConnection:
    """A connection with a table for each type; what a row does not tell is null."""
    connection = duckdb.connect()
    for contract in catalogue or few_types():
        connection.register("made", _table(contract, rows.get(contract.name, [])))
        connection.execute(f"CREATE TABLE {contract.name} AS FROM made")
        connection.unregister("made")
    return connection


def _table(contract: Contract, rows: Sequence[Row]) -> pa.Table:
    columns = {
        field.name: pa.array([row.get(field.name) for row in rows], field.type) for field in contract.arrow_schema
    }
    for identity in contract.identity:
        columns[identity.id_number] = clean(columns[identity.id_number])
        columns[contract.verdict_columns[identity.id_number]] = verdicts(columns[identity.id_number]).cast(pa.string())
    keys = pa.array([str(row.get("row_key", place)) for place, row in enumerate(rows)], pa.string())
    return pa.table(columns | {"row_key": keys, "delivery_id": pa.array(["d1"] * len(rows), pa.string())})


def by_type(rows: Sequence[tuple[str, Row]]) -> Rows:
    """Rows, each given with its type, by their types."""
    found: Rows = defaultdict(list)
    for name, row in rows:
        found[name].append(row)
    return found
