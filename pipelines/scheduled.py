"""The night as a scheduler runs it: the business date from its run, everything else from the environment."""

import os
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from engines.lake import Lake
from pipelines.night import Night, run_night
from review.configure import address_for

SHANGHAI = ZoneInfo("Asia/Shanghai")


class SettingMissingError(RuntimeError):
    """An environment variable that a scheduled night needs is not set."""

    exit_code = 4


def business_date(given: str | None, logical_date: datetime | None) -> date:
    """The date asked for, or else the local date of the scheduled moment.

    Raises ValueError when there is neither, as in a run that was triggered by hand without a date.
    """
    if given:
        return date.fromisoformat(given)
    if logical_date is None:
        raise ValueError("this run has no scheduled moment: trigger it with the parameter date, as YYYY-MM-DD")
    return logical_date.astimezone(SHANGHAI).date()


def run_scheduled_night(night: date) -> dict[str, int]:
    """Run a night on the inbox HEDUI_INBOX and the lake HEDUI_LAKE; returns the flags by rule."""
    lake = Lake(Path(_setting("HEDUI_LAKE")))
    return run_night(Night(night, Path(_setting("HEDUI_INBOX")), lake, address_for(lake.root), night)).flags


def _setting(name: str) -> str:
    if value := os.environ.get(name):
        return value
    raise SettingMissingError(f"{name} is not set: give it in the scheduler's environment")
