"""A day as people and addresses give it."""

from datetime import date

# Outside of these nobody means the day, and arithmetic on it leaves the calendar.
FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)


def read_day(text: str) -> date | None:
    """The day that ``text`` (2020-11-02) names; None when it names none, or one outside of 1900 to 2199."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST <= day <= LAST else None
