"""What a case knows of people (names, numbers, telephones, birth dates), to take it out of sentences and notes."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Self

from schemas.catalogue import load_catalogue
from schemas.column import Column, Meaning
from schemas.masks import (
    ID_LENGTHS,
    PLATE,
    alphanumeric,
    mask_birth_date,
    mask_id_number,
    mask_name,
    mask_numbers,
    mask_value,
)

Facts = Mapping[str, Any]
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
# Shorter values stand in sentences by chance.
LEAST_SIGNS = 2
LEAST_OF_IDENTITY = 6


@dataclass(frozen=True)
class KnownPeople:
    """The people of one case. ``secrets``: each value with what is shown of it, the longest first.

    ``numbers``: ID numbers, passports and the like, letters and digits alone. ``birth_dates``: ISO dates, those that ID
    numbers tell among them.
    """

    names: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    birth_dates: frozenset[str] = frozenset()
    secrets: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, records: Iterable[tuple[str, Facts]], names: Iterable[str] = (), numbers: Iterable[str] = ()) -> Self:
        """Whom these records (type and facts) and these names and numbers speak of."""
        shown: dict[str, str] = {name: mask_name(name) for name in names}
        people, held = set(shown), {number for number in numbers if number}
        born: set[str] = set()
        for type_name, facts in records:
            for column, meaning in identifying_columns(type_name):
                value = facts.get(column)
                if not isinstance(value, str) or len(value) < LEAST_SIGNS:
                    continue
                if meaning is Meaning.ID_NUMBER:
                    held.add(value)
                elif meaning is Meaning.DATE:
                    if ISO_DAY.fullmatch(value):
                        born.add(value)
                elif meaning is not Meaning.SERIAL or PLATE.fullmatch(value):
                    shown[value] = mask_value(meaning, value)
                if meaning is Meaning.PERSON_NAME:
                    people.add(value)
        born |= {day for number in held for day in _born(number)}
        shown |= {number: mask_id_number(number) for number in held if len(number) >= LEAST_OF_IDENTITY}
        shown |= {form: mask_birth_date(day) for day in born for form in (day, day.replace("-", ""))}
        return cls(
            frozenset(people),
            frozenset(folded for folded in map(alphanumeric, held) if len(folded) >= LEAST_OF_IDENTITY),
            frozenset(born),
            tuple(sorted(((value, mask) for value, mask in shown.items() if len(value) >= LEAST_SIGNS), key=_longest)),
        )

    def masked(self, text: str) -> str:
        """A sentence a program wrote, without any of this, nor any other number that looks like a person's."""
        for value, mask in self.secrets:
            if value in text:
                text = text.replace(value, mask)
        return mask_numbers(text)

    def number_within(self, value: str) -> bool:
        """Whether a serial number is, or is made from, somebody's own number."""
        folded = alphanumeric(value)
        return any(number in folded for number in self.numbers)


NOBODY = KnownPeople()
TELLING = frozenset({Meaning.ID_NUMBER, Meaning.PERSON_NAME, Meaning.PHONE, Meaning.ADDRESS, Meaning.SERIAL})
"""What tells who somebody is; of serial numbers the plates alone."""


@cache
def columns_of(type_name: str) -> Mapping[str, Column]:
    """The columns of a type, by name; none of one that is no longer in the catalogue."""
    contract = load_catalogue().contracts.get(type_name)
    return {column.name: column for column in contract.columns} if contract else {}


@cache
def birth_columns(type_name: str) -> frozenset[str]:
    """The columns that hold somebody's birth date: those that identify a person, and others called so."""
    contract = load_catalogue().contracts.get(type_name)
    if contract is None:
        return frozenset()
    identifying = {identity.birth_date for identity in contract.identity if identity.birth_date}
    dates = (column for column in contract.columns if column.meaning is Meaning.DATE)
    called_so = {column.name for column in dates if "birth" in column.name or "出生" in column.header}
    return frozenset(identifying | called_so)


@cache
def identifying_columns(type_name: str) -> tuple[tuple[str, Meaning], ...]:
    """The columns of a type that tell who somebody is, with what each means; of dates the birth dates alone."""
    born = birth_columns(type_name)
    return tuple(
        (name, column.meaning)
        for name, column in columns_of(type_name).items()
        if column.meaning in TELLING or name in born
    )


def _born(number: str) -> list[str]:
    """The birth date an ID number holds, as an ISO date; none where it is no such number."""
    if len(number) not in ID_LENGTHS or not number[:-1].isdecimal():
        return []
    day = number[6:14] if len(number) == ID_LENGTHS[-1] else f"19{number[6:12]}"
    return [f"{day[:4]}-{day[4:6]}-{day[6:]}"]


def _longest(secret: tuple[str, str]) -> tuple[int, str]:
    return -len(secret[0]), secret[0]
