"""The DAG parses without loading the pipeline, and one run of it is one night."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from pipelines.scheduled import SettingMissingError, business_date, run_scheduled_night

RUN = """
import sys
from dags.nightly import nightly
for name in ("duckdb", "pyarrow", "great_expectations", "django", "pipelines.night"):
    assert name not in sys.modules, name
run = nightly().test(run_conf={"date": "2020-10-29"})
print("STATE", run.state)
"""


def test_the_business_date_is_the_one_given_or_the_local_date_of_the_run() -> None:
    one_in_the_morning = datetime(2020, 10, 30, 17, 0, tzinfo=UTC)
    assert business_date(None, one_in_the_morning) == date(2020, 10, 31)
    assert business_date("2020-10-29", one_in_the_morning) == date(2020, 10, 29)
    with pytest.raises(ValueError, match="parameter date"):
        business_date(None, None)


def test_a_setting_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEDUI_LAKE", raising=False)
    with pytest.raises(SettingMissingError, match="HEDUI_LAKE"):
        run_scheduled_night(date(2020, 10, 29))


@pytest.mark.slow
def test_one_run_of_the_dag_is_one_night(tmp_path: Path) -> None:
    environment = os.environ | {
        "AIRFLOW_HOME": str(tmp_path / "airflow"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "false",
        "AIRFLOW__CORE__DAGS_FOLDER": str(Path("dags").absolute()),
        "HEDUI_INBOX": str(Path("data/sample/inbox").absolute()),
        "HEDUI_LAKE": str(tmp_path / "lake"),
        "HEDUI_DATABASE_URL": "",
    }
    for command in (["-m", "airflow", "db", "migrate"], ["-c", RUN]):
        done = subprocess.run([sys.executable, *command], env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "STATE success" in done.stdout
    assert (tmp_path / "lake" / "nights" / "2020-10-29.json").exists()
