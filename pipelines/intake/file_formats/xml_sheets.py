"""Workbooks written as XML: Excel's of 2003, which systems call .xls, and OpenDocument's (.ods, .fods), WPS's too.

Read element by element; what has been read is let go.
"""

import codecs
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import DefusedXMLParser, iterparse

from pipelines.intake.file_formats.damaged_file import locked, told_as_damaged
from pipelines.intake.file_formats.packed_members import opened_archive
from pipelines.intake.file_formats.sheets import Sheet, cell_text
from pipelines.intake.file_formats.spooled_sheets import MOST_ROWS, Rows, spooled
from pipelines.intake.file_kind import OPEN_DOCUMENT, XML_WORKBOOK
from pipelines.intake.land import BLOCK, by_characters, first_bytes, open_plain

WIDEST = 16_384
"""Columns of a sheet."""
WHOLE = re.compile(r"[+-]?\d+")
DECLARED = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)["']""")
SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
Found = Iterator[tuple[Rows, list[str]]]
Place = Callable[[], Path]


def xml_workbook_sheets(path: Path, place: Place) -> list[Sheet]:
    """The sheets of an XML Spreadsheet 2003. Raises UnreadableDeliveryError where it is damaged."""
    with told_as_damaged(XML_WORKBOOK), open_plain(path) as stream:
        return spooled(_excel_rows(_elements(stream)), XML_WORKBOOK, place)


def flat_document_sheets(path: Path, place: Place) -> list[Sheet]:
    """The sheets of an OpenDocument spreadsheet in one XML file."""
    with told_as_damaged(OPEN_DOCUMENT), open_plain(path) as stream:
        return spooled(_document_rows(_elements(stream)), OPEN_DOCUMENT, place)


def open_document_sheets(path: Path, place: Place) -> list[Sheet]:
    """The sheets of an OpenDocument spreadsheet. Raises UnreadableDeliveryError where it is damaged or locked."""
    with told_as_damaged(OPEN_DOCUMENT), opened_archive(path, OPEN_DOCUMENT) as archive:
        if "META-INF/manifest.xml" in archive.namelist() and b"encryption-data" in archive.read(
            "META-INF/manifest.xml"
        ):
            raise locked(OPEN_DOCUMENT)
        with archive.open("content.xml") as content:
            return spooled(_document_rows(_elements(content)), OPEN_DOCUMENT, place)


def is_spreadsheet(path: Path) -> bool:
    """Whether an OpenDocument package is a spreadsheet, as far as it says what it is."""
    with told_as_damaged(OPEN_DOCUMENT), opened_archive(path, OPEN_DOCUMENT) as archive:
        if "mimetype" not in archive.namelist():
            return True
        with archive.open("mimetype") as said:
            return said.read(len(SPREADSHEET) + 1).strip().startswith(SPREADSHEET)


class _InUtf8:
    """A stream of XML in UTF-8: that in GB18030 and the like is none that its parser knows."""

    def __init__(self, stream: Any, start: bytes, encoding: str) -> None:
        self._stream, self._ready = stream, start
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")

    def read(self, size: int = BLOCK) -> bytes:
        """More of it, about so much."""
        block, self._ready = self._ready or self._stream.read(size), b""
        return self._decoder.decode(block, final=not block).encode("utf-8", "surrogatepass")


def _elements(stream: Any) -> Iterator[tuple[str, Element]]:
    start = first_bytes(stream, BLOCK)
    said = DECLARED.search(start[:200])
    declared = said[1].decode().lower() if said else "utf-8"
    if declared.startswith("utf-16"):
        yield from iterparse(_Joined(start, stream), ("start", "end"))
        return
    encoding = declared if declared in ("big5", "cp950") else by_characters([start])
    parser = DefusedXMLParser(encoding="utf-8")
    source = _InUtf8(stream, start, "utf-8-sig" if encoding == "utf-8" else encoding)
    yield from iterparse(source, ("start", "end"), parser)


class _Joined:
    """A stream with what was read of it before it."""

    def __init__(self, start: bytes, stream: IO[bytes]) -> None:
        self._ready, self._stream = start, stream

    def read(self, size: int = BLOCK) -> bytes:
        """More of it."""
        block, self._ready = self._ready or self._stream.read(size), b""
        return block


