"""Settings, all from the environment, so that no secret stands in a file."""

import math
import os
from dataclasses import dataclass
from datetime import time
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from engines.embedded import Limits
from engines.lake import Lake

SHANGHAI = ZoneInfo("Asia/Shanghai")


class SettingMissingError(RuntimeError):
    """An environment variable that is needed is not set."""

    exit_code = 4


class SettingWrongError(ValueError):
    """An environment variable holds what cannot be used."""

    exit_code = 4


@dataclass(frozen=True)
class Variable:
    """One environment variable: what it is for, and its default (None: it must be set)."""

    meaning: str
    default: str | None = ""
    secret: bool = False


VARIABLES = {
    "HEDUI_INBOX": Variable("the folder that departments deliver into", None),
    "HEDUI_LAKE": Variable("the folder of the lake", None),
    "HEDUI_DATABASE_URL": Variable("the review database; without it, a SQLite file in the lake", secret=True),
    "HEDUI_MEMORY_LIMIT": Variable("memory DuckDB may use in a night, for all tasks together", "3GB"),
    "HEDUI_THREADS": Variable("threads DuckDB may use in a night, for all tasks together; default: all cores"),
    "HEDUI_ENGINE": Variable(
        "where linking and flagging run: duckdb, or spark (set up by the usual Spark settings)", "duckdb"
    ),
    "HEDUI_SPARK_SCRATCH": Variable("a folder that Spark's driver and workers share; without it, the lake's spill"),
    "HEDUI_LOG": Variable("log level of the command line"),
    "HEDUI_SOURCES": Variable("the file that says where extracts are pulled from; without it, nothing is pulled"),
    "HEDUI_UPLOAD_PAUSE": Variable(
        "seconds after which a file written in the last two minutes is looked at again; what still changes is left for "
        "the next night; 0: it is not looked at again",
        "2",
    ),
    "HEDUI_WAIT_UNTIL": Variable("local time until which a night waits for late types", "03:00"),
    "HEDUI_AIRFLOW_URL": Variable("the address of Airflow's API, for backfills and the doctor; without it, no Airflow"),
    "HEDUI_AIRFLOW_USER": Variable("the Airflow user that starts backfills"),
    "HEDUI_AIRFLOW_PASSWORD": Variable("that user's password", secret=True),
    "HEDUI_ALERT_WEBHOOK": Variable("address that alerts are posted to, as JSON", secret=True),
    "HEDUI_ALERT_MAIL_TO": Variable("addresses that alerts are mailed to, separated by commas"),
    "HEDUI_ALERT_MAIL_FROM": Variable("the sender of mailed alerts", "hedui@localhost"),
    "HEDUI_SMTP_URL": Variable("the mail server: smtp://user:password@host:port, or smtps://", secret=True),
}
"""Every variable the project reads."""


class Settings:
    """The settings as the environment has them now. A property raises when its variable is missing or wrong."""

    @cached_property
    def inbox(self) -> Path:
        """The folder that departments deliver into."""
        return Path(needed("HEDUI_INBOX"))

    @cached_property
    def lake(self) -> Lake:
        """The lake."""
        return Lake(Path(needed("HEDUI_LAKE")))

    @cached_property
    def limits(self) -> Limits:
        """What DuckDB may use in a whole night."""
        return Limits()

    @cached_property
    def sources(self) -> Path | None:
        """The file that says where extracts are pulled from."""
        given = optional("HEDUI_SOURCES")
        return Path(given) if given else None

    @cached_property
    def upload_pause(self) -> float:
        """After how many seconds a file that was just written is looked at again."""
        given = optional("HEDUI_UPLOAD_PAUSE")
        try:
            seconds = float(given)
        except ValueError:
            seconds = math.nan
        if not 0 <= seconds <= 600:
            raise SettingWrongError(f"HEDUI_UPLOAD_PAUSE is {given!r}: give a number of seconds from 0 to 600")
        return seconds

    @cached_property
    def wait_until(self) -> time:
        """The local time until which a night waits for late types."""
        given = optional("HEDUI_WAIT_UNTIL")
        try:
            return time.fromisoformat(given)
        except ValueError:
            raise SettingWrongError(f"HEDUI_WAIT_UNTIL is {given!r}: give a local time such as 03:00") from None


def settings() -> Settings:
    """The settings of this process."""
    return Settings()


def needed(name: str) -> str:
    """The value of a variable. Raises SettingMissingError, saying what it is for, when it is not set."""
    if value := os.environ.get(name):
        return value
    raise SettingMissingError(f"{name} is not set: give {VARIABLES[name].meaning} in the environment")


def optional(name: str) -> str:
    """The value of a variable, or its default."""
    return os.environ.get(name) or VARIABLES[name].default or ""
