"""Errors of the site in the log: what, where and of which request, and nothing of what anybody sent.

An error's message may quote a value, so it is left out; its type and the places it went through are enough to find it.
The page that the person sees shows the same request id.
"""

import logging
import secrets
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.signals import got_request_exception
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

LOG = logging.getLogger("hedui.site")
ROOT = Path(__file__).parents[2]
FRAMES_LOGGED = 6


class RequestIdMiddleware:
    """Give every request an id, which goes out with the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Wrap the rest of the chain, and listen for what goes wrong in it."""
        self._get_response = get_response
        got_request_exception.connect(_log_error, dispatch_uid="error_log")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request."""
        request.META[REQUEST_ID] = secrets.token_hex(6)
        response = self._get_response(request)
        response["X-Request-ID"] = request_id(request)
        return response


REQUEST_ID = "hedui.request_id"


def request_id(request: HttpRequest) -> str:
    """The id of a request; empty before it has one."""
    return str(request.META.get(REQUEST_ID, ""))


def describe_error(request: HttpRequest, error: BaseException) -> str:
    """One line about an error: when, request, view, types and places; no value of the request or the error."""
    chain = [error]
    while (further := chain[-1].__cause__ or chain[-1].__context__) and further not in chain:
        chain.append(further)
    types = "<".join(type(one).__name__ for one in chain)
    frames = traceback.extract_tb(error.__traceback__)[-FRAMES_LOGGED:]
    places = ">".join(f"{_place(frame.filename)}:{frame.lineno}:{frame.name}" for frame in frames)
    match = request.resolver_match
    # The method is what was sent: only one that there is is repeated.
    method = request.method if request.method in {"GET", "HEAD", "POST"} else "other"
    facts = {
        "at": timezone.localtime().isoformat(timespec="seconds"),
        "request": request_id(request),
        "view": match.view_name if match else "none",
        "method": method,
        "error": types,
        "place": places,
    }
    return " ".join(f"{name}={value}" for name, value in facts.items())


def _log_error(request: HttpRequest | None = None, **_rest: Any) -> None:
    error = sys.exception()
    if request is not None and error is not None:
        LOG.error("site error %s", describe_error(request, error))


def _place(file: str) -> str:
    path = Path(file)
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else "/".join(path.parts[-3:])
