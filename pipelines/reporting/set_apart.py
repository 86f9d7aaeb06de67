"""Lines set apart and cells noted, for the department that is to correct its export: by line and column, masked.

Of a line its shape is told, of a cell what its column's meaning lets be seen. What many cells of a column say is
nobody's own and is told whole, such as a code that no list has: that is what the department must put right.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from engines.embedded import file_list
from engines.lake import Lake
from pipelines.deliveries.receipts import Receipt
from pipelines.intake.quarantine import tables_of
from schemas.column import Column, Meaning
from schemas.contract import Contract
from schemas.masks import MASKS, SHOWN_WHOLE, mask_numbers, mask_value

SQL = Path(__file__).parent / "sql"
LONGEST = 400
SHARED = 5
"""A value that so many cells of a column have is told whole."""
FIGURES = frozenset("0123456789０１２３４５６７８９-−/.:：,，+ TZ年月日时分秒%元万")
"""The signs of dates, months and amounts."""
HIDES_WHATEVER_IT_IS = frozenset((Meaning.ID_NUMBER, Meaning.PERSON_NAME))
"""Of these the mask leaves too little of what belongs into another column; of others the shape alone is told."""
LINE, CELL = "line", "cell"


@dataclass(frozen=True)
class SetApart:
    """A line that was set apart, or a cell of a kept line that could not be read."""

    kind: str
    line: int
    """Its number in the file, whose header is in line 1 or below a title."""
    column: str
    """As the contract names it; empty where the whole line is at fault."""
    header: str
    rule: str
    why_zh: str
    why_en: str
    shown: str
    """The shape of the line, or the cell masked."""


def add_shape(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the macro ``shape``."""
    connection.execute((SQL / "shape.sql").read_text(encoding="utf-8"))


def set_apart(
    connection: duckdb.DuckDBPyConnection, lake: Lake, contract: Contract, receipt: Receipt, rows_from: str
) -> Iterator[SetApart]:
    """What was set apart of a delivery whose rows stand under ``rows_from``: lines, then cells, as they are read."""
    add_shape(connection)
    columns = {column.name: column for column in contract.columns}
    born = {identity.birth_date for identity in contract.identity}
    _, lines, notes = tables_of(receipt.type_name)
    for table, kind in ((lines, LINE), (notes, CELL)):
        files = lake.files(table, "delivery_id", [rows_from])
        if not files:
            continue
        statement = (SQL / "set_apart.sql").read_text(encoding="utf-8").replace("__FILES__", file_list(files))
        found = connection.execute(statement, {"delivery_id": rows_from, "longest": LONGEST})
        while rows := found.fetchmany(10_000):
            for number, name, rule, zh, en, shape, raw, alike in rows:
                column = columns.get(name or "")
                shown = shape if kind == LINE else _cell(column, raw or "", shape or "", alike, born=name in born)
                yield SetApart(
                    kind, number, name or "", column.header if column else name or "", rule, zh, en, shown or ""
                )


def _cell(column: Column | None, raw: str, shape: str, alike: int, *, born: bool) -> str:
    """What may be seen of a cell that could not be read: it may hold what belongs into another column."""
    if column is None:
        return shape
    if column.meaning not in SHOWN_WHOLE:
        return MASKS[column.meaning](raw)[:LONGEST] if column.meaning in HIDES_WHATEVER_IT_IS else shape
    if alike >= SHARED:
        return mask_numbers(raw)[:LONGEST]
    if FIGURES.issuperset(raw):
        return mask_numbers(mask_value(column.meaning, raw, born=born))[:LONGEST]
    return shape
