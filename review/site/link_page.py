"""Why one record of a case was taken to be a member's: each comparison, its weight, and the waterfall of them."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from review.accounts.models import Account
from review.case_life.refusals import NoSuchCaseError
from review.export_row import link_label
from review.models import Evidence, Night
from review.site.access import signed_in
from review.site.link_explanation import explain_link, waterfall
from review.site.titles import type_title


@signed_in
@require_safe
def why_linked(request: HttpRequest, case_no: str, key: int) -> HttpResponse:
    """The explanation of the link of one record, values masked."""
    account = cast("Account", request.user)
    evidence = (
        Evidence.objects.visible_to(account).filter(pk=key, flag__case__case_no=case_no).select_related("flag").first()
    )
    if evidence is None:
        return render(request, "refused.html", {"refusal": NoSuchCaseError()}, status=404)
    night = evidence.flag.last_night or Night.objects.latest("date").date
    try:
        steps = explain_link(night, evidence.type, evidence.row_key, evidence.role)
    except LookupError:
        words = gettext("This link cannot be explained here: the night's links are not at hand.")
        return render(request, "refused.html", {"refusal": words}, status=404)
    context = {
        "case_no": case_no,
        "title": type_title(evidence.type),
        "night": night,
        "link": link_label(evidence.link_reason),
        "steps": steps,
        "total": steps[-1].total if steps else 0.0,
        "picture": waterfall(steps),
    }
    return render(request, "link.html", context)
