"""The two ledgers: what is open at the county and at the province, how old it is, and who holds it."""

from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from review.accounts.models import Account
from review.filters import Ledger
from review.ledgers import MANY_CASES, LedgerLine, ledger
from review.site.access import signed_in
from review.site.titles import PREFIX_LENGTHS, days_since, division_name
from review.written_text import read_number

ASSIGNEES_SHOWN = 4
WHICH = (Ledger.COUNTY, Ledger.PROVINCE)


@dataclass(frozen=True)
class Row:
    """One division's line, with words and links."""

    line: LedgerLine
    name: str
    days: int
    assignees: list[tuple[str, int]]
    more_assignees: int
    share: int
    cases_query: str
    below_query: str | None


@signed_in
@require_safe
def ledgers(request: HttpRequest) -> HttpResponse:
    """Both ledgers of the account's division, or of one within it."""
    account = cast("Account", request.user)
    asked = request.GET.get("division", "")
    inside = (
        asked
        if read_number(asked, PREFIX_LENGTHS[-1]) is not None and asked.startswith(account.division)
        else account.division
    )
    digits = next((length for length in PREFIX_LENGTHS if length > len(inside)), PREFIX_LENGTHS[-1])
    sides: list[dict[str, Any]] = []
    for which in WHICH:
        lines = ledger(account, which, digits=digits, division=inside)
        most = max((line.cases for line in lines), default=1)
        sides.append(
            {
                "which": which,
                "total": sum(line.cases for line in lines),
                "unassigned": sum(line.unassigned for line in lines),
                "oldest": min((line.oldest_night for line in lines), default=None),
                "rows": [_row(line, which, inside, most) for line in lines],
                "query": urlencode({"division": inside, "ledger": which.value}),
            }
        )
    way = [length for length in PREFIX_LENGTHS if len(account.division) <= length <= len(inside)]
    return render(
        request,
        "ledgers.html",
        {
            "sides": sides,
            "for_a_while": any(side["total"] >= MANY_CASES for side in sides),
            "way": [(inside[:length], division_name(inside[:length])) for length in way],
        },
    )


def _row(line: LedgerLine, which: Ledger, inside: str, most: int) -> Row:
    assignees = sorted(line.assignees.items(), key=lambda pair: (-pair[1], pair[0]))
    return Row(
        line,
        division_name(line.division, below=inside),
        days_since(line.oldest_night, timezone.localdate()),
        assignees[:ASSIGNEES_SHOWN],
        max(len(assignees) - ASSIGNEES_SHOWN, 0),
        max(round(20 * line.cases / most), 1),
        urlencode({"division": line.division, "ledger": which.value}),
        urlencode({"division": line.division}) if len(line.division) < PREFIX_LENGTHS[-1] else None,
    )
