"""Read a delivery as a stream of text cells, losing no line.

The file is cut into blocks between records (`pipelines.intake.quotation` says what one is), so that a line's number is
known and one damaged line cannot swallow the next: a line that opens a quotation and does not end it, or a record that
has the wrong number of cells, is set apart whole. Bytes are cut into cells before they are decoded: what cannot be
decoded spoils its own cell. Lines and blank runs have a limit, so that no file takes more memory than a block.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from io import BufferedIOBase
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engines.column_bytes import places_where
from pipelines.intake import quotation
from pipelines.intake.cut_cells import CellsMiscountedError, cut, in_one_piece
from pipelines.intake.decode_cells import Decoder, as_text, without_nul
from pipelines.intake.land import UnreadableDeliveryError, first_bytes, open_plain
from pipelines.intake.quotation import Content, Numbers, Rewritten, is_row, plain_record, rewritten

Flags: TypeAlias = npt.NDArray[np.bool_]

BLOCK = 32 << 20
"""Bytes read at a time; a block is what one worker takes, and becomes one Parquet file."""
READ = 1 << 20
MOST_LINES = 1 << 20
"""Lines in a block, within those of one reading: many short ones take more memory than their bytes."""
LONGEST_BLANK_RUN = 2 << 20
"""Bytes of blank lines and NUL in a row; no shorter than READ."""
MOST_CELLS = 2_000
"""Cells a header may have."""
TRIED_LINES = 64
"""Last lines of a block that are tried for one that is a row whatever follows, before all lines are looked at."""
LINE_NUMBER = "line_number"
NEWLINE, CARRIAGE_RETURN = b"\n\r"
BLANK = b"\0\r\n"

UNDECODABLE = "\ufffd".encode()
FIELD_COUNT, OPEN_QUOTATION = "field_count", "open_quotation"
BROKEN_LINES = pa.schema([(LINE_NUMBER, pa.int64()), ("rule", pa.string())])


@dataclass(frozen=True)
class RawBlock:
    """A run of whole records, as they came."""

    first_line: int
    """Its number in the file, whose header begins with line 1."""
    content: Content
    cells: int
    """How many the header has."""

    @cached_property
    def ends(self) -> Numbers:
        """Where the line feed of each line is."""
        return places_where(lambda octets: octets == NEWLINE, np.frombuffer(self.content, np.uint8))

    @cached_property
    def starts(self) -> Numbers:
        """Where each line starts."""
        starts = np.zeros(len(self.ends), np.int64)
        starts[1:] = self.ends[:-1] + 1
        return starts

    @cached_property
    def text(self) -> Content:
        """The content with blanks for carriage returns that end no line."""
        if b"\r" not in self.content:
            return self.content
        octets = np.frombuffer(self.content, np.uint8)
        returns = sum(
            np.count_nonzero(octets[start : start + READ] == CARRIAGE_RETURN) for start in range(0, len(octets), READ)
        )
        if np.count_nonzero(octets[np.maximum(self.ends - 1, 0)] == CARRIAGE_RETURN) == returns:
            return self.content
        return re.sub(rb"\r(?!\n)", b" ", self.content)

    @cached_property
    def rewritten(self) -> Rewritten:
        """What its lines are that are not written plainly."""
        return rewritten(self.text, self.starts, self.ends, self.cells)

    def records(self, numbers: Numbers, encoding: str, errors: str = "replace") -> pa.Array:
        """The records that begin in the lines of these numbers, without the line ends after them."""
        begins = np.ones(len(self.ends), np.bool_)
        begins[list(self.rewritten.taken())] = False
        offsets = np.append(self.starts[begins], len(self.content))
        buffers = [None, pa.py_buffer(offsets), pa.py_buffer(self.content)]
        every = pa.Array.from_buffers(pa.large_string(), len(offsets) - 1, buffers)
        wanted = np.searchsorted(offsets, self.starts[numbers - self.first_line])
        found = pc.ascii_rtrim(every.take(pa.array(wanted)), "\r\n")
        try:
            if encoding.startswith("utf-8"):
                return found.view(pa.large_binary()).cast(pa.string())
        except pa.ArrowInvalid:
            pass
        undecoded = found.view(pa.large_binary()).to_pylist()
        return pa.array([record.decode(encoding, errors) for record in undecoded], pa.string())


@dataclass(frozen=True)
class Block:
    """A run of records: those that have the header's number of cells, as text columns, and the lines that are none."""

    cells: pa.RecordBatch
    """Columns ``c0``, ``c1``, ... in the order of the header, all text, and ``line_number``, where each begins."""
    broken: pa.Table
    """``line_number`` and ``rule`` (open_quotation or field_count) of the lines that are no rows of the table."""
    undecodable: bool
    """Whether some byte could not be decoded: it stands as U+FFFD in its cell."""


