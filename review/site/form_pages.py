"""The page of each form's address: where people are sent who open the address without sending a form."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed, QueryDict, UnreadablePostError
from django.shortcuts import redirect
from django.urls import reverse

View = Callable[..., HttpResponseBase]
FORM_STANDS_ON = {
    "act": "case",
    "unmasked": "case",
    "act_on_chosen": "work_list",
    "keep_view": "work_list",
    "drop_view": "work_list",
    "export_file": "export",
    "make_account": "accounts",
    "account_password": "account",
    "sign_out": "home",
}
# Not told to a page, which has them in its own address.
NOT_THE_PAGES = ("action", "key")


def readable_address(request: HttpRequest) -> str:
    """An address that can be read: the request's own, or that of the page its form stands on."""
    match = request.resolver_match
    name = FORM_STANDS_ON.get(match.view_name) if match else None
    if match is None or name is None:
        return request.get_full_path()
    if match.view_name == "unmasked" and "sheet" in form_data(request):
        name = "visit_sheet"
    path = reverse(name, kwargs={part: value for part, value in match.kwargs.items() if part not in NOT_THE_PAGES})
    asked = request.GET if match.view_name == "export_file" else QueryDict(form_data(request).get("back", ""))
    query = urlencode([(part, value) for part, values in asked.lists() for value in values])
    return f"{path}?{query}" if query else path


def form_data(request: HttpRequest) -> QueryDict:
    """What a form sent; nothing where it cannot be read."""
    try:
        return request.POST
    except (SuspiciousOperation, UnreadablePostError):
        return QueryDict()


def posted(view: View) -> View:
    """A view that takes what a form sends. Who comes by its address alone (a sign-in, another language, a bookmark) is
    led to the page of the form.
    """

    @wraps(view)
    def opened(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponseBase:
        if request.method == "POST":
            return view(request, *args, **kwargs)
        if request.method in {"GET", "HEAD"}:
            return redirect(readable_address(request))
        return HttpResponseNotAllowed(["GET", "POST"])

    return opened
