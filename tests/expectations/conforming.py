"""Conforming deliveries made from a contract, and single faults planted in them with SQL."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from engines.embedded import identifier, literal, sql_type
from expectations.gate import Gate, Verdict
from schemas.column import Column, Meaning
from schemas.contract import Contract

DELIVERY_DATE = date(2020, 10, 31)
A_DAY = "DATE '2020-10-01'"
QUARANTINE = (
    "CREATE TABLE quarantine (row_number BIGINT, rule VARCHAR, column_name VARCHAR, explain_zh VARCHAR, "
    "explain_en VARCHAR, raw VARCHAR, delivery_date DATE, delivery_id VARCHAR)"
)


@dataclass
class Delivery:
    """A delivery as conform leaves it, and what else the gate is told."""

    contract: Contract
    rows: Path
    quarantine: Path
    landed: int
    headers_missing: list[str] = field(default_factory=list)
    last_good_rows: int | None = None

    def through(self, gate: Gate, **changed: Any) -> Verdict:
        told: dict[str, Any] = {
            "landed": self.landed,
            "headers_missing": self.headers_missing,
            "last_good_rows": self.last_good_rows,
            "delivery_date": DELIVERY_DATE,
        }
        return gate.check(self.contract, self.rows, self.quarantine, **(told | changed))


def delivery_of(contract: Contract, folder: Path, rows: int, *faults: str, quarantined: int = 0) -> Delivery:
    """A conforming delivery; ``faults`` are SQL statements on its table ``made`` before it is written."""
    folder.mkdir(parents=True, exist_ok=True)
    columns = [f"({_value(column)})::{sql_type(column.arrow_type)} AS {identifier(column.name)}"
               for column in contract.columns]  # fmt: skip
    verdicts = [f"'sound' AS {identifier(verdict)}" for verdict in contract.verdict_columns.values()]
    made = ", ".join([*columns, *verdicts])
    delivery = Delivery(contract, folder / "rows", folder / "quarantine", rows + quarantined)
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE made AS SELECT {made}, i + 1 AS row_number FROM range({rows}) AS r(i)")
        for fault in faults:
            connection.execute(fault)
        connection.execute(QUARANTINE)
        connection.execute(
            f"INSERT INTO quarantine (row_number) SELECT {rows} + i + 1 FROM range({quarantined}) AS r(i)"
        )
        for table, below in (("made", delivery.rows), ("quarantine", delivery.quarantine)):
            part = below / f"delivery_date={DELIVERY_DATE}" / "delivery_id=d1" / "part.parquet"
            part.parent.mkdir(parents=True, exist_ok=True)
            connection.execute(f"COPY {table} TO {literal(str(part))} (FORMAT parquet)")
    return delivery


def _value(column: Column) -> str:
    """SQL for one value: text is different in every row, numbers and dates are the same, so that row rules hold."""
    match column.meaning:
        case Meaning.DATE | Meaning.MONTH:
            return A_DAY
        case Meaning.AMOUNT | Meaning.QUANTITY | Meaning.COUNT:
            return "1"
        case Meaning.CODE:
            return literal(next(iter(column.codes)))
        case _:
            return f"{literal(column.name)} || i"