def read_header(path: Path, encoding: str) -> list[str]:
    """The cells of the first record, trimmed. Raises UnreadableDeliveryError where it is no header."""
    with open_plain(path) as stream:
        first, _ = _header(stream)
    record = first.rstrip(b"\r\n").replace(b"\r\n", b"\n").replace(b"\r", b" ")
    cells = (cell.decode(encoding, "replace") for cell in quotation.cells_of(record))
    header = [cell.replace("\ufeff", "").strip() for cell in cells]
    if not any(header) or all(cell.replace(".", "").isdigit() for cell in header):
        raise UnreadableDeliveryError(
            "header_present",
            "no header",
            "首行不是表头,请部门带表头重新交换",
            "the first line is not a header: ask the department for the file with its header",
        )
    if len(header) > MOST_CELLS:
        raise UnreadableDeliveryError(
            "header_present",
            f"{len(header):,} cells",
            f"首行有 {len(header):,} 个单元格,不是表头,请部门重新导出",
            f"the first line has {len(header):,} cells, too many for a header: ask the department to export it again",
        )
    return header


def raw_blocks(path: Path, cells: int) -> Iterator[RawBlock]:
    """Everything below the header of so many cells, in order, cut between records.

    Raises UnreadableDeliveryError where a line or a run of blank ones is longer than any file of rows has.
    """
    with open_plain(path) as stream:
        header, rest = _header(stream)
        first_line = 1 + header.count(b"\n")
        for content in _whole_records(stream, rest, cells):
            block = RawBlock(first_line, content, cells)
            yield block
            first_line += len(block.ends)


def parse(block: RawBlock, encoding: str, *, strict: bool = False, repeating: Collection[int] = ()) -> Block:
    """Every line of a block. Blank lines are not rows and are passed over.

    Bytes that cannot be decoded, and NUL, become U+FFFD, which the contract's checks catch; strict: they raise
    UnicodeDecodeError. The columns at the places ``repeating`` come as dictionaries, and so do
    others whose cells repeat.
    """
    encoding = "utf-8" if encoding.startswith("utf-8") else encoding
    is_utf8 = encoding == "utf-8" and _is_utf8(block.content)
    cut_cells, numbers, broken = _records_cut(block)
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


def read_records(path: Path, encoding: str, cells: int, numbers: Numbers) -> pa.Array:
    """The records that begin in the lines of these numbers (ascending), as they came."""
    found = []
    for block in raw_blocks(path, cells):
        first, after = np.searchsorted(numbers, (block.first_line, block.first_line + len(block.ends)))
        if first < after:
            found.append(block.records(numbers[first:after], encoding))
    return pa.concat_arrays(found)


def _records_cut(block: RawBlock) -> tuple[pa.Table, pa.Array, pa.Table]:
    """The cells of the rows, still bytes, the numbers of their lines, and the lines that are no rows."""
    octets, starts, ends = np.frombuffer(block.text, np.uint8), block.starts, block.ends
    lengths = ends - starts
    longest = int(lengths.max(initial=0)) + 1
    if longest > quotation.LONGEST_RECORD:
        raise _too_long()
    kept = lengths > 0
    short = np.flatnonzero(lengths == 1)
    kept[short] = octets[starts[short]] != CARRIAGE_RETURN
    special = block.rewritten
    kept[[*special.opened, *special.miscounted, *special.taken()]] = False
    longest = max(longest, *map(len, special.plainly.values()), 0)
    several = bool(special.last)
    miscounted = np.array(special.miscounted, np.int64)
    try:
        cells = cut(_kept(block.text, starts, ends, kept, special), block.cells, longest, line_ends_in_cells=several)
    except CellsMiscountedError:
        wrong = kept & (quotation.separators(octets, starts, ends) != block.cells - 1)
        wrong[list(special.plainly)] = False
        kept &= ~wrong
        miscounted = np.concatenate((miscounted, np.flatnonzero(wrong)))
        cells = cut(_kept(block.text, starts, ends, kept, special), block.cells, longest, line_ends_in_cells=several)
    opened = np.array(special.opened, np.int64)
    which = pa.array(np.repeat([0, 1], [len(miscounted), len(opened)]))
    rules = pa.array([FIELD_COUNT, OPEN_QUOTATION]).take(which)
    broken = pa.table([np.concatenate((miscounted, opened)) + block.first_line, rules], schema=BROKEN_LINES)
    return cells, pa.array(block.first_line + np.flatnonzero(kept), pa.int64()), broken


