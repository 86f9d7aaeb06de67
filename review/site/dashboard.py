"""The dashboard: flags and outcomes by rule, division and month; how often people confirm; how long cases take."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from review.accounts.models import READERS, Account
from review.counting import counted_at
from review.dashboard_counts import MonthCount, by_month, cases_by_division, flags_by_rule
from review.even_handedness import read_report
from review.figures import ConfirmationRates, Rate, confirmation_rates, days_to_close, load_floors
from review.models import Outcome
from review.rule_texts import newest_titles
from review.site import charts
from review.site.access import account_of, only
from review.site.nights import rules_not_run_in_words
from review.site.titles import division_name


@only(*READERS)
@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """All of it on one page that prints."""
    account = account_of(request)
    rates = confirmation_rates(account)
    context = {
        "parts": [_rules(account), _divisions(account), *_months(account), _confirmed(rates)],
        "not_run": rules_not_run_in_words(),
        "control": rates.control,
        "control_interval": _interval(rates.control),
        "days": days_to_close(account),
        "counted": _counted(account),
        "even_handedness": read_report() is not None,
    }
    return render(request, "office/dashboard.html", context)


def _counted(account: Account) -> str:
    """Since when the figures are so; empty where they are of this moment."""
    at = counted_at(account)
    if at is None:
        return ""
    return gettext("Counted %(at)s, with the last publication of a night.") % {"at": f"{localtime(at):%Y-%m-%d %H:%M}"}


def _rules(account: Account) -> dict[str, Any]:
    names = newest_titles()
    kinds = (gettext("open"), gettext("cleared"))
    lines = [(names.get(one.rule, one.rule), one.open, one.cleared) for one in flags_by_rule(account)]
    return _bars(gettext("Flags by rule"), gettext("Rule"), kinds, lines)


def _divisions(account: Account) -> dict[str, Any]:
    kinds = (gettext("waiting for the county"), gettext("closed"))
    lines = [
        (division_name(one.division, below=account.division), one.waiting, one.closed)
        for one in cases_by_division(account)
    ]
    return _bars(gettext("Cases by division"), gettext("Division"), kinds, lines)


def _bars(title: str, first: str, kinds: tuple[str, str], lines: list[tuple[str, int, int]]) -> dict[str, Any]:
    rows = [
        {"what": what, "kind": kind, "count": count}
        for what, *counts in lines
        for kind, count in zip(kinds, counts, strict=True)
    ]
    drawn = charts.stacked_bars(rows, kinds=kinds) if rows else ""
    return {"title": title, "head": (first, *kinds), "lines": lines, "chart": drawn}


def _months(account: Account) -> list[dict[str, Any]]:
    months = by_month(account)
    found = gettext("flags first found")
    rows = [{"what": f"{one.month:%Y-%m}", "kind": found, "count": one.found} for one in months]
    flags = {
        "title": gettext("Flags by month"),
        "head": (gettext("Month"), found),
        "lines": [(f"{one.month:%Y-%m}", one.found) for one in months],
        "chart": charts.months(rows, kinds=(found,)) if rows else "",
    }
    return [flags, _outcomes(months)]


def _outcomes(months: list[MonthCount]) -> dict[str, Any]:
    met = [one for one in Outcome if any(one.value in month.outcomes for month in months)]
    labels = [str(one.label) for one in met]
    rows = [
        {"what": f"{month.month:%Y-%m}", "kind": str(one.label), "count": month.outcomes.get(one.value, 0)}
        for month in months
        for one in met
    ]
    lines = [(f"{month.month:%Y-%m}", *(month.outcomes.get(one.value, 0) for one in met)) for month in months]
    drawn = charts.months(rows, kinds=labels) if rows else ""
    return {"title": gettext("Outcomes by month"), "head": (gettext("Month"), *labels), "lines": lines, "chart": drawn}


def _confirmed(rates: ConfirmationRates) -> dict[str, Any]:
    names = newest_titles()
    ordered = sorted(rates.by_rule.items(), key=lambda item: -(item[1].rate or 0))
    rows = [
        {"what": names.get(rule, rule), "rate": rate.rate, "low": rate.interval[0], "high": rate.interval[1]}
        for rule, rate in ordered
    ]
    head = (
        gettext("Rule"),
        gettext("Confirmed"),
        gettext("Decided"),
        gettext("Rate"),
        gettext("95%% interval") % (),
        gettext("Floor"),
    )
    lines = [
        (names.get(rule, rule), rate.confirmed, rate.decided, _share(rate.rate), _interval(rate), _floor(rule, rate))
        for rule, rate in ordered
    ]
    return {
        "title": gettext("Confirmation rate by rule"),
        "head": head,
        "lines": lines,
        "chart": charts.intervals(rows) if rows else "",
    }


def _floor(rule: str, rate: Rate) -> str:
    floors = load_floors()
    floor = _share(floors.of(rule))
    if rate.decided >= floors.least_decided and rate.rate is not None and rate.rate < floors.of(rule):
        return gettext("under %(floor)s") % {"floor": floor}
    return floor


def _interval(rate: Rate) -> str:
    low, high = rate.interval
    return f"{_share(low)} – {_share(high)}" if rate.decided else ""


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"
