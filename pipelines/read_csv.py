"""Read a delivery as a stream of text cells, losing no line.

The file is cut into blocks at line ends, so that a line's number is known and one damaged line cannot swallow the
next: a line that opens a quotation and does not close it, or that has the wrong number of fields, is set apart whole.
"""

import csv
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from io import BufferedIOBase
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matchers.identity.code_points import places_where
from pipelines.cut_cells import LinesRanTogetherError, cut, in_one_piece
from pipelines.decode_cells import Decoder, as_text
from pipelines.land import UnreadableDeliveryError, open_plain

Numbers: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Octets: TypeAlias = npt.NDArray[np.uint8]

BLOCK = 32 << 20
"""Bytes read at a time; a block is what one worker takes, and becomes one Parquet file."""
READ = 1 << 20
LINE_NUMBER = "line_number"
NEWLINE, CARRIAGE_RETURN, QUOTE = b'\n\r"'

UNDECODABLE = "\ufffd".encode()
FIELD = rb'(?:"(?:[^"]|"")*+"[^,]*|[^",][^,]*|)'
WELL_QUOTED = re.compile(FIELD + b"(?:," + FIELD + b")*")
"""A quotation mark counts where a field begins, as it does to the parser; every quotation ends."""
FIELD_COUNT, OPEN_QUOTATION = "field_count", "open_quotation"
BROKEN_LINES = pa.schema([(LINE_NUMBER, pa.int64()), ("rule", pa.string())])


@dataclass(frozen=True)
class RawBlock:
    """A run of whole lines, as they came."""

    first_line: int
    """Its number in the file, whose header is line 1."""
    content: bytes | bytearray

    @cached_property
    def ends(self) -> Numbers:
        """Where each line ends."""
        return _places_of(NEWLINE, self.content)

    def lines(self, numbers: Numbers, encoding: str, errors: str = "replace") -> pa.Array:
        """The lines of these numbers, without their ends."""
        wanted = numbers - self.first_line
        ends = self.ends[wanted]
        starts = np.where(wanted > 0, self.ends[wanted - 1] + 1, 0) if len(wanted) else wanted
        lines = [
            self.content[start:end].decode(encoding, errors).rstrip("\r")
            for start, end in zip(starts, ends, strict=True)
        ]
        return pa.array(lines, pa.string())


@dataclass(frozen=True)
class Block:
    """A run of lines: those that have the header's number of fields, as text columns, and those that have not."""

    cells: pa.RecordBatch
    """Columns ``c0``, ``c1``, ... in the order of the header, all text, and ``line_number``."""
    broken: pa.Table
    """``line_number`` and ``rule`` (open_quotation or field_count) of the lines that are no rows of the table."""
    undecodable: bool
    """Whether some byte could not be decoded: it stands as U+FFFD in its cell."""


def read_header(path: Path, encoding: str) -> list[str]:
    """The cells of the first line, trimmed. Raises UnreadableDeliveryError where it is no header."""
    with open_plain(path) as stream:
        first = stream.readline().decode(encoding, "replace").strip("\r\n")
    header = [cell.strip().strip("\t") for cell in next(csv.reader([first]), [])]
    if not any(header) or all(cell.replace(".", "").isdigit() for cell in header):
        raise UnreadableDeliveryError(
            "header_present",
            "no header",
            "首行不是表头,请部门带表头重新交换",
            "the first line is no header: ask the department for the file with its header",
        )
    return header


def raw_blocks(path: Path) -> Iterator[RawBlock]:
    """Everything below the header, in order, cut at line ends."""
    first_line = 2
    with open_plain(path) as stream:
        stream.readline()
        for content in _whole_lines(stream):
            block = RawBlock(first_line, content)
            yield block
            first_line += len(block.ends)


def parse(
    block: RawBlock, encoding: str, fields: int, *, strict: bool = False, repeating: Collection[int] = ()
) -> Block:
    """Every line of a block. Blank lines are not rows and are passed over.

    Bytes that cannot be decoded, and NUL, become U+FFFD, which the contract's checks catch; strict: they raise
    UnicodeDecodeError. The columns at the places ``repeating`` come as dictionaries, and so do
    others whose cells repeat.
    """
    if strict and not encoding.startswith("utf-8") and b"\0" not in block.content:
        try:
            return _cut_and_decoded(block, encoding, fields, repeating)
        except LinesRanTogetherError:
            pass
    block = RawBlock(block.first_line, _as_utf8(block.content, encoding, strict=strict))
    cells, numbers, broken = _lines_cut(block, fields, set_apart=True)
    cells = as_text(in_one_piece(cells, repeating)).append_column(LINE_NUMBER, numbers)
    return Block(cells, broken, UNDECODABLE in block.content)


def _cut_and_decoded(block: RawBlock, encoding: str, fields: int, repeating: Collection[int]) -> Block:
    """A block cut before it is decoded: no byte of a character in GB18030 is a comma, a quotation mark or a line end.

    Raises LinesRanTogetherError where a line has not so many fields: to set it apart, the parser wants UTF-8.
    """
    cells, numbers, broken = _lines_cut(block, fields, set_apart=False)
    block.lines(np.asarray(broken[LINE_NUMBER]), encoding, errors="strict")
    decoder = Decoder(encoding)
    cells = decoder.batch(in_one_piece(cells, repeating)).append_column(LINE_NUMBER, numbers)
    return Block(cells, broken, decoder.undecodable)