def _kept(text: Content, starts: Numbers, ends: Numbers, kept: Flags, special: Rewritten) -> Content:
    """The bytes of the lines to be kept, with what is to be written plainly written so."""
    changed = ~kept
    changed[list(special.plainly)] = True
    pieces: list[bytes | memoryview] = []
    view = memoryview(text)
    plainly = sorted(special.plainly)
    done = written = 0
    edges = np.flatnonzero(np.diff(changed, prepend=False, append=False))
    for first, after in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        pieces.append(view[done : starts[first]])
        until = bisect_left(plainly, after, written)
        pieces += map(special.plainly.__getitem__, plainly[written:until])
        done, written = int(ends[after - 1]) + 1, until
    return b"".join([*pieces, view[done:]]) if pieces else text


def _header(stream: BufferedIOBase) -> tuple[bytes, bytes]:
    """The first record with its line end, and what else was read to find it."""
    start = first_bytes(stream, quotation.LONGEST_RECORD)
    if len(start) < quotation.LONGEST_RECORD and not start.endswith(b"\n"):
        start += b"\n"
    header = quotation.header_of(start)
    returns = start.count(b"\r") - start.count(b"\r\n")
    if returns > start.count(b"\n") and b"\r" in (header or start).replace(b"\r\n", b""):
        raise UnreadableDeliveryError(
            "line_ends",
            f"{returns:,} carriage returns",
            "文件的行以单个回车符(CR)结尾,请部门以 CRLF 或 LF 换行重新导出为 CSV",
            "its lines end with a bare carriage return (CR): ask the department to export it with CRLF or LF line ends",
        )
    if header is None:
        raise _too_long()
    return header, start[len(header) :]


def _whole_records(stream: BufferedIOBase, rest: bytes | bytearray, cells: int) -> Iterator[bytearray]:
    """Each block is read in place: at this size a copy costs as much as unpacking the file."""
    blank_run = _blank_run(rest, 0)
    ended = False
    while not ended:
        block = bytearray(len(rest) + BLOCK)
        block[: len(rest)] = rest
        filled, lines = len(rest), 0
        while filled < len(block) and lines < MOST_LINES:
            read = stream.readinto(memoryview(block)[filled : filled + READ])
            if not read:
                ended = True
                break
            blank_run = _blank_run(memoryview(block)[filled : filled + read], blank_run)
            lines += block.count(b"\n", filled, filled + read)
            filled += read
        del block[filled:]
        if ended and block and block[-1] != NEWLINE:
            block += b"\n"
        cut = len(block) if ended else _last_boundary(block, cells)
        rest = block[cut:]
        if len(rest) > quotation.LONGEST_RECORD and b"\n" not in rest:
            raise _too_long()
        if cut:
            del block[cut:]
            yield block


def _last_boundary(content: bytearray, cells: int) -> int:
    """Where the last record ends of which nothing that follows can make another; the content begins with a record."""
    last = content.rfind(b"\n") + 1
    if content.rfind(b'"', max(0, last - quotation.LONGEST_RECORD), last) < 0:
        return last
    plain, end = plain_record(cells), last - 1
    for _ in range(TRIED_LINES):
        start = content.rfind(b"\n", 0, max(end, 0)) + 1
        if is_row(plain, content, start, end):
            return end + 1
        end = start - 1
    block = RawBlock(1, bytes(content[:last]), cells)
    starts = block.starts[block.rewritten.opened]
    undecided = starts[starts + quotation.LONGEST_RECORD > last]
    return int(undecided[0]) if len(undecided) else last


def _blank_run(piece: Content | memoryview, before: int) -> int:
    """The length of the blank run that a piece ends with, after one of that length. Raises where one is too long."""
    if not len(piece):
        return before
    begins, ends = piece[0] in BLANK, piece[-1] in BLANK
    if not begins and not ends:
        return 0
    content = bytes(piece)
    leading = len(content) - len(content.lstrip(BLANK))
    if before + leading > LONGEST_BLANK_RUN:
        raise UnreadableDeliveryError(
            "blank_run",
            f"more than {LONGEST_BLANK_RUN:,} bytes",
            "文件中有过长的空行或空字符(NUL),请部门重新导出",
            "the file holds too long a run of blank lines or NUL: ask the department to export it again",
        )
    return before + leading if leading == len(content) else len(content) - len(content.rstrip(BLANK))


def _too_long() -> UnreadableDeliveryError:
    limit = quotation.LONGEST_RECORD
    return UnreadableDeliveryError(
        "line_length",
        f"more than {limit:,} bytes",
        f"有一行超过 {limit >> 20} MB,不是按行导出的 CSV,请部门重新导出",
        f"a line is longer than {limit >> 20} MB, too long for a row of a table: ask the department to export it again",
    )


def _is_utf8(block: Content) -> bool:
    """Whether it is, told by Arrow, which is eight times as quick as decoding it."""
    offsets = pa.py_buffer(np.array((0, len(block)), np.int64))
    try:
        pa.Array.from_buffers(pa.large_binary(), 1, [None, offsets, pa.py_buffer(block)]).cast(pa.large_string())
    except pa.ArrowInvalid:
        return False
    return True
