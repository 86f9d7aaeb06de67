"""Guizhou's administrative divisions: names, levels, parents, and the successors of codes since abolished.

A code has 12 digits: 2 province, 2 city, 2 county, 3 township, 3 village; the levels below its own are zeros. The codes
are those of ``reference/``: divisions and villages from the public data set Administrative-divisions-of-China (WTFPL),
``merged_divisions.csv`` from the State Council's published changes to counties and prefectures since 1997.
"""

import csv
import gzip
import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import pyarrow as pa

REFERENCE = Path(__file__).parent / "reference"
CODE_LENGTH = 12
CODE_AND_NAME = re.compile(
    r"(?P<digits>\d*)(?:\.0+)?[-_:(]?(?P<name>[^\d()]*)\)?|(?P<before>[^\d()]+)[-_:(](?P<after>\d+)\)?"
)


class Level(StrEnum):
    """The five levels of a division, from the top."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    TOWNSHIP = "township"
    VILLAGE = "village"


PREFIX_LENGTHS: dict[Level, int] = {
    Level.PROVINCE: 2,
    Level.CITY: 4,
    Level.COUNTY: 6,
    Level.TOWNSHIP: 9,
    Level.VILLAGE: 12,
}
"""How many leading digits tell a division of each level from its peers."""


@dataclass(frozen=True, slots=True)
class Division:
    """One division; ``parent_code`` is None for the province."""

    code: str
    name: str
    level: Level
    parent_code: str | None


@cache
def load_divisions() -> dict[str, Division]:
    """Every division of the province by its code, villages included: 19,572 of them, parents before children."""
    found: dict[str, Division] = {}
    with (REFERENCE / "guizhou_divisions.csv").open(encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            found[row["code"]] = Division(row["code"], row["name"], Level(row["level"]), row["parent_code"] or None)
    with gzip.open(REFERENCE / "guizhou_villages.csv.gz", "rt", encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            found[row["code"]] = Division(row["code"], row["name"], Level.VILLAGE, row["township_code"])
    return found


@cache
def load_successors() -> dict[str, str]:
    """The present code of every abolished county or prefecture code on record, both of 12 digits."""
    with (REFERENCE / "merged_divisions.csv").open(encoding="utf-8", newline="") as text:
        return {row["old_code"]: row["new_code"] for row in csv.DictReader(text)}


@cache
def places_of_successors() -> tuple[str, ...]:
    """The counties and townships of every successor, as the first nine digits of their codes."""
    length = PREFIX_LENGTHS[Level.TOWNSHIP]
    within = tuple({new[: PREFIX_LENGTHS[level_of(new)]] for new in load_successors().values()})
    known = (one.code for one in load_divisions().values() if one.level is not Level.VILLAGE)
    return tuple(sorted(code[:length] for code in known if code.startswith(within)))


def divisions_table() -> pa.Table:
    """The divisions as a table for SQL: code, name, level, parent_code, prefix; all text."""
    divisions = load_divisions().values()
    return pa.table(
        {
            "code": [division.code for division in divisions],
            "name": [division.name for division in divisions],
            "level": [division.level.value for division in divisions],
            "parent_code": [division.parent_code for division in divisions],
            "prefix": [prefix(division.code) for division in divisions],
        }
    )


def is_known(code: str) -> bool:
    """Whether the reference has a division of that code today."""
    return code in load_divisions()


def name_of(code: str) -> str | None:
    """The division's own name (南明区), or None for a code the reference does not have."""
    division = load_divisions().get(code)
    return division.name if division else None


def full_name(code: str) -> str:
    """The names from the province down to the division, joined: 贵州省贵阳市南明区. Empty for an unknown code."""
    divisions = load_divisions()
    names: list[str] = []
    division = divisions.get(code)
    while division:
        names.append(division.name)
        division = divisions.get(division.parent_code or "")
    return "".join(reversed(names))


def code_said(text: str) -> str | None:
    """The code that a text without blanks means: digits, a name in full (贵阳市南明区), or both where they agree.

    A province's, city's or county's own name will do; below, a name needs the one above it. None where a name is not
    of the reference or is that of several, and where digits of a province or city are not of the reference.
    """
    said = CODE_AND_NAME.fullmatch(text)
    if said is None:
        return None
    digits, name = said["digits"] or said["after"] or "", said["name"] or said["before"]
    code = padded(digits) if digits else ""
    if digits and len(digits) not in PREFIX_LENGTHS.values():
        return None
    named = _codes_by_name().get(name) if name else None
    if not digits or not name:
        return named or (code if is_known(code) or len(digits) >= PREFIX_LENGTHS[Level.COUNTY] else None)
    if named is None:
        return code if is_known(code) else None
    return code if prefix(code).startswith(prefix(named)) else None


@cache
def _codes_by_name() -> dict[str, str | None]:
    """The code of every name that means one division, alone or with those above it; None for what means several."""
    found: dict[str, str | None] = {}
    divisions = load_divisions()
    for division in divisions.values():
        name, above = division.name, divisions.get(division.parent_code or "")
        enough = division.level in (Level.PROVINCE, Level.CITY, Level.COUNTY)
        while True:
            if enough:
                found[name] = None if name in found else division.code
            if above is None:
                break
            name, above, enough = above.name + name, divisions.get(above.parent_code or ""), True
    return found


def level_of(code: str) -> Level:
    """The level a code is of, by its zeros; no look-up, so it holds for abolished codes too.

    Raises ValueError for anything but 12 digits.
    """
    if len(code) != CODE_LENGTH or not (code.isascii() and code.isdigit()):
        raise ValueError(f"{code!r} is not a division code: give its 12 digits, with zeros for the levels below")
    return next(level for level, length in PREFIX_LENGTHS.items() if not code[length:].strip("0"))


def prefix(code: str) -> str:
    """The digits shared by all codes within a division, as a scope uses them: ``520102`` for 520102000000."""
    return code[: PREFIX_LENGTHS[level_of(code)]]


def parents(code: str) -> list[str]:
    """The codes of the divisions a code lies in, from the province down, without itself; by its digits alone."""
    own = PREFIX_LENGTHS[level_of(code)]
    return [code[:length].ljust(CODE_LENGTH, "0") for length in PREFIX_LENGTHS.values() if length < own]


def padded(digits: str) -> str:
    """A prefix of 2, 4, 6, 9 or 12 digits as a full code: ``520102`` becomes 520102000000."""
    return digits.ljust(CODE_LENGTH, "0")


def successor(code: str) -> str:
    """The present code for one that may have been abolished; a code that cannot be placed comes back as it is.

    Villages and townships of an abolished county keep their last digits where the new county has such a code, or at
    least such a township. A township that the new county does not have may have gone to a neighbour when the old county
    was divided: then only the city is known.
    """
    if is_known(code) or len(code) != CODE_LENGTH:
        return code
    successors = load_successors()
    for level in (Level.COUNTY, Level.CITY):
        length = PREFIX_LENGTHS[level]
        new = successors.get(padded(code[:length]))
        if new:
            village = new[:length] + code[length:]
            township = padded(village[: PREFIX_LENGTHS[Level.TOWNSHIP]])
            city = padded(new[: PREFIX_LENGTHS[Level.CITY]])
            return next(candidate for candidate in (village, township, city) if is_known(candidate))
    return code
