"""What a rule's header says of its grounds: how it reads each type, what speaks against it, what it counts.

What was not seen is no ground: a rule that argues from the absence of a record is not run where nobody delivered what
would hold the record. Where that is so of some divisions or days alone, ``rules.claims`` holds back single findings.
"""

from collections.abc import Collection, Mapping
from enum import StrEnum


class Manner(StrEnum):
    """What the records of a type are to a rule."""

    TELLS = "tells"
    """A record is the ground: where no type that tells was delivered, there is nothing to find."""
    ABSENCE_TELLS = "absence tells"
    """That there is no record is the ground, or one would speak against it: without the type the rule cannot know."""
    MAY_TELL = "may tell"
    """A record adds to what the rule finds without it; that there is none adds nothing."""


class Effect(StrEnum):
    """What a record that speaks against a finding does to it."""

    SILENCES = "silences"
    """There is no flag."""
    LOWERS = "lowers"
    """The severity falls by one, and the reason says why."""


class Counted(StrEnum):
    """What a rule counts: whoever has an unread line or cell there cannot be counted right."""

    HOUSEHOLD = "household"
    """Who belongs to the household, from the registers of protected people."""
    INCOME = "income"
    """What came in, from every type the rule reads; and so the household too."""


Reads = dict[str, Manner | None]
"""By type, how a rule reads it; None where the text of a past night does not say: such a rule ran whatever came."""


def lacking(reads: Mapping[str, Manner | None], missing: Collection[str], rosters: Collection[str]) -> tuple[str, ...]:
    """The types for want of which a rule that ``reads`` so is not run when ``missing`` were not delivered.

    ``rosters``: the registers of protected people. Without tonight's nobody knows whom a night is about: there is
    none, so no rule has to do without them.
    """
    absent = [name for name, manner in reads.items() if manner is Manner.ABSENCE_TELLS and name in missing]
    telling = [name for name, manner in reads.items() if manner is Manner.TELLS and name not in rosters]
    return tuple(absent + (telling if set(telling) <= set(missing) else []))
