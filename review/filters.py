"""One definition of a filter, shared by work list, ledgers and exports: what was asked, and which rows fit."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy

from review.accounts.models import Account
from review.days import read_day
from review.models import CLOSED_STATES, Case, CaseState, Direction, Flag
from review.written_text import read_number

DIVISION_DIGITS = 12
MOST_SEVERE = 3
STATUSES = ("open", "cleared", "closed")
YES_OR_NO = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False}


class Ledger(models.TextChoices):
    """The two ledgers. A case stands in both until the county and the province have closed it."""

    BOTH = "both", pgettext_lazy("ledger", "in both ledgers")
    COUNTY = "county", pgettext_lazy("ledger", "waits for the county")
    PROVINCE = "province", pgettext_lazy("ledger", "closed by the county, waits for the province")
    DONE = "done", pgettext_lazy("ledger", "closed in both")


LEDGER_CONDITIONS = {
    Ledger.BOTH: ~Q(state=CaseState.CLOSED_BY_PROVINCE),
    Ledger.COUNTY: ~Q(state__in=CLOSED_STATES),
    Ledger.PROVINCE: Q(state=CaseState.CLOSED_BY_COUNTY),
    Ledger.DONE: Q(state=CaseState.CLOSED_BY_PROVINCE),
}


class FilterError(ValueError):
    """A filter that is not understood. ``field`` names the part; the message says what is accepted."""

    exit_code = 2

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True)
class WorkFilter:
    """Which cases and flags: each part narrows, None does not.

    ``division``: first digits of the division code. ``rule``, ``direction``, ``severity``: of a flag that is open, or
    of any flag when the flags themselves are asked for. ``severity`` is the least, 1 to 3. ``state``: of the case.
    ``night``: cases and flags that night changed. ``since``: flags first found, brought back or cleared on that night
    or later, and cases a night changed since. ``stale``: nobody acted for ``settings.STALE_DAYS``. ``ledger``: see
    ``Ledger``. ``assigned_to``: a user name. ``status``: *open* (found by the newest night, case not closed), *closed*
    (found by it, case closed by the county at least), *cleared*.
    """

    division: str | None = None
    rule: str | None = None
    state: str | None = None
    severity: int | None = None
    direction: str | None = None
    night: date | None = None
    since: date | None = None
    stale: bool | None = None
    ledger: str | None = None
    assigned_to: str | None = None
    status: str | None = None

    def __post_init__(self) -> None:
        """Refuse with FilterError what nothing could fit."""
        if self.division is not None and read_number(self.division, DIVISION_DIGITS) is None:
            raise FilterError(
                "division", gettext("Give the first digits of a 12-digit division code, not %r.") % self.division
            )
        _one_of("state", self.state, CaseState.values)
        _one_of("direction", self.direction, Direction.values)
        _one_of("ledger", self.ledger, Ledger.values)
        _one_of("status", self.status, STATUSES)
        if self.severity is not None and self.severity not in {1, 2, 3}:
            raise FilterError("severity", gettext("Severity is 1, 2 or 3."))

    @classmethod
    def read(cls, asked: Mapping[str, str]) -> "WorkFilter":
        """From the words of an address or a form; blank and unknown names narrow nothing. Raises FilterError."""
        given = {one.name: asked.get(one.name, "").strip() for one in fields(cls)}
        return cls(
            division=given["division"] or None,
            rule=given["rule"] or None,
            state=given["state"] or None,
            severity=_number("severity", given["severity"]) if given["severity"] else None,
            direction=given["direction"] or None,
            night=_day("night", given["night"]) if given["night"] else None,
            since=_day("since", given["since"]) if given["since"] else None,
            stale=YES_OR_NO.get(given["stale"].lower()),
            ledger=given["ledger"] or None,
            assigned_to=given["assigned_to"] or None,
            status=given["status"] or None,
        )

    def words(self) -> dict[str, str]:
        """The parts that narrow, as words: for an address, a saved view, the audit log."""
        words = {name: str(value) for name, value in asdict(self).items() if value is not None}
        return words | ({"stale": "1" if self.stale else "0"} if self.stale is not None else {})


def cases(account: Account | None, wanted: WorkFilter) -> QuerySet[Case]:
    """The cases that fit and that the account may see; of every division for a command (None). Without an order."""
    found = Case.objects.readable(account).filter(_about_cases(wanted))
    if wanted.status == "cleared":
        # The case is the account's, so its flags are: no need to look the division up again for each.
        gone = _about_flags(wanted) & Q(cleared_night__isnull=False, case=OuterRef("pk"))
        found = found.filter(Exists(Flag._base_manager.filter(gone)))
    else:
        found = found.filter(_about_open_grounds(wanted))
    if wanted.night is not None:
        found = found.filter(last_changed_night=wanted.night)
    if wanted.since is not None:
        found = found.filter(last_changed_night__gte=wanted.since)
    return found


def flags(account: Account | None, wanted: WorkFilter) -> QuerySet[Flag]:
    """The flags that fit, of cases that fit, that the account may see; of every division for a command (None)."""
    found = Flag.objects.readable(account).filter(_about_flags(wanted)).filter(_about_cases(wanted, "case__"))
    if wanted.status is not None:
        found = found.filter(cleared_night__isnull=wanted.status != "cleared")
    for night, lookup in ((wanted.night, "exact"), (wanted.since, "gte")):
        if night is not None:
            moments = ("first_night", "returned_night", "cleared_night")
            on_the_night = Q()
            for moment in moments:
                on_the_night |= Q(**{f"{moment}__{lookup}": night})
            found = found.filter(on_the_night)
    return found


def _about_cases(wanted: WorkFilter, path: str = "") -> Q:
    condition = Q()
    if wanted.division:
        # A flag carries its own division, so that its index serves; a case's is the household's newest.
        condition &= Q(division__within=wanted.division)
    if wanted.state is not None:
        condition &= Q(**{f"{path}state": wanted.state})
    if wanted.assigned_to is not None:
        condition &= Q(**{f"{path}assigned_to": wanted.assigned_to})
    if wanted.status in {"open", "closed"}:
        closed = Q(**{f"{path}state__in": CLOSED_STATES})
        condition &= closed if wanted.status == "closed" else ~closed
    if wanted.ledger is not None:
        condition &= _through(LEDGER_CONDITIONS[Ledger(wanted.ledger)], path)
    if wanted.stale is not None:
        stale = _through(stale_condition(), path)
        condition &= stale if wanted.stale else ~stale
    return condition


def stale_condition() -> Q:
    """Open cases on which nobody has acted for ``settings.STALE_DAYS``, or ever since they were opened."""
    moment = timezone.now() - timedelta(days=settings.STALE_DAYS)
    day = timezone.localdate() - timedelta(days=settings.STALE_DAYS)
    idle = Q(last_acted_at__lt=moment) | Q(last_acted_at__isnull=True, opened_night__lt=day)
    return ~Q(state=CaseState.CLOSED_BY_PROVINCE) & idle


def _about_flags(wanted: WorkFilter) -> Q:
    condition = Q()
    if wanted.rule is not None:
        condition &= Q(rule=wanted.rule)
    if wanted.direction is not None:
        condition &= Q(direction=wanted.direction)
    if wanted.severity is not None:
        condition &= Q(severity__gte=wanted.severity)
    return condition


def _about_open_grounds(wanted: WorkFilter) -> Q:
    """The same as ``_about_flags`` of a case's open flags, told from ``Case.open_grounds``."""
    if wanted.rule is None and wanted.direction is None and wanted.severity is None:
        return ~Q(open_grounds="") if wanted.status is not None else Q()
    if wanted.severity is None and wanted.direction is None:
        return Q(open_grounds__contains=f" {wanted.rule}:")
    condition = Q()
    for direction in Direction.values if wanted.direction is None else [wanted.direction]:
        for severity in range(wanted.severity or 1, MOST_SEVERE + 1):
            ground = f":{direction}:{severity} "
            condition |= Q(open_grounds__contains=ground if wanted.rule is None else f" {wanted.rule}{ground}")
    return condition


def _through(condition: Q, path: str) -> Q:
    """A condition about a case, as one about what hangs on it."""
    moved = Q(_connector=condition.connector, _negated=condition.negated)
    for child in condition.children:
        if isinstance(child, Q):
            moved.children.append(_through(child, path))
        else:
            name, value = child  # type: ignore[misc]
            moved.children.append((f"{path}{name}", value))
    return moved


def _one_of(field: str, value: str | None, accepted: list[str] | tuple[str, ...]) -> None:
    if value is not None and value not in accepted:
        message = gettext("No %(field)s %(value)r: use one of %(accepted)s.")
        raise FilterError(field, message % {"field": field, "value": value, "accepted": ", ".join(accepted)})


def _day(field: str, text: str) -> date:
    day = read_day(text)
    if day is None:
        raise FilterError(field, gettext("Give a date, such as 2020-11-02."))
    return day


def _number(field: str, text: str) -> int:
    number = read_number(text)
    if number is None:
        raise FilterError(field, gettext("Severity is 1, 2 or 3."))
    return number
