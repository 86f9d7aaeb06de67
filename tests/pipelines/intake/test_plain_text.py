"""Whatever kind of file a table is sent as, the same rows are read from it, and none is lost."""

from pathlib import Path
from string import ascii_letters, digits

import duckdb
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as some

from pipelines.deliveries.receipts import Status
from pipelines.intake.conform import conform
from pipelines.intake.header import read_columns
from pipelines.intake.land import detect_encoding
from pipelines.intake.plain_text import as_plain_text
from pipelines.intake.quarantine import DeliveryKey
from schemas.contract import Contract
from tests.pipelines.conftest import DELIVERED
from tests.pipelines.intake.made_files import KINDS, Table, csv_text
from tests.pipelines.intake.payment_office import MakeOffice

HEADER = ("发放流水号", "姓名", "身份证号", "金额", "住址")
NAMES = some.text("张三李四王五欧阳赵", min_size=1, max_size=4)
"""Long enough for a file to show what encoding it is in."""
ADDRESSES = some.text("花溪区,\"'；一二三" + digits, max_size=12).map(str.strip)
AMOUNTS = some.sampled_from(["12.50", "1598", "0.01", "", "-3", "很多"])
ID_NUMBERS = some.sampled_from(["529901199001011235", "52990119900101123x", ""])
KEYS = some.one_of(some.text(ascii_letters + digits, max_size=5), some.just("A1"))
ROWS = some.lists(some.tuples(KEYS, NAMES, ID_NUMBERS, AMOUNTS, ADDRESSES), min_size=2, max_size=8)
Read = tuple[list[tuple[object, ...]], list[tuple[object, ...]]]


def read(content: bytes, folder: Path, contract: Contract, connection: duckdb.DuckDBPyConnection) -> Read:
    """The rows that a file comes to, and the rules that set others apart, without regard to where they stood."""
    path = folder / "payment_20201029.csv"
    path.write_bytes(content)
    text = as_plain_text(path, contract, folder / "aside").path
    encoding = detect_encoding(text)
    header = read_columns(text, encoding, contract)
    key = DeliveryKey("20201029-1", DELIVERED)
    done = conform(connection, text, encoding, contract, header, delivery=key, aside=folder / "aside")
    rows = pq.read_table(done.rows).select([column.name for column in contract.columns]).to_pylist()
    apart = pq.read_table(done.quarantine).select(["rule", "column_name"]).to_pylist()
    assert done.landed == done.conformed + done.quarantined
    return sorted((tuple(row.values()) for row in rows), key=str), sorted(
        (tuple(row.values()) for row in apart), key=str
    )


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS)
def test_every_kind_of_file_gives_the_rows_of_the_plain_one(
    tmp_path_factory: pytest.TempPathFactory,
    contract: Contract,
    connection: duckdb.DuckDBPyConnection,
    kind: str,
    rows: list[tuple[str, ...]],
) -> None:
    middle = len(rows) // 2
    assume(rows[:middle] != rows[middle:])  # A file that is in an archive twice is read once.
    table: Table = [HEADER, *rows]
    plain = read(csv_text(table), tmp_path_factory.mktemp("plain"), contract, connection)
    assert sum(map(len, plain)) == len(rows)
    assert read(KINDS[kind](table), tmp_path_factory.mktemp("other"), contract, connection) == plain


@pytest.mark.slow
def test_a_receipt_says_what_came_and_where_each_part_begins(office_of: MakeOffice) -> None:
    office = office_of("full")
    table = [HEADER, ("A1", "张三", "", "1", ""), ("A2", "李四", "", "2", ""), ("A3", "王五", "", "3", "")]
    office.drop("payment_20201029.csv", KINDS["zip of many kinds"](table))
    (receipt,) = office.take_in()
    assert receipt.status is Status.ACCEPTED
    assert (receipt.came_as, receipt.landed, receipt.conformed) == ("zip", 3, 3)
    assert [(one.name, one.first_line) for one in receipt.sections] == [
        ("1 甲.csv", 1),
        ("2 乙.xlsx / 表1", 3),
        ("说明.pdf", None),
    ]
    assert "PDF" in receipt.sections[-1].remarks[0].en
    assert office.told("amount") == {"A1": 1, "A2": 2, "A3": 3}
    (kept,) = (office.lake.root / "landed").rglob("payment_20201029.csv.zst")
    assert kept.is_file()
