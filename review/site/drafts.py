"""What was written into a form and not taken: kept a while for its writer alone, and filled in again.

A session ends while somebody writes; a form expires. What was sent is then kept on the server, in the browser's new
session, an hour at most. Whose it is, the form itself says under the site's seal (``form_of``), or the browser does:
only that account is shown it, and another that signs in there ends it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from review.accounts.models import Account
from review.site.form_pages import form_data
from review.written_text import NOT_KEPT

SEAL = "form of"
# How long a form may stay open, and how long what it sent is kept: seconds.
FORM_LASTS = 24 * 60 * 60
KEPT_FOR = 60 * 60
MOST_KEPT = 5
LARGEST = 64_000
IN_SESSION = "drafts"
WRITER_COOKIE = "hedui_writer"
# The addresses whose forms hold words; passwords are never among them.
KEPT = frozenset({"act", "unmasked", "act_on_chosen", "keep_view", "export_file", "make_account", "account"})
NOT_WORDS = ("csrfmiddlewaretoken", "form_of")


@dataclass(frozen=True)
class Draft:
    """What one form sent: the address's name and parts, and its fields."""

    view: str
    parts: Mapping[str, str]
    fields: Mapping[str, list[str]]

    def words(self) -> dict[str, str]:
        """Each field's last value, as a form of single fields has them."""
        return {name: values[-1] for name, values in self.fields.items() if values}


def writer_token(account: Account) -> str:
    """What a form holds to say for whom it was made."""
    return signing.dumps(account.pk, salt=SEAL)


def keep(request: HttpRequest) -> bool:
    """Keep what the request sent for whoever wrote it; whether it is kept."""
    match = request.resolver_match
    if request.method != "POST" or match is None or match.view_name not in KEPT:
        return False
    writer = _writer(request)
    if writer is None or (request.user.is_authenticated and request.user.pk != writer):
        return False
    fields = {
        name: [NOT_KEPT.sub("", str(value)) for value in values]
        for name, values in form_data(request).lists()
        if name not in NOT_WORDS
    }
    if sum(len(name) + sum(map(len, values)) for name, values in fields.items()) > LARGEST:
        return False
    parts = {name: str(value) for name, value in match.kwargs.items()}
    others = [
        one for one in request.session.get(IN_SESSION, []) if (one["view"], one["parts"]) != (match.view_name, parts)
    ]
    made = {"writer": writer, "at": _now(), "view": match.view_name, "parts": parts, "fields": fields}
    request.session[IN_SESSION] = [*others, made][-MOST_KEPT:]
    return True


def find(request: HttpRequest, view: str, **parts: str) -> Draft | None:
    """The newest of the account's own drafts for an address of this name and these parts (among others)."""
    for one in reversed(_own(request)):
        if one["view"] == view and parts.items() <= one["parts"].items():
            return Draft(one["view"], one["parts"], one["fields"])
    return None


def take(request: HttpRequest, view: str, **parts: str) -> Draft | None:
    """The same, and forget it: shown once."""
    found = find(request, view, **parts)
    drop(request, view, **parts)
    return found


def drop(request: HttpRequest, view: str, **parts: str) -> None:
    """Forget what was kept for this address: it has been taken, or shown."""
    kept = request.session.get(IN_SESSION, [])
    left = [one for one in kept if not (one["view"] == view and parts.items() <= one["parts"].items())]
    if len(left) < len(kept):
        request.session[IN_SESSION] = left


class WriterMiddleware:
    """Let the browser remember, under seal, who last used it: for a form that does not say whose it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Wrap the rest of the chain."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request."""
        response = self._get_response(request)
        account = request.user
        if isinstance(account, Account) and _read_token(request.COOKIES.get(WRITER_COOKIE, "")) != account.pk:
            response.set_cookie(
                WRITER_COOKIE,
                writer_token(account),
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response


def listen() -> None:
    """Hear of sign-ins: what others wrote in this browser ends with one."""
    user_logged_in.connect(_signed_in, dispatch_uid="drafts")


def _signed_in(user: Account, request: HttpRequest | None = None, **_rest: Any) -> None:
    if request is not None and IN_SESSION in request.session:
        request.session[IN_SESSION] = [one for one in request.session[IN_SESSION] if one["writer"] == user.pk]


def _own(request: HttpRequest) -> list[dict[str, Any]]:
    """The account's drafts that are still kept, oldest first."""
    oldest = _now() - KEPT_FOR
    kept: list[dict[str, Any]] = request.session.get(IN_SESSION, [])
    return [one for one in kept if one["writer"] == request.user.pk and one["at"] >= oldest]


def _writer(request: HttpRequest) -> int | None:
    writer_seal = form_data(request).get("form_of")
    if writer_seal is not None:
        return _read_token(writer_seal)
    if isinstance(request.user, Account):
        return request.user.pk
    return _read_token(request.COOKIES.get(WRITER_COOKIE, ""))


def _read_token(seal: str) -> int | None:
    try:
        return int(signing.loads(seal, salt=SEAL, max_age=FORM_LASTS))
    except signing.BadSignature:
        return None


def _now() -> float:
    return timezone.now().timestamp()
