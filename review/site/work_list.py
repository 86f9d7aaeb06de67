"""The work list: cases that fit a filter, most pressing first, and acts on many of them at once."""

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext, pgettext
from django.views.decorators.http import require_safe

from review.accounts.models import Account
from review.case_life.acting_on_many import act_on_many
from review.case_life.refusals import IncompleteError, RefusedError
from review.case_life.table import Action, ever_allowed
from review.filters import FilterError, Ledger, WorkFilter, cases
from review.models import CaseState, Direction, Night, Outcome
from review.rule_texts import newest_titles
from review.saved_views import forget_view, save_view, views_of
from review.site import drafts
from review.site.access import signed_in
from review.site.assignees import assignees_within
from review.site.case_rows import rows_for
from review.site.form_pages import posted, readable_address
from review.site.paging import MOST_COUNTED, count_to_limit, page_of
from review.site.ready_filters import NOBODY_ACTED, REOPENED, WAITS_FOR_COUNTY, WAITS_FOR_PROVINCE, ReadyFilter
from review.site.titles import division_name, divisions_under
from review.written_text import read_number

MOST_AT_ONCE = 200
# Parts of the filter that are folded away until one of them is used.
FURTHER = {"direction", "ledger", "night", "since", "assigned_to", "status", "stale"}


@signed_in
@require_safe
def work_list(request: HttpRequest) -> HttpResponse:
    """Cases that fit the filter of the address."""
    account = cast("Account", request.user)
    try:
        wanted, wrong = WorkFilter.read(request.GET), None
    except FilterError as error:
        wanted, wrong = WorkFilter(ledger=Ledger.BOTH.value), error
    found = cases(account, wanted)
    total = count_to_limit(found)
    page = page_of(
        found, after=request.GET.get("after", ""), before=request.GET.get("before", ""), many=total > MOST_COUNTED
    )
    filter_words = wanted.words()
    views = _ready_views(account, filter_words)
    return render(
        request,
        "work_list.html",
        {
            "wrong": wrong,
            **_kept(request),
            "lines": rows_for(account, page.cases),
            "count": _count(total),
            "filter_words": filter_words,
            "query": urlencode(filter_words),
            "next": urlencode(filter_words | {"after": page.next}) if page.next else None,
            "previous": urlencode(filter_words | {"before": page.previous}) if page.previous else None,
            "choices": _choices(account, wanted),
            "further": not any(view["here"] for view in views) and bool(FURTHER & filter_words.keys()),
            "views": views,
            "saved": [
                {"view": view, "query": urlencode(view.words), "here": view.words == filter_words}
                for view in views_of(account)
            ],
            "may_assign": ever_allowed(account.role, Action.ASSIGN),
            "may_decide": ever_allowed(account.role, Action.DECIDE),
            "assignees": assignees_within(account) if ever_allowed(account.role, Action.ASSIGN) else [],
        },
        status=400 if wrong else 200,
    )


@signed_in
@posted
def act_on_chosen(request: HttpRequest) -> HttpResponse:
    """Assign the chosen cases, or find them legitimate, and say what was refused and why."""
    account = cast("Account", request.user)
    back = redirect(readable_address(request))
    chosen = [one for one in map(_chosen, request.POST.getlist("chosen")) if one is not None]
    if not chosen:
        messages.error(request, gettext("Choose cases first."))
        return back
    if len(chosen) > MOST_AT_ONCE:
        messages.error(request, gettext("Choose no more than %(most)s cases at once.") % {"most": MOST_AT_ONCE})
        return back
    action = request.POST.get("action", "")
    data: dict[str, Any] = {"note": request.POST.get("note", "")}
    data |= (
        {"outcome": Outcome.LEGITIMATE.value}
        if action == Action.DECIDE
        else {"assigned_to": request.POST.get("assigned_to", "")}
    )
    try:
        many = act_on_many(account, chosen, action, data)
    except IncompleteError as refusal:
        messages.error(request, " ".join(refusal.fields.values()))
        return back
    except RefusedError as refusal:
        messages.error(request, str(refusal))
        return back
    if many.done:
        words = ngettext("Done with %(cases)s case.", "Done with %(cases)s cases.", len(many.done))
        messages.success(request, words % {"cases": len(many.done)})
    for case_no, why in many.refused.items():
        messages.error(request, f"{case_no}: {why}")
    return back


