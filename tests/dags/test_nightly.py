"""The DAGs: they parse at once, a run of each does what it is for, and a failure tells somebody what to do."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from engines.embedded import Limits
from pipelines.scheduled import SettingMissingError, business_date, scheduled_night
from tests.dags.airflow_home import ROOT, airflow_environment, metadata_settings, migrated_metadata, started_copy

RUNS = """
import importlib, json, sys, time
import airflow.sdk, airflow.providers.standard.operators.python, airflow.providers.standard.sensors.python
told = {"parsed": {}, "runs": {}}
dags = {}
for name in ("nightly", "deadline", "retention", "try_sources"):
    started = time.process_time()
    dags[name] = importlib.import_module(f"dags.{name}").made
    for task in dags[name].tasks:
        task.retries = 0
    told["parsed"][name] = time.process_time() - started
told["heavy"] = [m for m in ("duckdb", "pyarrow", "great_expectations", "django", "pipelines") if m in sys.modules]
for title, name, conf in json.loads(sys.argv[1]):
    run = dags[name].test(run_conf=conf)
    states = {one.task_id: str(one.state) for one in run.get_task_instances()}
    told["runs"][title] = [str(run.state), states]
print("TOLD" + json.dumps(told))
"""
CONFS = [
    ("a night", "nightly", {"date": "2020-10-29"}),
    ("a dry run", "nightly", {"date": "2020-10-30", "dry_run": True}),
    ("a published night", "deadline", {"date": "2020-10-29"}),
    ("a night not published", "deadline", {"date": "2020-10-30"}),
    ("keeping", "retention", {"date": "2020-10-29"}),
    ("a night without rosters", "nightly", {"date": "2020-12-25", "types": ["motor_vehicle"], "dry_run": False}),
]


def test_the_business_date_is_the_one_given_or_the_local_date_of_the_run() -> None:
    one_in_the_morning = datetime(2020, 10, 30, 17, 0, tzinfo=UTC)
    assert business_date(None, one_in_the_morning) == date(2020, 10, 31)
    assert type(business_date(None, one_in_the_morning)) is date
    assert business_date("2020-10-29", one_in_the_morning) == date(2020, 10, 29)
    with pytest.raises(ValueError, match="parameter date"):
        business_date(None, None)


def test_a_setting_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEDUI_INBOX", raising=False)
    with pytest.raises(
        SettingMissingError, match="HEDUI_INBOX is not set: give the folder that departments deliver into"
    ):
        scheduled_night({"date": "2020-10-29"}, None).link()


def test_a_task_gets_its_part_of_what_the_night_may_take() -> None:
    assert Limits("3GB", 2).part(1 / 2) == Limits("1.5GB", 1)
    assert Limits("1500MiB", 1).part(1 / 2) == Limits("750MiB", 1)
    with pytest.raises(ValueError, match="HEDUI_MEMORY_LIMIT is 'much'"):
        Limits("much", 2).part(1 / 2)


@dataclass(frozen=True)
class Told:
    """What came of the runs."""

    parsed: dict[str, float]
    heavy: list[str]
    runs: dict[str, tuple[str, dict[str, str]]]
    lake: Path
    alerts: list[dict[str, str]]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    folder = tmp_path_factory.mktemp("dags")
    alerts: list[dict[str, str]] = []

    class Webhook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            alerts.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Keep quiet."""

    server = HTTPServer(("127.0.0.1", 0), Webhook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    metadata = started_copy(migrated_metadata(tmp_path_factory), folder / "metadata")
    environment = airflow_environment(
        folder / "airflow",
        **metadata_settings(metadata),
        HEDUI_INBOX=str(ROOT / "data/sample/inbox"),
        HEDUI_LAKE=str(folder / "lake"),
        HEDUI_ALERT_WEBHOOK=f"http://127.0.0.1:{server.server_port}/",
    )
    command = [sys.executable, "-c", RUNS, json.dumps(CONFS)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    metadata.stop()
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    facts: dict[str, Any] = json.loads(done.stdout.rpartition("TOLD")[2].splitlines()[0])
    yield Told(**facts, lake=folder / "lake", alerts=alerts)
    server.shutdown()


def alerted(told: Told, kind: str) -> list[str]:
    return [alert["text"] for alert in told.alerts if alert["kind"] == kind]


@pytest.mark.slow
def test_each_dag_parses_in_under_a_second_and_loads_nothing_of_the_pipeline(told: Told) -> None:
    assert {name: seconds for name, seconds in told.parsed.items() if seconds >= 1} == {}
    assert told.heavy == []


@pytest.mark.slow
def test_one_run_of_nightly_is_one_night(told: Told) -> None:
    state, tasks = told.runs["a night"]
    assert (state, set(tasks.values())) == ("success", {"success"})
    assert {"wait", "types.land_conform_check", "link", "flag", "publish", "report"} == tasks.keys()
    assert [night.name for night in (told.lake / "nights").glob("*.json")] == ["2020-10-29.json"]


@pytest.mark.slow
def test_a_dry_run_changes_nothing(told: Told) -> None:
    _, tasks = told.runs["a dry run"]
    assert set(tasks.values()) == {"skipped"}
    assert not list((told.lake / "deliveries" / "dibao_roster").glob("20201030-*"))


@pytest.mark.slow
def test_the_deadline_tells_of_a_night_that_is_not_published_and_of_no_other(told: Told) -> None:
    assert told.runs["a published night"][0] == told.runs["a night not published"][0] == "success"
    (text,) = alerted(told, "deadline_missed")
    assert "2020-10-30" in text


@pytest.mark.slow
def test_a_run_of_retention_leaves_its_receipt(told: Told) -> None:
    assert told.runs["keeping"][0] == "success"
    assert json.loads((told.lake / "retention" / "2020-10-29.json").read_text(encoding="utf-8")) == []


@pytest.mark.slow
def test_a_missing_roster_blocks_the_night_and_somebody_is_told_in_one_line(told: Told) -> None:
    state, tasks = told.runs["a night without rosters"]
    assert (state, tasks["link"], tasks["publish"]) == ("failed", "failed", "upstream_failed")
    (text,) = alerted(told, "task_failed")
    assert "dibao_roster: tonight has none" in text
    assert "Put a good roster into the inbox" in text
    assert len(text.splitlines()) == 2


@pytest.mark.slow
def test_types_that_are_late_are_told_of_and_the_night_goes_on(told: Told) -> None:
    (text,) = alerted(told, "types_late")
    assert "motor_vehicle" in text
    assert told.runs["a night without rosters"][1]["types.land_conform_check"] == "success"