def _excel_rows(elements: Iterator[tuple[str, Element]]) -> Found:
    sheet, table, number, count = Rows(""), None, 0, 0
    for event, element in elements:
        match event, _name(element):
            case "start", "Worksheet":
                count += 1
                sheet, number = Rows(_attribute(element, "Name") or f"表{count}"), 0
            case "start", "Table":
                table = element
            case "end", "Row" if table is not None:
                place = int(_attribute(element, "Index") or number + 1)
                for _ in range(min(place - number - 1, MOST_ROWS)):
                    yield sheet, []
                number = max(place, number + 1)
                yield sheet, _excel_cells(element)
                table.clear()
            case "end", "Visible":
                sheet.hidden = sheet.hidden or (element.text or "").strip() in ("SheetHidden", "SheetVeryHidden")
            case "end", "Worksheet":
                table = None
                element.clear()


def _excel_cells(row: Element) -> list[str]:
    cells: list[str] = []
    for cell in row:
        if _name(cell) != "Cell":
            continue
        place = int(_attribute(cell, "Index") or len(cells) + 1)
        cells += [""] * min(place - 1 - len(cells), WIDEST)
        data = next((one for one in cell if _name(one) == "Data"), None)
        if data is None:
            cells.append("")
        else:
            cells.append(_value("".join(data.itertext()), (_attribute(data, "Type") or "String").lower()))
        cells += [""] * min(int(_attribute(cell, "MergeAcross") or 0), WIDEST)
    return cells


def _document_rows(elements: Iterator[tuple[str, Element]]) -> Found:
    hidden: set[str] = set()
    sheet, table, style, depth, count = Rows(""), None, "", 0, 0
    for event, element in elements:
        match event, _name(element):
            case "start", "style":
                style = _attribute(element, "name") or ""
            case "end", "table-properties" if _attribute(element, "display") == "false":
                hidden.add(style)
            case "start", "table":
                depth += 1
                if depth == 1:
                    count += 1
                    sheet = Rows(
                        _attribute(element, "name") or f"表{count}", _attribute(element, "style-name") in hidden
                    )
                    table = element
            case "end", "table-row" if depth == 1 and table is not None:
                cells = _document_cells(element)
                times = int(_attribute(element, "number-rows-repeated") or 1)
                for _ in range(min(times, MOST_ROWS) if cells else min(times, 1 << 16)):
                    yield sheet, cells
                # Rows that were read on and have not come here yet are in it too: they are only let go of.
                table.clear()
            case "end", "table":
                depth -= 1
                element.clear()


def _document_cells(row: Element) -> list[str]:
    """The cells up to the last that says something."""
    cells: list[str] = []
    blank = 0
    for cell in row:
        if _name(cell) not in ("table-cell", "covered-table-cell"):
            continue
        times = int(_attribute(cell, "number-columns-repeated") or 1)
        text = "" if _name(cell) == "covered-table-cell" else _document_text(cell)
        if not text:
            blank += times
            continue
        cells += [""] * min(blank, WIDEST) + [text] * min(times, WIDEST)
        blank = 0
    return list(islice(cells, WIDEST))


def _document_text(cell: Element) -> str:
    match _attribute(cell, "value-type"):
        case "float" | "currency" | "percentage":
            return _value(_attribute(cell, "value") or "", "number")
        case "date":
            return _value(_attribute(cell, "date-value") or "", "datetime")
        case "boolean":
            return _value(_attribute(cell, "boolean-value") or "", "boolean")
        case None:
            return ""
    said = _attribute(cell, "string-value")
    if said is not None:
        return said
    return "\n".join("".join(_texts(line)) for line in cell if _name(line) in ("p", "h"))


def _texts(element: Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        match _name(child):
            case "s":
                yield " " * min(int(_attribute(child, "c") or 1), 1000)
            case "tab":
                yield "\t"
            case "line-break":
                yield "\n"
            case "annotation":
                pass
            case _:
                yield from _texts(child)
        yield child.tail or ""


def _value(text: str, kind: str) -> str:
    """A value as a text file would have it. Digits without a point stay as they are: they may be an ID number."""
    match kind:
        case "number" if text and not WHOLE.fullmatch(text.strip()):
            return cell_text(float(text))
        case "datetime" if text:
            return cell_text(datetime.fromisoformat(text.strip().removesuffix("Z")))
        case "boolean" if text:
            return cell_text(text.strip().lower() in ("1", "true"))
        case "string":
            return cell_text(text)
    return text.strip()


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _attribute(element: Element, name: str) -> str | None:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None)
