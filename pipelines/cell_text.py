"""The text of cells as all later steps take it: half-width, without blanks around it."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from matchers.identity.code_points import Flat, explode, identity_table, implode, text_bytes

BLANKS = "\u3000\u00a0\t\v\f"
SPACE = ord(" ")
SUSPECT = np.zeros(256, dtype=np.bool_)
SUSPECT[[0x09, 0x0B, 0x0C, 0xC2, 0xE3, 0xEF]] = True
"""Tabs, page breaks, and what a no-break space, an ideographic blank and a full-width form begin with in UTF-8."""


def plain_text(cells: pa.Array) -> pa.Array:
    """Cells with full-width ASCII made half-width, other blanks made spaces, and the spaces around them removed.

    Few cells need it; they are found by their bytes, and only they are gone through character by character.
    """
    content, offsets = text_bytes(cells)
    if not len(content):
        return cells
    suspect = SUSPECT[content]
    touched = Flat(content, offsets).any_of(suspect) if suspect.any() else np.zeros(len(cells), dtype=np.bool_)  # type: ignore[arg-type]
    filled = offsets[1:] > offsets[:-1]
    first, last = np.minimum(offsets[:-1], len(content) - 1), np.maximum(offsets[1:] - 1, 0)
    touched |= filled & ((content[first] == SPACE) | (content[last] == SPACE))
    if not touched.any():
        return cells
    mask = pa.array(touched)
    return pc.replace_with_mask(cells, mask, _plain(cells.filter(mask)))


def _plain(cells: pa.Array) -> pa.Array:
    return pc.utf8_trim(implode(explode(cells).mapped(_HALF_WIDTH)), characters=" ")


def _half_width() -> np.ndarray:
    table = identity_table()
    table[0xFF01:0xFF5F] = np.arange(0x21, 0x7F, dtype=np.uint32)
    table[[ord(blank) for blank in BLANKS]] = SPACE
    return table


_HALF_WIDTH = _half_width()
