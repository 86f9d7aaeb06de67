"""The text of cells as all later steps take it: half-width, without blanks around it."""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matchers.identity.code_points import Flags, Flat, Offsets, explode, identity_table, implode, text_bytes

Bytes: TypeAlias = npt.NDArray[np.uint8]

BLANKS = "\u3000\u00a0\t\v\f"
SPACE = ord(" ")
NO_BREAK, WIDE_BLANK, WIDE_FORM = 0xC2, 0xE3, 0xEF
"""What a no-break space, an ideographic blank and a full-width form begin with in UTF-8."""
SPARSE = 64
"""One suspect among so many bytes: it is looked up in which cell each lies."""


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
        touched |= _holding(_suspects(content, some_low=lowest < SPACE), content, offsets)
    if lowest <= SPACE:
        filled = offsets[1:] > offsets[:-1]
        first, last = np.minimum(offsets[:-1], len(content) - 1), np.maximum(offsets[1:] - 1, 0)
        touched |= filled & ((content[first] == SPACE) | (content[last] == SPACE))
    if not touched.any():
        return cells
    mask = pa.array(touched)
    return pc.replace_with_mask(cells, mask, _plain(cells.filter(mask)))


def _suspects(content: Bytes, *, some_low: bool) -> Offsets:
    """Where the characters begin that are replaced, and some of those like them."""
    wide = np.flatnonzero((content == WIDE_BLANK) | (content == WIDE_FORM) | (content == NO_BREAK))
    following = content[np.minimum(wide + 1, len(content) - 1)]
    leads = content[wide]
    blank = (leads == WIDE_BLANK) & (following == 0x80)
    form = (leads == WIDE_FORM) & ((following == 0xBC) | (following == 0xBD))
    found: Offsets = wide[blank | form | ((leads == NO_BREAK) & (following == 0xA0))]
    if some_low:
        low = np.flatnonzero((content == 0x09) | (content == 0x0B) | (content == 0x0C))
        found = np.sort(np.concatenate((found, low)))
    return found


def _holding(places: Offsets, content: Bytes, offsets: Offsets) -> Flags:
    """Which cells hold one of the places (ascending)."""
    held = np.zeros(len(offsets) - 1, dtype=np.bool_)
    if len(places) * SPARSE < len(content):
        held[np.searchsorted(offsets, places, side="right") - 1] = True
        return held
    flags = np.zeros(len(content), dtype=np.bool_)
    flags[places] = True
    return Flat(content, offsets).any_of(flags)  # type: ignore[arg-type]


def _plain(cells: pa.Array) -> pa.Array:
    return pc.utf8_trim(implode(explode(cells).mapped(_HALF_WIDTH)), characters=" ")


def _half_width() -> np.ndarray:
    table = identity_table()
    table[0xFF01:0xFF5F] = np.arange(0x21, 0x7F, dtype=np.uint32)
    table[[ord(blank) for blank in BLANKS]] = SPACE
    return table


_HALF_WIDTH = _half_width()
