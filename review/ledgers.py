"""The two ledgers: what is open at the county and at the province, how old it is, and who holds it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min
from django.db.models.functions import Substr

from review.accounts.models import Account
from review.filters import Ledger, WorkFilter, cases


@dataclass(frozen=True)
class LedgerLine:
    """Open cases of one division in one ledger: how many, how many unassigned, the oldest, and cases by holder."""

    division: str
    cases: int
    unassigned: int
    oldest_night: date
    holders: dict[str, int]


def ledger(account: Account, which: Ledger, *, digits: int = 6, division: str | None = None) -> list[LedgerLine]:
    """One line a division of ``digits`` digits (4 city, 6 county, 9 township), within ``division`` if given."""
    found = cases(account, WorkFilter(ledger=which.value, division=division)).annotate(
        place=Substr("division", 1, digits)
    )
    holders: dict[str, dict[str, int]] = {}
    oldest: dict[str, date] = {}
    # One pass over the cases: a ledger of a province is half a million of them.
    held = found.values("place", "assigned_to").annotate(count=Count("pk"), oldest=Min("opened_night"))
    for part in held.order_by("place", "assigned_to"):
        place = part["place"]
        holders.setdefault(place, {})[part["assigned_to"]] = part["count"]
        oldest[place] = min(oldest.get(place, part["oldest"]), part["oldest"])
    return [
        LedgerLine(
            division=place,
            cases=sum(counts.values()),
            unassigned=counts.get("", 0),
            oldest_night=oldest[place],
            holders={name: count for name, count in counts.items() if name},
        )
        for place, counts in holders.items()
    ]
