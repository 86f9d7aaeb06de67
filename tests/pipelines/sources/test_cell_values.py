"""What a database or a service gives comes to the inbox as what it is, and reads back as the same values."""

import csv
import gzip
import json
import re
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.sources.cell_values import text_of, texts_of
from pipelines.sources.json_delivery import write_records
from pipelines.sources.query import write_query
from schemas.contract import Contract
from tests.pipelines.conftest import Deliver

SHANGHAI = timezone(timedelta(hours=8))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        (1598.0, "1598"),
        (1e17, "100000000000000000"),
        (1.5e-7, "0.00000015"),
        (-0.0, "0"),
        (Decimal("12.50"), "12.50"),
        (Decimal("1E+3"), "1000"),
        (float("nan"), None),
        (True, "1"),
        ("2020-09-30 16:00:00.0000000 +00:00", "2020-10-01 00:00:00"),
        (False, "0"),
        ("2020-09-30T16:00:00Z", "2020-10-01 00:00:00"),
        ("2020-09-30T16:00:00.000+00:00", "2020-10-01 00:00:00"),
        ("2020-09-30 16:00:00+0000", "2020-10-01 00:00:00"),
        ("2020-10-01 00:00:00+08", "2020-10-01 00:00:00"),
        ("2020-09-30T16:00:00", "2020-09-30T16:00:00"),
        ("2020-13-30T16:00:00Z", "2020-13-30T16:00:00Z"),
        ("9999-12-31T23:59:59Z", "9999-12-31 23:59:59"),
        (datetime(2020, 9, 30, 16, tzinfo=UTC), "2020-10-01 00:00:00"),
        (datetime(2020, 9, 30, 16, 0, 0, 999), "2020-09-30 16:00:00"),  # noqa: DTZ001 (a database's own)
        (date(2020, 9, 30), "2020-09-30"),
        ("张\r\n三\0\0", "张 三"),
        ("\ud83d", "\ufffd"),
        ({"a": [1, Decimal("2.5")]}, '{"a": [1, "2.5"]}'),
        ("贵A".encode(), "贵A"),
        (b"\1", "1"),
        (b"\xff\xfe", "fffe"),
    ],
)
def test_a_value_is_written_as_a_person_would(value: object, text: str | None) -> None:
    assert text_of(value) == text


def test_columns_of_arrow_come_as_the_same_text() -> None:
    moments = [datetime(2020, 9, 30, 16, tzinfo=UTC), None]
    columns = {
        "floats": pa.array([1598.0, 1e17, 1.5e-7, 0.1, -0.0, 1234567890123.25, float("nan"), None]),
        "short": pa.array([1598.0, 0.5], pa.float32()),
        "flags": pa.array([True, False, None]),
        "texts": pa.array(["a\nb\0", "2020-09-30T16:00:00Z", None]),
        "moments": pa.array(moments, pa.timestamp("us", "UTC")),
        "money": pa.array([Decimal("1.50"), None], pa.decimal128(9, 2)),
        "bytes": pa.array([b"\xff", None]),
        "days": pa.array([date(2020, 9, 30), None]),
    }
    for name, column in columns.items():
        assert texts_of(column).to_pylist() == [text_of(value) for value in column.to_pylist()], name


@given(st.decimals(allow_nan=False, allow_infinity=False) | st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_keeps_its_value_and_has_no_exponent(number: Decimal | float) -> None:
    text = text_of(number) or ""
    exact = Decimal(repr(number)) if isinstance(number, float) else number
    assert Decimal(text) == exact
    assert abs(exact.adjusted()) > 400 or "E" not in text


CELL = st.none() | st.text(st.characters(blacklist_categories=["Cs"]), max_size=8)
ROWS = st.lists(st.tuples(CELL, CELL, st.integers(-(10**15), 10**15)), min_size=1, max_size=5)


def cells_of(file: Path) -> list[list[str]]:
    text = gzip.decompress(file.read_bytes()).decode()
    return list(csv.reader(text.split("\n")[:-1]))[1:]


def as_read(cell: str | None) -> str:
    return re.sub(r"[\r\n]+", " ", (cell or "").replace("\0", ""))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ROWS)
def test_a_written_delivery_reads_back_to_the_same_values(
    contract: Contract, tmp_path: Path, rows: list[tuple[str | None, str | None, int]]
) -> None:
    expected = [[as_read(name), as_read(address), str(count)] for name, address, count in rows]
    database = tmp_path / "department.sqlite3"
    database.unlink(missing_ok=True)
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("CREATE TABLE t (name, address, people)")
        connection.executemany("INSERT INTO t VALUES (?, ?, ?)", rows)
    query = "SELECT name, address, people FROM t ORDER BY rowid"
    assert write_query(f"sqlite:///{database}", query, contract, tmp_path / "a.csv.gz") == len(rows)
    assert cells_of(tmp_path / "a.csv.gz") == expected
    names = ("name", "address", "people")
    records = json.loads(json.dumps([dict(zip(names, row, strict=True)) for row in rows]))
    write_records([records], dict(zip(names, names, strict=True)), contract, tmp_path / "b.csv.gz")
    assert cells_of(tmp_path / "b.csv.gz") == expected


def test_what_a_service_says_is_what_the_contract_reads(contract: Contract, tmp_path: Path, deliver: Deliver) -> None:
    record: dict[str, Any] = {
        "payment_no": 100000000000000001,
        "name": "李\n四\0",
        "paid_on": "2020-09-30T16:00:00Z",
        "amount": 1598.0,
        "people": 3.0,
        "kind": True,
        "nested": {"address": None},
    }
    columns = {name: name for name in record if name != "nested"} | {"address": "nested.address"}
    write_records([[record]], columns, contract, tmp_path / "c.csv.gz")
    delivered = deliver(gzip.decompress((tmp_path / "c.csv.gz").read_bytes()))
    assert delivered.quarantine == []
    (row,) = delivered.rows
    told = {name: row[name] for name in columns}
    assert told == {
        "payment_no": "100000000000000001",
        "name": "李四",
        "paid_on": date(2020, 10, 1),
        "amount": Decimal(1598),
        "people": 3,
        "kind": "1",
        "address": None,
    }


def test_a_column_that_only_a_later_record_has_is_not_lost(contract: Contract, tmp_path: Path) -> None:
    pages: list[list[dict[str, Any]]] = [[{"payment_no": "1"}], [{"payment_no": "2", "more": {"than": "expected"}}]]
    write_records(pages, {}, contract, tmp_path / "d.csv.gz")
    lines = gzip.decompress((tmp_path / "d.csv.gz").read_bytes()).decode().splitlines()
    assert lines == ['"发放流水号","more.than"', '"1",', '"2","expected"']
