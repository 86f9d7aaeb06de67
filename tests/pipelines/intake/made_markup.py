"""One table as web pages, as workbooks written in XML, and in tar archives."""

import io
import tarfile
from collections.abc import Sequence
from html import escape

from tests.pipelines.intake.made_zip import zipped

Table = Sequence[Sequence[str]]
OASIS = "urn:oasis:names:tc:opendocument:xmlns"
SPREADSHEET = "application/vnd.oasis.opendocument.spreadsheet"


def web_page(*tables: Table, encoding: str = "utf-8", charset: str = "utf-8", end: str = "</td>") -> bytes:
    """Tables one below the other; without ``end``, cells end where the next begins."""
    head = f'<html><head><meta charset="{charset}"><style>td {{color: red}}</style></head><body>'
    bodies = []
    for table in tables:
        cells = (
            "".join(f"<td>{escape(cell).replace(chr(10), '<br>')}{end}" for cell in row) + ("</tr>" if end else "\n")
            for row in table
        )
        bodies.append(f'<table border="1"><tr>{"<tr>".join(cells)}</table>')
    return f"{head}{'<p>'.join(bodies)}</body></html>".encode(encoding, "xmlcharrefreplace")


def xml_workbook(*tables: Table, encoding: str = "utf-8", hidden: Sequence[int] = ()) -> bytes:
    """An XML Spreadsheet 2003; blank cells are left out, and the next one says where it stands."""
    sheets = []
    for place, table in enumerate(tables):
        rows = "".join(f"<ss:Row>{_excel_cells(row)}</ss:Row>" for row in table)
        hides = "<WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions>" if place in hidden else ""
        sheets.append(f'<ss:Worksheet ss:Name="表{place + 1}"><ss:Table>{rows}</ss:Table>{hides}</ss:Worksheet>')
    namespace = 'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"'
    head = f'<?xml version="1.0" encoding="{encoding}"?>\n<?mso-application progid="Excel.Sheet"?>'
    return f"{head}<ss:Workbook {namespace}>{''.join(sheets)}</ss:Workbook>".encode(encoding)


def _excel_cells(row: Sequence[str]) -> str:
    return "".join(
        f'<ss:Cell ss:Index="{place}"><ss:Data ss:Type="String">{_lines(cell, "&#10;")}</ss:Data></ss:Cell>'
        for place, cell in enumerate(row, start=1)
        if cell
    )


def _lines(cell: str, between: str) -> str:
    return between.join(map(escape, cell.split("\n")))


def flat_document(*tables: Table, hidden: Sequence[int] = ()) -> bytes:
    """An OpenDocument spreadsheet in one file; cells alike are said once."""
    styles = (
        f'<style:style style:name="s{place}" style:family="table">'
        f'<style:table-properties table:display="{"false" if place in hidden else "true"}"/></style:style>'
        for place in range(len(tables))
    )
    sheets = (
        f'<table:table table:name="表{place + 1}" table:style-name="s{place}">'
        f"{''.join(f'<table:table-row>{_document_cells(row)}</table:table-row>' for row in table)}"
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="999"/>'
        "</table:table-row></table:table>"
        for place, table in enumerate(tables)
    )
    names = " ".join(f'xmlns:{one}="{OASIS}:{one}:1.0"' for one in ("office", "style", "table", "text"))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {names}>'
        f"<office:automatic-styles>{''.join(styles)}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{''.join(sheets)}</office:spreadsheet></office:body></office:document>"
    ).encode()


def _document_cells(row: Sequence[str]) -> str:
    cells = []
    for cell in row:
        said = f'office:value-type="string"><text:p>{_lines(cell, "</text:p><text:p>")}</text:p>'
        cells.append(f"<table:table-cell {said}</table:table-cell>" if cell else "<table:table-cell/>")
    return "".join(cells)


def open_document(*tables: Table) -> bytes:
    return zipped(("mimetype", SPREADSHEET.encode()), ("content.xml", flat_document(*tables)))


def tar(*members: tuple[str, bytes], mode: str = "w") -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode=mode) as archive:  # type: ignore[call-overload]
        for name, content in members:
            told = tarfile.TarInfo(name)
            told.size = len(content)
            archive.addfile(told, io.BytesIO(content))
    return packed.getvalue()
