"""How a name looks: the key by shape, what is hidden in it, and which of its characters old systems cannot write."""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engines.column_bytes import Flags, Flat, Points, identity_table, implode
from matchers.identity.name_forms import MASK, folding_table, han_table, keyed_groups, simplified_table


@cache
def _shape_table() -> Points:
    table = identity_table()
    for keys in keyed_groups("look_alikes.txt", folding_table()):
        table[keys] = keys[0]
    return table


@cache
def _rare_table() -> Flags:
    """True for Han characters outside GB 2312, which older systems cannot write and replace or drop."""
    rare = han_table().copy()
    for lead in range(0xB0, 0xF8):
        for trail in range(0xA1, 0xFF):
            character = bytes([lead, trail]).decode("gb2312", errors="ignore")
            if len(character) == 1:
                rare[ord(character)] = False
    return rare


def shape_keys(folded: Flat) -> Flat:
    """Folded names with every character replaced by the first of its look-alikes."""
    return folded.mapped(_shape_table())


def patterns(folded: Flat) -> pa.Array:
    """For names with hidden characters, a LIKE pattern (`张_三`) over folded names; null for the others.

    A name of which nothing can be read says nothing, and has no pattern.
    """
    hidden = folded.points == ord(MASK)
    masked = folded.any_of(hidden) & folded.any_of(~hidden)
    wild = Flat(np.where(hidden, np.uint32(ord("_")), folded.points), folded.offsets)
    return implode(wild, masked)


def without_rare(undotted: Flat) -> pa.Array:
    """For names as written, without dots, that old systems drop characters of: what is left, folded; else null.

    A traditional character is not rare: such systems write its simplified form.
    """
    rare = _rare_table()[simplified_table()[undotted.points]]
    left = undotted.kept(~rare).mapped(folding_table())
    return implode(left, undotted.any_of(rare) & (left.lengths() > 0))


def parts_of(written: pa.Array, dot: str) -> pa.Array:
    """The parts of names joined by dots, as lists of strings; null for names in one piece."""
    parts = pc.split_pattern(written, dot)
    return pc.if_else(pc.match_substring(written, dot), parts, pa.scalar(None, parts.type))
