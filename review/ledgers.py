"""The two ledgers: what is open at the county and at the province, how old it is, and who holds it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.db.models import Count, Min
from django.db.models.functions import Substr

from review.accounts.models import Account
from review.filters import Ledger, WorkFilter, cases

# A ledger of so many cases, a city's, takes long enough to add up to be shown again for a minute.
MANY_CASES = 20_000
SECONDS_SHOWN = 60


@dataclass(frozen=True)
class LedgerLine:
    """Open cases of one division in one ledger: how many, how many unassigned, the oldest, and cases by holder."""

    division: str
    cases: int
    unassigned: int
    oldest_night: date
    assignees: dict[str, int]


def ledger(account: Account, which: Ledger, *, digits: int = 6, division: str | None = None) -> list[LedgerLine]:
    """One line a division of ``digits`` digits (4 city, 6 county, 9 township), within ``division`` if given.

    Of ``MANY_CASES`` and more, as it was at most ``SECONDS_SHOWN`` seconds ago.
    """
    if not account.may_read_cases:
        return []
    shown = f"ledger {which} {digits} {account.division} {division or ''}".replace(" ", "/")
    lines: list[LedgerLine] | None = cache.get(shown)
    if lines is None:
        lines = _added_up(account, which, digits, division)
        if sum(line.cases for line in lines) >= MANY_CASES:
            cache.set(shown, lines, SECONDS_SHOWN)
    return lines


def _added_up(account: Account, which: Ledger, digits: int, division: str | None) -> list[LedgerLine]:
    held = (
        cases(account, WorkFilter(ledger=which.value, division=division))
        .annotate(place=Substr("division", 1, digits))
        .values_list("place", "assigned_to")
        .annotate(count=Count("*"), oldest=Min("opened_night"))
        .order_by()
    )
    # Each case is looked at once; what is left to add up is small.
    by_place: dict[str, list[tuple[str, int, date]]] = defaultdict(list)
    for place, holder, count, oldest in held:
        by_place[place].append((holder, count, oldest))
    return [_line(place, by_place[place]) for place in sorted(by_place)]


def _line(place: str, held: list[tuple[str, int, date]]) -> LedgerLine:
    assignees = {holder: count for holder, count, _oldest in sorted(held)}
    return LedgerLine(
        division=place,
        cases=sum(assignees.values()),
        unassigned=assignees.pop("", 0),
        oldest_night=min(oldest for _holder, _count, oldest in held),
        assignees=assignees,
    )
