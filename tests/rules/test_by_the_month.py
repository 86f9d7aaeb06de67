"""What is due is due by the month: on which of its nights one looks makes no difference."""

from calendar import monthrange
from datetime import date

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rules.views import macros_sql

pytestmark = pytest.mark.slow

DAYS = st.dates(date(2015, 1, 1), date(2030, 12, 31))
CONNECTION = duckdb.connect()


def said(night: date, day: date | None) -> tuple[bool, bool, bool]:
    CONNECTION.execute(macros_sql(night))
    row = CONNECTION.execute(
        "SELECT due(day), goes_on(day), in_this_month(day) FROM (SELECT $day::DATE AS day)", {"day": day}
    ).fetchone()
    assert row is not None
    return row[0], row[1], row[2]


@settings(max_examples=20)
@given(night=DAYS, day=DAYS)
@example(night=date(2020, 10, 15), day=date(2020, 10, 1))
@example(night=date(2020, 10, 31), day=date(2020, 10, 15))
@example(night=date(2020, 11, 1), day=date(2020, 10, 31))
@example(night=date(2020, 2, 29), day=date(2020, 2, 29))
def test_every_night_of_a_month_says_the_same(night: date, day: date) -> None:
    month, of = (night.year, night.month), (day.year, day.month)
    expected = (of >= month, of > month, of == month)
    for other in (1, 15, monthrange(*month)[1]):
        assert said(night.replace(day=other), day) == expected


def test_what_has_no_end_is_due_and_goes_on() -> None:
    assert said(date(2020, 10, 15), None) == (True, True, False)
