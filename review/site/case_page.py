"""One case: read it, act on it, see it unmasked with a reason, print its visit sheet."""

from collections.abc import Callable, Mapping
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from review.accounts.models import Account
from review.case_life.acting import act
from review.case_life.refusals import (
    ConflictError,
    IncompleteError,
    NoSuchCaseError,
    NotAllowedError,
    RefusedError,
)
from review.case_life.table import Action
from review.models import CaseState, Outcome
from review.priority import in_words
from review.reading import CaseSeen, read_case
from review.site.act_forms import forms_for, usual_act
from review.site.case_shown import shown
from review.site.explaining import can_explain

NOT_DATA = ("csrfmiddlewaretoken", "version")


@login_required
@require_safe
@never_cache
def case_page(request: HttpRequest, case_no: str) -> HttpResponse:
    """The case, masked."""
    return _masked(request, case_no, _page)


@login_required
@require_POST
@never_cache
def unmasked(request: HttpRequest, case_no: str) -> HttpResponse:
    """The case unmasked, this once: the reason goes into the audit log. With ``sheet``, as a visit sheet."""
    account = cast("Account", request.user)
    try:
        seen = read_case(account, case_no, unmasked_because=request.POST.get("unmasked_because", ""))
    except NoSuchCaseError as refusal:
        return _refused(request, refusal, 404)
    except NotAllowedError as refusal:
        return _refused(request, refusal, 403)
    except IncompleteError as refusal:
        messages.error(request, str(refusal))
        return redirect("visit_sheet" if "sheet" in request.POST else "case", case_no)
    return _sheet(request, account, seen) if "sheet" in request.POST else _page(request, account, seen)


@login_required
@require_safe
@never_cache
def visit_sheet(request: HttpRequest, case_no: str) -> HttpResponse:
    """The sheet to take along, masked."""
    return _masked(request, case_no, _sheet)


@login_required
@require_POST
def act_on_case(request: HttpRequest, case_no: str, action: str) -> HttpResponse:
    """Take one step; when it is refused, the page again with what was given, and why."""
    account = cast("Account", request.user)
    given = {name: value for name, value in request.POST.items() if name not in NOT_DATA and isinstance(value, str)}
    version = request.POST.get("version", "")
    try:
        acted = act(account, case_no, action, given, int(version) if version.isdecimal() else 0)
    except NoSuchCaseError as refusal:
        return _refused(request, refusal, 404)
    except NotAllowedError as refusal:
        return _refused(request, refusal, 403)
    except RefusedError as refusal:
        return _again(request, account, case_no, action, given, refusal)
    messages.success(
        request,
        gettext("Done: the case is now “%(state)s”.") % {"state": acted.state.label},
    )
    return redirect("case", case_no)


def _masked(
    request: HttpRequest, case_no: str, shown_as: Callable[[HttpRequest, Account, CaseSeen], HttpResponse]
) -> HttpResponse:
    account = cast("Account", request.user)
    try:
        seen = read_case(account, case_no)
    except NoSuchCaseError as refusal:
        return _refused(request, refusal, 404)
    return shown_as(request, account, seen)


def _again(
    request: HttpRequest, account: Account, case_no: str, action: str, given: Mapping[str, str], refusal: RefusedError
) -> HttpResponse:
    seen = read_case(account, case_no)
    return _page(
        request,
        account,
        seen,
        tried=action,
        given=given,
        refusal=refusal,
        status=409 if isinstance(refusal, ConflictError) else 422,
    )


def _page(
    request: HttpRequest,
    account: Account,
    seen: CaseSeen,
    *,
    tried: str = "",
    given: Mapping[str, str] | None = None,
    refusal: RefusedError | None = None,
    status: int = 200,
) -> HttpResponse:
    wrong = refusal.fields if isinstance(refusal, IncompleteError) else {}
    pending = next((one for one in seen.proposals if one.ended_at is None), None)
    forms = forms_for(
        account,
        seen.case,
        seen.actions,
        usual=usual_act(seen.case, pending, seen.decisions),
        tried=tried,
        given=given,
        wrong=wrong,
        refused=gettext("Mend what is marked below.") if wrong else str(refusal or ""),
    )
    context = {
        "shown": shown(seen),
        "seen": seen,
        "case": seen.case,
        "priority_words": _priority(seen),
        "forms": forms,
        "refusal": refusal if not any(form.wrong for form in forms) else None,
        "changes": _changes(refusal),
        "may_unmask": account.may_unmask,
        "can_explain": can_explain(),
        "days": max((timezone.localdate() - seen.case.opened_night).days, 0),
        "pending": pending,
        "pending_outcome": Outcome(pending.outcome).label if pending else "",
    }
    return render(request, "case.html", context, status=status)


def _priority(seen: CaseSeen) -> str:
    """How the case's priority came about: the formula of its most pressing open flag; empty where none is open."""
    standing = [flag for flag in seen.flags if flag.cleared_night is None]
    return in_words(max(standing, key=lambda flag: flag.priority)) if standing else ""


def _changes(refusal: RefusedError | None) -> list[dict[str, object]]:
    if not isinstance(refusal, ConflictError):
        return []
    return [
        {
            "at": change.at,
            "actor": change.actor,
            "what": Action(change.action).label if change.action in Action.values else change.action,
            "state": CaseState(change.state).label,
        }
        for change in refusal.changes
    ]


def _sheet(request: HttpRequest, account: Account, seen: CaseSeen) -> HttpResponse:
    context = {
        "shown": shown(seen),
        "seen": seen,
        "case": seen.case,
        "may_unmask": account.may_unmask,
        "printed_at": timezone.now(),
    }
    return render(request, "visit_sheet.html", context)


def _refused(request: HttpRequest, refusal: RefusedError, status: int) -> HttpResponse:
    return render(request, "refused.html", {"refusal": refusal}, status=status)
