"""Binary workbooks (.xlsb), which no library writes: record by record, as MS-XLSB describes them."""

import struct
from collections.abc import Iterator, Sequence
from datetime import date

from tests.pipelines.intake.made_zip import zipped

ROW, ERROR, TRUTH, NUMBER, TEXT, SHARED, SMALL = 0, 3, 4, 5, 6, 7, 2
SHEET, SHEETS_END, BOOK = 156, 144, 153
SHEET_DATA, SHEET_DATA_END = 145, 146
TEXT_LISTED, LIST, LIST_END = 19, 159, 160
FORMAT, FORMAT_OF_CELL, FORMATS_OF_CELLS, FORMATS_OF_CELLS_END = 44, 47, 617, 618
PLAIN, AS_OWN_DATE, AS_CHINESE_DATE = 0, 1, 2
"""Styles of cells, by their places in the list of formats."""
OWN_FORMAT, CHINESE_FORMAT = 176, 31
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def record(kind: int, content: bytes = b"") -> bytes:
    return _of_seven_bits(kind) + _of_seven_bits(len(content)) + content


def binary_workbook(
    *sheets: Sequence[Sequence[object]], hidden: Sequence[int] = (), since_1904: bool = False, shared: bool = True
) -> bytes:
    """A workbook of sheets, each given by its rows; a list of two, value and style, is a cell of that style."""
    texts: list[str] = []
    parts = [(f"xl/worksheets/sheet{n}.bin", _sheet(rows, texts if shared else None)) for n, rows in enumerate(sheets)]
    listed = b"".join(
        record(SHEET, struct.pack("<II", n in hidden, n + 1) + _text(f"r{n}") + _text(f"表{n + 1}"))
        for n in range(len(sheets))
    )
    book = record(BOOK, struct.pack("<II", since_1904, 0) + _text("")) + listed + record(SHEETS_END)
    related = "".join(
        f'<Relationship Id="r{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.bin"/>'
        for n in range(len(sheets))
    )
    said = b"".join(record(TEXT_LISTED, b"\0" + _text(text)) for text in texts)
    return zipped(
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/workbook.bin", book),
        ("xl/_rels/workbook.bin.rels", f"<Relationships>{related}</Relationships>".encode()),
        ("xl/SharedStrings.bin", record(LIST, bytes(8)) + said + record(LIST_END)),
        ("xl/styles.bin", _styles()),
        *parts,
    )


def _of_seven_bits(number: int) -> bytes:
    told = bytearray()
    while number > 0x7F:
        told.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*told, number])


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _styles() -> bytes:
    formats = (0, OWN_FORMAT, CHINESE_FORMAT)
    cells = b"".join(record(FORMAT_OF_CELL, struct.pack("<HH", 0, number) + bytes(12)) for number in formats)
    own = record(FORMAT, struct.pack("<H", OWN_FORMAT) + _text('yyyy"年"m"月"d"日"'))
    return own + record(FORMATS_OF_CELLS, bytes(4)) + cells + record(FORMATS_OF_CELLS_END)


def _sheet(rows: Sequence[Sequence[object]], texts: list[str] | None) -> bytes:
    made = [record(SHEET_DATA)]
    for number, row in enumerate(rows):
        cells = [_cell(place, value, texts) for place, value in enumerate(row) if value not in ("", None)]
        if cells:
            made += [record(ROW, struct.pack("<I", number) + bytes(21)), *cells]
    return b"".join([*made, record(SHEET_DATA_END)])


def _cell(place: int, given: object, texts: list[str] | None) -> bytes:
    value, style = given if isinstance(given, list) else (given, PLAIN)
    if isinstance(value, date):
        value, style = (value - date(1899, 12, 30)).days, style or AS_OWN_DATE
    kind, content = next(_content(value, texts))
    return record(kind, struct.pack("<II", place, style) + content)


def _content(value: object, texts: list[str] | None) -> Iterator[tuple[int, bytes]]:
    if isinstance(value, bool):
        yield TRUTH, bytes([value])
    if isinstance(value, int) and abs(value) < 1 << 28:
        yield SMALL, struct.pack("<i", value << 2 | 2)
    if isinstance(value, int | float):
        yield NUMBER, struct.pack("<d", value)
    if value == "#N/A":
        yield ERROR, bytes([42])
    if texts is None:
        yield TEXT, _text(str(value))
    else:
        texts.append(str(value))
        yield SHARED, struct.pack("<I", len(texts) - 1)
