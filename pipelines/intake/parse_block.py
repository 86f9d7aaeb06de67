"""Cut and decode the records of a block, losing no line.

A line that opens a quotation and does not end it, or a record that has the wrong number of cells, is set apart whole.
Bytes are cut into cells before they are decoded: what cannot be decoded spoils its own cell.
"""

from bisect import bisect_left
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.intake import quotation
from pipelines.intake.cut_cells import CellsMiscountedError, cut, in_one_piece
from pipelines.intake.decode_cells import Decoder, as_text, without_nul
from pipelines.intake.other_encoding import lines_in_other, transcoded
from pipelines.intake.quotation import Content, Numbers
from pipelines.intake.read_csv import CARRIAGE_RETURN, Flags, RawBlock, too_long

LINE_NUMBER = "line_number"
UNDECODABLE = "\ufffd".encode()
FIELD_COUNT, OPEN_QUOTATION = "field_count", "open_quotation"
BROKEN_LINES = pa.schema([(LINE_NUMBER, pa.int64()), ("rule", pa.string())])


@dataclass(frozen=True)
class Block:
    """A run of records: those that have the header's number of cells, as text columns, and the lines that are none."""

    cells: pa.RecordBatch
    """Columns ``c0``, ``c1``, ... in the order of the header, all text, and ``line_number``, where each begins."""
    broken: pa.Table
    """``line_number`` and ``rule`` (open_quotation or field_count) of the lines that are no rows of the table."""
    undecodable: bool
    """Whether some byte could not be decoded: it stands as U+FFFD in its cell."""


def parse(block: RawBlock, encoding: str, *, strict: bool = False, repeating: Collection[int] = ()) -> Block:
    """Every line of a block. Blank lines are not rows and are passed over.

    Rows that certainly came in another encoding are read in that. Bytes that cannot be decoded, and NUL, become U+FFFD,
    which the contract's checks catch; strict: they raise UnicodeDecodeError. The columns at the places ``repeating``
    come as dictionaries, and so do others whose cells repeat.
    """
    encoding = "utf-8" if encoding.startswith("utf-8") else encoding
    is_utf8 = encoding == "utf-8" and _is_utf8(block.content)
    cut_cells, numbers, broken = _records_cut(block)
    if not (is_utf8 or (strict and encoding == "utf-8")):
        cut_cells = _in_one_encoding(block, cut_cells, numbers, encoding, strict=strict)
    cells = in_one_piece(cut_cells, repeating)
    if is_utf8:
        cells, undecodable = as_text(cells), UNDECODABLE in block.content
    else:
        if strict:
            block.records(np.asarray(broken[LINE_NUMBER]), encoding, errors="strict")
        decoder = Decoder(encoding, strict)
        cells, undecodable = decoder.batch(cells), decoder.undecodable
    if b"\0" in block.content:
        cells, undecodable = without_nul(cells), True
    return Block(cells.append_column(LINE_NUMBER, numbers), broken, undecodable)


def _records_cut(block: RawBlock) -> tuple[pa.Table, pa.Array, pa.Table]:
    """The cells of the rows, still bytes, the numbers of their lines, and the lines that are no rows."""
    layout = block.layout
    octets, starts, ends = np.frombuffer(block.text, np.uint8), block.starts, block.ends
    lengths = ends - starts
    longest = int(lengths.max(initial=0)) + layout.cells - layout.columns + 1
    if longest > quotation.LONGEST_RECORD:
        raise too_long()
    kept = lengths > 0
    short = np.flatnonzero(lengths == 1)
    kept[short] = octets[starts[short]] != CARRIAGE_RETURN
    special = block.rewritten
    kept[[*special.opened, *special.miscounted, *special.taken()]] = False
    longest = max(longest, *map(len, special.plainly.values()), 0)
    several = bool(special.last)
    miscounted = np.array(special.miscounted, np.int64)

    def cut_kept(plainly: Mapping[int, bytes]) -> pa.Table:
        content = _kept(block.text, starts, ends, kept, plainly)
        return cut(content, layout.cells, longest, separator=layout.octet, line_ends_in_cells=several)

    try:
        cells = cut_kept(special.plainly)
    except CellsMiscountedError:
        separators = quotation.separators(octets, starts, ends, layout.octet)
        wrong = kept & (separators != layout.cells - 1)
        wrong[list(special.plainly)] = False
        ended = _ended(block, np.flatnonzero(wrong & (separators == layout.columns - 1)))
        wrong[list(ended)] = False
        kept &= ~wrong
        miscounted = np.concatenate((miscounted, np.flatnonzero(wrong)))
        cells = cut_kept(special.plainly | ended)
    cells, beyond = _within(cells, layout.columns)
    cells = pa.table([layout.separator.restored(column) for column in cells.columns], cells.schema.names)
    places = np.flatnonzero(kept)
    if len(beyond):
        miscounted = np.concatenate((miscounted, places[beyond]))
        places = np.delete(places, beyond)
    opened = np.array(special.opened, np.int64)
    which = pa.array(np.repeat([0, 1], [len(miscounted), len(opened)]))
    rules = pa.array([FIELD_COUNT, OPEN_QUOTATION]).take(which)
    broken = pa.table([np.concatenate((miscounted, opened)) + block.first_line, rules], schema=BROKEN_LINES)
    return cells, pa.array(block.first_line + places, pa.int64()), broken


