"""The deadline on Airflow: at 06:00 Asia/Shanghai the night is published, or an alert says that it is not."""

import pendulum
from airflow.sdk import Param, dag, get_current_context, task

from dags.running import ALERTED, SHANGHAI, in_one_line


@dag(
    dag_id="deadline",
    schedule="0 6 * * *",
    start_date=pendulum.datetime(2020, 1, 1, tz=SHANGHAI),
    catchup=False,
    params={"date": Param(None, type=["null", "string"], format="date", description="The night, if not today's.")},
    default_args=ALERTED,
    tags=["hedui"],
)
def deadline() -> None:
    """Look whether the night of this day is published."""

    @task
    def check_published() -> bool:
        """Alert when it is not."""
        from pipelines.scheduled import business_date
        from pipelines.watching.deadline import check_deadline

        context = get_current_context()
        with in_one_line():
            return check_deadline(business_date(context["params"]["date"], context.get("logical_date")))

    check_published()


made = deadline()
