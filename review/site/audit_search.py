"""The audit log for auditors: by actor, action, case and day, newest first, a page at a time."""

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from review.accounts.models import Role
from review.audit.log import AuditEntry
from review.days import read_day
from review.known_people import KnownPeople
from review.masked_notes import mask_unmasking_reason
from review.site.access import account_of, only
from review.visible_case import people_of
from review.written_text import read_number

LINES_A_PAGE = 50
# As many as a line's number may have.
LINE_DIGITS = 18


@dataclass(frozen=True)
class AuditFilter:
    """What was asked of the log; blank parts narrow nothing. ``before``: the last line of the page before."""

    actor: str = ""
    action: str = ""
    case_no: str = ""
    day: date | None = None
    before: int | None = None

    def words(self) -> dict[str, str]:
        """The parts that narrow, as words for an address, without the place in the log."""
        words = {"actor": self.actor, "action": self.action, "case_no": self.case_no}
        words["day"] = self.day.isoformat() if self.day else ""
        return {name: word for name, word in words.items() if word}

    def lines(self, found: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        """The lines that fit, newest first."""
        if self.actor:
            found = found.filter(actor=self.actor)
        if self.action:
            found = found.filter(action=self.action)
        if self.case_no:
            found = found.filter(Q(case_no=self.case_no))
        if self.day:
            starts = timezone.make_aware(datetime.combine(self.day, time()))
            found = found.filter(at__gte=starts, at__lt=starts + timedelta(days=1))
        if self.before is not None:
            found = found.filter(number__lt=self.before)
        return found.order_by("-number")


@only(Role.AUDITOR, Role.ADMINISTRATOR)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Auditors search all lines of their division, administrators those of accounts and sign-ins."""
    account = account_of(request)
    visible = AuditEntry.objects.visible_to(account)
    wanted, refusal = _read(request)
    lines = list(wanted.lines(visible)[: LINES_A_PAGE + 1]) if not refusal else []
    shown = lines[:LINES_A_PAGE]
    more = urlencode(wanted.words() | {"before": str(shown[-1].number)}) if len(lines) > LINES_A_PAGE else ""
    known = people_of(account, {line.case_no for line in shown if line.case_no and "because" in line.detail})
    context = {
        "lines": [(line, _line_in_words(line, known)) for line in shown],
        "more": more,
        "asked": request.GET,
        "refusal": refusal,
        "actions": _actions(visible),
    }
    return render(request, "office/audit.html", context, status=400 if refusal else 200)


def _read(request: HttpRequest) -> tuple[AuditFilter, str]:
    """The filter, and what is wrong with it in words."""
    given = {name: request.GET.get(name, "").strip() for name in ("actor", "action", "case_no", "day", "before")}
    day = read_day(given["day"])
    if given["day"] and day is None:
        return AuditFilter(), gettext("Give a date, such as 2020-11-02.")
    before = read_number(given["before"], LINE_DIGITS)
    return AuditFilter(given["actor"], given["action"], given["case_no"], day, before), ""


def _line_in_words(line: AuditEntry, known: KnownPeople) -> str:
    """A line's detail. People write whom they spoke with into their reasons."""
    detail = dict(line.detail)
    if "because" in detail:
        detail["because"] = mask_unmasking_reason(str(detail["because"]), known)
    return json.dumps(detail, ensure_ascii=False, sort_keys=True) if detail else ""


def _actions(visible: QuerySet[AuditEntry]) -> list[str]:
    """The kinds of line there are, found by leaping from one to the next along the index."""
    actions: list[str] = []
    newest = ""
    while found := visible.filter(action__gt=newest).order_by("action").values_list("action", flat=True).first():
        actions.append(found)
        newest = found
    return actions
