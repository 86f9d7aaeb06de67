"""What a source has comes to the inbox once, whole, and tells no secret."""

import errno
import fcntl
import gzip
import os
import sqlite3
import sys
import time
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipelines.deliveries.receipts import Receipt, ReceiptStore, Status
from pipelines.settings import SettingMissingError
from pipelines.sources.binding import SourcesError, load_sources
from pipelines.sources.declaration import Folder, Sql
from pipelines.sources.pull import Again
from pipelines.sources.source_error import SourceError
from schemas.catalogue import load_catalogue
from tests.pipelines.conftest import DELIVERED
from tests.pipelines.sources.conftest import Exchange

NEXT = DELIVERED + timedelta(days=1)
BOUND = """
sources:
  motor_vehicle:
    kind: sql
    url_variable: TRAFFIC_URL
    query: SELECT 1
"""


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


def test_a_file_asked_for_again_comes_as_the_next_delivery_of_its_day(exchange: Exchange, folder: Folder) -> None:
    drop(folder, "FF_20201028.csv", b"a\n1\n")
    drop(folder, "FF_20201029.csv", b"a\n2\n")
    exchange.pull(folder)
    (newest,) = exchange.pull(folder, again=Again())
    (earlier,) = exchange.pull(folder, again=Again(DELIVERED - timedelta(days=1)))
    assert (newest.name, earlier.name) == ("payment_20201029_2.csv", "payment_20201028_2.csv")
    with pytest.raises(SourceError, match="it has no file of that day"):
        exchange.pull(folder, again=Again(date(2020, 10, 1)))


