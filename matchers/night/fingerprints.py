"""Long texts that are only ever asked whether they are equal, as numbers: addresses, and the keys of blocks.

A province has tens of millions of them, and a number takes a sixth of the room. Two texts that differ have the same
number once in 2^63 times: two of a province's ten million addresses in one night of two hundred thousand. It would come
to one level of one comparison, or to a candidate more to compare.
"""

from __future__ import annotations


def fingerprint(text: str) -> str:
    """SQL for the number of a text, an SQL expression of its own; null stays null."""
    return f"CASE WHEN {text} IS NOT NULL THEN (hash({text}) >> 1)::BIGINT END"


def at_home(name: str, born: str, division: str) -> str:
    """SQL for the number of a name with a birth date and a village; null where one of them is not known."""
    return (
        f"CASE WHEN length({division}) = 12 AND {name} IS NOT NULL AND {born} IS NOT NULL"
        f" THEN (hash({name} || ' ' || {born} || {division}) >> 1)::BIGINT END"
    )
