"""What a record says against a person whose number and name it bears.

Birth date and sex, both stated, both differing, are somebody else's. Either alone is often a slip of the pen: of a
hundred records with another birth year under one number and name, all but a few are right. Then what else agrees is
weighed: see `same_number.sql`. Birth dates are numbers here, as 19750302, and sexes 1 (a man) or 2.
"""

from __future__ import annotations

from matchers.identity.levels import Masked, rank_of

PERSON = ("man_first", "man_last", "woman_first", "woman_last")
"""What is known of a person: of the places that have a man, the first birth date and the last; and of those that have a
woman. Where a place does not state them, its sound number tells."""
HIDDEN = str(rank_of(Masked))
"""The rank of names of which a part is hidden: they may be anybody's of that surname."""


PLACES_CONTRADICT = "coalesce(l.known_born <> r.known_born AND l.known_sex <> r.known_sex, FALSE)"
"""SQL for whether two places, `l` and `r`, contradict each other."""


def birth_and_sex_of(person: str) -> str:
    """SQL for the columns `PERSON` of that alias."""
    return ", ".join(f"{person}.{column}" for column in PERSON)


def born(birth_date: str) -> str:
    """SQL for a date as a number; null where it is null."""
    return f"(year({birth_date}::DATE) * 10000 + month({birth_date}::DATE) * 100 + day({birth_date}::DATE))::BIGINT"


def sex(code: str) -> str:
    """SQL for a sex as a number; null where it is unknown or not stated."""
    return f"CASE WHEN {code} IN ('1', '2') THEN {code}::BIGINT END"


def born_by(body: str) -> str:
    """SQL for the birth date that the 17 digits of a sound number tell."""
    return f"({body} // 1000 % 100000000)"


def sex_by(body: str) -> str:
    """SQL for the sex that the 17 digits of a sound number tell."""
    return f"(2 - {body} % 2)"


BIRTH_AND_SEX = {"born": born("birth_date"), "sex": sex("sex"), "born_by": born_by("body"), "sex_by": sex_by("body")}
"""What is stated in `birth_date` and `sex`, and what the 17 digits `body` of a sound number tell."""


def contradicts(person: str, record_born: str, record_sex: str) -> str:
    """SQL for whether both differ from what a place of the person (`PERSON`, of that alias) says; never null."""

    def other(kind: str) -> str:
        first, last = (f"{person}.{kind}_{end} = {record_born}" for end in ("first", "last"))
        return f"NOT coalesce({first} AND {last}, TRUE)"

    return f"CASE {record_sex} WHEN 1 THEN {other('woman')} WHEN 2 THEN {other('man')} ELSE FALSE END"


def other_year(person: str, record_born: str) -> str:
    """SQL for whether the record was born in another year than a place of the person says; never null."""
    first, last = _first_and_last(person)
    year = f"{record_born} // 10000"
    return f"coalesce({first} // 10000 <> {year} OR {last} // 10000 <> {year}, FALSE)"


def other_birth(person: str, record_born: str) -> str:
    """SQL for whether the record was born on another day than every place of the person says; never null."""
    first, last = _first_and_last(person)
    return f"coalesce({first} <> {record_born} AND {last} <> {record_born}, FALSE)"


def slipped_birth(person: str, record_born: str) -> str:
    """SQL for whether the record's birth date is the person's but for one slip; null where one is not known.

    Two of year, month and day are the same, or month and day have changed places.
    """
    return " OR ".join(f"({_one_slip(day, record_born)})" for day in _first_and_last(person))


def other_sex(person: str, record_sex: str) -> str:
    """SQL for whether the record is of the other sex than every place of the person says; never null."""
    man, woman = f"{person}.man_first", f"{person}.woman_first"
    return (
        f"CASE {record_sex} WHEN 1 THEN {man} IS NULL AND {woman} IS NOT NULL"
        f" WHEN 2 THEN {woman} IS NULL AND {man} IS NOT NULL ELSE FALSE END"
    )


def _first_and_last(person: str) -> tuple[str, str]:
    return f"least({person}.man_first, {person}.woman_first)", f"greatest({person}.man_last, {person}.woman_last)"


def _one_slip(one: str, other: str) -> str:
    year, month, day = (f"({one} {part}) = ({other} {part})" for part in ("// 10000", "// 100 % 100", "% 100"))
    two = f"({year})::INTEGER + ({month})::INTEGER + ({day})::INTEGER >= 2"
    swapped = f"{year} AND {one} // 100 % 100 = {other} % 100 AND {one} % 100 = {other} // 100 % 100"
    return f"{two} OR ({swapped})"
