"""Ask Airflow for a backfill, where there is one: it runs beside the nights, with their pool, retries and alerts."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

import httpx

from pipelines.settings import SHANGHAI, optional

DAG = "nightly"
SECONDS = 30


class AirflowRefusedError(RuntimeError):
    """Airflow is set up but did not take the backfill. The message says what to do, and shows no secret."""

    exit_code = 1


def airflow_is_there() -> bool:
    """Whether nights are run by Airflow here."""
    return bool(optional("HEDUI_AIRFLOW_URL"))


def ask_airflow(first: date, last: date, *, received_by: date | None = None, rules: Sequence[str] = ()) -> int:
    """Ask for the nights from ``first`` to ``last``, one by one, oldest first; returns the number of the backfill.

    Nights that ran before run again. ``received_by`` lets each see what came up to that day; ``rules`` are run alone.
    Raises AirflowRefusedError when Airflow does not answer, or says no.
    """
    conf: dict[str, Any] = {"received_by": received_by.isoformat()} if received_by else {}
    if rules:
        conf["rules"] = list(rules)
    wanted = {
        "dag_id": DAG,
        "from_date": datetime.combine(first, time.min, SHANGHAI).isoformat(),
        # An instant: bounded by the day's beginning, the last night would be lost.
        "to_date": datetime.combine(last, time.max, SHANGHAI).isoformat(),
        "dag_run_conf": conf,
        "reprocess_behavior": "completed",
        "max_active_runs": 1,
    }
    try:
        with httpx.Client(base_url=optional("HEDUI_AIRFLOW_URL"), timeout=SECONDS) as client:
            headers = {"Authorization": f"Bearer {_token(client)}"}
            answer = client.post("/api/v2/backfills", json=wanted, headers=headers)
            answer.raise_for_status()
    except httpx.HTTPStatusError as error:
        raise AirflowRefusedError(
            f"Airflow answered {error.response.status_code} to the backfill of {first} to {last}: "
            "see whether another backfill of nightly is running, and HEDUI_AIRFLOW_USER"
        ) from None
    except httpx.HTTPError as error:
        raise AirflowRefusedError(
            f"Airflow does not answer ({type(error).__name__}): start it, or unset HEDUI_AIRFLOW_URL to run in process"
        ) from None
    return int(answer.json()["id"])


def _token(client: httpx.Client) -> str:
    """A token for the user given; without one, that of an Airflow whose every user is an administrator."""
    if user := optional("HEDUI_AIRFLOW_USER"):
        known = {"username": user, "password": optional("HEDUI_AIRFLOW_PASSWORD")}
        answer = client.post("/auth/token", json=known)
    else:
        answer = client.get("/auth/token")
    answer.raise_for_status()
    return str(answer.json()["access_token"])
