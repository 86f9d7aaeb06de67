"""The sources on Airflow, tried by hand: what ``hedui doctor`` does, by the connections that only Airflow knows."""

import logging

import pendulum
from airflow.sdk import dag, task

from dags.running import SHANGHAI, in_one_line

LOG = logging.getLogger("hedui.task")


@dag(
    dag_id="try_sources",
    schedule=None,
    start_date=pendulum.datetime(2020, 1, 1, tz=SHANGHAI),
    tags=["hedui"],
)
def try_sources() -> None:
    """Try each source for real; nothing is brought."""

    @task
    def try_each() -> None:
        """Fail when a source cannot be pulled; the log says of each what was seen."""
        from dags.remote import BY_AIRFLOW
        from pipelines.scheduled import try_bound_sources
        from pipelines.sources.source_error import SourceError

        with in_one_line():
            tried = try_bound_sources(BY_AIRFLOW)
        for name, one in tried.items():
            LOG.info("%s: %s: %s %s", name, "ok" if one.ok else "FAILS", one.seen, one.fix)
        if failing := [name for name, one in tried.items() if not one.ok]:
            raise SourceError(f"{', '.join(failing)} cannot be pulled", "do what the log says of each")

    try_each()


made = try_sources()
