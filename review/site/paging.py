"""Pages of a long list by keyset: the next page begins after the last line seen, however far down that is."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

from django.db import connection
from django.db.models import F, QuerySet
from django.db.models.fields.tuple_lookups import TupleGreaterThan, TupleLessThan

from review.models import Case

ROWS_A_PAGE = 50
# Beyond this nobody reads the number, and a province's would take a second to count.
MOST_COUNTED = 1_000
SEPARATOR = "~"
MOST_DIGITS = 10


@dataclass(frozen=True)
class Page:
    """One page, most pressing case first; ``next`` and ``previous`` are marks for the address, None at the ends."""

    cases: Sequence[Case]
    next: str | None
    previous: str | None


def page_of(found: QuerySet[Case], *, after: str = "", before: str = "", many: bool = False) -> Page:
    """The page after (or before) a mark; a mark that is not understood is no mark.

    ``many``: that more fit than are worth sorting, so that walking the index of the order soon finds a page of them.
    """
    place = _place(after or before)
    backwards = bool(before) and place is not None
    if place is not None:
        beyond = TupleGreaterThan if backwards else TupleLessThan
        found = found.filter(beyond((F("priority"), F("case_no")), place))
    order = ("priority", "case_no") if backwards else ("-priority", "-case_no")
    with _without_sorting() if many else nullcontext():
        rows = list(found.order_by(*order)[: ROWS_A_PAGE + 1])
    more, rows = len(rows) > ROWS_A_PAGE, rows[:ROWS_A_PAGE]
    if backwards:
        rows.reverse()
    return Page(
        rows,
        next=_mark(rows[-1]) if rows and (more or backwards) else None,
        previous=_mark(rows[0]) if rows and (more if backwards else place is not None) else None,
    )


def count_to_limit(found: QuerySet[Case]) -> int:
    """How many there are, counted no further than one past ``MOST_COUNTED``."""
    return found.order_by()[: MOST_COUNTED + 1].count()


@contextmanager
def _without_sorting() -> Iterator[None]:
    """Row-level security hides from PostgreSQL how much an account sees: it would sort the whole province."""
    if connection.vendor != "postgresql" or not connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = on")


def _mark(case: Case) -> str:
    return f"{case.priority}{SEPARATOR}{case.case_no}"


def _place(mark: str) -> tuple[int, str] | None:
    priority, separator, case_no = mark.partition(SEPARATOR)
    return (int(priority), case_no) if separator and priority.isdecimal() and len(priority) < MOST_DIGITS else None
