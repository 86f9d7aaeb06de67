"""Binary workbooks of Excel 2007 and later (.xlsb), read row by row.

pyxlsb cuts a part into its records. Which rows and cells these make is told here: pyxlsb passes over texts that stand
in their cells, believes the size that a sheet says it has, and takes a sheet that was cut short for a whole one.
"""

import io
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, NamedTuple
from zipfile import ZipFile

from defusedxml.ElementTree import fromstring
from openpyxl.styles.numbers import builtin_format_code, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel
from pyxlsb import biff12
from pyxlsb.handlers import CellHandler, SheetHandler, StringInstanceHandler
from pyxlsb.reader import BIFF12Reader

from pipelines.intake.file_formats.damaged_file import damaged, told_as_damaged
from pipelines.intake.file_formats.packed_members import opened_archive
from pipelines.intake.file_formats.shared_texts import SharedTexts
from pipelines.intake.file_formats.sheets import Sheet, cell_text, number_text
from pipelines.intake.file_kind import BINARY_WORKBOOK

BOOK, SHARED, STYLES, PARTS = "xl/workbook.bin", "xl/sharedStrings.bin", "xl/styles.bin", "xl/_rels/workbook.bin.rels"
RICH_TEXT, TEXT, FORMAT, CELL_FORMATS, CELL_FORMATS_END = 0x3E, 0x06, 0x2C, 0x04E9, 0x04EA
"""Records that pyxlsb does not name, by its way of writing their numbers."""
DATES_BY_PLACE = frozenset((*range(27, 37), *range(50, 59)))
"""Formats of dates that Chinese, Japanese and Korean Excel has built in, and no list in the file."""
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A", 43: "#WAIT!"}
MOST_ROWS, MOST_COLUMNS = 1 << 20, 1 << 14
"""Of a sheet, in every spreadsheet program."""
STYLE_OF_CELL, COUNTED_FROM_1904 = 0xFFFFFF, 1
BUFFER = 1 << 18


class _Part(NamedTuple):
    """A sheet as the workbook lists it."""

    name: str
    place: str
    hidden: bool


class _Formats(NamedTuple):
    """By which styles a number is a date, or a time that has passed; and from when days are counted."""

    dates: frozenset[int]
    spans: frozenset[int]
    since_1904: bool


def binary_workbook_sheets(path: Path) -> list[Sheet]:
    """The sheets, in their order, hidden ones included; charts and macros are none. Formulas as last calculated.

    Raises UnreadableDeliveryError where the workbook, or a sheet when its rows are read, is damaged.
    """
    with told_as_damaged(BINARY_WORKBOOK), opened_archive(path, BINARY_WORKBOOK) as archive:
        parts, since_1904 = _listed(archive)
        if not parts:
            raise damaged(BINARY_WORKBOOK, "no sheets")
        if any(part.place.casefold() not in _named_in(archive) for part in parts):
            raise damaged(BINARY_WORKBOOK, "a sheet is missing")
        texts, formats = SharedTexts(_shared(archive)), _formats(archive, since_1904=since_1904)
        return [
            Sheet(part.name, partial(_rows, path, part, texts, formats), hidden=part.hidden, since_1904=since_1904)
            for part in parts
        ]


class _SheetHandler(SheetHandler):  # type: ignore[misc]
    """Tells of a sheet whether it is hidden, too."""

    def read(self, reader: Any, recid: int, reclen: int) -> tuple[bool, Any]:
        hidden = reader.read_int() != 0
        reader.seek(0)
        return hidden, super().read(reader, recid, reclen)


class _Numbers:
    """The numbers of two bytes that a record begins with, and the text behind the first."""

    def read(self, reader: Any, recid: int, _: int) -> tuple[int, int | str | None]:
        first = reader.read_short()
        return first, reader.read_string() if recid == FORMAT else reader.read_short()


class _Row:
    """The number of a row."""

    def read(self, reader: Any, *_: int) -> int:
        return int(reader.read_int())


class _Cell(CellHandler):  # type: ignore[misc]
    """A cell: its column, its style and its value, of text in it too."""

    def read(self, reader: Any, recid: int, reclen: int) -> tuple[int, int, Any]:
        if recid in (TEXT, RICH_TEXT):
            column, style = reader.read_int(), reader.read_int()
            if recid == RICH_TEXT:
                reader.skip(1)
            return column, style & STYLE_OF_CELL, reader.read_string()
        cell = super().read(reader, recid, reclen)
        value = ERRORS.get(int(cell.v, 16), "#ERROR!") if recid in _ERRORS_IN else cell.v
        return cell.c, cell.style & STYLE_OF_CELL, value


class _Mark:
    """That a record is there."""

    def read(self, *_: object) -> bool:
        return True


_ERRORS_IN = (biff12.BOOLERR, biff12.FORMULA_BOOLERR)
_CELLS = (*range(biff12.NUM, biff12.FORMULA_BOOLERR + 1), RICH_TEXT)


