"""Asking Airflow for a backfill: what is said when it cannot be asked. That it is run is held by tests/dags."""

from datetime import date

import pytest

from pipelines.airflow_backfill import AirflowRefusedError, airflow_is_there, ask_airflow
from tests.dags.airflow_home import free_port

NIGHT = date(2020, 10, 29)


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
