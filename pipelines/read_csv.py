"""Read a delivery as a stream of text cells, losing no line.

The file is cut into blocks at line ends, so that a line's number is known and one damaged line cannot swallow the
next: a line that opens a quotation and does not close it, or that has the wrong number of fields, is set apart whole.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pa_csv

from pipelines.land import UnreadableDeliveryError, open_plain

Numbers: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]

BLOCK = 32 << 20
"""Bytes read at a time; a block is what one worker takes, and becomes one Parquet file."""
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
    content: bytes

    def lines(self, numbers: Numbers, encoding: str) -> pa.Array:
        """The lines of these numbers, without their ends."""
        ends = np.flatnonzero(np.frombuffer(self.content, np.uint8) == NEWLINE) if len(numbers) else numbers
        starts = np.concatenate(([0], ends[:-1] + 1))
        wanted = numbers - self.first_line
        lines = [self.content[starts[i] : ends[i]].decode(encoding, "replace").rstrip("\r") for i in wanted]
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
            yield RawBlock(first_line, content)
            first_line += content.count(b"\n")


def parse(block: RawBlock, encoding: str, fields: int, *, strict: bool = False) -> Block:
    """Every line of a block. Blank lines are not rows and are passed over.

    Bytes that cannot be decoded, and NUL, become U+FFFD, which the contract's checks catch; strict: they raise
    UnicodeDecodeError.
    """
    text, ends = _plain_line_ends(_as_utf8(block.content, encoding, strict=strict))
    marks = np.flatnonzero(np.frombuffer(text, np.uint8) == QUOTE) if b'"' in text else np.zeros(0, np.int64)
    quotes = np.diff(np.searchsorted(marks, ends), prepend=0)
    try:
        return _parse(text, ends, quotes % 2 == 1, block.first_line, fields)
    except LinesRanTogetherError:
        return _parse(text, ends, _left_open(text, ends, quotes > 0), block.first_line, fields)


class LinesRanTogetherError(ValueError):
    """There are fewer rows than lines: a line opened a quotation that the next one closed."""


def _left_open(text: bytes, ends: Numbers, quoted: Flags) -> Flags:
    """Which lines end inside a quotation. An even number of quotation marks may hide it, as in ``a","``."""
    starts = np.concatenate(([0], ends[:-1] + 1))
    left_open = np.zeros(len(ends), np.bool_)
    for line in np.flatnonzero(quoted):
        left_open[line] = not WELL_QUOTED.fullmatch(text, starts[line], ends[line])
    return left_open


def _parse(text: bytes, ends: Numbers, is_open: Flags, first_line: int, fields: int) -> Block:
    lengths = np.diff(ends, prepend=-1)
    apart = is_open | (lengths == 1)
    numbers = first_line + np.flatnonzero(~apart)
    whole = np.frombuffer(text, np.uint8)[np.repeat(~apart, lengths)].tobytes() if apart.any() else text
    miscounted: list[int] = []
    cells = _cells(whole, fields, miscounted) if numbers.size else _no_cells(fields)
    if cells.num_rows + len(miscounted) != len(numbers):
        raise LinesRanTogetherError
    at = np.array(miscounted, np.int64) - 1
    opened = first_line + np.flatnonzero(is_open)
    rules = [FIELD_COUNT] * len(at) + [OPEN_QUOTATION] * len(opened)
    broken = pa.table([np.concatenate((numbers[at], opened)), rules], schema=BROKEN_LINES)
    numbered = cells.append_column(LINE_NUMBER, pa.array(np.delete(numbers, at), pa.int64()))
    return Block(numbered, broken, UNDECODABLE in text)


def read_lines(path: Path, encoding: str, numbers: Numbers) -> pa.Array:
    """The lines of these numbers (ascending), as they came."""
    found = []
    for block in raw_blocks(path):
        last = block.first_line + block.content.count(b"\n")
        first, after = np.searchsorted(numbers, (block.first_line, last))
        found.append(block.lines(numbers[first:after], encoding))
    return pa.concat_arrays(found)


def _whole_lines(stream: BufferedIOBase) -> Iterator[bytes]:
    rest = b""
    while block := stream.read(BLOCK):
        block = rest + block
        cut = block.rfind(b"\n") + 1
        rest = block[cut:]
        if cut:
            yield block[:cut]
    if rest:
        yield rest + b"\n"


def _as_utf8(block: bytes, encoding: str, *, strict: bool) -> bytes:
    try:
        text = block if encoding.startswith("utf-8") and _is_utf8(block) else block.decode(encoding).encode()
    except UnicodeDecodeError:
        if strict:
            raise
        text = block.decode(encoding, errors="replace").encode()
    return text.replace(b"\0", UNDECODABLE) if b"\0" in text else text


def _is_utf8(block: bytes) -> bool:
    """Whether it is, told by Arrow, which is eight times as quick as decoding it."""
    offsets = pa.py_buffer(np.array((0, len(block)), np.int64))
    try:
        pa.Array.from_buffers(pa.large_binary(), 1, [None, offsets, pa.py_buffer(block)]).cast(pa.large_string())
    except pa.ArrowInvalid:
        return False
    return True


def _plain_line_ends(text: bytes) -> tuple[bytes, Numbers]:
    """Lines that end in a newline alone, and where; a carriage return elsewhere would be taken for a line end too.

    It is made a blank.
    """
    octets = np.frombuffer(text, np.uint8)
    ends = np.flatnonzero(octets == NEWLINE)
    if b"\r" not in text:
        return text, ends
    returns = octets[np.maximum(ends - 1, 0)] == CARRIAGE_RETURN
    if np.count_nonzero(returns) == text.count(b"\r"):
        return text.translate(None, b"\r"), ends - np.cumsum(returns)
    plain = text.replace(b"\r\n", b"\n").replace(b"\r", b" ")
    return plain, np.flatnonzero(np.frombuffer(plain, np.uint8) == NEWLINE)


def _cells(text: bytes, fields: int, miscounted: list[int]) -> pa.RecordBatch:
    def set_apart(row: pa_csv.InvalidRow) -> str:
        miscounted.append(row.number)
        return "skip"

    names = _names(fields)
    table = pa_csv.read_csv(
        pa.BufferReader(text),
        read_options=pa_csv.ReadOptions(column_names=names, use_threads=False, block_size=len(text) + 1),
        parse_options=pa_csv.ParseOptions(invalid_row_handler=set_apart),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=False
        ),
    )
    batches = table.combine_chunks().to_batches()
    return batches[0] if batches else _no_cells(fields)


def _names(fields: int) -> list[str]:
    return [f"c{position}" for position in range(fields)]


def _no_cells(fields: int) -> pa.RecordBatch:
    return pa.RecordBatch.from_arrays([pa.array([], pa.string())] * fields, names=_names(fields))
