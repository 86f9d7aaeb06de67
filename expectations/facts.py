"""What is counted of a delivery before it is judged: one row of numbers, made in one pass over the rows."""

from pathlib import Path

import duckdb

from engines.embedded import identifier, literal
from schemas.contract import Contract

FACTS = (Path(__file__).parent / "facts.sql").read_text(encoding="utf-8")
OF_EVERY_ROW = ("delivery_id", "delivery_date", "row_number")
TABLE_OF_ROWS = "delivered"
TABLE_OF_FACTS = "facts"


class GateError(RuntimeError):
    """The gate could not run: neither accepted nor refused, and the last good delivery stays in use."""

    exit_code = 4


def broken(rule: str) -> str:
    """The fact that counts the rows which break a row rule."""
    return f"broken_{rule}"


def numbers(column: str) -> str:
    """The fact that counts the non-empty ID numbers of a column."""
    return f"numbers_{column}"


def count(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    rows: Path,
    quarantine: Path,
    *,
    landed: int,
    headers_missing: int,
) -> dict[str, float]:
    """Expose the rows as view ``delivered``, write the table ``facts`` and return its one row by column.

    In ``delivered`` the verdict on an empty ID number is NULL, so that shares are of the non-empty ones.
    Raises GateError when a file lacks a column or a row rule is not SQL that fits the contract.
    """
    _expose(connection, contract, rows)
    statement = FACTS.format(
        quarantine=_files(quarantine),
        key=", ".join(map(identifier, contract.key)),
        counts=", ".join(_counts(contract)),
        landed=landed,
        headers_missing=headers_missing,
    )
    try:
        connection.execute(statement)
    except duckdb.Error as error:
        raise GateError(_what_cannot_run(connection, contract, error)) from None
    cursor = connection.execute(f"FROM {TABLE_OF_FACTS}")
    names = [column[0] for column in cursor.description or ()]
    return dict(zip(names, cursor.fetchone() or (), strict=True))


def _expose(connection: duckdb.DuckDBPyConnection, contract: Contract, rows: Path) -> None:
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
    connection.execute(f"CREATE OR REPLACE VIEW {TABLE_OF_ROWS} AS SELECT {chosen} FROM {source}")


def _files(folder: Path) -> str:
    """SQL for the Parquet files below a folder, whose partition columns stand in the names of its folders."""
    every = literal(str(folder / "**" / "*.parquet"))
    types = "{'delivery_date': 'DATE', 'delivery_id': 'VARCHAR'}"
    return f"read_parquet({every}, hive_partitioning = true, hive_types = {types})"


def _counts(contract: Contract) -> list[str]:
    return [
        "count(*) AS conformed",
        *(
            f"count({identifier(verdict)}) AS {identifier(numbers(column))}"
            for column, verdict in contract.verdict_columns.items()
        ),
        *(
            f"count(*) FILTER (WHERE NOT ({rule.sql})) AS {identifier(broken(rule.name))}"
            for rule in contract.row_rules
        ),
    ]


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
