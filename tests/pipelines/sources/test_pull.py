"""What a source has comes to the inbox once, whole, and tells no secret."""

import gzip
import os
import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from engines.lake import Lake
from pipelines.intake.inbox import find_deliveries
from pipelines.settings import SettingMissingError
from pipelines.sources.access import FROM_ENVIRONMENT
from pipelines.sources.binding import Folder, Source, SourcesError, Sql, load_sources
from pipelines.sources.pull import SourceError, pull
from schemas.catalogue import load_catalogue
from schemas.contract import Contract
from tests.pipelines.conftest import DELIVERED

NEXT = DELIVERED + timedelta(days=1)
BOUND = """
sources:
  motor_vehicle:
    kind: sql
    url_variable: TRAFFIC_URL
    query: SELECT 1
"""


class Exchange:
    """A lake, an inbox, and a source that is pulled into it."""

    def __init__(self, folder: Path, contract: Contract) -> None:
        self.contract, self.inbox, self.lake = contract, folder / "inbox", Lake(folder / "lake")

    def pull(self, source: Source, night: date = DELIVERED) -> list[Path]:
        return pull(self.contract, source, self.inbox, self.lake, night, FROM_ENVIRONMENT)

    @property
    def waiting(self) -> list[str]:
        found, misnamed = find_deliveries(self.inbox, [self.contract], delivered_by=date.max, received_by=date.max)
        assert misnamed == []
        return [file.source.removeprefix("finance/payment/") for file in found]


@pytest.fixture
def exchange(tmp_path: Path, contract: Contract) -> Exchange:
    return Exchange(tmp_path, contract)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    (tmp_path / "drop").mkdir()
    return Folder(kind="folder", folder=tmp_path / "drop", name=r"FF_(?P<day>\d{8})(-\d)?\.csv(\.gz)?")


def drop(folder: Folder, name: str, content: bytes, modified: int = 1_603_900_000) -> Path:
    path = folder.folder / name
    path.write_bytes(content)
    os.utime(path, (modified, modified))
    return path


def test_a_file_of_a_folder_comes_once(exchange: Exchange, folder: Folder) -> None:
    drop(folder, "FF_20201029.csv", b"a\n1\n")
    drop(folder, "readme.txt", b"no delivery")
    (came,) = exchange.pull(folder)
    assert came.read_bytes() == b"a\n1\n"
    assert exchange.waiting == ["2020-10-29/payment_20201029.csv"]
    assert exchange.pull(folder) == exchange.pull(folder, NEXT) == []


def test_a_correction_of_a_day_comes_as_its_next_delivery(exchange: Exchange, folder: Folder) -> None:
    drop(folder, "FF_20201029.csv", b"a\n1\n")
    exchange.pull(folder)
    drop(folder, "FF_20201029-2.csv", b"a\n2\n")
    drop(folder, "FF_20201029.csv", b"a\n3\n", modified=1_603_990_000)
    exchange.pull(folder)
    assert exchange.waiting == [f"2020-10-29/payment_20201029{n}.csv" for n in ("", "_2", "_3")]


def test_a_file_of_a_day_to_come_waits_in_its_folder(exchange: Exchange, folder: Folder) -> None:
    drop(folder, "FF_20201030.csv", b"a\n1\n")
    assert exchange.pull(folder) == []
    assert len(exchange.pull(folder, NEXT)) == 1


def test_an_interrupted_transfer_goes_on_where_it_stopped(exchange: Exchange, folder: Folder) -> None:
    drop(folder, "FF_20201029.csv", b"a\n1\n")
    begun = exchange.lake.folder("pulls", "payment") / "1603900000-4-FF_20201029.csv"
    begun.write_bytes(b"X\n")
    (came,) = exchange.pull(folder)
    assert came.read_bytes() == b"X\n1\n"


