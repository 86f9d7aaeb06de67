"""Sources that Airflow's own clients reach: an SFTP server and a web server, pulled like any folder."""

import asyncio
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import asyncssh
import pytest

from tests.dags.airflow_home import airflow_environment

pytestmark = pytest.mark.slow
CONTENT = b"a,b\n1,2\n3,4\n"
PULL = r"""
import json, sys
from datetime import date
from pathlib import Path
from dags.remote import BY_AIRFLOW
from engines.lake import Lake
from pipelines.sources.binding import Http, Sftp, Sql
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
print("URL", BY_AIRFLOW.url(Sql(kind="sql", connection="traffic", query="SELECT 1")))
"""


class Web(BaseHTTPRequestHandler):
    """Has the extracts of two days; goes on from where it is asked to."""

    ranges: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        start = self.headers.get("Range", "bytes=0-").removeprefix("bytes=").removesuffix("-")
        if not self.path.endswith(("20201030.csv", "20201029.csv")):
            self.send_response(404)
            self.end_headers()
            return
        if int(start):
            self.ranges.append(start)
        self.send_response(206 if int(start) else 200)
        self.end_headers()
        self.wfile.write(CONTENT[int(start) :])

    def log_message(self, *_arguments: object) -> None:
        """Keep quiet."""


class Door(asyncssh.SSHServer):  # type: ignore[misc]
    """Lets one login in."""

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        return (username, password) == ("hedui", "secret")


@pytest.fixture
def web_port() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), Web)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()


@pytest.fixture
def sftp_port(tmp_path: Path) -> Iterator[int]:
    (tmp_path / "served" / "out").mkdir(parents=True)
    (tmp_path / "served" / "out" / "BT20201030.csv").write_bytes(CONTENT)
    (tmp_path / "served" / "out" / "readme.txt").write_bytes(b"no delivery")
    loop = asyncio.new_event_loop()

    async def listen() -> Any:
        return await asyncssh.listen(
            "127.0.0.1",
            0,
            server_factory=Door,
            server_host_keys=[asyncssh.generate_private_key("ssh-rsa", key_size=2048)],
            sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=str(tmp_path / "served").encode()),
        )

    listener = loop.run_until_complete(listen())
    threading.Thread(target=loop.run_forever, daemon=True).start()
    yield listener.get_port()
    loop.call_soon_threadsafe(loop.stop)


def test_files_come_from_servers_once_and_go_on_where_they_stopped(
    tmp_path: Path, web_port: int, sftp_port: int
) -> None:
    sftp = {"conn_type": "sftp", "host": "127.0.0.1", "port": sftp_port, "login": "hedui", "password": "secret"}
    environment = airflow_environment(
        tmp_path / "airflow",
        AIRFLOW_CONN_FINANCE=json.dumps(sftp | {"extra": {"no_host_key_check": True}}),
        AIRFLOW_CONN_MEDICAL=json.dumps({"conn_type": "http", "host": "http://127.0.0.1", "port": web_port}),
        AIRFLOW_CONN_TRAFFIC="postgres://user:password@traffic/vehicles",
    )
    begun = tmp_path / "lake" / "pulls" / "medical_expense" / "20201030.csv"
    begun.parent.mkdir(parents=True)
    begun.write_bytes(CONTENT[:4])
    command = [sys.executable, "-c", PULL, str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    came = [json.loads(line.removeprefix("CAME ")) for line in done.stdout.splitlines() if line.startswith("CAME")]
    text = CONTENT.decode()
    assert came[0] == ["subsidy_payment", [["subsidy_payment_20201030.csv", text]]]
    days = [["medical_expense_20201030.csv", text], ["medical_expense_20201029.csv", text]]
    assert came[1] == ["medical_expense", days]
    assert came[2:] == [["subsidy_payment", []], ["medical_expense", []]]
    assert Web.ranges == ["4"]
    assert "URL postgresql://user:password@traffic" in done.stdout
