"""Accounts: administrators keep those of their division; everybody changes the own password."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from review.accounts.administration import (
    accounts_of,
    change_account,
    change_own_password,
    make_account,
    new_password,
)
from review.accounts.models import Account, Role
from review.case_life.refusals import IncompleteError, RefusedError
from review.site import drafts
from review.site.access import account_of, only, signed_in
from review.site.form_pages import posted

ACCOUNTS_A_PAGE = 50
MADE_WITH = ("username", "full_name", "role", "division")


@only(Role.ADMINISTRATOR)
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """The accounts of the administrator's division, by division and name; ``after`` is the last one's user name."""
    return _listed(request)


@only(Role.ADMINISTRATOR)
@posted
@never_cache
def make(request: HttpRequest) -> HttpResponse:
    """A new account; its first password is shown on this answer and never again."""
    given = {name: request.POST.get(name, "").strip() for name in MADE_WITH}
    try:
        password = make_account(account_of(request), **given)
    except RefusedError as refusal:
        return _listed(request, given, refusal)
    return _show_password(request, given["username"], password)


@only(Role.ADMINISTRATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest, username: str) -> HttpResponse:
    """One account: change name, role, division; lock it or open it again."""
    kept = _kept(request, username)
    refusal: RefusedError | None = None
    if request.method == "POST":
        changes: dict[str, Any] = {
            name: request.POST[name].strip() for name in ("full_name", "role", "division") if name in request.POST
        }
        if "active" in request.POST:
            changes["is_active"] = request.POST["active"] == "1"
        try:
            change_account(account_of(request), username, **changes)
        except RefusedError as error:
            refusal = error
        else:
            messages.success(request, gettext("The account has been changed."))
            return redirect("account", username=username)
        kept = _kept(request, username)
    draft = drafts.take(request, "account", username=username)
    for name, value in draft.words().items() if draft else ():
        if name in {"full_name", "role", "division"}:
            # Shown in the form again, saved only when it is sent.
            setattr(kept, name, value)
    context = {"kept": kept, "roles": Role.choices, **_wrong(refusal)}
    return render(request, "office/account.html", context, status=_status(refusal))


@only(Role.ADMINISTRATOR)
@posted
@never_cache
def set_password(request: HttpRequest, username: str) -> HttpResponse:
    """A new password, shown on this answer and never again."""
    _kept(request, username)
    try:
        password = new_password(account_of(request), username)
    except RefusedError as refusal:
        context = {"kept": _kept(request, username), "roles": Role.choices, **_wrong(refusal)}
        return render(request, "office/account.html", context, status=_status(refusal))
    return _show_password(request, username, password)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def own_password(request: HttpRequest) -> HttpResponse:
    """Everybody, knowing the old one; the session goes on, all others of the account end."""
    refusal: RefusedError | None = None
    if request.method == "POST":
        holder = account_of(request)
        try:
            change_own_password(holder, request.POST.get("old", ""), request.POST.get("new", ""))
        except RefusedError as error:
            refusal = error
        else:
            update_session_auth_hash(request, holder)
            messages.success(request, gettext("Your password has been changed."))
            return redirect(_wanted(request) or "home")
    context = {"wanted": _wanted(request), **_wrong(refusal)}
    return render(request, "office/own_password.html", context, status=_status(refusal))


def _wanted(request: HttpRequest) -> str:
    """The page of this site that was wanted before the password had to be changed; empty for none."""
    asked = request.POST.get("next", "") or request.GET.get("next", "")
    own = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if own else ""


def _listed(
    request: HttpRequest, given: dict[str, str] | None = None, refusal: RefusedError | None = None
) -> HttpResponse:
    kept = accounts_of(account_of(request)).order_by("username")
    after, sought = request.GET.get("after", ""), request.GET.get("sought", "").strip()
    if sought:
        kept = kept.filter(username__startswith=sought)
    page = list(kept.filter(username__gt=after)[: ACCOUNTS_A_PAGE + 1])
    draft = drafts.take(request, "make_account")
    context = {
        "accounts": page[:ACCOUNTS_A_PAGE],
        "after": page[ACCOUNTS_A_PAGE - 1].username if len(page) > ACCOUNTS_A_PAGE else "",
        "sought": sought,
        "roles": Role.choices,
        "given": given or (draft.words() if draft else {}),
        **_wrong(refusal),
    }
    return render(request, "office/accounts.html", context, status=_status(refusal))


def _show_password(request: HttpRequest, username: str, password: str) -> HttpResponse:
    return render(request, "office/password_shown.html", {"username": username, "password": password})


def _kept(request: HttpRequest, username: str) -> Account:
    found = accounts_of(account_of(request)).filter(username=username).first()
    if found is None:
        raise Http404
    return found


def _wrong(refusal: RefusedError | None) -> dict[str, Any]:
    """What a refusal says, as a whole and by field."""
    fields = refusal.fields if isinstance(refusal, IncompleteError) else {}
    return {"refusal": "" if fields else str(refusal or ""), "wrong": fields}


def _status(refusal: RefusedError | None) -> int:
    return 400 if refusal else 200
