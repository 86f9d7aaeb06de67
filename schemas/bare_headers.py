"""Headers that say what a column tells of a person and not of whom, such as 证件号码 and 姓名.

A contract says of which people a row speaks (``identity``). Where that is one, the header is theirs, however their
columns are called in the contract; where there are two, as in a marriage, it leaves open whose it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from schemas.header_forms import LONGEST, form_of
from schemas.header_words import header_words

if TYPE_CHECKING:
    from schemas.column import Column
    from schemas.contract import Contract

OF_A_PERSON = frozenset({"id_number", "name", "former_name", "birth_date", "sex"})
"""Parts of an identity that only people have; an address or a telephone may be a thing's or an office's."""


@lru_cache(maxsize=4_096)
def part_said(header: str) -> str | None:
    """The part of an identity that a header says with one word and nothing else."""
    word = header_words().get(form_of(header).bare.casefold()) if len(header) <= LONGEST else None
    return word.en if word and word.en in OF_A_PERSON else None


def people_meant(contract: "Contract", header: str) -> list["Column"]:
    """The columns that a bare header may head: one for each person of whom a row tells that part."""
    part = part_said(header)
    told = (person.columns() for person in contract.identity)
    return [contract.column(columns[part]) for columns in told if part in columns] if part else []


def columns_of(contract: "Contract", line: Sequence[str]) -> tuple["Column | None", ...]:
    """The column that each cell of a header line heads.

    A bare header is that of the only person, unless another cell heads their column by an agreed name.
    """
    agreed = [contract.column_under(cell) if cell else None for cell in line]
    taken = {column.name for column in agreed if column}
    meant = [
        people_meant(contract, cell) if cell and not column else [] for cell, column in zip(line, agreed, strict=True)
    ]
    return tuple(
        column or (people[0] if len(people) == 1 and people[0].name not in taken else None)
        for column, people in zip(agreed, meant, strict=True)
    )


@dataclass(frozen=True)
class OpenHeader:
    """A bare header, and the columns of which any may be meant."""

    header: str
    candidates: tuple["Column", ...]


def left_open(contract: "Contract", line: Sequence[str]) -> OpenHeader | None:
    """The first bare header of a line that may be that of several people, some of whom have no other."""
    found = {column.name for column in columns_of(contract, line) if column}
    for cell in line:
        people = people_meant(contract, cell) if cell and contract.column_under(cell) is None else []
        if len(people) > 1 and any(column.name not in found for column in people):
            return OpenHeader(cell, tuple(people))
    return None
