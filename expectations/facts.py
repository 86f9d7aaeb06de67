"""What is counted of a delivery before it is judged: one row of numbers, made in one pass over the rows."""

from collections.abc import Mapping
from pathlib import Path

import duckdb

from engines.embedded import file_list, identifier
from schemas.contract import Contract

FACTS = (Path(__file__).parent / "facts.sql").read_text(encoding="utf-8")
REPEATED_KEYS = "SELECT count(*) FROM (SELECT {key} FROM delivered GROUP BY ALL HAVING count(*) > 1)"
OF_EVERY_ROW = ("delivery_id", "delivery_date", "row_number")
TABLE_OF_ROWS = "delivered"


class GateError(RuntimeError):
    """The gate could not run: neither accepted nor refused, and the last good delivery stays in use."""

    exit_code = 4


def count(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    rows: Path,
    quarantine: Path,
    counts: Mapping[str, str],
    *,
    landed: int,
    of_nobody: int,
    headers_missing: int,
    keys_differ: bool = False,
) -> dict[str, float]:
    """Everything the gate must know of a delivery, by name; ``counts`` are SQL aggregates over its rows.

    keys_differ: that no key comes twice is known, and not counted. In the rows the verdict on an empty ID number is
    NULL, so that shares are of the non-empty ones.
    Raises GateError when a file lacks a column or a row rule is not SQL that fits the contract.
    """
    with connection.cursor() as own:
        _expose(own, contract, rows)
        key = ", ".join(map(identifier, contract.key))
        statement = FACTS.format(
            quarantine=_files(quarantine),
            repeated_keys="0" if keys_differ else f"count(*) - count(DISTINCT hash({key}))",
            counts=", ".join(f"{aggregate} AS {identifier(name)}" for name, aggregate in counts.items()),
            landed=landed,
            of_nobody=of_nobody,
            headers_missing=headers_missing,
        )
        try:
            answer = own.execute(statement)
            names = [column[0] for column in answer.description or ()]
            facts = dict(zip(names, answer.fetchone() or (), strict=True))
            if facts["repeated_keys"]:
                (facts["repeated_keys"],) = own.execute(REPEATED_KEYS.format(key=key)).fetchone() or (0,)
        except duckdb.Error as error:
            raise GateError(_what_cannot_run(own, contract, error)) from None
        return facts


def _expose(connection: duckdb.DuckDBPyConnection, contract: Contract, rows: Path) -> None:
    """Show the rows as the view ``delivered``, which no other cursor sees."""
    verdicts = [identifier(verdict) for verdict in contract.verdict_columns.values()]
    replaced = ", ".join(f"nullif({verdict}, 'blank') AS {verdict}" for verdict in verdicts)
    source = _files(rows)
    needed = [*contract.arrow_schema.names, *contract.verdict_columns.values(), *OF_EVERY_ROW]
    try:
        present = {name for name, *_ in connection.execute(f"DESCRIBE FROM {source}").fetchall()}
    except duckdb.Error as error:
        raise GateError(f"{contract.name}: its rows cannot be read ({type(error).__name__})") from None
    if missing := [name for name in needed if name not in present]:
        raise GateError(f"{contract.name}: its rows lack the columns {missing}: conform the delivery again")
    chosen = f"* REPLACE ({replaced})" if verdicts else "*"
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {TABLE_OF_ROWS} AS SELECT {chosen} FROM {source}")


def _files(folder: Path) -> str:
    """SQL for the Parquet files below a folder, whose partition columns stand in the names of its folders."""
    every = file_list(sorted(folder.rglob("*.parquet")))
    types = "{'delivery_date': 'DATE', 'delivery_id': 'VARCHAR'}"
    return f"read_parquet({every}, hive_partitioning = true, hive_types = {types})"


def _what_cannot_run(connection: duckdb.DuckDBPyConnection, contract: Contract, error: duckdb.Error) -> str:
    """Name the row rule at fault, if it is one. A conversion error is not quoted: its text holds a value."""
    for rule in contract.row_rules:
        try:
            connection.execute(f"SELECT ({rule.sql})::BOOLEAN FROM {TABLE_OF_ROWS} LIMIT 0")
        except (duckdb.BinderException, duckdb.ParserException, duckdb.CatalogException) as fault:
            first_line = str(fault).splitlines()[0]
            return f"{contract.name}: row_rules.{rule.name}.sql cannot run: {first_line}: correct it in the contract"
    return (
        f"{contract.name}: the delivery cannot be counted ({type(error).__name__}): see its files and the memory limit"
    )
