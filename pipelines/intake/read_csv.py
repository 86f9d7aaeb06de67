"""Read the rows of a delivery block by block, losing no line.

The file is cut into blocks between records (`pipelines.intake.quotation` says what one is), so that a line's number is
known and one damaged line cannot swallow the next. Lines and blank runs have a limit, so that no file takes more memory
than a block.
"""

import re
from collections.abc import Iterator
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
from pipelines.intake.land import UnreadableDeliveryError, first_bytes, open_plain
from pipelines.intake.layout import Layout
from pipelines.intake.other_encoding import decoded
from pipelines.intake.quotation import Content, Numbers, Rewritten, is_row, plain_record, rewritten

Flags: TypeAlias = npt.NDArray[np.bool_]

BLOCK = 32 << 20
"""Bytes read at a time; a block is what one worker takes, and becomes one Parquet file."""
READ = 1 << 20
MOST_LINES = 1 << 20
"""Lines in a block, within those of one reading: many short ones take more memory than their bytes."""
LONGEST_BLANK_RUN = 2 << 20
"""Bytes of blank lines and NUL in a row; no shorter than READ."""
TRIED_LINES = 64
"""Last lines of a block that are tried for one that is a row whatever follows, before all lines are looked at."""
NEWLINE, CARRIAGE_RETURN = b"\n\r"
BLANK = b"\0\r\n"


@dataclass(frozen=True)
class RawBlock:
    """A run of whole records, as they came."""

    first_line: int
    """Its number in the file, which begins with line 1."""
    content: Content
    layout: Layout
    last_is_cut: bool = False
    """Whether its last line came without a line end."""

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
        return rewritten(self.text, self.starts, self.ends, self.layout)

    def records(self, numbers: Numbers, encoding: str, errors: str = "replace") -> pa.Array:
        """The records that begin in the lines of these numbers, without the line ends after them."""
        encoding = "utf-8" if encoding.startswith("utf-8") else encoding
        begins = np.ones(len(self.ends), np.bool_)
        begins[list(self.rewritten.taken())] = False
        offsets = np.append(self.starts[begins], len(self.content))
        buffers = [None, pa.py_buffer(offsets), pa.py_buffer(self.content)]
        every = pa.Array.from_buffers(pa.large_string(), len(offsets) - 1, buffers)
        wanted = np.searchsorted(offsets, self.starts[numbers - self.first_line])
        found = pc.ascii_rtrim(every.take(pa.array(wanted)), "\r\n")
        found = self.layout.separator.restored(found.view(pa.large_binary()))
        try:
            if encoding == "utf-8":
                return found.cast(pa.string())
        except pa.ArrowInvalid:
            pass
        return pa.array([decoded(record, encoding, errors) for record in found.to_pylist()], pa.string())


def raw_blocks(path: Path, layout: Layout) -> Iterator[RawBlock]:
    """Everything below the header, in order, cut between records.

    Raises UnreadableDeliveryError where a line or a run of blank ones is longer than any file of rows has.
    """
    with open_plain(path) as plain:
        stream = layout.separator.marked(plain)
        first_line = layout.first_line
        for content, is_cut in _whole_records(stream, _below_header(stream, layout), layout):
            block = RawBlock(first_line, content, layout, is_cut)
            yield block
            first_line += len(block.ends)


def read_records(path: Path, encoding: str, layout: Layout, numbers: Numbers) -> pa.Array:
    """The records that begin in the lines of these numbers (ascending), as they came."""
    found = []
    for block in raw_blocks(path, layout):
        first, after = np.searchsorted(numbers, (block.first_line, block.first_line + len(block.ends)))
        if first < after:
            found.append(block.records(numbers[first:after], encoding))
    return pa.concat_arrays(found)


def start_of(stream: BufferedIOBase) -> bytes:
    """As many of a stream's first bytes as a record may have, ended by a line end where it has no more."""
    start = first_bytes(stream, quotation.LONGEST_RECORD)
    return start if len(start) == quotation.LONGEST_RECORD or start.endswith(b"\n") else start + b"\n"


def refuse_endless_line(start: bytes, header: bytes | None) -> None:
    """Raise UnreadableDeliveryError where a file's first bytes have no ``header``, or their line ends are no such."""
    returns = start.count(b"\r") - start.count(b"\r\n")
    if returns > start.count(b"\n") and b"\r" in (header or start).replace(b"\r\n", b""):
        raise UnreadableDeliveryError(
            "line_ends",
            f"{returns:,} carriage returns",
            "文件的行以单个回车符(CR)结尾,请部门以 CRLF 或 LF 换行重新导出为 CSV",
            "its lines end with a bare carriage return (CR): ask the department to export it with CRLF or LF line ends",
        )
    if header is None:
        raise too_long()


def _below_header(stream: BufferedIOBase, layout: Layout) -> bytes:
    """What was read to get below the header, but for the lines down to it."""
    start = first_bytes(stream, quotation.LONGEST_RECORD)
    below = 0
    for _ in range(layout.first_line - 1):
        below = start.find(b"\n", below) + 1
        if not below:
            break
    if not below and len(start) < quotation.LONGEST_RECORD:
        below = len(start)
    refuse_endless_line(start, start[:below] if below or not start else None)
    return start[below:]


def _whole_records(stream: BufferedIOBase, rest: bytes | bytearray, layout: Layout) -> Iterator[tuple[bytearray, bool]]:
    """Each block, and whether its last line came without a line end.

    A block is read in place: at this size a copy costs as much as unpacking the file.
    """
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
        is_cut = ended and bool(block) and block[-1] != NEWLINE
        if is_cut:
            block += b"\n"
        cut = len(block) if ended else _last_boundary(block, layout)
        rest = block[cut:]
        if len(rest) > quotation.LONGEST_RECORD and b"\n" not in rest:
            raise too_long()
        if cut:
            del block[cut:]
            yield block, is_cut


def _last_boundary(content: bytearray, layout: Layout) -> int:
    """Where the last record ends of which nothing that follows can make another; the content begins with a record."""
    last = content.rfind(b"\n") + 1
    if content.rfind(b'"', max(0, last - quotation.LONGEST_RECORD), last) < 0:
        return last
    plain, end = plain_record(layout.cells, layout.octet), last - 1
    for _ in range(TRIED_LINES):
        start = content.rfind(b"\n", 0, max(end, 0)) + 1
        if is_row(plain, content, start, end):
            return end + 1
        end = start - 1
    block = RawBlock(1, bytes(content[:last]), layout)
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


def too_long() -> UnreadableDeliveryError:
    """A line longer than a row of a table can be."""
    limit = quotation.LONGEST_RECORD
    return UnreadableDeliveryError(
        "line_length",
        f"more than {limit:,} bytes",
        f"有一行超过 {limit >> 20} MB,不是按行导出的 CSV,请部门重新导出",
        f"a line is longer than {limit >> 20} MB, too long for a row of a table: ask the department to export it again",
    )
