"""The life of a case as one table: which step leads from where to where, and which roles may take it."""

from dataclasses import dataclass
from functools import cache

from django.db import models
from django.utils.translation import pgettext_lazy
from transitions import Machine

from review.accounts.models import Role
from review.models import CaseState as S


class Action(models.TextChoices):
    """What people do with a case."""

    ASSIGN = "assign", pgettext_lazy("action", "assign")
    VISIT = "visit", pgettext_lazy("action", "record a visit")
    DECIDE = "decide", pgettext_lazy("action", "decide")
    NOTIFY = "notify", pgettext_lazy("action", "record the notice")
    OBJECT = "object", pgettext_lazy("action", "record an objection")
    RECTIFY = "rectify", pgettext_lazy("action", "record the rectification")
    CLOSE_COUNTY = "close_county", pgettext_lazy("action", "close at the county")
    CLOSE_PROVINCE = "close_province", pgettext_lazy("action", "close at the province")
    SEND_BACK = "send_back", pgettext_lazy("action", "send back")
    REOPEN = "reopen", pgettext_lazy("action", "reopen")


@dataclass(frozen=True)
class Row:
    """One line of the table: ``roles`` may take ``action`` from any of ``sources`` to ``target``."""

    action: Action
    sources: tuple[S, ...]
    target: S
    roles: tuple[Role, ...]


BEFORE_DECISION = (S.OPENED, S.REOPENED, S.ASSIGNED, S.VISITED)
TABLE = (
    Row(Action.ASSIGN, (S.OPENED, S.REOPENED, S.ASSIGNED, S.VISITED), S.ASSIGNED, (Role.COUNTY,)),
    Row(Action.VISIT, (*BEFORE_DECISION, S.OBJECTION), S.VISITED, (Role.TOWNSHIP, Role.COUNTY)),
    Row(Action.DECIDE, (*BEFORE_DECISION, S.DECIDED), S.DECIDED, (Role.COUNTY,)),
    Row(Action.NOTIFY, (S.DECIDED,), S.NOTIFIED, (Role.TOWNSHIP, Role.COUNTY)),
    Row(Action.OBJECT, (S.NOTIFIED,), S.OBJECTION, (Role.TOWNSHIP, Role.COUNTY)),
    Row(Action.RECTIFY, (S.DECIDED, S.NOTIFIED), S.RECTIFIED, (Role.COUNTY,)),
    Row(Action.CLOSE_COUNTY, (S.DECIDED, S.RECTIFIED), S.CLOSED_BY_COUNTY, (Role.COUNTY,)),
    Row(Action.CLOSE_PROVINCE, (S.CLOSED_BY_COUNTY,), S.CLOSED_BY_PROVINCE, (Role.PROVINCE,)),
    Row(Action.SEND_BACK, (S.DECIDED, S.NOTIFIED, S.RECTIFIED), S.REOPENED, (Role.COUNTY, Role.CITY, Role.PROVINCE)),
    Row(Action.SEND_BACK, (S.CLOSED_BY_COUNTY,), S.REOPENED, (Role.CITY, Role.PROVINCE)),
    # The night reopens from here too, on evidence no decision has seen.
    Row(Action.REOPEN, (S.CLOSED_BY_PROVINCE,), S.REOPENED, (Role.PROVINCE,)),
)


@cache
def machine() -> Machine:
    """The table as a state machine."""
    return Machine(
        model=None,
        states=list(S.values),
        initial=S.OPENED.value,
        auto_transitions=False,
        transitions=[
            {"trigger": row.action.value, "source": source.value, "dest": row.target.value}
            for row in TABLE
            for source in row.sources
        ],
    )


def target(action: str, state: str) -> S | None:
    """Where ``action`` leads from ``state``; None when it cannot be taken there."""
    if action not in machine().events:
        return None
    found = machine().get_transitions(action, source=S(state).value)
    return S(str(found[0].dest)) if found else None


def allowed(role: str, action: str, state: str) -> bool:
    """Whether the role may take ``action`` from ``state``."""
    return any(row.action == action and state in row.sources and role in row.roles for row in TABLE)


def ever_allowed(role: str, action: str) -> bool:
    """Whether the role may take ``action`` from any state at all."""
    return any(row.action == action and role in row.roles for row in TABLE)