def _in_one_encoding(block: RawBlock, cells: pa.Table, numbers: pa.Array, encoding: str, *, strict: bool) -> pa.Table:
    """The cells with the rows that came in another encoding in the one of the file.

    strict: raises UnicodeDecodeError where most rows came so: it may be the file that is in the other.
    """
    lines = lines_in_other(block.content, block.starts, block.ends, encoding)
    rows = np.flatnonzero(np.isin(np.asarray(numbers), lines + block.first_line)) if len(lines) else lines
    if strict and len(rows) * 2 > len(cells):
        raise UnicodeDecodeError(encoding, b"", 0, 0, "most rows are in another encoding")
    return transcoded(cells, rows, encoding) if len(rows) else cells


def _ended(block: RawBlock, lines: Numbers) -> dict[int, bytes]:
    """Those lines of as many cells as the header that lack the separators rows end with, written as rows are.

    A line whose last cell is empty may as well have lost one in its midst, and one without a line end has lost its end.
    """
    layout, found = block.layout, {}
    if layout.columns == layout.cells:
        return {}
    if block.last_is_cut:
        lines = lines[lines != len(block.ends) - 1]
    more = layout.octet * (layout.cells - layout.columns) + b"\n"
    for line in lines.tolist():
        record = bytes(block.text[block.starts[line] : block.ends[line]]).removesuffix(b"\r")
        if quotation.cells_of(record, layout.octet)[-1]:
            found[line] = record + more
    return found


def _within(cells: pa.Table, columns: int) -> tuple[pa.Table, Numbers]:
    """The rows without the cells beyond so many columns, and the places of rows that have something there."""
    filled = np.zeros(len(cells), np.bool_)
    for column in cells.columns[columns:]:
        some = np.flatnonzero(pc.binary_length(column))
        if len(some):
            filled[some] |= [bool(cell.strip()) for cell in column.take(pa.array(some)).to_pylist()]
    found = cells.select(range(columns))
    return (
        (found.filter(pa.array(~filled)), np.flatnonzero(filled)) if filled.any() else (found, np.array([], np.int64))
    )


def _kept(text: Content, starts: Numbers, ends: Numbers, kept: Flags, written: Mapping[int, bytes]) -> Content:
    """The bytes of the lines to be kept, with what is to be written plainly written so."""
    changed = ~kept
    changed[list(written)] = True
    pieces: list[bytes | memoryview] = []
    view = memoryview(text)
    plainly = sorted(written)
    done = used = 0
    edges = np.flatnonzero(np.diff(changed, prepend=False, append=False))
    for first, after in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        pieces.append(view[done : starts[first]])
        until = bisect_left(plainly, after, used)
        pieces += map(written.__getitem__, plainly[used:until])
        done, used = int(ends[after - 1]) + 1, until
    return b"".join([*pieces, view[done:]]) if pieces else text


def _is_utf8(block: Content) -> bool:
    """Whether it is, told by Arrow, which is eight times as quick as decoding it."""
    offsets = pa.py_buffer(np.array((0, len(block)), np.int64))
    try:
        pa.Array.from_buffers(pa.large_binary(), 1, [None, offsets, pa.py_buffer(block)]).cast(pa.large_string())
    except pa.ArrowInvalid:
        return False
    return True
