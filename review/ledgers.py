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
    lines = found.values("place").annotate(count=Count("pk"), oldest=Min("opened_night")).order_by("place")
    holders: dict[str, dict[str, int]] = {}
    for held in found.values("place", "assigned_to").annotate(count=Count("pk")).order_by("place", "assigned_to"):
        holders.setdefault(held["place"], {})[held["assigned_to"]] = held["count"]
    return [
        LedgerLine(
            division=line["place"],
            cases=line["count"],
            unassigned=holders[line["place"]].pop("", 0),
            oldest_night=line["oldest"],
            holders=holders[line["place"]],
        )
        for line in lines
    ]
