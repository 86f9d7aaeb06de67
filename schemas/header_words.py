"""The words that headers are made of, and what they say of a column: ``header_words.yaml``."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

from schemas.column import Meaning
from schemas.spellings import fold_header

FILE = Path(__file__).parent / "header_words.yaml"
_NOTE = re.compile(r"\(([^()]*)\)$")
_PLACE = re.compile(r"\d{1,2}$")


LONGEST_HEADER = 60
"""Signs that a header has at most; a longer cell is a title, or somebody's record."""


@dataclass(frozen=True)
class Word:
    """A word of headers. ``meaning`` is that of a column whose header ends in it; None where none ends so."""

    zh: str
    en: str
    meaning: Meaning | None = None
    unit: str | None = None
    vague: bool = False
    """Whether too many columns' headers end in it for that to tell much."""


@dataclass(frozen=True)
class Piece:
    """A part of a header: one of the words, or the text between two of them."""

    text: str
    word: Word | None


@cache
def _content() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return content


@cache
def header_words() -> dict[str, Word]:
    """Every word, by its folded text."""
    content = _content()
    found: dict[str, Word] = {}
    for en, listed in content["ends"].items():
        for zh in listed["words"]:
            found[_key(zh)] = Word(zh, en, Meaning(listed["meaning"]), listed.get("unit"), listed.get("vague", False))
    for en, words in content["parts"].items():
        for zh in words:
            found.setdefault(_key(zh), Word(zh, en))
    return found


def _key(text: str) -> str:
    return fold_header(text).casefold()


def bare(header: str) -> str:
    """The folded header without a note in brackets at its end, such as its unit, and without a number after it."""
    folded = _key(header)
    return folded if folded in header_words() else _PLACE.sub("", _NOTE.sub("", folded))


@lru_cache(maxsize=10_000)
def pieces_of(header: str) -> tuple[Piece, ...]:
    """The header cut so that as much of it as can be is words, and few of them; a longer text than any is one piece."""
    if len(header) > LONGEST_HEADER:
        return (Piece(header, None),)
    text = bare(header)
    # Of each beginning of the text: the characters in no word, the pieces, and the last piece's start.
    best: list[tuple[int, int, int]] = [(0, 0, 0)]
    for end in range(1, len(text) + 1):
        outside, count, _ = best[end - 1]
        chosen = (outside + 1, count + 1, end - 1)
        for start in range(max(0, end - _longest()), end):
            if text[start:end] in header_words():
                chosen = min(chosen, (best[start][0], best[start][1] + 1, start))
        best.append(chosen)
    pieces: list[Piece] = []
    end = len(text)
    while end:
        start = best[end][2]
        pieces.append(Piece(text[start:end], header_words().get(text[start:end])))
        end = start
    return tuple(_joined(reversed(pieces)))


@cache
def _longest() -> int:
    """Of the words; what stands in the place of a header may be as long as a file."""
    return max(map(len, header_words()))


def _joined(pieces: Iterable[Piece]) -> list[Piece]:
    """Neighbouring pieces that are no words made one."""
    joined: list[Piece] = []
    for piece in pieces:
        if joined and piece.word is None and joined[-1].word is None:
            joined[-1] = Piece(joined[-1].text + piece.text, None)
        else:
            joined.append(piece)
    return joined


def end_of(header: str) -> Word | None:
    """The word that says what the column holds: the last one, where a header may end in it."""
    pieces = pieces_of(header)
    last = pieces[-1].word if pieces else None
    return last if last and last.meaning else None


def is_made_of_words(header: str) -> bool:
    """Whether it is words through and through, and ends as headers do: nobody's name, address or number does."""
    if len(header) > LONGEST_HEADER:
        return False
    note = _NOTE.search(_key(header))
    if note and note[1] not in _content()["notes"] and not all(piece.word for piece in pieces_of(note[1])):
        return _key(header) in header_words()
    return end_of(header) is not None and all(piece.word for piece in pieces_of(header))
