"""All deliveries with what has become of each, and what engineers ask of the next night about one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from review.case_life.refusals import RefusedError
from review.delivery_list import Delivery
from review.delivery_requests import DeliveryRequest, ask, asked_of, may_ask
from review.site.access import account_of, lang, only
from review.site.nights import QUALITY_ROLES
from review.site.titles import type_title
from review.written_text import read_number

SHOWN = 100
REQUESTS_SHOWN = 30
STATES: dict[str, str | Promise] = {
    "in_use": pgettext_lazy("delivery", "in use"),
    "superseded": pgettext_lazy("delivery", "superseded"),
    "refused": pgettext_lazy("delivery", "refused"),
    "unreadable": pgettext_lazy("delivery", "unreadable"),
    "withdrawn": pgettext_lazy("delivery", "withdrawn"),
    "repeated": pgettext_lazy("delivery", "repeated"),
    "dropped": pgettext_lazy("delivery", "past keeping"),
    "waiting": pgettext_lazy("delivery", "waiting"),
}


@only(*QUALITY_ROLES)
@require_safe
def all_deliveries(request: HttpRequest) -> HttpResponse:
    """The deliveries as the newest night left them, newest first, of a type or in a state if asked."""
    found = Delivery.objects.order_by("-day", "-received", "type_name", "-delivery_id")
    kind, state = request.GET.get("type", ""), request.GET.get("state", "")
    if kind:
        found = found.filter(type_name=kind)
    if state:
        found = found.filter(state=state)
    page = max(read_number(request.GET.get("page", "1"), 4) or 1, 1)
    lines = list(found[(page - 1) * SHOWN : page * SHOWN + 1])
    types = Delivery.objects.order_by("type_name").values_list("type_name", flat=True).distinct()
    context = {
        "lines": [_in_words(line) for line in lines[:SHOWN]],
        "types": [(name, type_title(name)) for name in types],
        "states": STATES.items(),
        "type": kind,
        "state": state,
        "next": page + 1 if len(lines) > SHOWN else 0,
        "requests": _requests(),
    }
    return render(request, "office/all_deliveries.html", context)


@only(*QUALITY_ROLES)
@require_http_methods(["GET", "HEAD", "POST"])
def delivery(request: HttpRequest, delivery_id: str) -> HttpResponse:
    """One delivery; engineers of the province ask here for what the next night is to do with it."""
    kept = Delivery.objects.filter(pk=delivery_id).first()
    if kept is None:
        raise Http404
    account, refusal = account_of(request), None
    given = {name: request.POST.get(name, "") for name in ("asked", "reason")}
    if request.method == "POST":
        try:
            ask(account, kept, given["asked"], given["reason"])
        except RefusedError as error:
            refusal = error
        else:
            messages.success(request, gettext("Your request is kept: the next night carries it out."))
            return redirect("delivery", delivery_id=delivery_id)
    context = {
        "line": _in_words(kept),
        "choices": [(one.value, one.label) for one in asked_of(kept)] if may_ask(account) else [],
        "given": given,
        "refusal": str(refusal or ""),
        "requests": _requests(kept),
    }
    return render(request, "office/delivery.html", context, status=400 if refusal else 200)


def _in_words(line: Delivery) -> dict[str, Any]:
    why = line.why_en if lang() == "en" else line.why_zh
    return {
        "delivery": line,
        "type": type_title(line.type_name),
        "state": STATES.get(line.state, line.state),
        "why": why,
    }


def _requests(of: Delivery | None = None) -> list[dict[str, Any]]:
    """The newest requests, of one delivery and its whole type if asked."""
    found = DeliveryRequest.objects.order_by("-requested_at", "-pk")
    if of is not None:
        found = found.filter(type_name=of.type_name, delivery_id__in=(of.delivery_id, ""))
    english = lang() == "en"
    return [
        {
            "request": one,
            "type": type_title(one.type_name),
            "outcome": one.outcome_en if english else one.outcome_zh,
        }
        for one in found[:REQUESTS_SHOWN]
    ]