def test_a_folder_that_is_not_there_is_told_without_its_place(exchange: Exchange, folder: Folder) -> None:
    folder.folder.rmdir()
    with pytest.raises(SourceError, match="payment: its folder source could not be read") as caught:
        exchange.pull(folder)
    assert str(folder.folder) not in str(caught.value)


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sql:
    path = tmp_path / "department.sqlite3"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE ff (payment_no TEXT, xm TEXT, amount NUMERIC, paid TEXT)")
        rows = [("A1", "张\n三", 12.5, "2020-10-28"), ("A2", None, 7, "2020-10-29"), ("A3", "李四", 1, "2020-10-30")]
        connection.executemany("INSERT INTO ff VALUES (?, ?, ?, ?)", rows)
    monkeypatch.setenv("AIRFLOW_CONN_PAYMENTS", f"sqlite:///{path}")
    query = "SELECT payment_no, xm AS 姓名, amount, paid AS paid_on FROM ff WHERE paid > :since AND paid <= :day"
    return Sql(kind="sql", connection="payments", query=query)


def test_a_query_comes_as_the_csv_a_department_would_deliver(exchange: Exchange, database: Sql) -> None:
    (came,) = exchange.pull(database)
    assert exchange.waiting == ["2020-10-29/payment_20201029.csv.gz"]
    assert gzip.decompress(came.read_bytes()).decode().splitlines() == [
        '"发放流水号","姓名","金额","发放日期"',
        '"A1","张 三","12.5","2020-10-28"',
        '"A2",,"7","2020-10-29"',
    ]
    assert exchange.pull(database) == []


def test_the_next_query_goes_on_after_the_newest_delivery(exchange: Exchange, database: Sql) -> None:
    exchange.pull(database)
    (came,) = exchange.pull(database, NEXT)
    assert gzip.decompress(came.read_bytes()).decode().splitlines()[1:] == ['"A3","李四","1","2020-10-30"']


def test_a_query_that_fails_leaves_nothing_and_tells_no_address(
    exchange: Exchange, database: Sql, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_PAYMENTS", "postgresql://user:secret@127.0.0.1:1/payments")
    with pytest.raises(SourceError, match="payment: its sql source could not be read") as caught:
        exchange.pull(database)
    assert "secret" not in f"{caught.value!r} {caught.value.__cause__!r}"
    assert exchange.waiting == []
    monkeypatch.delenv("AIRFLOW_CONN_PAYMENTS")
    with pytest.raises(SettingMissingError, match="AIRFLOW_CONN_PAYMENTS is not set"):
        exchange.pull(database)


def test_bindings_are_read_by_type(tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text(BOUND, encoding="utf-8")
    assert load_sources(file, load_catalogue())["motor_vehicle"].kind == "sql"


@pytest.mark.parametrize(
    ("was", "becomes", "problem"),
    [
        ("motor_vehicle", "spaceship", "sources: ['spaceship'] are not in the catalogue"),
        ("url_variable: TRAFFIC_URL", "url: postgresql://u:p@h/d", "url: unknown key"),
        ("url_variable: TRAFFIC_URL", "name: x", "name: unknown key"),
        ("SELECT 1", "DELETE FROM t", "a source is only read"),
        ("kind: sql", "kind: oracle", "kind"),
        ("sources:", "sources: [", "is not YAML"),
    ],
)
def test_a_binding_that_does_not_hold_is_told_with_file_and_key(
    tmp_path: Path, was: str, becomes: str, problem: str
) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text(BOUND.replace(was, becomes), encoding="utf-8")
    with pytest.raises(SourcesError) as caught:
        load_sources(file, load_catalogue())
    assert str(file) in str(caught.value)
    assert problem in str(caught.value)


def test_the_bindings_that_ship_as_an_example_hold() -> None:
    bound: dict[str, Any] = load_sources(Path("deploy/sources.example.yaml"), load_catalogue())
    assert {source.kind for source in bound.values()} == {"sql", "folder", "sftp", "http"}
