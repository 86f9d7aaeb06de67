"""Why a record is taken to be a person's: each reason once, with what it claims and how users read it.

Python, SQL, the policy and the site take the reasons from here. A further one is a line in ``LinkReason``, and a
parameter in ``rules/policy`` if a flag may rest on it.
"""

from enum import StrEnum
from typing import Any


class Claim(StrEnum):
    """What a reason says of the record and the person."""

    CERTAIN = "certain"
    """They belong together."""
    LIKELY = "likely"
    """They belong together by the weight of what agrees."""
    CONTRADICTED = "contradicted"
    """They bear one number and their names agree, and the record says something that speaks against it: only for rules
    that accept it."""
    CONFLICT = "conflict"
    """They bear one number and cannot both be right: a ground of its own."""
    LEAD = "lead"
    """All but the number says that they are one person: a lead on identity, and no ground of any other doubt."""
    QUESTION = "question"
    """A person must judge; it links nothing and carries no flag."""


ACCEPTED = (Claim.CERTAIN, Claim.LIKELY)
"""What claims that the two are one person."""


class Contradiction(StrEnum):
    """What a record states that speaks against its number or its person, as links hold it, with its labels."""

    zh: str
    en: str

    def __new__(cls, name: str, zh: str, en: str) -> "Contradiction":
        """A contradiction of that name, with its Chinese and English label."""
        made = str.__new__(cls, name)
        made._value_ = name
        made.zh, made.en = zh, en
        return made

    BIRTH_DATE = "birth_date", "记录所载出生日期与本人不符", "the record states another birth date"
    SEX = "sex", "记录所载性别与本人不符", "the record states the other sex"
    PLACE = "place", "记录所载姓名不全，住地不同", "the record hides part of the name and is of another city"


class Reason(StrEnum):
    """A word for why a record is linked, with its claim and its labels. Members stand from the surest to the least."""

    claim: Claim
    zh: str
    en: str

    def __new__(cls, name: str, *said: Any) -> "Reason":
        """A reason of that name, as links hold it; ``said`` are its claim, Chinese and English label."""
        made = str.__new__(cls, name)
        made._value_ = name
        made.claim, made.zh, made.en = said
        return made

    @property
    def certain(self) -> bool:
        """Whether a link of this reason says that the record is this person's."""
        return self.claim is Claim.CERTAIN

    @property
    def accepted(self) -> bool:
        """Whether it claims that the two are one person, for certain or by weight."""
        return self.claim in ACCEPTED

    @property
    def possible(self) -> bool:
        """Whether it is kept for a person to judge only, and links nothing by itself."""
        return self.claim is Claim.QUESTION

    @property
    def confidence(self) -> str:
        """The policy parameter that says how sure such a link is, in percent."""
        return f"confidence_{self.value}_percent"


class LinkReason(Reason):
    """The reasons there are."""

    EXACT = "exact", Claim.CERTAIN, "号码相同，姓名相符", "same number, compatible name"
    UPGRADED = "upgraded", Claim.CERTAIN, "15位号码升位后相同，姓名相符", "15-digit number upgraded, compatible name"
    REPAIRED = "repaired", Claim.CERTAIN, "号码有一处差错，姓名相同", "one fault in the number, same name"
    PAPER = (
        "paper",
        Claim.CERTAIN,
        "证件（非居民身份证）相同，姓名相符",
        "same paper other than the resident card, compatible name",
    )
    PROBABILISTIC = "probabilistic", Claim.LIKELY, "很可能为同一人", "likely the same person"
    HOUSEHOLD = "household", Claim.LIKELY, "经家庭关系比对", "through the household"
    CONTRADICTED = (
        *("contradicted", Claim.CONTRADICTED, "号码、姓名相符，其他信息有矛盾"),
        "same number, compatible name, another particular contradicts",
    )
    RENAMED = (
        *("renamed", Claim.CONFLICT, "号码、姓氏、出生日期、区县相同，名字不同"),
        "same number, surname, birth date and county, another given name",
    )
    CONFLICT = "conflict", Claim.CONFLICT, "号码相同，身份不符", "same number, another identity"
    RENUMBERED = (
        *("renumbered", Claim.LEAD, "姓名、出生日期、住地相同，另有一个有效号码"),
        "same name, birth date and place, another sound number",
    )
    UNNAMED = "unnamed", Claim.QUESTION, "号码一致，记录无姓名", "same sound number, no name on the record"
    AMBIGUOUS = "ambiguous", Claim.QUESTION, "与两人以上相符，无法区分", "fits two people or more alike"
    POSSIBLE = "possible", Claim.QUESTION, "可能为同一人", "possibly the same person"


NOT_FROM_THE_FIRST = (LinkReason.PAPER, LinkReason.CONTRADICTED, LinkReason.RENAMED, LinkReason.RENUMBERED)
"""Reasons that came later: the policy of a night before knows no confidence of theirs."""


def reasons_claiming(*claims: Claim) -> tuple[Reason, ...]:
    """The reasons that claim one of these, the surest first."""
    return tuple(reason for reason in LinkReason if reason.claim in claims)


def reasons_perhaps_theirs() -> tuple[Reason, ...]:
    """The reasons for which a record may well be the person's: it may silence a doubt, if not raise one."""
    perhaps = (LinkReason.CONTRADICTED, LinkReason.RENAMED, LinkReason.RENUMBERED)
    return tuple(reason for reason in LinkReason if reason.accepted or reason in perhaps)


def reasons_of_flags() -> tuple[Reason, ...]:
    """The reasons of links that a flag may rest on, the surest first."""
    return reasons_claiming(*(claim for claim in Claim if claim is not Claim.QUESTION))


def find_reason(name: str) -> Reason | None:
    """The reason of that name; None for one that is not, or no longer, known."""
    return LinkReason(name) if name in LinkReason.__members__.values() else None


def sql_list(*claims: Claim) -> str:
    """The reasons that claim one of these as a list for SQL: 'exact', 'upgraded'."""
    return ", ".join(f"'{reason}'" for reason in reasons_claiming(*claims))
