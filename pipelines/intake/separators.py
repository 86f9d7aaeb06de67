"""What may stand between the cells of a record, and how it is told apart from the bytes of a character."""

from dataclasses import dataclass
from io import BufferedIOBase
from typing import TYPE_CHECKING, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engines.column_bytes import places_where

if TYPE_CHECKING:
    from typing_extensions import Buffer

COMMA = ","
SEPARATORS = (COMMA, "\t", ";", "|", "\x01", "\x02", "\x1f", "^", "~", "，", "；")
"""Tried in this order."""
MARK = b"\x1f"
"""Stands for a separator that cannot be found by its byte alone; where a file holds this byte it is then a blank."""
BEYOND_ASCII = 0x80
ALONE = 0x40
"""Lower bytes are never the second of a character in GB18030, but for digits."""
READ = 1 << 20


@dataclass(frozen=True)
class Separator:
    """What stands between the cells of a file in some encoding."""

    text: str = COMMA
    encoding: str = "utf-8"

    @property
    def written(self) -> bytes:
        """Its bytes in the file."""
        return self.text.encode("utf-8" if self.encoding.startswith("utf-8") else self.encoding)

    @property
    def is_one_byte(self) -> bool:
        """Whether its byte is it, wherever it stands outside of a quotation."""
        return len(self.written) == 1 and (self.encoding.startswith("utf-8") or ord(self.written) < ALONE)

    @property
    def octet(self) -> bytes:
        """The byte at which cells are cut."""
        return self.written if self.is_one_byte else MARK

    def marked(self, stream: BufferedIOBase) -> BufferedIOBase:
        """The stream with ``octet`` wherever the separator stands, and nowhere else."""
        return stream if self.is_one_byte else _Marked(stream, self.written)

    def restored(self, cells: pa.Array) -> pa.Array:
        """Cells or records of bytes or text with what is marked in them as it came."""
        if self.is_one_byte:
            return cells
        written: str | bytes = self.text if pa.types.is_string(cells.type) else self.written
        return pc.replace_substring(cells, MARK.decode() if isinstance(written, str) else MARK, written)


class _Marked(BufferedIOBase):
    """A stream in which the marks of a separator are one byte each.

    In UTF-8 and GB18030 a character begins behind each ASCII byte; an even number of bytes further on, in GB18030.
    """

    def __init__(self, stream: BufferedIOBase, written: bytes) -> None:
        self._stream, self._written = stream, written
        self._ready, self._undecided = b"", b""

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        if size is None or size < 0:
            return b"".join(iter(lambda: self.read(READ), b""))
        while not self._ready and (came := self._stream.read(READ)):
            self._ready = self._decided(came)
        if not self._ready:
            self._ready, self._undecided = self._mark(self._undecided), b""
        found, self._ready = self._ready[:size], self._ready[size:]
        return found

    def readinto(self, buffer: "Buffer", /) -> int:
        view = memoryview(cast("bytearray", buffer))
        found = self.read(len(view))
        view[: len(found)] = found
        return len(found)

    def _decided(self, came: bytes) -> bytes:
        """What can be told by now: all but the bytes beyond ASCII at the end, of which more may follow."""
        content = self._undecided + came
        beyond = len(content) - len(content.rstrip(_BEYOND))
        after = len(content) - min(beyond, READ)
        self._undecided = content[after:]
        return self._mark(content[:after])

    def _mark(self, content: bytes) -> bytes:
        octets = np.frombuffer(content.replace(MARK, b" "), np.uint8)
        first, length = self._written[0], len(self._written)
        places = places_where(lambda some: some == first, octets)
        for further, octet in enumerate(self._written[1:], start=1):
            places = places[places + further < len(octets)]
            places = places[octets[places + further] == octet]
        if length < 3:
            plain = np.concatenate(([-1], places_where(lambda some: some < BEYOND_ASCII, octets)))
            before = places - plain[np.searchsorted(plain, places) - 1] - 1
            places = places[before % 2 == 0]
        marked = octets.copy()
        marked[places] = ord(MARK)
        kept = np.ones(len(octets), np.bool_)
        for further in range(1, length):
            kept[places + further] = False
        return marked[kept].tobytes()


_BEYOND = bytes(range(BEYOND_ASCII, 256))
