"""A person whose password was set by somebody else must change it first."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import BACKEND_SESSION_KEY
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from review.accounts.models import Account

# What may be done all the same.
STILL_OPEN = ("own_password", "sign_out", "set_language")
SINGLE_SIGN_ON = "review.accounts.single_sign_on.SingleSignOn"


class FirstPasswordMiddleware:
    """Lead an account whose password somebody else knows to the page that changes it, wherever it wanted to go.

    Not one that came through the office's single sign-on: it used no password.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Wrap the rest of the chain."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request."""
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponseBase | None:
        """Lead elsewhere before the view is asked."""
        account = request.user
        if not isinstance(account, Account) or not account.must_change_password:
            return None
        if request.session.get(BACKEND_SESSION_KEY) == SINGLE_SIGN_ON:
            return None
        if request.resolver_match is not None and request.resolver_match.view_name in STILL_OPEN:
            return None
        wanted = f"?{urlencode({'next': request.get_full_path()})}" if request.method in {"GET", "HEAD"} else ""
        return redirect(f"{reverse('own_password')}{wanted}")
