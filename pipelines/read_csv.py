"""Read a delivery as a stream of text cells, losing no line.

The file is cut into blocks at line ends, so that a line's number is known and one damaged line cannot swallow the
next: a line that opens a quotation and does not close it, or that has the wrong number of fields, is set apart whole.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from pipelines.land import UnreadableDeliveryError, open_plain

BLOCK = 8 << 20
LINE_NUMBER = "line_number"
NEWLINE, CARRIAGE_RETURN, QUOTE = b'\n\r"'

UNDECODABLE = "\ufffd".encode()
FIELD_COUNT, OPEN_QUOTATION = "field_count", "open_quotation"
BROKEN_LINES = pa.schema([(LINE_NUMBER, pa.int64()), ("rule", pa.string())])


@dataclass(frozen=True)
class Block:
    """A run of lines: those that have the header's number of fields, as text columns, and those that have not."""

    cells: pa.RecordBatch
    """Columns ``c0``, ``c1``, ... in the order of the header, all text, and ``line_number`` (the header is line 1)."""
    broken: pa.Table
    """``line_number`` and ``rule`` (open_quotation or field_count) of the lines that are no rows of the table."""


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


def read_blocks(path: Path, encoding: str, fields: int) -> Iterator[Block]:
    """Every line below the header, in order. Blank lines are not rows and are passed over."""
    first_line = 2
    with open_plain(path) as stream:
        stream.readline()
        for block in _whole_lines(stream):
            parsed, lines = _parse(_plain_line_ends(_as_utf8(block, encoding)), first_line, fields)
            first_line += lines
            yield parsed


def read_lines(path: Path, encoding: str, numbers: np.ndarray) -> Iterator[pa.Array]:
    """The lines of these numbers (ascending), as they came, in arrays that together are as long as ``numbers``."""
    first_line = 2
    with open_plain(path) as stream:
        stream.readline()
        for block in _whole_lines(stream):
            ends = np.flatnonzero(np.frombuffer(block, np.uint8) == NEWLINE)
            starts = np.concatenate(([0], ends[:-1] + 1))
            first, last = np.searchsorted(numbers, (first_line, first_line + len(ends)))
            wanted = numbers[first:last] - first_line
            lines = [block[starts[i] : ends[i]].decode(encoding, "replace").rstrip("\r") for i in wanted]
            yield pa.array(lines, pa.string())
            first_line += len(ends)


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


def _as_utf8(block: bytes, encoding: str) -> bytes:
    """The block in UTF-8; bytes that cannot be decoded, and NUL, become U+FFFD, which the contract's checks catch."""
    try:
        text = block if encoding.startswith("utf-8") and block.decode() else block.decode(encoding).encode()
    except UnicodeDecodeError:
        text = block.decode(encoding, errors="replace").encode()
    return text.replace(b"\0", UNDECODABLE) if b"\0" in text else text


def _plain_line_ends(text: bytes) -> bytes:
    """Lines end in a newline alone; a carriage return anywhere else would be taken for a line end, and is a blank."""
    return text.replace(b"\r\n", b"\n").replace(b"\r", b" ") if b"\r" in text else text


def _parse(text: bytes, first_line: int, fields: int) -> tuple[Block, int]:
    octets = np.frombuffer(text, np.uint8)
    ends = np.flatnonzero(octets == NEWLINE)
    starts = np.concatenate(([0], ends[:-1] + 1))
    lengths = ends + 1 - starts
    quotes = np.bincount(np.searchsorted(ends, np.flatnonzero(octets == QUOTE)), minlength=len(ends))
    is_open = quotes % 2 == 1
    apart = is_open | (lengths == 1)
    numbers = first_line + np.flatnonzero(~apart)
    whole = octets[np.repeat(~apart, lengths)].tobytes() if apart.any() else text
    miscounted: list[int] = []
    cells = _cells(whole, fields, miscounted) if numbers.size else _no_cells(fields)
    at = np.array(miscounted, np.int64) - 1
    opened = first_line + np.flatnonzero(is_open)
    rules = [FIELD_COUNT] * len(at) + [OPEN_QUOTATION] * len(opened)
    broken = pa.table([np.concatenate((numbers[at], opened)), rules], schema=BROKEN_LINES)
    numbered = cells.append_column(LINE_NUMBER, pa.array(np.delete(numbers, at), pa.int64()))
    return Block(numbered, broken), len(ends)


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
