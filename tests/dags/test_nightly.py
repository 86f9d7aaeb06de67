"""The nightly DAG: its date, its parameters, and one run of it, which is one night."""

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from engines.embedded import Limits
from pipelines.scheduled import SettingMissingError, business_date, scheduled_night
from tests.dags.airflow_home import ROOT, airflow_environment

RUN = """
from dags.nightly import made
run = made.test(run_conf={"date": "2020-10-29"})
print("STATE", run.state)
dry = made.test(run_conf={"date": "2020-10-30", "dry_run": True})
print("DRY", dry.state, sorted({str(one.state) for one in dry.get_task_instances()}))
"""


def test_the_business_date_is_the_one_given_or_the_local_date_of_the_run() -> None:
    one_in_the_morning = datetime(2020, 10, 30, 17, 0, tzinfo=UTC)
    assert business_date(None, one_in_the_morning) == date(2020, 10, 31)
    assert business_date("2020-10-29", one_in_the_morning) == date(2020, 10, 29)
    with pytest.raises(ValueError, match="parameter date"):
        business_date(None, None)


def test_a_setting_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEDUI_INBOX", raising=False)
    with pytest.raises(SettingMissingError, match="HEDUI_INBOX is not set: give the folder departments deliver into"):
        scheduled_night({"date": "2020-10-29"}, None).link()


def test_a_task_gets_its_part_of_what_the_night_may_take() -> None:
    assert Limits("3GB", 2).part(1 / 2) == Limits("1.5GB", 1)
    assert Limits("1500MiB", 1).part(1 / 2) == Limits("750MiB", 1)
    with pytest.raises(ValueError, match="HEDUI_MEMORY_LIMIT is 'much'"):
        Limits("much", 2).part(1 / 2)


@pytest.mark.slow
def test_one_run_of_the_dag_is_one_night_and_a_dry_run_none(tmp_path: Path) -> None:
    environment = airflow_environment(
        tmp_path / "airflow", HEDUI_INBOX=str(ROOT / "data/sample/inbox"), HEDUI_LAKE=str(tmp_path / "lake")
    )
    for command in (["-m", "airflow", "db", "migrate"], ["-c", RUN]):
        done = subprocess.run([sys.executable, *command], env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "STATE success" in done.stdout
    assert "DRY success ['skipped']" in done.stdout
    assert [night.name for night in (tmp_path / "lake" / "nights").iterdir()] == ["2020-10-29.json"]
