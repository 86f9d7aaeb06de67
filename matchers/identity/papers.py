"""Papers other than the resident card: what of their numbers is the person's, and what they say of the birth date.

A permit of Hong Kong or Macau is H or M, eight digits for the person, and two that count the cards; a soldier's number
is written with 字, 第 and 号 or without; a foreign permanent resident's card of before 2023 holds the birth date.
Permits of 81, 82 and 83 and the card that begins with 9 are numbers of 18 characters like any other (GB 11643).
"""

from __future__ import annotations

_COUNTED = "'^[HM][0-9]{10}$'"
_PERMANENT = "'^[A-Z]{3}[0-9]{12}$'"
_SPARED = "'[第号字证]'"


def paper_key(number: str) -> str:
    """SQL for what of a paper's cleaned number stays the same for one person."""
    return (
        f"CASE WHEN regexp_matches({number}, {_COUNTED}) THEN left({number}, 9)"
        f" ELSE regexp_replace({number}, {_SPARED}, '', 'g') END"
    )


def other_birth_on(number: str, born: str) -> str:
    """SQL for whether the paper tells another birth date than `born`, a number as 19750302; never null."""
    told = f"substr({number}, 8, 6)"
    return f"coalesce(regexp_matches({number}, {_PERMANENT}) AND {told} <> right({born}::VARCHAR, 6), FALSE)"
