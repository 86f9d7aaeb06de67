"""How two names agree: ordered levels, each giving its condition over prepared keys and its label for people.

What scores is what explains: the SQL of a level and its label stand together. The conditions compare two rows of
`matchers.identity.names.KEYS` that also say of which `kind` the name is, `current` or `former`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar


class NameLevel(ABC):
    """One way in which two names agree."""

    name: ClassVar[str]
    zh: ClassVar[str]
    en: ClassVar[str]

    @abstractmethod
    def sql(self, left: str, right: str) -> str:
        """The condition, over the table aliases `left` and `right`; symmetric in the two."""


class Equal(NameLevel):
    """Written alike, but for width, blanks and the form of the dot."""

    name, zh, en = "equal", "姓名相同", "equal"

    def sql(self, left: str, right: str) -> str:
        """Equal as written, with nothing hidden."""
        return f"{left}.written = {right}.written AND {left}.clear IS NOT NULL"


class Variant(NameLevel):
    """Traditional or variant forms of the same characters, or a dot left out."""

    name, zh, en = "variant", "繁体或异体字", "traditional or variant form"

    def sql(self, left: str, right: str) -> str:
        """Equal after folding."""
        return f"{left}.clear = {right}.clear"


class Homophone(NameLevel):
    """Other characters of the same sound, or the name spelt in letters."""

    name, zh, en = "homophone", "同音字或拼音", "same sound"

    def sql(self, left: str, right: str) -> str:
        """Equal in sound and, unless letters are involved, in length (西安 sounds like 先)."""
        sounds = (
            f"{left}.pinyin = {right}.pinyin OR {left}.pinyin_other = {right}.pinyin"
            f" OR {left}.pinyin = {right}.pinyin_other"
        )
        length = f"length({left}.clear) = length({right}.clear)"
        letters = f"regexp_matches({left}.clear, '[A-Z]') OR regexp_matches({right}.clear, '[A-Z]')"
        return f"({sounds}) AND ({length} OR {letters})"


class LookAlike(NameLevel):
    """Characters mistaken for one another by shape."""

    name, zh, en = "look_alike", "形近字", "look-alike characters"

    def sql(self, left: str, right: str) -> str:
        """Equal after folding look-alikes."""
        return f"{left}.shape = {right}.shape"


class Masked(NameLevel):
    """Characters hidden, lost, or dropped because the sender's system cannot write them; what is left agrees."""

    name, zh, en = "masked", "姓名有隐去或缺失的字，其余相符", "hidden or lost characters, the rest agrees"

    def sql(self, left: str, right: str) -> str:
        """A clear name fits the other's pattern; both are masked alike; or one is the other without rare characters."""
        return (
            f"{left}.clear LIKE {right}.pattern OR {right}.clear LIKE {left}.pattern"
            f" OR ({left}.pattern = {right}.pattern)"
            f" OR {left}.without_rare = {right}.clear OR {left}.clear = {right}.without_rare"
        )


class MinorityPart(NameLevel):
    """The first part of a name joined by dots, or such a name cut off by the width of a field."""

    name, zh, en = "minority_part", "少数民族姓名的一部分", "part of a minority name"

    def sql(self, left: str, right: str) -> str:
        """Only the first part counts: the later ones are a father's or a clan's, which brothers share."""

        def part(whole: str, short: str) -> str:
            first = f"{whole}.parts[1] = {short}.clear AND length({short}.clear) >= 2"
            longer = f"length({short}.clear) > length({whole}.parts[1])"
            return f"({first}) OR ({longer} AND starts_with({whole}.clear, {short}.clear))"

        return f"{part(left, right)} OR {part(right, left)}"


class FormerName(NameLevel):
    """A former name of one is the name, or a former name, of the other."""

    name, zh, en = "former_name", "与曾用名相符", "former name"

    def sql(self, left: str, right: str) -> str:
        """Equal after folding, one of the two being a former name."""
        return f"{left}.clear = {right}.clear AND ({left}.kind = 'former' OR {right}.kind = 'former')"


NAME_LEVELS: tuple[NameLevel, ...] = (
    Equal(),
    Variant(),
    Homophone(),
    LookAlike(),
    Masked(),
    MinorityPart(),
    FormerName(),
)
"""Every way in which two names are compatible, best first; names that agree in none are incompatible."""


def rank_of(level: type[NameLevel]) -> int:
    """The place (from 1) of a level, as `name_rank` gives it."""
    return 1 + [type(one) for one in NAME_LEVELS].index(level)


def name_rank(left: str, right: str) -> str:
    """SQL for the place (from 1) of the best level on which two names agree; NULL where they are incompatible."""
    current = f"{left}.kind = 'current' AND {right}.kind = 'current'"
    cases = []
    for rank, level in enumerate(NAME_LEVELS, start=1):
        condition = level.sql(left, right)
        if not isinstance(level, FormerName):
            condition = f"{current} AND ({condition})"
        cases.append(f"WHEN {condition} THEN {rank}")
    return "CASE\n  " + "\n  ".join(cases) + "\nEND"


def level_name(rank: str) -> str:
    """SQL for the name of the level at a place, as given by `name_rank`."""
    names = ", ".join(f"'{level.name}'" for level in NAME_LEVELS)
    return f"([{names}])[{rank}]"
