"""One case: read it, act on it, see it unmasked with a reason, print its visit sheet."""

from collections.abc import Callable, Mapping
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from review.accounts.models import Account
from review.case_life.acting import act, changes_since
from review.case_life.refusals import (
    ConflictError,
    IncompleteError,
    NoSuchCaseError,
    NotAllowedError,
    NotNowError,
    RefusedError,
)
from review.case_life.table import Action
from review.models import CaseState, Outcome
from review.priority import in_words
from review.site import drafts
from review.site.access import signed_in
from review.site.act_forms import forms_for, usual_act
from review.site.case_display import display
from review.site.form_pages import posted
from review.site.link_explanation import can_explain_links
from review.visible_case import VisibleCase, read_case
from review.written_text import read_number

NOT_DATA = ("csrfmiddlewaretoken", "form_of", "version")


@signed_in
@require_safe
@never_cache
def case_page(request: HttpRequest, case_no: str) -> HttpResponse:
    """The case, masked; what was written for it and not taken is in its form again."""
    return _masked(request, case_no, _page_with_draft)


@signed_in
@posted
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
        drafts.keep(request)
        return redirect("visit_sheet" if "sheet" in request.POST else "case", case_no)
    return _sheet(request, account, seen) if "sheet" in request.POST else _page(request, account, seen)


@signed_in
@require_safe
@never_cache
def visit_sheet(request: HttpRequest, case_no: str) -> HttpResponse:
    """The sheet to take along, masked."""
    return _masked(request, case_no, _sheet)


@signed_in
@posted
def act_on_case(request: HttpRequest, case_no: str, action: str) -> HttpResponse:
    """Take one step; when it is refused, the page again with what was given, and why."""
    account = cast("Account", request.user)
    given = {name: value for name, value in request.POST.items() if name not in NOT_DATA and isinstance(value, str)}
    version = read_number(request.POST.get("version", "")) or 0
    try:
        acted = act(account, case_no, action, given, version)
    except NoSuchCaseError as refusal:
        return _refused(request, refusal, 404)
    except NotAllowedError as refusal:
        return _refused(request, refusal, 403)
    except RefusedError as refusal:
        drafts.keep(request)
        return _again(request, account, case_no, action, given, refusal)
    drafts.drop(request, "act", case_no=case_no, action=action)
    messages.success(
        request,
        gettext("Done: the case is now “%(state)s”.") % {"state": acted.state.label},
    )
    return redirect("case", case_no)


def _masked(
    request: HttpRequest, case_no: str, shown_as: Callable[[HttpRequest, Account, VisibleCase], HttpResponse]
) -> HttpResponse:
    account = cast("Account", request.user)
    try:
        seen = read_case(account, case_no)
    except NoSuchCaseError as refusal:
        return _refused(request, refusal, 404)
    return shown_as(request, account, seen)


def _page_with_draft(request: HttpRequest, account: Account, seen: VisibleCase) -> HttpResponse:
    """The page; with a draft, its words in the form of its act, and what has happened to the case since."""
    draft = drafts.find(request, "act", case_no=seen.case.case_no)
    if draft is None:
        return _page(request, account, seen)
    words = draft.words()
    refusal: RefusedError = NotNowError(gettext("You wrote this before; it has not been sent. Check it and send it."))
    looked_at = read_number(words.get("version", ""))
    if looked_at is not None and looked_at < seen.case.version:
        refusal = ConflictError(seen.case.version, changes_since(account, seen.case, looked_at))
    given = {name: value for name, value in words.items() if name not in NOT_DATA}
    return _page(request, account, seen, tried=draft.parts["action"], given=given, refusal=refusal)


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
    seen: VisibleCase,
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
        refused=gettext("Correct what is marked below.") if wrong else str(refusal or ""),
    )
    context = {
        "shown": display(seen),
        "left_over": [value for value in (given or {}).values() if value] if tried not in seen.actions else [],
        "unmasked_because": _unmasked_because(request, seen),
        "seen": seen,
        "case": seen.case,
        "priority_words": _priority(seen),
        "forms": forms,
        "refusal": refusal if not any(form.wrong for form in forms) else None,
        "changes": _changes(refusal),
        "may_unmask": account.may_unmask,
        "can_explain": can_explain_links(),
        "days": max((timezone.localdate() - seen.case.opened_night).days, 0),
        "pending": pending,
        "pending_outcome": Outcome(pending.outcome).label if pending else "",
    }
    return render(request, "case.html", context, status=status)


def _priority(seen: VisibleCase) -> str:
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


def _sheet(request: HttpRequest, account: Account, seen: VisibleCase) -> HttpResponse:
    context = {
        "shown": display(seen),
        "unmasked_because": _unmasked_because(request, seen),
        "seen": seen,
        "case": seen.case,
        "may_unmask": account.may_unmask,
        "printed_at": timezone.now(),
    }
    return render(request, "visit_sheet.html", context)


def _unmasked_because(request: HttpRequest, seen: VisibleCase) -> str:
    """The reason that was given and not taken, once."""
    draft = drafts.take(request, "unmasked", case_no=seen.case.case_no)
    return draft.words().get("unmasked_because", "") if draft else ""


def _refused(request: HttpRequest, refusal: RefusedError, status: int) -> HttpResponse:
    return render(request, "refused.html", {"refusal": refusal}, status=status)
