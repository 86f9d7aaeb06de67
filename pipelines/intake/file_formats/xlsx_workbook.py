"""Workbooks of Excel 2007 and later (.xlsx, .xlsm), read row by row.

openpyxl streams a sheet; the texts that its cells share, of which it would make objects, are kept as bytes.
"""

import warnings
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import iterparse
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet._reader import FORMULA_TAG, VALUE_TAG, WorkSheetParser
from openpyxl.xml.constants import SHARED_STRINGS

from pipelines.intake.file_formats.damaged_file import damaged, told_as_damaged
from pipelines.intake.file_formats.packed_members import opened_archive
from pipelines.intake.file_formats.shared_texts import SharedTexts
from pipelines.intake.file_formats.sheets import Sheet, cell_text
from pipelines.intake.file_kind import WORKBOOK

MOST_ROWS = 1 << 20
"""Rows of a sheet in every spreadsheet program."""
MOST_CELLS = 1 << 29
"""Cells of a sheet, blank ones before others included: no table has as many."""
NOT_CALCULATED, LONGEST_FORMULA = "\ufffd", 100
"""What programs that write workbooks leave in a formula's cell: a value comes only when a spreadsheet opens it."""
STRICT, LOOKED_AT = b"http://purl.oclc.org/ooxml/spreadsheetml/main", 4096

# What openpyxl warns of is how a sheet looks, and its warnings tell values.
warnings.filterwarnings("ignore", module=r"openpyxl\..*")


def workbook_sheets(path: Path) -> list[Sheet]:
    """The sheets, in their order, hidden ones included; charts are none. Formulas are read as last calculated.

    Raises UnreadableDeliveryError where the workbook, or a sheet when its rows are read, is damaged.
    """
    with told_as_damaged(WORKBOOK):
        opened_archive(path, WORKBOOK).close()
        reader = _Reader(path)
        reader.read()
        if not reader.wb.worksheets:
            raise damaged(WORKBOOK, "no sheets")
        return [
            Sheet(
                sheet.title,
                partial(_rows, sheet),
                hidden=sheet.sheet_state != "visible",
                since_1904=reader.wb.epoch == CALENDAR_MAC_1904,
            )
            for sheet in reader.wb.worksheets
        ]


def is_strict(path: Path) -> bool:
    """Whether a workbook is in the strict form of the standard, which Excel saves only where it is asked to."""
    with told_as_damaged(WORKBOOK), opened_archive(path, WORKBOOK) as archive, archive.open("xl/workbook.xml") as part:
        return STRICT in part.read(LOOKED_AT)


def _rows(sheet: Any) -> Iterator[list[str]]:
    with told_as_damaged(WORKBOOK):
        # A workbook may say another size than it has.
        sheet.reset_dimensions()
        cells = 0
        for number, row in enumerate(_values(sheet)):
            cells += len(row)
            if number >= MOST_ROWS or cells > MOST_CELLS:
                raise damaged(WORKBOOK, f"more than {number:,} rows or {MOST_CELLS:,} cells")
            yield list(map(cell_text, row))


def _values(sheet: Any) -> Iterator[list[Any]]:
    """The rows, those that are missing as blank ones."""
    book, number = sheet.parent, 0
    with sheet._get_source() as source:
        parser = _Parser(
            source,
            sheet._shared_strings,
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for place, cells in parser.parse():
            for _ in range(min(place - number - 1, MOST_ROWS + 1)):
                yield []
            number = max(place, number + 1)
            row = [None] * max((cell["column"] for cell in cells), default=0)
            for cell in cells:
                row[cell["column"] - 1] = cell["value"]
            yield row


class _Parser(WorkSheetParser):  # type: ignore[misc]
    """Reads cells, and takes a formula that nobody has calculated for what cannot be read, not for an empty cell."""

    def parse_cell(self, element: Any) -> dict[str, Any]:
        told: dict[str, Any] = super().parse_cell(element)
        formula = element.find(FORMULA_TAG) if told["value"] is None else None
        if formula is not None:
            value = element.find(VALUE_TAG)
            # An empty text is what some formulas come to.
            if value is None or element.get("t") != "str":
                told["value"] = f"{NOT_CALCULATED}={(formula.text or '')[:LONGEST_FORMULA]}"
        return told


class _Reader(ExcelReader):  # type: ignore[misc]
    """Reads the sheets, and nothing of what else a workbook has and may have wrong."""

    def __init__(self, path: Path) -> None:
        super().__init__(path.open("rb"), read_only=True, data_only=True, keep_links=False)

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is not None:
            with self.archive.open(part.PartName.lstrip("/")) as source:
                self.shared_strings = SharedTexts(_shared(source))

    def read_properties(self) -> None: ...

    def read_custom(self) -> None: ...

    def read_theme(self) -> None: ...

    def read_chartsheet(self, sheet: Any, rel: Any) -> None: ...

    def read_worksheets(self) -> None:
        if any(part.target not in self.valid_files for _, part in self.parser.find_sheets()):
            raise damaged(WORKBOOK, "a sheet is missing")
        super().read_worksheets()


def _shared(source: IO[bytes]) -> Iterator[str]:
    """The texts that cells share, in their order."""
    found = iterparse(source, ("start", "end"))
    _, root = next(found)
    for event, element in found:
        if event == "end" and element.tag.endswith("}si"):
            yield "".join(_texts(element))
            root.clear()


def _texts(item: Element) -> Iterator[str]:
    """The text of an item, and of its runs where it is formatted in parts; not how it is pronounced."""
    for child in item:
        if child.tag.endswith("}t"):
            yield child.text or ""
        elif child.tag.endswith("}r"):
            yield from (part.text or "" for part in child if part.tag.endswith("}t"))
