"""Asking Airflow for a backfill: what is said when it cannot be asked. That it is run is held by tests/dags."""

import json
import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from typer.testing import CliRunner

from pipelines.command_line import app
from pipelines.past.airflow_backfill import AirflowRefusedError, airflow_is_there, ask_airflow
from tests.dags.airflow_home import free_port

NIGHT = date(2020, 10, 29)


class Api(BaseHTTPRequestHandler):
    """Airflow's API, as far as a backfill needs it; keeps what it was asked."""

    asked: ClassVar[list[dict[str, Any]]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path == "/auth/token":
            self._answer({"access_token": f"{body['username']}:{body['password']}"})
        else:
            self.asked.append(body | {"path": self.path, "token": self.headers["Authorization"]})
            self._answer({"id": 7})

    def _answer(self, content: dict[str, Any]) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    def log_message(self, *_arguments: object) -> None:
        """Keep quiet."""


@pytest.fixture
def airflow(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, Any]]]:
    server = HTTPServer(("127.0.0.1", 0), Api)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("HEDUI_AIRFLOW_URL", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("HEDUI_AIRFLOW_USER", "engineer")
    monkeypatch.setenv("HEDUI_AIRFLOW_PASSWORD", "secret")
    Api.asked.clear()
    yield Api.asked
    server.shutdown()


def test_a_backfill_is_run_by_airflow_where_there_is_one(airflow: list[dict[str, Any]], tmp_path: Path) -> None:
    command = ["backfill", "--from", "2020-10-29", "--to", "2020-10-31", "--received-by", "2020-11-02"]
    done = CliRunner().invoke(app, [*command, "--rules", "vehicle_owned", "--lake", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert "backfill 7 of nightly" in done.output
    (asked,) = airflow
    assert asked == {
        "path": "/api/v2/backfills",
        "token": "Bearer engineer:secret",
        "dag_id": "nightly",
        "from_date": "2020-10-29T00:00:00+08:00",
        "to_date": "2020-10-31T23:59:59.999999+08:00",
        "dag_run_conf": {"received_by": "2020-11-02", "rules": ["vehicle_owned"]},
        "reprocess_behavior": "completed",
        "max_active_runs": 1,
    }
    assert not list(tmp_path.iterdir())


def test_airflow_is_there_where_its_address_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEDUI_AIRFLOW_URL", raising=False)
    assert not airflow_is_there()
    monkeypatch.setenv("HEDUI_AIRFLOW_URL", "http://airflow:8080")
    assert airflow_is_there()


def test_an_airflow_that_does_not_answer_is_told_with_the_way_round_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEDUI_AIRFLOW_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("HEDUI_AIRFLOW_PASSWORD", "secret")
    with pytest.raises(AirflowRefusedError, match="unset HEDUI_AIRFLOW_URL to run in process") as caught:
        ask_airflow(NIGHT, NIGHT)
    assert "secret" not in str(caught.value)
