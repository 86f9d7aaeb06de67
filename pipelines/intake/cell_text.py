"""The text of cells as all later steps take it: half-width, without blanks around it, NULL where it says nothing."""

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
    identity_table,
    implode,
    places_where,
    text_bytes,
)
from schemas.contract import Meaning
from schemas.spellings import SAYS_NOTHING

Bytes: TypeAlias = npt.NDArray[np.uint8]

BLANKS = "\u3000\u00a0\t\n\v\f"
SPACE = ord(" ")
NO_BREAK, WIDE_BLANK, WIDE_FORM = 0xC2, 0xE3, 0xEF
"""What a no-break space, an ideographic blank and a full-width form begin with in UTF-8."""
LONGEST_NOTHING = max(map(len, SAYS_NOTHING))


def plain_text(cells: pa.Array) -> pa.Array:
    """Cells with full-width ASCII made half-width, other blanks made spaces, and the spaces around them removed.

    Few cells need it; they are found by their bytes, and only they are gone through character by character.
    """
    content, offsets = text_bytes(cells)
    if not len(content):
        return cells
    lowest, highest = content.min(), content.max()
    touched = np.zeros(len(cells), dtype=np.bool_)
    if lowest < SPACE or highest >= NO_BREAK:
        touched |= holding(_suspects(content, some_low=lowest < SPACE), offsets)
    if lowest <= SPACE:
        filled = offsets[1:] > offsets[:-1]
        first, last = np.minimum(offsets[:-1], len(content) - 1), np.maximum(offsets[1:] - 1, 0)
        touched |= filled & ((content[first] == SPACE) | (content[last] == SPACE))
    if not touched.any():
        return cells
    mask = pa.array(touched)
    return pc.replace_with_mask(cells, mask, _plain(cells.filter(mask)))


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


def _suspects(content: Bytes, *, some_low: bool) -> Offsets:
    """Where the characters begin that are replaced, and some of those like them."""
    wide = places_where(_may_be_wide, content)
    following = content[np.minimum(wide + 1, len(content) - 1)]
    leads = content[wide]
    blank = (leads == WIDE_BLANK) & (following == 0x80)
    form = (leads == WIDE_FORM) & ((following == 0xBC) | (following == 0xBD))
    found: Offsets = wide[blank | form | ((leads == NO_BREAK) & (following == 0xA0))]
    if some_low:
        low = places_where(_is_low, content)
        found = np.concatenate((found, low))
    return found


def _is_space(content: Bytes) -> Flags:
    return np.equal(content, SPACE)


def _is_low(content: Bytes) -> Flags:
    flags: Flags = (content >= 0x09) & (content <= 0x0C)
    return flags


def _may_be_wide(content: Bytes) -> Flags:
    flags: Flags = (content == WIDE_BLANK) | (content == WIDE_FORM) | (content == NO_BREAK)
    return flags


def _plain(cells: pa.Array) -> pa.Array:
    return pc.utf8_trim(implode(explode(cells).mapped(_HALF_WIDTH)), characters=" ")


def _half_width() -> np.ndarray:
    table = identity_table()
    table[0xFF01:0xFF5F] = np.arange(0x21, 0x7F, dtype=np.uint32)
    table[[ord(blank) for blank in BLANKS]] = SPACE
    return table


_HALF_WIDTH = _half_width()
