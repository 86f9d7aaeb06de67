"""One table as every kind of file that departments send."""

import gzip
import io
from collections.abc import Callable, Sequence

import xlsxwriter

from tests.pipelines.conftest import csv_of
from tests.pipelines.intake.made_markup import flat_document, open_document, tar, web_page, xml_workbook
from tests.pipelines.intake.made_xlsb import binary_workbook
from tests.pipelines.intake.made_zip import zipped

__all__ = ["KINDS", "Table", "binary_workbook", "csv_text", "dbase", "workbook", "zipped"]

Table = Sequence[Sequence[str]]
"""A header and rows, all text."""


def csv_text(table: Table, encoding: str = "utf-8", line_end: str = "\r\n") -> bytes:
    header, *rows = table
    return csv_of(header, *rows).decode().replace("\r\n", line_end).encode(encoding)


def workbook(*sheets: Sequence[Sequence[object]], hidden: Sequence[int] = (), shared: bool = True) -> bytes:
    """A workbook of sheets, each given by its rows; texts are shared between cells, or stand in them."""
    saved = io.BytesIO()
    with xlsxwriter.Workbook(saved, {"constant_memory": not shared, "default_date_format": "yyyy-mm-dd"}) as book:
        for number, rows in enumerate(sheets):
            sheet = book.add_worksheet(f"表{number + 1}")
            if number in hidden:
                sheet.hide()
            for place, row in enumerate(rows):
                for cell, value in enumerate(row):
                    put = sheet.write_string if isinstance(value, str) and not value.startswith("=") else sheet.write
                    if value != "":
                        put(place, cell, value)
    return saved.getvalue()


def dbase(
    table: Table, *, encoding: str = "gb18030", code_page: int = 0, types: str = "", deleted: Sequence[int] = ()
) -> bytes:
    """A dBASE III table; ``deleted`` are the places of rows that are marked so."""
    names = [name.encode(encoding)[:10] for name in table[0]]
    rows = [[cell.encode(encoding) for cell in row] for row in table[1:]]
    lengths = [max([1, *(len(row[place]) for row in rows)]) for place in range(len(names))]
    kinds = types or "C" * len(names)
    said = [
        name.ljust(11, b"\0") + kind.encode() + bytes(4) + bytes([length, 0]) + bytes(14)
        for name, kind, length in zip(names, kinds, lengths, strict=True)
    ]
    size = 1 + sum(lengths)
    start = b"\x03\x78\x0a\x1d" + len(rows).to_bytes(4, "little") + (33 + 32 * len(said)).to_bytes(2, "little")
    start += size.to_bytes(2, "little") + bytes(17) + bytes([code_page]) + bytes(2)
    records = [
        (b"*" if place in deleted else b" ")
        + b"".join(cell.ljust(length) for cell, length in zip(row, lengths, strict=True))
        for place, row in enumerate(rows)
    ]
    return start + b"".join(said) + b"\r" + b"".join(records) + b"\x1a"


def _halves(table: Table) -> tuple[Table, Table]:
    middle = 1 + len(table[1:]) // 2
    return table[:middle], [table[0], *table[middle:]]


def _turned(table: Table) -> Table:
    return [row[::-1] for row in table]


KINDS: dict[str, Callable[[Table], bytes]] = {
    "GB18030": lambda table: csv_text(table, "gb18030"),
    "UTF-16": lambda table: csv_text(table, "utf-16"),
    "UTF-16 BE": lambda table: csv_text(table, "utf-16-be", "\n"),
    "UTF-16 LE, CR": lambda table: csv_text(table, "utf-16-le", "\r"),
    "UTF-32": lambda table: csv_text(table, "utf-32"),
    "CR": lambda table: csv_text(table, line_end="\r"),
    "CR, GB18030": lambda table: csv_text(table, "gb18030", "\r"),
    "gzip": lambda table: gzip.compress(csv_text(table)),
    "gzip of UTF-16": lambda table: gzip.compress(csv_text(table, "utf-16")),
    "zip": lambda table: zipped(("a.csv", csv_text(table, "gb18030"))),
    "zip of two": lambda table: zipped(
        *((name, csv_text(half)) for name, half in zip("ab", _halves(table), strict=True))
    ),
    "zip of many kinds": lambda table: zipped(
        ("1 甲.csv", csv_text(_halves(table)[0], "gb18030")),
        ("2 乙.xlsx", workbook(_turned(_halves(table)[1]))),
        ("__MACOSX/._a.csv", b"\0\5\x16\7"),
        (".DS_Store", b"\0\0\0\1Bud1"),
        ("说明.pdf", b"%PDF-1.7\n"),
    ),
    "xlsx": workbook,
    "xlsx, texts in cells": lambda table: workbook(table, shared=False),
    "xlsx of two sheets": lambda table: workbook(_halves(table)[0], [], _turned(_halves(table)[1])),
    "gzip of xlsx": lambda table: gzip.compress(workbook(table)),
    "xlsb": binary_workbook,
    "xlsb, texts in cells": lambda table: binary_workbook(table, shared=False),
    "xlsb of two sheets": lambda table: binary_workbook(_halves(table)[0], [], _turned(_halves(table)[1])),
    "dbf": dbase,
    "dbf, UTF-8": lambda table: dbase(table, encoding="utf-8"),
    "web page": web_page,
    "web page, GB18030": lambda table: web_page(table, encoding="gb18030", charset="gb2312", end=""),
    "web page of two tables": lambda table: web_page(*_halves(table)),
    "XML workbook": xml_workbook,
    "XML workbook, GB18030": lambda table: xml_workbook(table, encoding="gb18030"),
    "XML workbook of two sheets": lambda table: xml_workbook(*_halves(table)),
    "ods": open_document,
    "fods": flat_document,
    "tar": lambda table: tar(("data/a.csv", csv_text(table, "gb18030"))),
    "tar, gzip": lambda table: tar(
        *((f"{n}.csv", csv_text(half)) for n, half in enumerate(_halves(table))), mode="w:gz"
    ),
    "zip of a web page": lambda table: zipped(("a.xls", web_page(table))),
    "zip of dbf": lambda table: zipped(("T.DBF", dbase(table, code_page=0x4D))),
}
"""How a table becomes a file, by what a stranger would call it."""
