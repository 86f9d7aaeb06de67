"""What the dashboard counts: flags and outcomes by rule, division and month, within an account's division."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q
from django.db.models.functions import Substr, TruncMonth

from review.accounts.models import PREFIX_LENGTHS, Account
from review.models import CLOSED_STATES, Case, Decision, Flag

MONTHS = 12


@dataclass(frozen=True)
class RuleCount:
    """Flags of one rule: those the newest night found, and those whose ground has gone."""

    rule: str
    open: int
    cleared: int


@dataclass(frozen=True)
class DivisionCount:
    """Cases of one division: those that wait for the county, and those it has closed."""

    division: str
    waiting: int
    closed: int


@dataclass(frozen=True)
class MonthCount:
    """One month (its first day): flags first found in it, and decisions by outcome."""

    month: date
    found: int
    outcomes: dict[str, int]


def flags_by_rule(account: Account) -> list[RuleCount]:
    """One line a rule, most open flags first."""
    counted = (
        Flag.objects.visible_to(account)
        .values("rule")
        .annotate(all=Count("pk"), cleared=Count("cleared_night"))
        .order_by("rule")
    )
    lines = [RuleCount(one["rule"], one["all"] - one["cleared"], one["cleared"]) for one in counted]
    return sorted(lines, key=lambda line: -line.open)


def cases_by_division(account: Account) -> list[DivisionCount]:
    """One line a division one level below the account's own."""
    digits = next((length for length in PREFIX_LENGTHS if length > len(account.division)), PREFIX_LENGTHS[-1])
    counted = (
        Case.objects.visible_to(account)
        .annotate(place=Substr("division", 1, digits))
        .values("place")
        .annotate(all=Count("pk"), closed=Count("pk", filter=Q(state__in=CLOSED_STATES)))
        .order_by("place")
    )
    return [DivisionCount(one["place"], one["all"] - one["closed"], one["closed"]) for one in counted]


def by_month(account: Account) -> list[MonthCount]:
    """The last ``MONTHS`` months in which anything was found or decided, oldest first."""
    found = (
        Flag.objects.visible_to(account)
        .annotate(month=TruncMonth("first_night"))
        .values_list("month")
        .annotate(flags=Count("pk"))
        .order_by("month")
    )
    decided = (
        Decision.objects.visible_to(account)
        .annotate(month=TruncMonth("decided_at"))
        .values_list("month", "outcome")
        .annotate(decisions=Count("pk"))
        .order_by("month", "outcome")
    )
    flags = dict(found)
    outcomes: dict[date, dict[str, int]] = defaultdict(dict)
    for moment, outcome, count in decided:
        outcomes[moment.date()][outcome] = count
    months = sorted(flags.keys() | outcomes.keys())[-MONTHS:]
    return [MonthCount(month, flags.get(month, 0), outcomes.get(month, {})) for month in months]
