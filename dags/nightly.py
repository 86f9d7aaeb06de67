"""The night on Airflow: every day at 01:00 Asia/Shanghai. Wiring only; what a night does is in ``pipelines``."""

from datetime import timedelta

import pendulum
from airflow.sdk import Param, dag, get_current_context, task

SHANGHAI = "Asia/Shanghai"


@dag(
    dag_id="nightly",
    schedule="0 1 * * *",
    start_date=pendulum.datetime(2020, 1, 1, tz=SHANGHAI),
    catchup=False,
    max_active_runs=1,
    params={"date": Param(None, type=["null", "string"], format="date", description="Business date, if not today's.")},
    tags=["hedui"],
)
def nightly() -> None:
    """Run the night of one business date."""

    @task(retries=2, retry_delay=timedelta(minutes=10))
    def run_night() -> dict[str, int]:
        """Take in what came, link, flag and publish; returns the flags by rule."""
        from pipelines.scheduled import business_date, run_scheduled_night

        context = get_current_context()
        return run_scheduled_night(business_date(context["params"]["date"], context["logical_date"]))

    run_night()


nightly()
