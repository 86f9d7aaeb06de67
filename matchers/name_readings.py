"""How a name sounds: toneless pinyin, with the readings that characters take in surnames.

A key is the syllables laid end to end (`wangfang`), so that a name typed in letters, whole or in part, has the same
key. `ü` is written `v`. Readings of single characters are pypinyin's first; context is not used, so that a key depends
on the name alone.
"""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from pypinyin.constants import PINYIN_DICT

from matchers.code_points import TABLE_SIZE, Flat, Points, membership_table

_REFERENCE = Path(__file__).parent / "reference"
_Syllables = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Readings:
    """For every code point the index of its syllable: in a given name, and as a surname; main and other reading."""

    syllables: pa.Array
    given: _Syllables
    given_other: _Syllables
    surname: _Syllables
    surname_other: _Syllables
    compound: dict[str, tuple[list[int], list[int]]]


@cache
def toneless(reading: str) -> str:
    """A syllable without its tone mark: `lǜ` → `lv`, `shàn` → `shan`."""
    spread = unicodedata.normalize("NFD", reading.lower()).replace("u\u0308", "v")
    return "".join(letter for letter in spread if "a" <= letter <= "z")


def _rows(file_name: str) -> list[dict[str, str]]:
    with (_REFERENCE / file_name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def readings() -> Readings:
    """The readings of every character, from pypinyin and the two tables in `reference/`."""
    numbers: dict[str, int] = {"": 0}

    def number(syllable: str) -> int:
        return numbers.setdefault(syllable, len(numbers))

    given = np.zeros(TABLE_SIZE, dtype=np.int32)
    for point, text in PINYIN_DICT.items():
        given[point] = number(toneless(text.split(",")[0]))
    for letter in range(26):
        given[ord("A") + letter] = number(chr(ord("a") + letter))
    surname, surname_other = given.copy(), given.copy()
    given_other = given.copy()
    for row in _rows("given_name_readings.csv"):
        point = ord(row["character"])
        given[point] = number(row["reading"])
        given_other[point] = number(row["other_reading"] or row["reading"])
    compound: dict[str, tuple[list[int], list[int]]] = {}
    for row in _rows("surname_readings.csv"):
        main = [number(syllable) for syllable in row["reading"].split()]
        other = [number(syllable) for syllable in (row["other_reading"] or row["reading"]).split()]
        if len(row["surname"]) == 1:
            surname[ord(row["surname"])] = main[0]
            surname_other[ord(row["surname"])] = other[0]
        else:
            compound[row["surname"]] = (main, other)
    return Readings(pa.array(list(numbers)), given, given_other, surname, surname_other, compound)


def _joined(syllables: pa.Array, numbers: _Syllables, offsets: npt.NDArray[np.int64]) -> pa.Array:
    lists = pa.LargeListArray.from_arrays(pa.array(offsets), syllables.take(pa.array(numbers)))
    text = pc.binary_join(lists, "")
    # A passport writes lü as LYU; no syllable ends in l, so the letters can mean nothing else.
    return pc.replace_substring(text, "lyu", "lv")


def _compounds(
    points: Points, starts: npt.NDArray[np.int64], table: Readings
) -> list[tuple[Any, list[int], list[int]]]:
    found = []
    for name, (main, other) in table.compound.items():
        first, second = (ord(character) for character in name)
        at = starts[(points[starts] == first) & (points[starts + 1] == second)]
        found.append((at, main, other))
    return found


def pinyin_keys(names: Flat) -> tuple[pa.Array, pa.Array]:
    """The main and the other sound key of names without dots; equal where no character has another reading.

    A name with a masked character has no sound; its keys are null.
    """
    table = readings()
    points, offsets = names.points, names.offsets
    main, other = table.given[points], table.given_other[points]
    starts = offsets[:-1][names.lengths() > 1]
    main[starts], other[starts] = table.surname[points[starts]], table.surname_other[points[starts]]
    longer = offsets[:-1][names.lengths() > 2]
    for at, main_numbers, other_numbers in _compounds(points, longer, table):
        for step in (0, 1):
            main[at + step], other[at + step] = main_numbers[step], other_numbers[step]
    silent = names.any_of(main == 0) | (names.lengths() == 0) | names.any_of(membership_table("*")[points])
    null = pa.scalar(None, pa.string())
    keys = (_joined(table.syllables, numbers, offsets) for numbers in (main, other))
    first, second = (pc.if_else(pa.array(silent), null, key) for key in keys)
    return first, second
