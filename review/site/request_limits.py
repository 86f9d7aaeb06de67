"""Checks on every request before a page reads it: its size, and characters that no database can store.

One place for all addresses: a new page is checked too.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext

from review.site import drafts
from review.site.error_pages import refused
from review.site.exporting import LARGEST_OUTCOMES
from review.written_text import cannot_be_stored

# A form holds words, and its parts around them.
LARGEST_FORM = 1_000_000
AROUND_A_FILE = 100_000


class RequestLimitsMiddleware:
    """Refuse what is too large before a byte of it is read, and what holds NUL or half a character."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Wrap the rest of the chain."""
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer one request."""
        if _size(request) > _most(request):
            return _too_large(request)
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Refuse before the view is asked; what was written is kept, without those signs."""
        if not any(map(cannot_be_stored, _words(request))):
            return None
        words = gettext(
            "It contains a character that cannot be stored (a NUL, or half a character): nothing was changed."
        )
        return refused(request, gettext("Not understood"), words, 400, kept=drafts.keep(request))


def _size(request: HttpRequest) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isascii() and length.isdecimal() and len(length) < len("1" + "0" * 18) else 0


def _most(request: HttpRequest) -> int:
    return LARGEST_OUTCOMES + AROUND_A_FILE if request.path_info == reverse("import_outcomes") else LARGEST_FORM


def _too_large(request: HttpRequest) -> HttpResponse:
    words = gettext("More was sent than this page accepts: nothing was read and nothing was changed.")
    # It has not been read: nothing of it may be taken for a form, nor for the next request.
    request.method = "GET"
    answer = refused(request, gettext("Too large"), words, 413)
    answer["Connection"] = "close"
    return answer


def _words(request: HttpRequest) -> Iterator[str]:
    """Everything that was sent as text."""
    yield request.path_info
    for sent in (request.GET, request.POST):
        for name, values in sent.lists():
            yield name
            yield from (str(value) for value in values)
    for _name, files in request.FILES.lists():
        yield from (getattr(file, "name", None) or "" for file in files)
    yield from request.COOKIES.values()
