"""Sources by the connections that Airflow keeps: an SFTP server and a web server, pulled like any folder."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.dags.airflow_home import airflow_environment
from tests.pipelines.sources.servers import sftp_server, web_server

pytestmark = pytest.mark.slow
CONTENT = b"a,b\n1,2\n3,4\n"
PULL = r"""
import json, sys
from datetime import date
from pathlib import Path
from dags.remote import BY_AIRFLOW
from engines.lake import Lake
from pipelines.scheduled import try_bound_sources
from pipelines.sources.declaration import Http, Sftp, Sql
from pipelines.sources.pull import pull
from schemas.catalogue import load_catalogue
folder, night = Path(sys.argv[1]), date(2020, 10, 31)
sources = {
    "subsidy_payment": Sftp(kind="sftp", connection="finance", folder="/out", name=r"BT(?P<day>\d{8})\.csv"),
    "medical_expense": Http(kind="http", connection="medical", path="/extract/{day}.csv"),
}
for repetition in range(2):
    for name, source in sources.items():
        came = pull(load_catalogue()[name], source, folder / "inbox", Lake(folder / "lake"), night, BY_AIRFLOW)
        print("CAME", json.dumps([name, [[path.name, path.read_text()] for path in came]]))
print("TRIED", {name: one.ok for name, one in try_bound_sources(BY_AIRFLOW).items()})
print("URL", BY_AIRFLOW.url(Sql(kind="sql", connection="traffic", query="SELECT 1")))
"""
SOURCES = r"""
sources:
  subsidy_payment: {kind: sftp, connection: finance, folder: /out, name: 'BT(?P<day>\d{8})\.csv'}
  medical_expense: {kind: http, connection: medical, path: '/elsewhere/{day}.csv'}
"""


def test_files_come_by_the_connections_of_airflow_once(tmp_path: Path) -> None:
    with web_server() as web, sftp_server(tmp_path) as sftp:
        file = sftp.served / "out" / "BT20201030.csv"
        file.write_bytes(CONTENT)
        os.utime(file, (1_603_900_000, 1_603_900_000))
        for day in ("20201030", "20201029"):
            web.answers[f"/extract/{day}.csv"] = lambda _: (200, {}, CONTENT)
        login = {"conn_type": "sftp", "host": "127.0.0.1", "port": sftp.port, "login": "hedui", "password": "s@cret"}
        office = {"conn_type": "http", "host": "http://127.0.0.1", "port": web.port, "extra": {"X-Key": "t0ken"}}
        environment = airflow_environment(
            tmp_path / "airflow",
            HEDUI_SOURCES=str(tmp_path / "sources.yaml"),
            AIRFLOW_CONN_FINANCE=json.dumps(login | {"extra": {"host_key": sftp.public_key}}),
            AIRFLOW_CONN_MEDICAL=json.dumps(office),
            AIRFLOW_CONN_TRAFFIC="postgres://user:password@traffic/vehicles",
        )
        (tmp_path / "sources.yaml").write_text(SOURCES, encoding="utf-8")
        command = [sys.executable, "-c", PULL, str(tmp_path)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    came = [json.loads(line.removeprefix("CAME ")) for line in done.stdout.splitlines() if line.startswith("CAME")]
    text = CONTENT.decode()
    assert came[0] == ["subsidy_payment", [["subsidy_payment_20201030.csv", text]]]
    days = [["medical_expense_20201030.csv", text], ["medical_expense_20201029.csv", text]]
    assert came[1] == ["medical_expense", days]
    assert came[2:] == [["subsidy_payment", []], ["medical_expense", []]]
    assert web.asked[0].headers["X-Key"] == "t0ken"
    assert "TRIED {'subsidy_payment': True, 'medical_expense': False}" in done.stdout
    assert "URL postgresql://user:password@traffic" in done.stdout
