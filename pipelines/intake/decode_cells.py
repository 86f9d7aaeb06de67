"""Cells cut from a file, decoded column by column where not UTF-8 already, as most columns are by being ASCII."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engines.column_bytes import PIECE, Flags, Offsets, holding, places_where

ASCII = 0x80
FEW = 16
"""One byte beyond ASCII among so many: only the cells that hold such bytes are decoded."""
SOME = 1 << 13
"""Cells decoded at a time, so that what is made on the way stays in the processor's cache."""
BETWEEN = b"\r"
UNDECODABLE = "\ufffd"


@dataclass
class Decoder:
    """Decodes the cells of one block, each by itself; none holds a carriage return, nor does any character's bytes."""

    encoding: str
    strict: bool
    """Raise UnicodeDecodeError for bytes the encoding does not explain, which else become U+FFFD."""
    undecodable: bool = False
    """Whether some cell holds U+FFFD, so far."""

    def batch(self, cells: pa.RecordBatch) -> pa.RecordBatch:
        """The columns as text."""
        return _mapped(cells, self._column)

    def _column(self, cells: pa.Array) -> pa.Array:
        content, offsets = _bytes(cells)
        if not len(content) or content.max() < ASCII:
            return cells.view(pa.string())
        pieces = (content[start : start + PIECE] for start in range(0, len(content), PIECE))
        if sum(np.count_nonzero(_is_high(piece)) for piece in pieces) * FEW < len(content):
            mask = pa.array(holding(places_where(_is_high, content), offsets))
            return pc.replace_with_mask(cells.view(pa.string()), mask, self._all(cells.filter(mask)))
        return self._all(cells)

    def _all(self, cells: pa.Array) -> pa.Array:
        return pa.concat_arrays([self._some(cells[start : start + SOME]) for start in range(0, len(cells), SOME)])

    def _some(self, cells: pa.Array) -> pa.Array:
        # Between line ends, no cell's last byte can be taken for the first half of the next one's first character.
        joined = pc.binary_join(pa.ListArray.from_arrays([0, len(cells)], cells), BETWEEN)[0].as_buffer()
        try:
            decoded = str(joined, self.encoding)
        except UnicodeDecodeError:
            if self.strict:
                raise
            decoded = BETWEEN.decode().join(cell.decode(self.encoding, "replace") for cell in cells.to_pylist())
        self.undecodable = self.undecodable or UNDECODABLE in decoded
        text = decoded.encode()
        ends = np.flatnonzero(np.frombuffer(text, np.uint8) == ord(BETWEEN))
        offsets = np.zeros(len(cells) + 1, np.int32)
        offsets[1:-1] = ends - np.arange(len(ends))
        offsets[-1] = len(text) - len(ends)
        content = pa.py_buffer(text.translate(None, BETWEEN))
        return pa.StringArray.from_buffers(len(cells), pa.py_buffer(offsets), content)


def as_text(cells: pa.RecordBatch) -> pa.RecordBatch:
    """The columns, known to be UTF-8, as text."""
    return _mapped(cells, lambda column: column.view(pa.string()))


def without_nul(cells: pa.RecordBatch) -> pa.RecordBatch:
    """The columns of text with U+FFFD for NUL, which no database takes; NUL at the end pads a field and is dropped."""

    def text(column: pa.Array) -> pa.Array:
        return pc.replace_substring(pc.utf8_rtrim(column, characters="\0"), "\0", UNDECODABLE)

    return _mapped(cells, text)


def _mapped(cells: pa.RecordBatch, text: Callable[[pa.Array], pa.Array]) -> pa.RecordBatch:
    columns = [
        pa.DictionaryArray.from_arrays(column.indices, text(column.dictionary))
        if pa.types.is_dictionary(column.type)
        else text(column)
        for column in cells.columns
    ]
    return pa.RecordBatch.from_arrays(columns, names=cells.schema.names)


def _is_high(content: npt.NDArray[np.uint8]) -> Flags:
    return np.greater_equal(content, ASCII)


def _bytes(cells: pa.Array) -> tuple[npt.NDArray[np.uint8], Offsets]:
    """The bytes of the cells laid end to end, and offsets into them."""
    _, offset_buffer, content = cells.buffers()
    if content is None or not len(cells):
        return np.zeros(0, np.uint8), np.zeros(1, np.int64)
    offsets = np.frombuffer(offset_buffer, np.int32)[cells.offset : cells.offset + len(cells) + 1].astype(np.int64)
    return np.frombuffer(content, np.uint8)[offsets[0] : offsets[-1]], offsets - offsets[0]
