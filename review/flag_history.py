"""The history of a flag: the night that found it, and what nights have changed since."""

from dataclasses import dataclass
from datetime import date

from review.models import Flag, FlagEventKind


@dataclass(frozen=True)
class Change:
    """What one night changed. ``was`` and ``became`` are versions, hashes, words, amounts, nights; blank if unsaid."""

    night: date
    event: FlagEventKind
    was: str
    became: str

    @property
    def label(self) -> str:
        """What happened, in the language in use."""
        return str(self.event.label)


def history_of(flag: Flag) -> list[Change]:
    """All changes of a flag in the order of their nights; what one night changed in the order it was written."""
    events = flag.events.order_by("night", "pk")
    return [Change(event.night, FlagEventKind(event.event), event.was, event.became) for event in events]
