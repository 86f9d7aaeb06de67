"""Workbooks of Excel 97-2003 and of WPS (.xls, .et): a compound file, which Word documents and others are too."""

import io
import mmap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import xlrd
from xlrd.biffh import XLRDError
from xlrd.compdoc import CompDocError

from pipelines.intake.file_formats.damaged_file import damaged, locked, told_as_damaged
from pipelines.intake.file_formats.sheets import Sheet, cell_text, number_text
from pipelines.intake.file_kind import OLD_WORKBOOK, WORKBOOK, Kind

VISIBLE, SINCE_1904 = 0, 1
ENCRYPTED, WORD, MAIL = (name.encode("utf-16-le") for name in ("EncryptedPackage", "WordDocument", "__properties"))
STREAMS = tuple(f"{name}\0".encode("utf-16-le") for name in ("Workbook", "Book"))
NO_WORKBOOK = Kind("Word 文档、邮件或其他 Office 文件", "a Word document, a mail or another kind of Office file")


def old_workbook_sheets(path: Path) -> list[Sheet]:
    """The sheets, in their order, hidden ones included; formulas are read as last calculated.

    Raises UnreadableDeliveryError where the workbook is damaged, has a password or is none; also for a later workbook
    with a password, which is kept in a file of this kind.
    """
    with told_as_damaged(OLD_WORKBOOK, XLRDError, CompDocError):
        _check(path)
        try:
            book = xlrd.open_workbook(path, logfile=io.StringIO(), on_demand=True, ragged_rows=True)
        except XLRDError as error:
            if "encrypted" in str(error):
                raise locked(OLD_WORKBOOK) from None
            raise
        return [_sheet(book, place) for place in range(book.nsheets)]


def _check(path: Path) -> None:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find(ENCRYPTED) >= 0:
            raise locked(WORKBOOK)
        if all(content.find(name) < 0 for name in STREAMS):
            others = (WORD, MAIL)
            raise damaged(NO_WORKBOOK if any(content.find(name) >= 0 for name in others) else OLD_WORKBOOK, "no sheets")


def _sheet(book: Any, place: int) -> Sheet:
    sheet = book.sheet_by_index(place)
    hidden = sheet.visibility != VISIBLE
    book.unload_sheet(place)
    return Sheet(sheet.name, lambda: _rows(book, place), hidden=hidden, since_1904=book.datemode == SINCE_1904)


def _rows(book: Any, place: int) -> Iterator[list[str]]:
    with told_as_damaged(OLD_WORKBOOK, XLRDError, CompDocError):
        sheet = book.sheet_by_index(place)
        try:
            for row in range(sheet.nrows):
                yield [_text(book, cell) for cell in sheet.row(row)]
        finally:
            book.unload_sheet(place)


def _text(book: Any, cell: Any) -> str:
    match cell.ctype:
        case xlrd.XL_CELL_DATE:
            return _date(cell.value, book.datemode)
        case xlrd.XL_CELL_BOOLEAN:
            return cell_text(bool(cell.value))
        case xlrd.XL_CELL_ERROR:
            return str(xlrd.error_text_from_code.get(cell.value, "#ERROR!"))
    return cell_text(cell.value)


def _date(number: float, counted_from: int) -> str:
    """The date, or the number where the calendar has none for it."""
    try:
        moment = xlrd.xldate_as_datetime(number, counted_from)
    except (ValueError, OverflowError):
        return number_text(number)
    return cell_text(moment.time() if 0 <= number < 1 else moment)
