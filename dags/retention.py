"""Retention on Airflow: every Sunday at noon, data whose retention time has ended is deleted."""

from typing import Any

import pendulum
from airflow.sdk import Param, dag, get_current_context, task

from dags.running import ALERTED, POOL, SHANGHAI, SLOTS, in_one_line


@dag(
    dag_id="retention",
    schedule="0 12 * * 0",
    start_date=pendulum.datetime(2020, 1, 1, tz=SHANGHAI),
    catchup=False,
    max_active_runs=1,
    params={
        "date": Param(
            None,
            type=["null", "string"],
            format="date",
            description="The day from which retention is counted, if not today.",
        ),
        "dry_run": Param(False, type="boolean", description="Show what would be deleted, and delete nothing."),
    },
    default_args=ALERTED | {"pool": POOL, "pool_slots": SLOTS},
    tags=["hedui"],
)
def retention() -> None:
    """Drop what is past keeping."""

    @task
    def drop_past_keeping() -> list[dict[str, Any]]:
        """Drop, vacuum, and keep a receipt in the lake; it is returned too."""
        from pipelines.scheduled import business_date, drop_scheduled

        context = get_current_context()
        params = context["params"]
        with in_one_line():
            today = business_date(params["date"], context.get("logical_date"))
            return drop_scheduled(today, dry_run=params["dry_run"])

    drop_past_keeping()


made = retention()
