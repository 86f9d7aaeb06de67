"""Pages of a long list by keyset: the next page begins after the last line seen, however far down that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan

from review.models import Case

ROWS_A_PAGE = 50
# Beyond this nobody reads the number, and a province's would take a second to count.
MOST_COUNTED = 1_000
SEPARATOR = "~"


@dataclass(frozen=True)
class Page:
    """One page, most pressing case first; ``next`` and ``previous`` are marks for the address, None at the ends."""

    cases: Sequence[Case]
    next: str | None
    previous: str | None


def page_of(found: QuerySet[Case], *, after: str = "", before: str = "") -> Page:
    """The page after (or before) a mark; a mark that is not understood is no mark."""
    place = _place(after or before)
    backwards = bool(before) and place is not None
    if place is not None:
        beyond = TupleGreaterThan if backwards else TupleLessThan
        found = found.filter(beyond((F("priority"), F("case_no")), place))
    order = ("priority", "case_no") if backwards else ("-priority", "-case_no")
    rows = list(found.order_by(*order)[: ROWS_A_PAGE + 1])
    more, rows = len(rows) > ROWS_A_PAGE, rows[:ROWS_A_PAGE]
    if backwards:
        rows.reverse()
    return Page(
        rows,
        next=_mark(rows[-1]) if rows and (more or backwards) else None,
        previous=_mark(rows[0]) if rows and (more if backwards else place is not None) else None,
    )


def counted(found: QuerySet[Case]) -> int:
    """How many there are, counted no further than one past ``MOST_COUNTED``."""
    return found.order_by()[: MOST_COUNTED + 1].count()


def _mark(case: Case) -> str:
    return f"{case.priority}{SEPARATOR}{case.case_no}"


def _place(mark: str) -> tuple[float, str] | None:
    priority, separator, case_no = mark.partition(SEPARATOR)
    try:
        return (float(priority), case_no) if separator and isfinite(float(priority)) else None
    except ValueError:
        return None
