"""XLSX that Excel and WPS open as it is meant: every cell is text or an amount, none a formula or a link."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import xlsxwriter

from review.csv_file import BLANKS_AND_CONTROLS, HashedFile

# What a sheet holds; the header is the first of its rows.
ROWS_A_SHEET = 1_048_576
LONGEST_CELL = 32_767


class XlsxWriter:
    """Rows to a binary file as XLSX, streamed through a folder of its own; whole only after ``close``.

    A table longer than a sheet goes on in a next one, under the same header.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._out = HashedFile(file)
        self._folder = TemporaryDirectory()
        self._path = Path(self._folder.name) / "export.xlsx"
        self._book = xlsxwriter.Workbook(
            str(self._path),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "tmpdir": self._folder.name,
            },
        )
        self._book.set_properties({"created": None})
        self._text = self._book.add_format({"num_format": "@"})
        self._money = self._book.add_format({"num_format": "#,##0.00"})
        self._titles: Sequence[str] = ()
        self._line = ROWS_A_SHEET
        self.rows = 0

    def header(self, titles: Sequence[str]) -> None:
        """The first line of every sheet, which is not counted."""
        self._titles = titles

    def row(self, values: Sequence[object]) -> None:
        """One line of values."""
        if self._line >= ROWS_A_SHEET:
            self._next_sheet()
        for column, value in enumerate(values):
            self._cell(column, value)
        self._line += 1
        self.rows += 1

    def close(self) -> None:
        """Finish the workbook and copy it out."""
        if self._line >= ROWS_A_SHEET and not self.rows:
            self._next_sheet()
        self._book.close()
        with self._path.open("rb") as finished:
            while block := finished.read(1 << 20):
                self._out.write(block)
        self._folder.cleanup()

    def give_up(self) -> None:
        """Remove what was written aside."""
        self._folder.cleanup()

    @property
    def sha256(self) -> str:
        """The hash of the finished file, in hexadecimal."""
        return self._out.sha256

    def _next_sheet(self) -> None:
        self._sheet = self._book.add_worksheet()
        self._sheet.freeze_panes(1, 0)
        for column, title in enumerate(self._titles):
            self._sheet.write_string(0, column, title)
        self._line = 1

    def _cell(self, column: int, value: object) -> None:
        if value is None or value == "":
            return
        if isinstance(value, Decimal):
            self._sheet.write_number(self._line, column, float(value), self._money)
        elif isinstance(value, int):
            self._sheet.write_number(self._line, column, value)
        else:
            text = BLANKS_AND_CONTROLS.sub(" ", str(value))[:LONGEST_CELL]
            self._sheet.write_string(self._line, column, text.encode(errors="replace").decode(), self._text)