class _Records(BIFF12Reader):  # type: ignore[misc]
    """The records of one part that matter."""

    handlers: ClassVar[dict[int, Any]] = {
        biff12.SHEET: _SheetHandler(),
        biff12.WORKBOOKPR: _Numbers(),
        biff12.SI: StringInstanceHandler(),
        FORMAT: _Numbers(),
        biff12.XF: _Numbers(),
        biff12.ROW: _Row(),
        **dict.fromkeys((CELL_FORMATS, CELL_FORMATS_END, biff12.SHEETDATA_END, biff12.SHEETDATA), _Mark()),
        **dict.fromkeys((biff12.SHEETS_END, biff12.SST_END), _Mark()),
        **dict.fromkeys(_CELLS, _Cell()),
    }

    def __init__(self, archive: ZipFile, part: str) -> None:
        content: Any = archive.open(_named_in(archive)[part.casefold()])
        super().__init__(io.BufferedReader(content, BUFFER))

    def up_to(self, last: int) -> Iterator[tuple[int, Any]]:
        """The records before the one that ends them. Raises EOFError where it is not there."""
        for kind, told in self:
            if kind == last:
                return
            yield kind, told
        raise EOFError


def _named_in(archive: ZipFile) -> dict[str, str]:
    """The parts by their names in small letters: programs write them in either."""
    return {name.casefold(): name for name in archive.namelist()}


def _listed(archive: ZipFile) -> tuple[list[_Part], bool]:
    """The sheets, and whether days are counted from 1904."""
    relations = {one.get("Id"): one for one in fromstring(archive.read(PARTS))}
    parts: list[_Part] = []
    since_1904 = False
    for kind, told in _Records(archive, BOOK).up_to(biff12.SHEETS_END):
        if kind == biff12.WORKBOOKPR:
            since_1904 = bool(told[0] & COUNTED_FROM_1904)
        elif kind == biff12.SHEET:
            hidden, sheet = told
            relation = relations[sheet.rId]
            if relation.get("Type").endswith("/worksheet"):
                target = relation.get("Target")
                place = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
                parts.append(_Part(sheet.name, place, hidden))
    return parts, since_1904


def _shared(archive: ZipFile) -> Iterator[str]:
    """The texts that cells share, in their order."""
    if SHARED.casefold() in _named_in(archive):
        found = _Records(archive, SHARED).up_to(biff12.SST_END)
        yield from (told.t for kind, told in found if kind == biff12.SI)


def _formats(archive: ZipFile, *, since_1904: bool) -> _Formats:
    own: dict[int, str] = {}
    styles: list[int] = []
    of_cells = False
    for kind, told in _Records(archive, STYLES) if STYLES.casefold() in _named_in(archive) else ():
        if kind == FORMAT:
            own[told[0]] = told[1]
        elif kind in (CELL_FORMATS, CELL_FORMATS_END):
            of_cells = kind == CELL_FORMATS
        elif kind == biff12.XF and of_cells:
            styles.append(told[1])
    said = [own.get(style) or builtin_format_code(style) for style in styles]
    dates = {
        place
        for place, style in enumerate(styles)
        if is_date_format(said[place]) or (style in DATES_BY_PLACE and style not in own)
    }
    spans = {place for place, text in enumerate(said) if is_timedelta_format(text)}
    return _Formats(frozenset(dates), frozenset(spans), since_1904)


def _rows(path: Path, part: _Part, texts: SharedTexts, formats: _Formats) -> Iterator[list[str]]:
    """The rows, those that are missing as blank ones."""
    with told_as_damaged(BINARY_WORKBOOK), opened_archive(path, BINARY_WORKBOOK) as archive:
        row: list[str] | None = None
        number = -1
        for kind, told in _Records(archive, part.place).up_to(biff12.SHEETDATA_END):
            if kind == biff12.ROW:
                if row is not None:
                    yield row
                if not number < told < MOST_ROWS:
                    raise damaged(BINARY_WORKBOOK, f"row {told + 1:,} after row {number + 1:,}")
                yield from ([] for _ in range(told - number - 1))
                row, number = [], told
            elif kind in _CELLS and row is not None:
                column, style, value = told
                if column >= MOST_COLUMNS:
                    raise damaged(BINARY_WORKBOOK, f"column {column + 1:,}")
                row.extend([""] * (column + 1 - len(row)))
                row[column] = texts[value] if kind == biff12.STRING else _text(value, style, formats)
        if row is not None:
            yield row


def _text(value: Any, style: int, formats: _Formats) -> str:
    """What a cell says; a number as the date that its style shows, where the calendar has one for it."""
    if value is None:
        raise EOFError
    if not isinstance(value, float) or style not in formats.dates:
        return cell_text(value)
    epoch = CALENDAR_MAC_1904 if formats.since_1904 else CALENDAR_WINDOWS_1900
    try:
        return cell_text(from_excel(value, epoch, timedelta=style in formats.spans))
    except (ValueError, OverflowError):
        return number_text(value)