@signed_in
@posted
def keep_view(request: HttpRequest) -> HttpResponse:
    """Keep the filter of the list under a name."""
    account = cast("Account", request.user)
    try:
        view = save_view(account, request.POST.get("name", ""), WorkFilter.read(request.POST).words())
    except (RefusedError, FilterError) as refusal:
        messages.error(request, str(refusal))
        drafts.keep(request)
        return redirect(readable_address(request))
    messages.success(request, gettext("View “%(name)s” is kept.") % {"name": view.name})
    return redirect(f"{reverse('work_list')}?{urlencode(view.words)}")


@signed_in
@posted
def drop_view(request: HttpRequest, key: int) -> HttpResponse:
    """Forget one of the account's own views."""
    try:
        forget_view(cast("Account", request.user), key)
    except RefusedError as refusal:
        messages.error(request, str(refusal))
    return redirect("work_list")


def _chosen(word: str) -> tuple[str, int] | None:
    case_no, _colon, version = word.rpartition(":")
    number = read_number(version)
    return (case_no, number) if case_no and number is not None else None


def _kept(request: HttpRequest) -> dict[str, Any]:
    """What was chosen and written here and not taken, once."""
    chosen, named = drafts.take(request, "act_on_chosen"), drafts.take(request, "keep_view")
    ticked = map(_chosen, chosen.fields.get("chosen", [])) if chosen else ()
    return {
        "kept_chosen": chosen.words() if chosen else {},
        "kept_cases": {one[0] for one in ticked if one is not None},
        "kept_name": named.words().get("name", "") if named else "",
    }


def _count(total: int) -> str:
    if total > MOST_COUNTED:
        return gettext("more than %(most)s cases") % {"most": f"{MOST_COUNTED:,}"}
    return ngettext("%(cases)s case", "%(cases)s cases", total) % {"cases": f"{total:,}"}


def _choices(account: Account, wanted: WorkFilter) -> Mapping[str, list[tuple[str, str]]]:
    """What each part of the filter may be, with words."""
    return {
        "rule": sorted(newest_titles().items(), key=lambda pair: pair[1]),
        "state": [(state.value, str(state.label)) for state in CaseState],
        "direction": [(direction.value, str(direction.label)) for direction in Direction],
        "ledger": [(which.value, str(which.label)) for which in Ledger],
        "severity": [("1", gettext("1 and more")), ("2", gettext("2 and more")), ("3", gettext("3 only"))],
        "status": [
            ("open", pgettext("flags", "found by the newest night")),
            ("cleared", pgettext("flags", "ground is gone")),
            ("closed", pgettext("flags", "found again after the case was closed")),
        ],
        "division": _divisions(account, wanted.division or ""),
    }


def _divisions(account: Account, chosen: str) -> list[tuple[str, str]]:
    """The way from the account's division to the chosen one, and what lies directly below it."""
    inside = chosen if chosen.startswith(account.division) else account.division
    way = [inside[:length] for length in (2, 4, 6, 9, 12) if len(account.division) < length <= len(inside)]
    under = divisions_under(inside)
    return [(code, division_name(code, below=account.division)) for code in way] + [
        (code, f"　{name}" if way else name) for code, name in under
    ]


def _ready_views(account: Account, filter_words: Mapping[str, str]) -> list[dict[str, Any]]:
    newest = Night.objects.order_by("-date").values_list("date", flat=True).first()
    ready: list[ReadyFilter] = [(gettext("Open"), {"ledger": "both"})]
    if account.may_act:
        ready.append((gettext("Mine"), {"ledger": "both", "assigned_to": account.username}))
    ready += [WAITS_FOR_COUNTY, WAITS_FOR_PROVINCE, NOBODY_ACTED, REOPENED]
    if newest:
        ready.append((gettext("Changed last night"), {"night": str(newest)}))
    ready.append((gettext("Closed in both"), {"ledger": "done"}))
    return [{"title": title, "query": urlencode(words), "here": words == filter_words} for title, words in ready]
