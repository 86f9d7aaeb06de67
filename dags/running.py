"""What the tasks of all DAGs share: their night, their share of the machine, and how they fail."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

if TYPE_CHECKING:
    from pipelines.scheduled import ScheduledNight

SHANGHAI = "Asia/Shanghai"
POOL = "hedui"
SLOTS = 2
"""The slots of the pool: as many tasks may work on the lake at once, each with its share of memory and threads."""
LOG = logging.getLogger("hedui.task")
MISCONFIGURED = 4


def tonight() -> "ScheduledNight":
    """The night this run is for; a dry run says what it would do, and goes no further."""
    from pipelines.scheduled import scheduled_night

    # It tells of every column it looks for and does not find, at length.
    logging.getLogger("great_expectations").setLevel(logging.WARNING)

    context = get_current_context()
    night = scheduled_night(context["params"], context.get("logical_date"))
    if night.dry_run:
        for line in night.plan():
            LOG.info("dry run: %s", line)
        raise AirflowSkipException("dry run: nothing was changed; the log says what the night would take in")
    return night


@contextmanager
def in_one_line() -> Iterator[None]:
    """Let a failure say in one line what to do; one that trying again cannot correct is not tried again."""
    try:
        yield
    except Exception as error:
        exit_code = getattr(error, "exit_code", None)
        if exit_code is None:
            raise
        LOG.error("hedui: %s", " ".join(str(error).split()))  # noqa: TRY400 (the line is for who must act)
        if exit_code == MISCONFIGURED:
            raise AirflowFailException(str(error)) from error
        raise


def tell_failure(context: Any) -> None:
    """Alert that a task has failed for good."""
    from pipelines.watching.alerts import alert, task_failed

    instance = context["task_instance"]
    alert(task_failed(instance.dag_id, instance.task_id, context["run_id"], context.get("exception")))


ALERTED = {
    "on_failure_callback": tell_failure,
    "retries": 5,
    "retry_delay": timedelta(seconds=10),
    "retry_exponential_backoff": 2.0,
    "max_retry_delay": timedelta(minutes=5),
}
"""What all tasks have: they outlast five minutes without what they need, a database or a disk, and then alert. Airflow
waits between once and twice the delay, and doubles it: 10 to 20 s, 20 to 40 s, and so on."""
