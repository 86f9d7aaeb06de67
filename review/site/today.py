"""The first page: what waits for this person, and what the last night brought."""

from collections.abc import Sequence
from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from review.accounts.models import Account, Role
from review.filters import WorkFilter, cases
from review.models import Case, Night
from review.site.access import signed_in
from review.site.case_rows import rows_for
from review.site.paging import MOST_COUNTED, count_to_limit
from review.site.ready_filters import NOBODY_ACTED, REOPENED, WAITS_FOR_COUNTY, WAITS_FOR_PROVINCE, ReadyFilter
from review.site.titles import division_name, type_title

CASES_SHOWN = 6


@signed_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where one arrives after signing in."""
    account = cast("Account", request.user)
    night = Night.objects.order_by("-date").first() if account.may_read_cases else None
    return render(
        request,
        "home.html",
        {
            "place": division_name(account.division),
            "tiles": _tiles(account) if account.may_read_cases else [],
            "night": night,
            "published": _published(night),
            "late": _late(night),
            "lines": rows_for(account, _first(account)) if account.may_act else [],
            "first_query": urlencode(_waits_for(account)),
        },
    )


def _waits_for(account: Account) -> dict[str, str]:
    """The filter for what this level has to do."""
    if account.role == Role.TOWNSHIP:
        return {"ledger": "county", "assigned_to": account.username}
    return {"ledger": "province" if account.role == Role.PROVINCE else "county"}


def _first(account: Account) -> Sequence[Case]:
    found = cases(account, WorkFilter.read(_waits_for(account)))
    return list(found.order_by("-priority", "-case_no")[:CASES_SHOWN])


def _tiles(account: Account) -> list[dict[str, Any]]:
    asked: list[ReadyFilter] = []
    if account.role in (Role.TOWNSHIP, Role.COUNTY):
        asked.append((gettext("Mine, open"), {"ledger": "both", "assigned_to": account.username}))
    asked += [WAITS_FOR_COUNTY, WAITS_FOR_PROVINCE, REOPENED, NOBODY_ACTED]
    tiles = []
    for title, words in asked:
        count = count_to_limit(cases(account, WorkFilter.read(words)))
        shown = f"{MOST_COUNTED:,}+" if count > MOST_COUNTED else f"{count:,}"
        tiles.append({"title": title, "count": shown, "query": urlencode(words)})
    return tiles


def _published(night: Night | None) -> list[tuple[str, int]]:
    """What the night changed, over the whole province."""
    counts = (night.counts if night else {}).get("publication", {})
    words = {
        "opened": gettext("cases opened"),
        "reopened": gettext("cases reopened"),
        "new": gettext("new grounds"),
        "cleared": gettext("grounds gone"),
    }
    return [(title, counts[name]) for name, title in words.items() if name in counts]


def _late(night: Night | None) -> list[str]:
    """Types that did not come, or were refused, so that the night used an older delivery."""
    types = night.types if night else {}
    return [type_title(name) for name, facts in types.items() if facts.get("freshness", "fresh") != "fresh"]
