"""Cells cut from a file that is not UTF-8, decoded column by column: most columns are ASCII, which is UTF-8 already."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

ASCII = 0x80
UNDECODABLE = "\ufffd".encode()


@dataclass
class Decoder:
    """Decodes the columns of one block from an encoding in which no character holds the byte of a newline."""

    encoding: str
    undecodable: bool = False
    """Whether some cell holds U+FFFD, so far."""

    def batch(self, cells: pa.RecordBatch) -> pa.RecordBatch:
        """The columns as text. Raises UnicodeDecodeError for bytes the encoding does not explain."""
        return _mapped(cells, self._column)

    def _column(self, cells: pa.Array) -> pa.Array:
        content = _bytes(cells)
        if not len(content) or content.max() < ASCII:
            return cells.view(pa.string())
        # Between newlines, no cell's last byte can be taken for the first half of the next one's first character.
        joined = pc.binary_join(pa.ListArray.from_arrays([0, len(cells)], cells), b"\n")[0].as_buffer()
        text = str(joined, self.encoding).encode()
        self.undecodable = self.undecodable or UNDECODABLE in text
        ends = np.flatnonzero(np.frombuffer(text, np.uint8) == ord("\n"))
        offsets = np.zeros(len(cells) + 1, np.int32)
        offsets[1:-1] = ends - np.arange(len(ends))
        offsets[-1] = len(text) - len(ends)
        content = pa.py_buffer(text.translate(None, b"\n"))
        return pa.StringArray.from_buffers(len(cells), pa.py_buffer(offsets), content)


def as_text(cells: pa.RecordBatch) -> pa.RecordBatch:
    """The columns, known to be UTF-8, as text."""
    return _mapped(cells, lambda column: column.view(pa.string()))


def _mapped(cells: pa.RecordBatch, text: Callable[[pa.Array], pa.Array]) -> pa.RecordBatch:
    columns = [
        pa.DictionaryArray.from_arrays(column.indices, text(column.dictionary))
        if pa.types.is_dictionary(column.type)
        else text(column)
        for column in cells.columns
    ]
    return pa.RecordBatch.from_arrays(columns, names=cells.schema.names)


def _bytes(cells: pa.Array) -> npt.NDArray[Any]:
    _, offsets, content = cells.buffers()
    if content is None or not len(cells):
        return np.zeros(0, np.uint8)
    first, last = np.frombuffer(offsets, np.int32)[[cells.offset, cells.offset + len(cells)]]
    return np.frombuffer(content, np.uint8)[first:last]
