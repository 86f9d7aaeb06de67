"""Which types were stale on a night: their last good delivery stood in for one that was late or refused.

A flag that rests on such a type says so wherever it is shown. That is looked up and not stored with the flag: the next
good delivery ends it, and nothing else about the flag changes with it.
"""

from collections.abc import Mapping
from datetime import date

from review.models import Flag, Night

StaleTypes = Mapping[date, frozenset[str]]


def stale_types() -> StaleTypes:
    """For each published night, the types that were stale on it."""
    return {
        night: frozenset(name for name, facts in types.items() if facts.get("freshness") == "stale")
        for night, types in Night.objects.values_list("date", "types")
    }


def rests_on_stale(flag: Flag, stale: StaleTypes, newest: date | None) -> frozenset[str]:
    """The stale types among the flag's evidence, as of the last night that found it."""
    night = flag.last_night or newest
    if night is None:
        return frozenset()
    return stale.get(night, frozenset()) & {record.type for record in flag.evidence.all()}