def _lines_cut(block: RawBlock, fields: int, *, set_apart: bool) -> tuple[pa.Table, pa.Array, pa.Table]:
    """The cells of the rows, still bytes, the numbers of their lines, and the lines that are no rows."""
    block = _with_plain_line_ends(block)
    text, ends = block.content, block.ends
    marks = _places_of(QUOTE, text) if b'"' in text else np.zeros(0, np.int64)
    quotes = np.bincount(np.searchsorted(ends, marks), minlength=len(ends))
    try:
        return _parse(block, quotes % 2 == 1, fields, set_apart=set_apart)
    except LinesRanTogetherError:
        if not len(marks):
            raise
        return _parse(block, _left_open(text, ends, quotes > 0), fields, set_apart=set_apart)


def _left_open(text: bytes | bytearray, ends: Numbers, quoted: Flags) -> Flags:
    """Which lines end inside a quotation. An even number of quotation marks may hide it, as in ``a","``."""
    starts = np.concatenate(([0], ends[:-1] + 1))
    left_open = np.zeros(len(ends), np.bool_)
    for line in np.flatnonzero(quoted):
        left_open[line] = not WELL_QUOTED.fullmatch(text, starts[line], ends[line])
    return left_open


def _parse(block: RawBlock, is_open: Flags, fields: int, *, set_apart: bool) -> tuple[pa.Table, pa.Array, pa.Table]:
    octets, ends = np.frombuffer(block.content, np.uint8), block.ends
    lengths = np.diff(ends, prepend=-1)
    apart = is_open | (lengths == 1)
    two = np.flatnonzero(lengths == 2)
    apart[two] |= octets[ends[two] - 1] == CARRIAGE_RETURN
    numbers = block.first_line + np.flatnonzero(~apart)
    whole = _without(octets, ends, lengths, np.flatnonzero(apart)) if apart.any() else octets
    cells, miscounted = cut(whole, fields, int(lengths.max(initial=0)), set_apart=set_apart)
    if cells.num_rows + len(miscounted) != len(numbers) or _runs_on(cells):
        raise LinesRanTogetherError
    at = np.array(miscounted, np.int64) - 1
    opened = block.first_line + np.flatnonzero(is_open)
    rules = [FIELD_COUNT] * len(at) + [OPEN_QUOTATION] * len(opened)
    broken = pa.table([np.concatenate((numbers[at], opened)), rules], schema=BROKEN_LINES)
    return cells, pa.array(np.delete(numbers, at) if len(at) else numbers, pa.int64()), broken


def _runs_on(cells: pa.Table) -> bool:
    """Whether a quotation that ends nowhere took a line end into its cell: in the last row of what is cut at a time."""
    pieces = (piece for piece in cells.columns[-1].chunks if len(piece))
    return any(piece[-1].as_py().endswith(b"\n") for piece in pieces)


def _without(octets: Octets, ends: Numbers, lengths: Numbers, apart: Numbers) -> Octets:
    """A block's bytes without some lines."""
    after = ends[apart] + 1
    starts = after - lengths[apart]
    pieces = zip((0, *after), (*starts, len(octets)), strict=True)
    return np.concatenate([octets[first:last] for first, last in pieces])


def read_lines(path: Path, encoding: str, numbers: Numbers) -> pa.Array:
    """The lines of these numbers (ascending), as they came."""
    found = []
    for block in raw_blocks(path):
        last = block.first_line + block.content.count(b"\n")
        first, after = np.searchsorted(numbers, (block.first_line, last))
        found.append(block.lines(numbers[first:after], encoding))
    return pa.concat_arrays(found)


def _places_of(octet: int, text: bytes | bytearray) -> Numbers:
    return places_where(lambda content: content == octet, np.frombuffer(text, np.uint8))


def _whole_lines(stream: BufferedIOBase) -> Iterator[bytearray]:
    """Each block is read in place: at this size a copy costs as much as unpacking the file."""
    rest = bytearray()
    while True:
        block = bytearray(len(rest) + BLOCK)
        block[: len(rest)] = rest
        filled = len(rest)
        while read := stream.readinto(memoryview(block)[filled : filled + READ]):
            filled += read
        if filled == len(rest):
            break
        cut = block.rfind(b"\n", 0, filled) + 1
        rest = block[cut:filled]
        if cut:
            del block[cut:]
            yield block
    if rest:
        yield rest + b"\n"


def _as_utf8(block: bytes | bytearray, encoding: str, *, strict: bool) -> bytes | bytearray:
    try:
        text = block if encoding.startswith("utf-8") and _is_utf8(block) else block.decode(encoding).encode()
    except UnicodeDecodeError:
        if strict:
            raise
        text = block.decode(encoding, errors="replace").encode()
    return text.replace(b"\0", UNDECODABLE) if b"\0" in text else text


def _is_utf8(block: bytes | bytearray) -> bool:
    """Whether it is, told by Arrow, which is eight times as quick as decoding it."""
    offsets = pa.py_buffer(np.array((0, len(block)), np.int64))
    try:
        pa.Array.from_buffers(pa.large_binary(), 1, [None, offsets, pa.py_buffer(block)]).cast(pa.large_string())
    except pa.ArrowInvalid:
        return False
    return True


def _with_plain_line_ends(block: RawBlock) -> RawBlock:
    """A carriage return that ends no line with the newline after it is made a blank: it would be taken for an end."""
    text, ends = block.content, block.ends
    if b"\r" not in text:
        return block
    octets = np.frombuffer(text, np.uint8)
    returns = sum(
        np.count_nonzero(octets[start : start + READ] == CARRIAGE_RETURN) for start in range(0, len(text), READ)
    )
    if np.count_nonzero(octets[np.maximum(ends - 1, 0)] == CARRIAGE_RETURN) == returns:
        return block
    return RawBlock(block.first_line, text.replace(b"\r\n", b"\n").replace(b"\r", b" "))