def test_a_file_still_being_written_waits_for_the_next_pull(
    exchange: Exchange, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(folder, "FF_20201028.csv", b"a\n1\n")
    growing = drop(folder, "FF_20201029.csv", b"a\n", modified=int(time.time()))
    monkeypatch.setattr("time.sleep", lambda _: growing.write_bytes(b"a\n1\n2\n"))
    exchange.pull(folder)
    assert exchange.waiting == ["2020-10-29/payment_20201028.csv"]
    monkeypatch.setattr("time.sleep", lambda _: None)
    exchange.pull(folder)
    assert exchange.waiting[1:] == ["2020-10-29/payment_20201029.csv"]


def test_a_packed_file_is_known_by_its_bytes(exchange: Exchange, folder: Folder) -> None:
    drop(folder, "FF_20201029.csv", gzip.compress(b"a\n1\n"))
    assert [path.name for path in exchange.pull(folder)] == ["payment_20201029.csv.gz"]


def test_a_transfer_that_nobody_goes_on_with_is_deleted(exchange: Exchange, folder: Folder) -> None:
    drop(folder, "FF_20201029.csv", b"a\n1\n")
    exchange.pull(folder)
    for name in ("old", "new"):
        (exchange.lake.root / "pulls" / "payment" / name).write_bytes(b"a\n")
    os.utime(exchange.lake.root / "pulls" / "payment" / "old", (1, 1))
    assert exchange.pull(folder) == []
    left = {path.name for path in (exchange.lake.root / "pulls" / "payment").iterdir()}
    assert left == {".lock", "new", "1603900000-4-FF_20201029.csv.brought"}


def test_an_inbox_on_another_file_system_never_shows_half_a_file(
    exchange: Exchange, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop(folder, "FF_20201029.csv", b"a\n1\n")
    rename = Path.rename

    def within_one(path: Path, target: Path) -> Path:
        if path.parent != target.parent:
            raise OSError(errno.EXDEV, "another file system")
        assert path.read_bytes() == b"a\n1\n"
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", within_one)
    exchange.pull(folder)
    assert exchange.waiting == ["2020-10-29/payment_20201029.csv"]
    assert not list((exchange.lake.root / "pulls" / "payment").glob("*.csv"))


def test_a_second_pull_of_a_type_at_the_same_time_is_refused(exchange: Exchange, folder: Folder) -> None:
    exchange.pull(folder)
    with (exchange.lake.root / "pulls" / "payment" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(SourceError, match="another pull of this type is running"):
            exchange.pull(folder)


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


def test_a_query_asked_again_within_its_cadence_is_the_next_delivery_of_its_day(
    exchange: Exchange, database: Sql
) -> None:
    exchange.pull(database)
    exchange.pull(database, again=Again())
    exchange.pull(database, NEXT, again=Again(DELIVERED))
    first = f"{DELIVERED}/payment_20201029"
    assert exchange.waiting == [
        f"{first}.csv.gz",
        f"{first}_2_correction.csv.gz",
        f"{NEXT}/payment_20201029_correction.csv.gz",
    ]
    contents = {gzip.decompress(path.read_bytes()) for path in exchange.inbox.rglob("*.gz")}
    assert len(contents) == 1


def test_a_number_in_use_stays_so_when_its_file_was_cleared_away(exchange: Exchange, database: Sql) -> None:
    (came,) = exchange.pull(database)
    receipt = Receipt(
        delivery_id="d", type_name="payment", delivery_date=DELIVERED, received=DELIVERED, sequence=1, source=came.name,
        size=1, modified_ns=1, sha256="a", contract_version="1", status=Status.ACCEPTED,
    )  # fmt: skip
    ReceiptStore(exchange.lake).write(receipt)
    came.unlink()
    assert [path.name for path in exchange.pull(database, again=Again())] == ["payment_20201029_2_correction.csv.gz"]


def test_a_file_of_sqlite_is_only_read_and_never_made(
    exchange: Exchange, database: Sql, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIRFLOW_CONN_PAYMENTS", f"sqlite:///{tmp_path / 'nowhere.sqlite3'}")
    with pytest.raises(SourceError, match="there is no such SQLite file"):
        exchange.pull(database)
    assert not (tmp_path / "nowhere.sqlite3").exists()


def test_a_driver_that_is_not_installed_is_named_with_its_extra(
    exchange: Exchange, database: Sql, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "oracledb", None)
    monkeypatch.setenv("AIRFLOW_CONN_PAYMENTS", "oracle://user:secret@127.0.0.1/x")
    with pytest.raises(SourceError, match=r"the driver for Oracle \(oracledb\) is not installed: .*hedui\[oracle\]"):
        exchange.pull(database)
    monkeypatch.setenv("AIRFLOW_CONN_PAYMENTS", "spaceship://user:secret@127.0.0.1/x")
    with pytest.raises(SourceError, match="there is no driver for its address"):
        exchange.pull(database)


def test_an_address_may_be_in_a_file(
    exchange: Exchange, database: Sql, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "address").write_text(f"{os.environ['AIRFLOW_CONN_PAYMENTS']}\n", encoding="utf-8")
    monkeypatch.delenv("AIRFLOW_CONN_PAYMENTS")
    monkeypatch.setenv("AIRFLOW_CONN_PAYMENTS_FILE", str(tmp_path / "address"))
    assert len(exchange.pull(database)) == 1


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
        ("TRAFFIC_URL", "postgresql://u:topsecret@h/d", "url_variable"),
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
    assert "topsecret" not in str(caught.value)


def test_the_bindings_that_ship_as_an_example_hold() -> None:
    bound: dict[str, Any] = load_sources(Path("deploy/sources.example.yaml"), load_catalogue())
    assert {source.kind for source in bound.values()} == {"sql", "folder", "sftp", "http", "json"}


SERVERS = """
sources:
  motor_vehicle:
    kind: json
    path: /api/{day}
    url_variable: TRAFFIC_URL
    columns: {plate_number: plate}
    paging: {kind: page_number, parameter: page}
  subsidy_payment: {kind: sftp, connection: finance, folder: /out, name: 'B(?P<day>.*)'}
  student_enrolment: {kind: http, connection: school, path: '/{day}'}
"""


@pytest.mark.parametrize(
    ("was", "becomes", "problem"),
    [
        ("/api/{day}", "https://u:topsecret@h/api", "write only what follows it"),
        ("/api/{day}", "/api/{date}", "that is no {day}"),
        ("'/{day}'", "'/{since}'", "write {day} and not {since}"),
        ("{plate_number: plate}", "{plate: plate}", "sources.motor_vehicle.columns: ['plate'] are not columns of it"),
        ("page_number, p", "pages, p", "sources.motor_vehicle.paging: 'pages' is no kind: use one of 'next_link'"),
        ("TRAFFIC_URL", "topsecret", "sources.motor_vehicle.url_variable: write the name of an environment variable"),
        ("{plate_number: plate}", "{plate_number: a..b}", "columns.plate_number: write keys joined by single dots"),
        ("parameter: page}", "parameter: page}\n    parameters: {page: 2}", "paging.parameter: page is in parameters"),
        ("parameter: page}", "parameter: page}\n    parameters: {appkey: topsecret}", "use secret_parameters"),
        ("kind: json", "parameters: {appkey: topsecret}\n    kind: json", "use secret_parameters"),
        ("folder: /out", "folder: /out, host_key: abc", "subsidy_payment.host_key: write it as ssh-keygen"),
        ("folder: /out", "folder: /out, password: topsecret", "password: unknown key"),
        ("(?P<day>.*)", "(.*)", "has no group day"),
    ],
)
def test_a_server_that_is_declared_wrongly_is_told_with_file_key_and_fix(
    tmp_path: Path, was: str, becomes: str, problem: str
) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text(SERVERS, encoding="utf-8")
    assert len(load_sources(file, load_catalogue())) == 3
    file.write_text(SERVERS.replace(was, becomes), encoding="utf-8")
    with pytest.raises(SourcesError) as caught:
        load_sources(file, load_catalogue())
    assert str(file) in str(caught.value)
    assert problem in str(caught.value)
    assert "topsecret" not in str(caught.value)
