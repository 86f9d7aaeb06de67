"""The values of a code column: which list of the catalogue has them, or a list made of those that are common.

A value may be somebody's data. It is told only where several rows have it and it cannot be a name, a number or an
address; of others it is said how many there are.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import yaml

from pipelines.drafting.column_names import pinyin
from pipelines.drafting.person_names import may_be_a_name
from pipelines.drafting.sample import SampleColumn
from schemas.catalogue import HERE, load_catalogue
from schemas.column import Code, Column
from schemas.masks import PLATE
from schemas.spellings import can_be_met, folded

LEAST_ROWS = 5
"""Rows that must have a value for it to be told."""
LONGEST_TOLD = 20
COVERED = 0.95
"""The least share of the rows whose value a list must have to be taken."""
_NUMBER = re.compile(r"\d{5,}")
_PLACE = re.compile(r"[省市县区州镇乡村路街巷组寨栋幢]\d*[^类型别]?$|\d号")


@dataclass(frozen=True)
class CodesSeen:
    """Which values a column has, with the rows of each."""

    falling: Mapping[str, Mapping[str, int]]
    """By code: the values that fall on it. They are words of the list, so nobody's data."""
    unlisted: Mapping[str, int]
    """Values the list does not have, of those that may be told."""
    untold: int
    """How many other values there are that the list does not have."""
    untold_rows: int


def seen_of(column: SampleColumn, codes: Mapping[str, str]) -> CodesSeen:
    """The values of the column, held against a list: its folded spellings, each with its code."""
    falling: dict[str, dict[str, int]] = {}
    unlisted: dict[str, int] = {}
    untold = untold_rows = 0
    for value, rows in column.counted.items():
        code = codes.get(folded(value))
        if code is not None:
            falling.setdefault(code, {})[value] = rows
        elif may_be_told(value, rows):
            unlisted[value] = rows
        else:
            untold, untold_rows = untold + 1, untold_rows + rows
    return CodesSeen(falling, unlisted, untold, untold_rows)


def may_be_told(value: str, rows: int) -> bool:
    """Whether the value is a common word: nobody's name, number, address or plate."""
    if rows < LEAST_ROWS or len(value) > LONGEST_TOLD or not (can_be_met(value) and any(map(str.isalnum, value))):
        return False
    if folded(value) in _words_of_lists():
        return True
    return not (_NUMBER.search(value) or PLATE.search(value) or _PLACE.search(value) or _has_a_name(value))


def _has_a_name(value: str) -> bool:
    return may_be_a_name(value) or any(may_be_a_name(part) for part in re.split(r"[^\w·]+|\d+", value) if part)


@cache
def shared_lists() -> dict[str, dict[str, Code]]:
    """The lists of ``codes.yaml`` by their names."""
    content = yaml.safe_load((HERE / "codes.yaml").read_text(encoding="utf-8"))
    return {
        name: {code: Code.model_validate(entry) for code, entry in entries.items()} for name, entries in content.items()
    }


@cache
def _words_of_lists() -> dict[str, tuple[str, Code]]:
    """Every spelling of every code list, with the code it stands for; of two the first."""
    found: dict[str, tuple[str, Code]] = {}
    inline = (column.codes for contract in load_catalogue() for column in contract.columns)
    for codes in (*shared_lists().values(), *inline):
        for code, entry in codes.items():
            for word in entry.spellings(code):
                found.setdefault(folded(word), (code, entry))
    return found


def shared_list_of(column: SampleColumn, known: Column | None) -> str | None:
    """The name of the shared list that has the column's values: the known column's, or one that words them."""
    if not column.filled:
        return None
    for name, entries in shared_lists().items():
        spelled = {folded(word): code for code, entry in entries.items() for word in entry.spellings(code)}
        covered = sum(rows for value, rows in column.counted.items() if folded(value) in spelled)
        same = known is not None and known.codes.keys() == entries.keys()
        worded = all(not value.isascii() for value in column.counted)
        if covered >= COVERED * column.filled and (same or (worded and known is None and len(column.counted) > 1)):
            return name
    return None


def made_list(column: SampleColumn) -> dict[str, Code]:
    """A list of the values that may be told; codes and labels are those that other lists give the same words."""
    codes: dict[str, Code] = {}
    code_of: dict[str, str] = {}
    entry: Code | None
    for value, rows in column.counted.items():
        if folded(value) in code_of or not may_be_told(value, rows):
            continue
        code, entry = _words_of_lists().get(folded(value)) or (_sound(value), None)
        if entry and folded(entry.zh) != folded(value):
            # What another list takes for the same may be something else here.
            code, entry = _sound(value), None
        if code in codes and entry:
            codes[code] = codes[code].model_copy(update={"also": (*codes[code].also, value)})
            code_of[folded(value)] = code
            continue
        if code in codes or folded(code) in code_of or (entry and folded(entry.zh) in code_of):
            code, entry = f"code_{len(codes) + 1}", None
        made = Code(zh=entry.zh, en=entry.en) if entry else Code(zh=value, en=code.replace("_", " ").capitalize())
        if folded(value) not in map(folded, made.spellings(code)):
            made = made.model_copy(update={"also": (value,)})
        codes[code] = made
        code_of |= dict.fromkeys(map(folded, made.spellings(code)), code)
    return codes


def _sound(value: str) -> str:
    return pinyin(value) or "code"
