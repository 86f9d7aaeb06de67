"""How the types stood, night by night: for the terminal and for a page of the site."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from review.models import Night


class TypeState(StrEnum):
    """How a type stood on a night."""

    FRESH = "fresh"
    REFUSED = "refused"
    """A newer delivery was refused: the last good one stood in for it."""
    LATE = "late"
    """What was due had not come: the last good delivery stood in for it."""
    STALE = "stale"
    MISSING = "missing"
    """There was no good delivery at all."""


@dataclass(frozen=True)
class TypeOnNight:
    """One type on one night. Rows are those that came that night."""

    night: date
    type_name: str
    state: TypeState
    newest: date | None
    landed: int
    quarantined: int
    not_run: tuple[str, ...] = ()
    """The rules that were not run for want of it."""
    waiting: str = ""
    """The part that has not come of a newer delivery in parts."""

    @property
    def quarantine_rate(self) -> float | None:
        """The share of the rows that came and broke the contract; None where none came."""
        return self.quarantined / self.landed if self.landed else None


@dataclass(frozen=True)
class RuleNotRun:
    """A rule that was not run on a night, for want of types that were not delivered, or because it failed."""

    night: date
    rule: str
    types: tuple[str, ...] = ()
    failed: str = ""
    """Why it could not be run: flags that it had found stand."""


def rules_not_run(nights: int = 1) -> list[RuleNotRun]:
    """What the newest published nights did not look at, the newest night first, rules by name."""
    newest = Night.objects.order_by("-date")[:nights]
    found: list[RuleNotRun] = []
    for night in newest:
        found += [RuleNotRun(night.date, rule, failed=why) for rule, why in night.counts.get("failed", {}).items()]
        found += [RuleNotRun(night.date, rule, types) for rule, types in _not_run(night).items()]
    return found


def _not_run(night: Night) -> dict[str, tuple[str, ...]]:
    return {rule: tuple(types) for rule, types in sorted(night.counts.get("not_run", {}).items())}


def not_checkable_by_night(nights: int = 1) -> list[tuple[date, str, dict[str, dict[str, int]]]]:
    """What rules could not check on the newest published nights: night, rule, and households by county and want."""
    newest = Night.objects.order_by("-date")[:nights]
    return [
        (night.date, rule, told)
        for night in newest
        for rule, told in sorted(night.counts.get("not_checkable", {}).items())
    ]


def types_by_night(nights: int = 7) -> list[TypeOnNight]:
    """Every type on each of the newest published nights, the newest night first, types in their own order."""
    newest = Night.objects.order_by("-date")[:nights]
    return [_type_on_night(night, name, facts) for night in newest for name, facts in night.types.items()]


def _type_on_night(night: Night, name: str, facts: dict[str, Any]) -> TypeOnNight:
    newest = facts.get("newest")
    return TypeOnNight(
        night.date,
        name,
        state_of(facts),
        date.fromisoformat(newest) if newest else None,
        facts.get("landed", 0),
        facts.get("quarantined", 0),
        tuple(rule for rule, types in _not_run(night).items() if name in types),
        facts.get("waiting", ""),
    )


def state_of(facts: dict[str, Any]) -> TypeState:
    """How a type stood, by what its night keeps of it (``Night.types``); missing where that is nothing."""
    freshness = TypeState(facts.get("freshness", "missing"))
    if freshness is not TypeState.STALE:
        return freshness
    return TypeState.REFUSED if facts.get("refused") else TypeState.LATE if facts.get("late") else freshness
