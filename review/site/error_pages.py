"""What people see when a request is refused or fails: plain words, and a way on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from review.site import drafts
from review.site.error_log import LOG, describe_error, request_id
from review.site.form_pages import readable_address


def refused(request: HttpRequest, title: str, words: str, status: int, *, kept: bool = False) -> HttpResponse:
    """A page that says why a request was refused, and leads back to the page whose form it came from."""
    context = {
        "title": title,
        "words": words,
        "kept": kept,
        "files": _had_files(request),
        "back": readable_address(request),
    }
    return render(request, "error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What Django itself found suspicious; the log keeps its type, not its words."""
    LOG.warning("request refused %s", describe_error(request, exception))
    return refused(
        request, gettext("Not understood"), gettext("The request was not understood: nothing was changed."), 400
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - as Django calls it
    """A page that is not this role's."""
    return refused(request, gettext("Not for your role"), gettext("Your role does not open this page."), 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - as Django calls it
    """No such page, or not for this account: the two are not told apart."""
    words = gettext("There is no such page, or nothing to show on it. Check the address, or start from the first page.")
    return refused(request, gettext("Not found"), words, 404)


def failed(request: HttpRequest) -> HttpResponse:
    """Something is broken. The page asks nothing of the database, which may be what is broken."""
    return HttpResponse(_plain_page(request), status=500)


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - as Django calls it
    """A form whose token does not hold: mostly one that was open while its reader signed in again elsewhere."""
    kept = drafts.keep(request)
    words = gettext(
        "This form has expired, for example because you signed in again in another window. Nothing was changed."
    )
    return refused(request, gettext("The form has expired"), words, 403, kept=kept)


def _plain_page(request: HttpRequest) -> str:
    from django.template.loader import render_to_string

    return render_to_string("failed.html", {"request_id": request_id(request)})


def _had_files(request: HttpRequest) -> bool:
    return (request.content_type or "") == "multipart/form-data"
