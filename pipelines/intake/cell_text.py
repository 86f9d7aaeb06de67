"""The text of cells as all later steps take it: plain characters, nothing around it, NULL where it says nothing."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engines.column_bytes import (
    Flags,
    Offsets,
    explode,
    holding,
    implode,
    places_where,
    text_bytes,
)
from engines.plain_characters import INVISIBLE, PLAIN, SPACE
from matchers.identity import id_numbers
from pipelines.intake.wrappings import GUARDS, unguarded, unlabelled
from schemas.column import Column, Meaning
from schemas.spellings import SAYS_NOTHING

Bytes: TypeAlias = npt.NDArray[np.uint8]

DELETE = 0x7F
LABELLED_TEXTS = frozenset(
    {
        Meaning.PERSON_NAME,
        Meaning.ORGANISATION_CODE,
        Meaning.ORGANISATION_NAME,
        Meaning.SERIAL,
        Meaning.PHONE,
        Meaning.ADDRESS,
    }
)
ERRORS = ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA")
LONGEST_NOTHING = max(map(len, SAYS_NOTHING))


def plain_text(cells: pa.Array) -> pa.Array:
    """Cells in plain characters (`engines.plain_characters`), without blanks or guards around them.

    Few cells need it; they are found by their bytes, and only they are gone through character by character.
    """
    content, offsets = text_bytes(cells)
    if not len(content):
        return cells
    lowest, highest = content.min(), content.max()
    touched = np.zeros(len(cells), dtype=np.bool_)
    if lowest < SPACE or highest >= DELETE:
        touched |= holding(_suspects(content), offsets)
    if lowest <= ord("'") or any((content == ord(sign)).any() for sign in "=`"):
        filled = offsets[1:] > offsets[:-1]
        first, last = np.minimum(offsets[:-1], len(content) - 1), np.maximum(offsets[1:] - 1, 0)
        touched |= filled & _GUARDS[content[first]]
        if lowest <= SPACE:
            touched |= filled & ((content[first] == SPACE) | (content[last] == SPACE))
    if not touched.any():
        return cells
    mask = pa.array(touched)
    return pc.replace_with_mask(cells, mask, unguarded(_plain(cells.filter(mask))))


def column_text(column: Column, cells: pa.Array) -> pa.Array:
    """A column's cells in plain text; numbers and texts of a meaning without the labels before them.

    What SQL types is rid of its labels at a second look (`pipelines.intake.second_look`).
    """
    if column.meaning is Meaning.ID_NUMBER:
        return id_numbers.clean(cells, lambda few: unlabelled(plain_text(few), column))
    cells = plain_text(cells)
    if column.meaning not in LABELLED_TEXTS:
        return cells
    content, offsets = text_bytes(cells)
    places = places_where(_is_colon, content)
    if not len(places):
        return cells
    mask = pa.array(holding(places, offsets))
    return pc.replace_with_mask(cells, mask, unlabelled(cells.filter(mask), column))


def spreadsheet_errors(cells: pa.Array) -> pa.Array | None:
    """Which cells hold what a formula came to that could not be calculated (#N/A, #REF!); None where none does."""
    content, _ = text_bytes(cells)
    if not len(content) or not (content == ord("#")).any():
        return None
    found = pc.is_in(cells, pa.array(ERRORS))
    return found if pc.any(found).as_py() else None


def said_text(cells: pa.Array) -> pa.Array:
    """Cells without a NULL as they say something, NULL where they do not; no text is copied."""
    _, offsets, content = cells.buffers()
    ends = np.frombuffer(offsets, np.int32)[cells.offset : cells.offset + len(cells) + 1] if len(cells) else EMPTY
    lengths = np.diff(ends)
    nothing = lengths == 0
    short = np.flatnonzero((lengths <= LONGEST_NOTHING) & ~nothing)
    if len(short):
        nothing[short] = pc.is_in(cells.take(pa.array(short)), pa.array(SAYS_NOTHING))
    if not nothing.any():
        return cells
    said = pa.py_buffer(np.packbits(~nothing, bitorder="little"))
    kept = pa.py_buffer(np.ascontiguousarray(ends))
    return pa.StringArray.from_buffers(len(cells), kept, content, said)


def to_be_typed(meaning: Meaning, cells: pa.Array) -> pa.Array | None:
    """Which cells of a text column SQL may make something else of (`pipelines.intake.conform_sql`); None if none.

    Blanks inside a person's name; in serial numbers and codes blanks, dots and all letters that are not capitals.
    """
    content, offsets = text_bytes(cells)
    if not len(content):
        return None
    match meaning:
        case Meaning.PERSON_NAME:
            if content.min() > SPACE:
                return None
            places = places_where(_is_space, content)
        case Meaning.ORGANISATION_CODE | Meaning.SERIAL:
            if content.min() > SPACE and content.max() < ord("a"):
                return None
            places = places_where(_NOT_CLOSED_CAPITALS.__getitem__, content)
        case _:
            return None
    return pa.array(holding(places, offsets)) if len(places) else None


def _not_closed_capitals() -> Flags:
    """Bytes that a blank, a dot or a letter with a capital may begin with; CJK (U+3000 to U+9FFF) has no capitals."""
    table = np.zeros(256, np.bool_)
    table[: SPACE + 1] = True
    table[ord("a") : ord("z") + 1] = True
    table[0xC2:] = True
    table[0xE3:0xEA] = False
    return table


_NOT_CLOSED_CAPITALS = _not_closed_capitals()
EMPTY = np.zeros(1, np.int32)


def _suspects(content: Bytes) -> Offsets:
    """Where the characters begin that are replaced, and some of those like them."""
    places = places_where(_may_be_odd, content)
    following = content[np.minimum(places + 1, len(content) - 1)]
    found: Offsets = places[_ODD_BEGINNINGS[content[places], following]]
    return found


def _is_colon(content: Bytes) -> Flags:
    return np.equal(content, ord(":"))


def _is_space(content: Bytes) -> Flags:
    return np.equal(content, SPACE)


def _may_be_odd(content: Bytes) -> Flags:
    """Control characters, and what begins a character that is neither ASCII nor most of CJK (U+4000 to U+EFFF)."""
    odd: Flags = (content == DELETE) | (content >= 0xEF)
    # Bytes below wrap around: those from 0xC2 to 0xE3 are the lowest.
    odd |= (content - np.uint8(0xC2)) <= 0xE3 - 0xC2
    return odd | (content < SPACE) if content.min() < SPACE else odd


def _plain(cells: pa.Array) -> pa.Array:
    flat = explode(cells)
    return pc.utf8_trim(implode(flat.kept(~INVISIBLE[flat.points]).mapped(PLAIN)), characters=" ")


def _odd_beginnings() -> Flags:
    """By its first two bytes, whether a character may be one that is replaced; one of a single byte, by that alone."""
    table = np.zeros((256, 256), np.bool_)
    points = np.arange(len(PLAIN), dtype=np.uint32)
    for point in np.flatnonzero((points != PLAIN) | INVISIBLE):
        lead, *more = chr(point).encode()
        table[lead, more[0] if more else slice(None)] = True
    return table


def _begins_guard() -> Flags:
    table = np.zeros(256, np.bool_)
    table[[ord(guard) for guard in GUARDS if guard.isascii()]] = True  # The others are among the odd characters.
    return table


_ODD_BEGINNINGS = _odd_beginnings()
_GUARDS = _begins_guard()
