"""What the report on even-handedness takes from the review, and where the review finds it again."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
from django.db import connection

from review.confirming import load_confirming
from review.models import EvenHandedness
from review.sql_files import run_sql
from review.walls.within import AFTER_NINE

SHANGHAI = ZoneInfo("Asia/Shanghai")
DECIDED = pa.schema(
    [(name, pa.string()) for name in ("flag_id", "scheme", "household_id", "member_id", "direction")]
    + [("confirmed", pa.bool_())]
)


def decided_flags(night: date) -> pa.Table:
    """Every flag decided by the end of the night's date (Asia/Shanghai), and whether that confirmed it.

    The last decision that saw a flag speaks for it; outcomes that leave it open are left out (``confirming.yaml``).
    ``member_id`` is null for a flag on the whole household. Columns: ``DECIDED``.
    """
    before = datetime.combine(night + timedelta(days=1), time(), SHANGHAI)
    with connection.cursor() as cursor:
        values = {"first": "", "last": AFTER_NINE, "before": connection.ops.adapt_datetimefield_value(before)}
        run_sql(cursor, "find_decided_flags", values)
        rows = cursor.fetchall()
    columns = list(zip(*rows, strict=True)) if rows else [()] * 6
    flags, schemes, households, members, directions, outcomes = columns[:6]
    confirming = load_confirming()
    verdicts = [
        getattr(confirming[outcome], direction) for outcome, direction in zip(outcomes, directions, strict=True)
    ]
    table = pa.table(
        [
            pa.array(flags, pa.string()),
            pa.array(schemes, pa.string()),
            pa.array(households, pa.string()),
            pa.array([member or None for member in members], pa.string()),
            pa.array(directions, pa.string()),
            pa.array([{"yes": True, "no": False}.get(verdict) for verdict in verdicts], pa.bool_()),
        ],
        schema=DECIDED,
    )
    return table.filter(table["confirmed"].is_valid())


def keep_report(night: date, report: Mapping[str, Any]) -> None:
    """Keep the report of a published night, in place of an earlier one of the same night."""
    EvenHandedness.objects.update_or_create(night_id=night, defaults={"report": report})


def read_report(night: date | None = None) -> dict[str, Any] | None:
    """The report of a night, or of the newest that has one; None where there is none.

    It holds no count that is too small to show (``even_handedness.disclosure``), so any role may see it.
    """
    kept = EvenHandedness.objects.order_by("-night")
    found = kept.first() if night is None else kept.filter(night_id=night).first()
    return dict(found.report) if found else None
