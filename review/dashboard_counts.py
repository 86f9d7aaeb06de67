"""What the dashboard counts: flags and outcomes by rule, division and month, within an account's division."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from review.accounts.models import Account
from review.counting import counts
from review.tally import CountKind

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
    counted = counts(account, CountKind.FLAGS)
    lines = [
        RuleCount(rule, counted[rule, "open"], counted[rule, "cleared"])
        for rule in sorted({rule for rule, _ in counted})
    ]
    return sorted(lines, key=lambda line: -line.open)


def cases_by_division(account: Account) -> list[DivisionCount]:
    """One line a division one level below the account's own."""
    counted = counts(account, CountKind.CASES)
    return [
        DivisionCount(division, counted[division, "open"], counted[division, "closed"])
        for division in sorted({division for division, _state in counted})
    ]


def by_month(account: Account) -> list[MonthCount]:
    """The last ``MONTHS`` months in which anything was found or decided, oldest first."""
    found = {month: count for (month,), count in counts(account, CountKind.FOUND).items()}
    outcomes: dict[str, dict[str, int]] = defaultdict(dict)
    for (month, outcome), count in sorted(counts(account, CountKind.DECIDED).items()):
        outcomes[month][outcome] = count
    months = sorted(found.keys() | outcomes.keys())[-MONTHS:]
    return [
        MonthCount(date.fromisoformat(f"{month}-01"), found.get(month, 0), outcomes.get(month, {})) for month in months
    ]
