"""Only the key and the required identity set a row apart: whatever else cannot be read leaves the row, and a note."""

from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from pipelines.intake.conform import conform
from pipelines.intake.header import read_columns
from pipelines.intake.quarantine import DeliveryKey
from schemas.catalogue import load_catalogue
from schemas.column import Column, Meaning
from schemas.contract import Contract
from tests.pipelines.conftest import DELIVERED, Deliver, csv_of

UNDECODABLE = "\ufffd"
NOTHING_READABLE = {
    Meaning.DATE: "某日",
    Meaning.MONTH: "某月",
    Meaning.AMOUNT: "若干",
    Meaning.QUANTITY: "若干",
    Meaning.COUNT: "若干",
    Meaning.CODE: "（不在表内）",
    Meaning.DIVISION: "某处",
}


def sound(column: Column, row: int) -> str:
    """A cell that can be read, as short as any; optional ones are left empty."""
    match column.meaning:
        case _ if not column.required:
            return ""
        case Meaning.CODE:
            return next(iter(column.codes))
        case Meaning.DATE:
            return "2020-10-01"
        case Meaning.MONTH:
            return "2020-10"
        case Meaning.AMOUNT | Meaning.QUANTITY | Meaning.COUNT:
            return "1"
        case Meaning.DIVISION:
            return "520102001001"
        case Meaning.PERSON_NAME:
            return "张三"
        case _:
            return f"A{row}"


def told_by_cells(contract: Contract) -> list[tuple[str, str]]:
    """Every column of which no cell sets a row apart, with what cannot be read in it."""
    telling = {name for identity in contract.identity for name in identity.columns().values()}
    return [
        (column.name, cell)
        for column in contract.columns
        if column.name not in telling.union(contract.key)
        for cell in (UNDECODABLE, NOTHING_READABLE.get(column.meaning))
        if cell
    ]


@pytest.mark.parametrize("contract", list(load_catalogue()), ids=lambda contract: contract.name)
def test_a_cell_that_cannot_be_read_keeps_its_row(
    contract: Contract, connection: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    unread = told_by_cells(contract)
    lines = [
        [cell if column.name == name else sound(column, row) for column in contract.columns]
        for row, (name, cell) in enumerate(unread)
    ]
    path = tmp_path / "delivery.csv"
    path.write_bytes(csv_of([column.header for column in contract.columns], *lines))
    header = read_columns(path, "utf-8", contract)
    key = DeliveryKey("20201029-1", DELIVERED)
    conformed = conform(connection, path, "utf-8", contract, header, delivery=key, aside=tmp_path / "aside")
    assert pq.read_table(conformed.quarantine).to_pylist() == []
    rows = pq.read_table(conformed.rows).sort_by("row_number").to_pylist()
    notes = pq.read_table(conformed.notes).to_pylist()
    assert [(note["column_name"], note["raw"]) for note in notes] == unread
    assert [row[name] for row, (name, _) in zip(rows, unread, strict=True)] == [
        contract.column(name).unlisted for name, _ in unread
    ]


@pytest.mark.parametrize("contract", list(load_catalogue()), ids=lambda contract: contract.name)
def test_a_contract_says_of_no_other_column_that_it_sets_rows_apart(contract: Contract) -> None:
    telling = {name for identity in contract.identity for name in identity.columns().values()}
    apart = {column.name for column in contract.columns if contract.sets_apart(column)}
    assert set(contract.key) <= apart <= telling.union(contract.key)


@pytest.mark.parametrize("error", ["#N/A", "#REF!", " #VALUE! ", "＃Ｎ／Ａ", "#DIV/0!"])
def test_what_a_formula_failed_to_come_to_is_nobody_s_name(deliver: Deliver, error: str) -> None:
    header = ("发放流水号", "姓名", "身份证号", "金额", "住址")
    rows = [("A1", error, "", "1", ""), ("A2", "李四", error, error, error), ("A3", "#N/A村", "", "", "#1")]
    delivered = deliver(csv_of(header, *rows))
    assert [(row["payment_no"], row["id_number"], row["address"]) for row in delivered.rows] == [
        ("A2", None, None),
        ("A3", None, "#1"),
    ]
    assert [(row["row_number"], row["rule"]) for row in delivered.quarantine] == [(2, "undecodable")]
    assert {note["column_name"] for note in delivered.notes} == {"id_number", "amount", "address"}
