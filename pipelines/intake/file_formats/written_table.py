"""Sheets written as one text table: UTF-8, cells separated by commas (RFC 4180), a line for each row.

A blank row is a blank line, so that a line's number is that of the row, as long as no cell has several lines.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipelines.intake.file_formats.joined_sheets import Headed, header_in, one_table
from pipelines.intake.file_formats.sheets import Sheet
from pipelines.intake.file_formats.text_files import FIRST_LINES, separator_of
from pipelines.intake.land import BLOCK, open_plain
from schemas.contract import Contract

MOST_BLANK_LINES = 1 << 20
"""Blank rows written before one that is not; no sheet has more."""
GATHERED = 1 << 18
"""Characters gathered before they are written."""


def write_one(sheet: Sheet, contract: Contract, target: Path) -> None:
    """Write a sheet as it is."""
    headed = header_in(sheet, contract)
    rows = sheet.rows()
    first = list(islice(rows, FIRST_LINES))
    width = len(headed.cells) if headed else max(map(_width, first))
    with pa.output_stream(target, compression="zstd") as kept:
        _Lines(kept).write(chain(first, rows), width)


def write_several(parts: Sequence[Headed], contract: Contract, target: Path) -> list[tuple[Sheet, int]]:
    """Write sheets below each other, and return each with the line at which it begins.

    Texts of one encoding, with the same columns in the same order, are kept byte for byte.
    """
    begins = []
    with pa.output_stream(target, compression="zstd") as kept:
        if _are_alike(parts, contract):
            line = 1
            for part in parts:
                begins.append((part.sheet, line))
                line += _append(part, kept, is_first=line == 1)
            return begins
        lines = _Lines(kept)
        width, tables = one_table(parts, contract)
        for sheet, rows in tables:
            begins.append((sheet, lines.number))
            lines.write(rows, width)
    return begins


class _Lines:
    """The lines of a table that is being written."""

    def __init__(self, kept: Any) -> None:
        self._kept = kept
        self._gathered = io.StringIO()
        self._writer = csv.writer(self._gathered, lineterminator="\n")
        self.number = 1
        """The next line's."""

    def write(self, rows: Iterable[list[str]], width: int) -> None:
        """Write rows with so many cells each, and more only where more say something; no blank ones at the end."""
        blank = 0
        for row in rows:
            filled = _width(row)
            if not filled:
                blank = min(blank + 1, MOST_BLANK_LINES)
                continue
            self._gathered.write("\n" * blank)
            self._writer.writerow(row[: max(width, filled)] + [""] * (width - len(row)))
            self.number += blank + 1 + sum(cell.count("\n") for cell in row)
            blank = 0
            if self._gathered.tell() > GATHERED:
                self._flush()
        self._flush()

    def _flush(self) -> None:
        self._kept.write(self._gathered.getvalue().encode("utf-8", "surrogatepass"))
        self._gathered.seek(0)
        self._gathered.truncate()


def _width(row: Sequence[str]) -> int:
    """The cells up to the last that says something."""
    width = len(row)
    while width and not row[width - 1].strip():
        width -= 1
    return width


def _are_alike(parts: Sequence[Headed], contract: Contract) -> bool:
    texts = [part.sheet.text for part in parts]
    shapes = {
        (part.cells, text.encoding.removesuffix("-sig"), separator_of(text, contract))
        for part, text in zip(parts, texts, strict=True)
        if text
    }
    return all(texts) and len(shapes) == 1


def _append(part: Headed, kept: Any, *, is_first: bool) -> int:
    """Write the bytes of a text, blank lines in the place of a later one's header, and return how many lines it has."""
    above = list(islice(part.sheet.rows(), part.row + 1))
    heading = sum(1 + "\n".join(row).count("\n") - max(len(row) - 1, 0) for row in above)
    lines, last = 0, b"\n"
    with open_plain(part.sheet.text.path) as source:  # type: ignore[union-attr]
        if not is_first:
            for _ in range(heading):
                source.readline()
                kept.write(b"\n")
            lines = heading
        for block in iter(partial(source.read, BLOCK), b""):
            kept.write(block)
            lines += block.count(b"\n")
            last = block[-1:]
    if last != b"\n":
        kept.write(b"\n")
        lines += 1
    return lines
