"""Arrow strings as flat arrays of Unicode code points, so that text is mapped by table look-up and not row by row.

A `Flat` is a column of n strings laid end to end: `points` (uint32, one a character) and `offsets` (int64, n + 1),
string i being ``points[offsets[i]:offsets[i + 1]]``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Points: TypeAlias = npt.NDArray[np.uint32]
Offsets: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]

TABLE_SIZE = 0x110000
"""One entry for every Unicode code point."""
PIECE = 1 << 17
"""Bytes looked at at a time."""


class CharacterTable:
    """A table over code points, filled in as characters are met: of all that there are, names use a few thousand."""

    def __init__(self, entries: Callable[[Points], npt.ArrayLike]) -> None:
        """`entries` gives the entry of each of some distinct code points."""
        self._entries = entries
        self._table = np.zeros(TABLE_SIZE, dtype=np.uint32)
        self._known = np.zeros(TABLE_SIZE, dtype=np.bool_)

    def __getitem__(self, points: Points) -> Points:
        """The entry of each code point."""
        met = np.zeros(TABLE_SIZE, dtype=np.bool_)
        met[points] = True
        new = np.flatnonzero(met & ~self._known).astype(np.uint32)
        if len(new):
            self._table[new] = self._entries(new)
            self._known[new] = True
        return self._table[points]


@dataclass(frozen=True)
class Flat:
    """A column of strings as code points laid end to end."""

    points: Points
    offsets: Offsets

    def lengths(self) -> Offsets:
        """Characters in each string."""
        return np.diff(self.offsets)

    def rows(self) -> Offsets:
        """For each code point, the index of the string it belongs to."""
        return np.repeat(np.arange(len(self.offsets) - 1), self.lengths())

    def mapped(self, table: Points | CharacterTable) -> Flat:
        """Every code point replaced by its entry in `table`."""
        return Flat(table[self.points], self.offsets)

    def kept(self, keep: Flags) -> Flat:
        """Only the code points where `keep` is true."""
        return Flat(self.points[keep], running_total(keep)[self.offsets])

    def any_of(self, flags: Flags) -> Flags:
        """For each string, whether any of its code points is flagged."""
        total = running_total(flags)[self.offsets]
        return np.asarray(total[1:] > total[:-1])


def holding(places: Offsets, offsets: Offsets) -> Flags:
    """For each string, whether one of the places lies in it."""
    held = np.zeros(len(offsets) - 1, dtype=np.bool_)
    held[np.searchsorted(offsets, places, side="right") - 1] = True
    return held


def places_where(wanted: Callable[[npt.NDArray[np.uint8]], Flags], content: npt.NDArray[np.uint8]) -> Offsets:
    """Where in some bytes those stand that are wanted; looked at piece by piece, so that no flags leave the cache."""
    pieces = range(0, len(content), PIECE)
    found = [np.flatnonzero(wanted(content[start : start + PIECE])) + start for start in pieces]
    return np.concatenate(found) if found else np.zeros(0, np.int64)


def running_total(values: npt.NDArray[Any]) -> Offsets:
    """0, then the running total of `values`: n + 1 numbers for n values."""
    total = np.zeros(len(values) + 1, dtype=np.int64)
    np.cumsum(values, out=total[1:])
    return total


def one_array(array: pa.Array | pa.ChunkedArray) -> pa.Array:
    """The column as one Arrow array, decoded from a dictionary if it was one."""
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    return array


def text_bytes(array: pa.Array) -> tuple[npt.NDArray[np.uint8], Offsets]:
    """The UTF-8 bytes of a string column laid end to end, and n + 1 offsets into them; a null is an empty string."""
    if len(array) == 0:
        return np.zeros(0, dtype=np.uint8), np.zeros(1, dtype=np.int64)
    kind: type[np.int32] | type[np.int64] = np.int32
    if array.null_count or not pa.types.is_string(array.type):
        array, kind = pc.fill_null(array.cast(pa.large_string()), ""), np.int64
    _, offset_buffer, data = array.buffers()
    offsets = np.frombuffer(offset_buffer, dtype=kind)[array.offset : array.offset + len(array) + 1].astype(np.int64)
    content = np.frombuffer(data, dtype=np.uint8) if data is not None else np.zeros(0, dtype=np.uint8)
    return content[offsets[0] : offsets[-1]], offsets - offsets[0]


def explode(array: pa.Array) -> Flat:
    """A string column as code points; a null is an empty string."""
    content, offsets = text_bytes(array)
    points = np.frombuffer(content.tobytes().decode("utf-8").encode("utf-32-le"), dtype=np.uint32)
    first_bytes = (content & 0xC0) != 0x80
    return Flat(points, running_total(first_bytes)[offsets])


def implode(flat: Flat, valid: Flags | None = None) -> pa.Array:
    """The strings of `flat` as an Arrow string array; where `valid` is false, null."""
    content = flat.points.astype("<u4").tobytes().decode("utf-32-le").encode("utf-8")
    widths = 1 + (flat.points > 0x7F) + (flat.points > 0x7FF) + (flat.points > 0xFFFF)
    offsets = running_total(widths)[flat.offsets]
    array = pa.LargeStringArray.from_buffers(
        len(offsets) - 1, pa.py_buffer(offsets.tobytes()), pa.py_buffer(content)
    ).cast(pa.string())
    return array if valid is None else pc.if_else(pa.array(valid), array, pa.scalar(None, pa.string()))


def code_points(characters: str) -> Points:
    """The code point of each character."""
    return np.array([ord(character) for character in characters], dtype=np.uint32)


def identity_table() -> Points:
    """A table that maps every code point to itself, to be altered."""
    return np.arange(TABLE_SIZE, dtype=np.uint32)


def membership_table(characters: str) -> Flags:
    """A table that is true for the given characters."""
    table = np.zeros(TABLE_SIZE, dtype=np.bool_)
    table[code_points(characters)] = True
    return table
