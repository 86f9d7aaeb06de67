"""The night on Airflow: every day at 01:00 Asia/Shanghai. Wiring only; what a night does is in ``pipelines``.

Types are taken in by shares, each a task with one slot of the pool: a process costs seconds before it does anything, so
a process for each type would take longer than the night. Linking and flagging take the whole pool.
"""

import os
from datetime import timedelta
from textwrap import shorten
from typing import Any

import pendulum
from airflow.sdk import (
    Asset,
    AssetAlias,
    Param,
    PokeReturnValue,
    dag,
    get_current_context,
    task,
    task_group,
)

from dags.running import ALERTED, POOL, SHANGHAI, SLOTS, in_one_line, tonight

DELIVERIES = AssetAlias("hedui_deliveries")
REVIEW = Asset("hedui_review", uri="hedui://review")
LONGEST_LABEL = 200
"""Airflow keeps 250 characters of a mapped task's label, and fails the task for more."""
NAMES = {"type": "array", "items": {"type": "string", "pattern": "^[a-z][a-z0-9_]*$"}}
PARAMS = {
    "date": Param(None, type=["null", "string"], format="date", description="Business date, if not the run's."),
    "received_by": Param(
        None,
        type=["null", "string"],
        format="date",
        description="Also use what arrived up to this day (for backfills).",
    ),
    "types": Param([], **NAMES, description="Take in only these types. Empty: all."),
    "rules": Param([], **NAMES, description="Run only these rules; flags of others stay. Empty: all."),
    "dry_run": Param(False, type="boolean", description="Show what is waiting and what is late, and stop."),
}


@task
def bound_types() -> list[str]:
    """Name the types that are pulled from a source."""
    from pipelines import scheduled

    with in_one_line():
        return scheduled.bound_types(tonight())


@task(retries=6, retry_delay=timedelta(minutes=10), retry_exponential_backoff=0, map_index_template="{{ type_name }}")
def pull(type_name: str) -> list[str]:
    """Bring what a source has to the inbox."""
    from dags.remote import BY_AIRFLOW
    from pipelines.scheduled import pull_type

    get_current_context()["type_name"] = type_name
    with in_one_line():
        return pull_type(tonight(), type_name, BY_AIRFLOW)


@dag(
    dag_id="nightly",
    schedule="0 1 * * *",
    start_date=pendulum.datetime(2020, 1, 1, tz=SHANGHAI),
    catchup=False,
    max_active_runs=1,
    max_active_tasks=SLOTS,
    params=PARAMS,
    default_args=ALERTED | {"pool": POOL},
    tags=["hedui"],
)
def nightly() -> None:
    """Run the night of one business date."""

    @task.sensor(trigger_rule="all_done", mode="reschedule", poke_interval=600, timeout=6 * 3600)
    def wait() -> PokeReturnValue:
        """Wait for late types as long as it pays, and spread what waits over the shares."""
        with in_one_line():
            shares = tonight().ready(SLOTS)
        return PokeReturnValue(is_done=shares is not None, xcom_value=shares)

    @task_group
    def types(share: list[str]) -> None:
        """Take in one share of the types due."""

        @task(outlets=[DELIVERIES], map_index_template="{{ share }}", show_return_value_in_logs=False)
        def land_conform_check(share: list[str]) -> None:
            """Bring each delivery to the lake, or refuse it; an asset event tells of each."""
            context = get_current_context()
            context["share"] = shorten(", ".join(share), LONGEST_LABEL)
            with in_one_line():
                settled = tonight().take_in(share, 1 / SLOTS)
            for told in settled:
                asset = Asset(told["type_name"], uri=f"hedui://lake/{told['type_name']}")
                context["outlet_events"][DELIVERIES].add(asset, extra=told)

        land_conform_check(share)

    @task(pool_slots=SLOTS)
    def link() -> dict[str, Any]:
        """Link records to people."""
        with in_one_line():
            return tonight().link()

    @task(pool_slots=SLOTS)
    def flag() -> dict[str, Any]:
        """Run the rules."""
        with in_one_line():
            return tonight().flag()

    @task(outlets=[REVIEW])
    def publish(links: dict[str, Any], flags: dict[str, Any]) -> dict[str, Any]:
        """Bring the review database to what the night found."""
        with in_one_line():
            published = tonight().publish(links, flags)
        get_current_context()["outlet_events"][REVIEW].extra = published["counts"]
        return published

    @task(pool_slots=SLOTS)
    def report(links: dict[str, Any], flags: dict[str, Any], published: dict[str, Any]) -> dict[str, Any]:
        """Keep the night's report."""
        with in_one_line():
            return tonight().report(links, flags, published)

    shares = wait()
    if os.environ.get("HEDUI_SOURCES"):
        # A type that cannot be pulled is late, and the night goes on without it.
        pull.expand(type_name=bound_types()) >> shares
    taken_in = types.expand(share=shares)
    links, flags = link(), flag()
    published = publish(links, flags)
    taken_in >> links >> flags
    report(links, flags, published)


made = nightly()
