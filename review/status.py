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

    @property
    def quarantine_rate(self) -> float | None:
        """The share of the rows that came and broke the contract; None where none came."""
        return self.quarantined / self.landed if self.landed else None


def types_by_night(nights: int = 7) -> list[TypeOnNight]:
    """Every type on each of the newest published nights, the newest night first, types in their own order."""
    newest = Night.objects.order_by("-date")[:nights]
    return [_told(night.date, name, facts) for night in newest for name, facts in night.types.items()]


def _told(night: date, name: str, facts: dict[str, Any]) -> TypeOnNight:
    newest = facts.get("newest")
    return TypeOnNight(
        night,
        name,
        state_of(facts),
        date.fromisoformat(newest) if newest else None,
        facts.get("landed", 0),
        facts.get("quarantined", 0),
    )


def state_of(facts: dict[str, Any]) -> TypeState:
    """How a type stood, by what its night keeps of it (``Night.types``); missing where that is nothing."""
    freshness = TypeState(facts.get("freshness", "missing"))
    if freshness is not TypeState.STALE:
        return freshness
    return TypeState.REFUSED if facts.get("refused") else TypeState.LATE if facts.get("late") else freshness
