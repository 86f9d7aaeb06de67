"""How a name sounds: toneless pinyin, with the readings that characters take in surnames.

A key is the syllables laid end to end (`wangfang`), so that a name typed in letters, whole or in part, has the same
key. `ü` is written `v`. Readings of single characters are pypinyin's first; context is not used, so that a key depends
on the name alone.
"""

from __future__ import annotations

import csv
import os
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engines.column_bytes import CharacterTable, Flags, Flat, Points, identity_table, membership_table
from matchers.identity.name_forms import keyed_groups, reference_groups, simplified_table

os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # its table of phrases takes longer to load than the night's names
from pypinyin.pinyin_dict import pinyin_dict

_REFERENCE = Path(__file__).parent / "reference"
_Syllables = npt.NDArray[np.uint32]


@dataclass(frozen=True)
class Readings:
    """For every code point the number of its syllable: in a given name, and as a surname; main and other reading.

    syllables: the number of each syllable met; 0 is no sound. compound: the syllables of surnames of two characters.
    """

    syllables: dict[str, int]
    given: CharacterTable
    given_other: CharacterTable
    surname: CharacterTable
    surname_other: CharacterTable
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

    def table(irregular: dict[str, str]) -> CharacterTable:
        return CharacterTable(lambda points: [number(irregular.get(one) or usual(one)) for one in map(chr, points)])

    given, given_other = _irregular("given_name_readings.csv", "character")
    surnames, surnames_other = _irregular("surname_readings.csv", "surname")
    compound = {
        name: ([number(one) for one in main.split()], [number(one) for one in surnames_other[name].split()])
        for name, main in surnames.items()
        if len(name) > 1
    }
    return Readings(numbers, table(given), table(given_other), table(surnames), table(surnames_other), compound)


def usual(character: str) -> str:
    """The reading of a character where nothing else is known: a letter is its own; without a sound, empty."""
    if "A" <= character <= "Z":
        return character.lower()
    return toneless(pinyin_dict.get(ord(character), "").split(",")[0])


def _irregular(file_name: str, column: str) -> tuple[dict[str, str], dict[str, str]]:
    rows = _rows(file_name)
    main = {row[column]: row["reading"] for row in rows}
    return main, {row[column]: row["other_reading"] or row["reading"] for row in rows}


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


@cache
def _transliteration_table() -> Points:
    """Every character of a group of `reference/transliterations.txt` by the group's first."""
    table = identity_table()
    for group in keyed_groups("transliterations.txt", simplified_table()):
        table[group] = group[0]
    return table


def transliterated(names: Flat, dotted: Flags) -> Flat:
    """The names without dots, those that spell another language by one character for each of its syllables.

    They are joined by dots (`dotted`) or have four characters and no surname of two.
    """
    longer = names.lengths() >= 4
    starts = names.offsets[:-1][longer]
    with_surname = np.zeros(len(starts), dtype=np.bool_)
    for surname in reference_groups("compound_surnames.txt"):
        first, second = (ord(character) for character in surname)
        with_surname |= (names.points[starts] == first) & (names.points[starts + 1] == second)
    longer[np.flatnonzero(longer)[with_surname]] = False
    meant = np.repeat(longer | dotted, names.lengths())
    return Flat(np.where(meant, _transliteration_table()[names.points], names.points), names.offsets)


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
    syllables = pa.array(list(table.syllables))
    keys = (_joined(syllables, numbers, offsets) for numbers in (main, other))
    first, second = (pc.if_else(pa.array(silent), null, key) for key in keys)
    return first, second
