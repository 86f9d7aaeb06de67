"""Every request runs inside the walls."""

from collections.abc import Callable

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseBase

from review.accounts.models import Account
from review.walls.scope import as_account, guarded


class WallsMiddleware:
    """Put the request's view inside ``as_account``; without an account, only refuse unscoped queries.

    On PostgreSQL a request is one transaction; an answer of 500 undoes it. A streamed answer runs after it has ended
    and would see nothing: write an export to a temporary file first.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Wrap the rest of the chain."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request."""
        # Read now: who is signed in must be found before the site's role is taken.
        account = request.user if request.user.is_authenticated else None
        if not isinstance(account, Account):
            with guarded():
                return self._get_response(request)
        with as_account(account):
            response = self._get_response(request)
            if response.status_code >= 500 and connection.in_atomic_block:
                transaction.set_rollback(True)
            return response
