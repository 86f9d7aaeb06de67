"""Why a record is taken to be a person's: one word, the same in Python, in SQL and in every table of links."""

from __future__ import annotations

from enum import StrEnum


class LinkReason(StrEnum):
    """A reason. The certain ones may carry a flag; a conflict is a ground of its own; possible ones link nothing."""

    EXACT = "exact"
    UPGRADED = "upgraded"
    REPAIRED = "repaired"
    CONFLICT = "conflict"
    PROBABILISTIC = "probabilistic"
    HOUSEHOLD = "household"
    UNNAMED = "unnamed"
    AMBIGUOUS = "ambiguous"
    POSSIBLE = "possible"

    @property
    def zh(self) -> str:
        """What users read, in Chinese."""
        return _LABELS[self][0]

    @property
    def en(self) -> str:
        """What users read, in English."""
        return _LABELS[self][1]

    @property
    def certain(self) -> bool:
        """Whether a link of this reason says that the record is this person's."""
        return self in {LinkReason.EXACT, LinkReason.UPGRADED, LinkReason.REPAIRED}

    @property
    def possible(self) -> bool:
        """Whether it is kept for a person to judge only, and links nothing by itself."""
        return self in {LinkReason.UNNAMED, LinkReason.AMBIGUOUS, LinkReason.POSSIBLE}

    @property
    def accepted(self) -> bool:
        """Whether it claims that the two are one person, for certain or by weight."""
        return self.certain or self in {LinkReason.PROBABILISTIC, LinkReason.HOUSEHOLD}


_LABELS = {
    LinkReason.EXACT: ("号码一致，姓名相符", "same sound number, compatible name"),
    LinkReason.UPGRADED: ("15 位号码升位后一致，姓名相符", "same number once 15 digits are made 18, compatible name"),
    LinkReason.REPAIRED: ("号码仅有一处差错，姓名相同", "number one fault away, equal name"),
    LinkReason.CONFLICT: ("号码一致，姓名不符", "same sound number, incompatible name"),
    LinkReason.PROBABILISTIC: ("按各项比对的权重认定", "linked by the weight of what agrees"),
    LinkReason.HOUSEHOLD: ("同户成员已关联，其余各项相符", "within a household already linked, the rest agrees"),
    LinkReason.UNNAMED: ("号码一致，记录无姓名", "same sound number, no name on the record"),
    LinkReason.AMBIGUOUS: ("与两人以上相符，无法区分", "fits two people or more alike"),
    LinkReason.POSSIBLE: ("可能是同一人，待人工判断", "may be the same person, for a person to judge"),
}
