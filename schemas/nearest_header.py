"""Headers that no contract agreed to: which of them may be shown, and what they most likely mean.

A file without a header line has somebody's record in its place. So the text of a cell is shown only where it cannot be
anybody's: see ``may_be_shown``.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache

from schemas.catalogue import load_catalogue
from schemas.column import Column, Meaning
from schemas.contract import Contract
from schemas.header_words import LONGEST_HEADER, Word, end_of, is_made_of_words, pieces_of
from schemas.spellings import fold_header, folded

LEAST_LIKENESS, LEAST_LIKENESS_ELSEWHERE = 0.55, 0.7
"""For a column of the file's own contract, and for one of any."""
LONG_NUMBER = 6
"""No header has so many digits in a row: a line with one is somebody's record, or a header glued to it."""
_DIGITS = re.compile(rf"\d{{{LONG_NUMBER}}}")
_CLEAR_END, _WORD, _LESS = 3, 2, 1
"""What it weighs that two headers have a word in common: the one they end in, one before it, and a vague end or a
character that is in no word."""
_WITHOUT_END = 0.8
_ALIKE = (
    {Meaning.DATE, Meaning.MONTH},
    {Meaning.TEXT, Meaning.CODE, Meaning.ORGANISATION_NAME, Meaning.PERSON_NAME},
    {Meaning.TEXT, Meaning.SERIAL},
    {Meaning.SERIAL, Meaning.ORGANISATION_CODE, Meaning.ID_NUMBER, Meaning.DIVISION},
    {Meaning.AMOUNT, Meaning.QUANTITY, Meaning.COUNT},
)
"""Meanings that one header may stand for, as a vague end leaves it open."""


@dataclass(frozen=True)
class Near:
    """A header that some contract knows, and how like it another one is, from 0 to about 1."""

    contract: Contract
    column: Column
    header: str
    likeness: float


def may_be_shown(line: Sequence[str]) -> list[bool]:
    """Which cells of a line that should be a header can be nobody's data, whatever the line is.

    Those that a contract has for a header and those made of the words of headers alone; never what a code list has,
    and nothing of a line that has a long number in it.
    """
    if any(_DIGITS.search(fold_header(cell)) for cell in line):
        return [False] * len(line)
    return [
        len(cell) <= LONGEST_HEADER
        and folded(cell) not in _code_words()
        and (fold_header(cell) in known_headers() or is_made_of_words(cell))
        for cell in line
    ]


@cache
def known_headers() -> dict[str, tuple[tuple[Contract, Column], ...]]:
    """The columns of all contracts by their folded headers, aliases and names."""
    found: dict[str, tuple[tuple[Contract, Column], ...]] = {}
    for contract in load_catalogue():
        for column in contract.columns:
            for header in dict.fromkeys(map(fold_header, (column.header, *column.aliases, column.name))):
                found[header] = (*found.get(header, ()), (contract, column))
    return found


@cache
def _code_words() -> frozenset[str]:
    columns = (column for contract in load_catalogue() for column in contract.columns)
    return frozenset(word for column in columns for word in column.code_of)


def nearest(
    header: str, columns: Iterable[tuple[Contract, Column]], *, at_least: float = LEAST_LIKENESS
) -> Near | None:
    """The likeliest of the columns by its headers; None where none is like it, or what is holds something else."""
    near = max(_likenesses(header, columns), key=lambda one: one.likeness, default=None)
    return near if near and near.likeness >= at_least else None


def nearest_of_all(header: str) -> Near | None:
    """The likeliest column of the whole catalogue."""
    columns = ((contract, column) for contract in load_catalogue() for column in contract.columns)
    return nearest(header, columns, at_least=LEAST_LIKENESS_ELSEWHERE)


def _likenesses(header: str, columns: Iterable[tuple[Contract, Column]]) -> Iterator[Near]:
    for contract, column in columns:
        for known in (column.header, *column.aliases):
            if _may_mean(end_of(header), end_of(known), column.meaning):
                yield Near(contract, column, known, _likeness(header, known))


def _may_mean(ours: Word | None, theirs: Word | None, meaning: Meaning) -> bool:
    """Whether the ends of the headers leave it open that both are of one column, whose meaning is theirs."""
    if ours is None or (theirs and theirs.en == ours.en):
        return True
    if theirs and not theirs.vague:
        return False
    return ours.meaning is meaning or (ours.vague and any({ours.meaning, meaning} <= alike for alike in _ALIKE))


def _likeness(header: str, known: str) -> float:
    """By the words they have in common, or by their characters, whichever is more; the other decides between equals."""
    ours, theirs = _features(header), _features(known)
    common = sum(min(weight, theirs[feature]) for feature, weight in ours.items())
    by_words = 2 * common / (sum(ours.values()) + sum(theirs.values()) or 1)
    by_characters = SequenceMatcher(None, fold_header(header), fold_header(known), autojunk=False).ratio()
    one_has_no_end = (end_of(header) is None) != (end_of(known) is None)
    more, less = sorted((by_words, by_characters), reverse=True)
    return (more + less / 100) * (_WITHOUT_END if one_has_no_end else 1)


@cache
def _features(header: str) -> dict[str, int]:
    features: Counter[str] = Counter()
    for piece in pieces_of(header):
        if piece.word:
            its_end = _LESS if piece.word.vague else _CLEAR_END
            features[piece.word.en] = its_end if piece.word.meaning else _WORD
        else:
            features.update(piece.text)
    return features


@dataclass(frozen=True)
class Resemblance:
    """How many of a file's headers a contract knows."""

    contract: Contract
    known: int
    of: int


def resembled(line: Sequence[str]) -> list[Resemblance]:
    """The contracts that know some of the headers, those that know most first, and of these the smaller."""
    cells = [cell for cell in line if cell]
    found = [
        Resemblance(contract, sum(contract.column_under(cell) is not None for cell in cells), len(cells))
        for contract in load_catalogue()
    ]
    known = (one for one in found if one.known)
    return sorted(known, key=lambda one: (-one.known, len(one.contract.columns)))
