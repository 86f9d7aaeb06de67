"""Web pages that hold tables: what many systems call .xls is one, and Excel opens it without a word.

Only what says where a cell begins and ends is understood. A cell that spans several rows or columns is filled in its
first one alone: whether it holds for the others is for people to say.
"""

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from html import unescape
from io import BufferedIOBase
from pathlib import Path

from pipelines.intake.file_formats.damaged_file import damaged, told_as_damaged
from pipelines.intake.file_formats.sheets import Sheet
from pipelines.intake.file_formats.spooled_sheets import Rows, spooled
from pipelines.intake.file_kind import WEB_PAGE
from pipelines.intake.land import BLOCK, by_characters, first_bytes, no_table, open_plain

CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
LOOKED_AT = 1 << 14
TOKEN = re.compile(
    r"<!--.*?-->|<(script|style)\b.*?</\1\s*>|<!(?!--)[^>]*>|<\?[^>]*>"
    r"|<(?P<end>/?)(?P<name>(?!script\b|style\b)[a-z][\w:.-]*)(?P<more>(?:\"[^\"]*+\"|'[^']*+'|[^'\">]++)*+)>",
    re.IGNORECASE | re.DOTALL,
)
SPAN = re.compile(r"\b(row|col)span\s*=\s*[\"']?\s*(\d{1,5})", re.IGNORECASE)
LONGEST = 8 << 20
"""Characters between two tags."""
WIDEST = 16_384
"""Columns of a sheet."""
BLANKS = re.compile(r"[ \t\r\n\f\xa0]+")


def page_sheets(path: Path, place: Callable[[], Path]) -> list[Sheet]:
    """The tables of a page, those within others too. Raises UnreadableDeliveryError where it has none."""
    with told_as_damaged(WEB_PAGE), open_plain(path) as stream:
        sheets = spooled(_rows(_texts(stream)), WEB_PAGE, place)
    if not sheets:
        raise no_table(WEB_PAGE)
    return sheets if len(sheets) > 1 else [Sheet("", sheets[0].rows)]


def _texts(stream: BufferedIOBase) -> Iterator[str]:
    start = first_bytes(stream, BLOCK)
    decoder = codecs.getincrementaldecoder(_encoding(start))("replace")
    for block in (start, *iter(partial(stream.read, BLOCK), b"")):
        yield decoder.decode(block)
    yield decoder.decode(b"", final=True)


def _encoding(start: bytes) -> str:
    """As the page says; of UTF-8 and GB18030 that which it is in."""
    said = CHARSET.search(start[:LOOKED_AT])
    try:
        named = codecs.lookup(said[1].decode()).name if said else ""
    except LookupError:
        named = ""
    if named in ("", "utf-8", "gb2312", "gbk", "gb18030", "iso8859-1", "cp1252", "ascii"):
        return by_characters([start])
    return named


@dataclass
class _Table:
    rows: Rows
    row: list[str] | None = None
    cell: list[str] | None = None
    further: int = 0
    """Cells that the open one takes beyond its own."""
    below: int = 0
    """Rows that it takes beyond its own."""
    taken: dict[int, int] = field(default_factory=dict)
    """Of columns that a cell above takes: how many rows more."""

    def at(self, name: str, more: str, *, ends: bool) -> list[str] | None:
        """Take the tag of a cell, of a row or of the table's end; the row that it ends, if it does."""
        self._end_cell()
        if name in ("td", "th"):
            if not ends:
                self._begin_cell(more)
            return None
        row, self.row = self.row, [] if name == "tr" and not ends else None
        if row is not None:
            self.taken = {place: left - 1 for place, left in self.taken.items() if left > 1}
        return row

    def _begin_cell(self, more: str) -> None:
        self.row = [] if self.row is None else self.row
        spans = {kind.lower(): int(count) for kind, count in SPAN.findall(more)}
        self.further, self.below = (max(spans.get(kind, 1), 1) - 1 for kind in ("col", "row"))
        self.cell = []

    def _end_cell(self) -> None:
        if self.cell is None or self.row is None:
            return
        while self.taken.get(len(self.row), 0):
            self.row.append("")
        lines = "".join(self.cell).split("\v")
        first = len(self.row)
        self.row.append("\n".join(BLANKS.sub(" ", line).strip() for line in lines).strip("\n"))
        self.row += [""] * min(self.further, WIDEST)
        if self.below:
            # One more: the row that it stands in takes one off.
            self.taken |= dict.fromkeys(range(first, len(self.row)), self.below + 1)
        if len(self.row) > WIDEST:
            raise damaged(WEB_PAGE, f"more than {WIDEST:,} columns")
        self.cell = None


def _rows(texts: Iterable[str]) -> Iterator[tuple[Rows, list[str]]]:
    """The rows as they end, each with its table."""
    tables: list[_Table] = []
    count = 0
    for text, name, ends, more in _tokens(texts):
        if tables and tables[-1].cell is not None:
            tables[-1].cell.append(f"{text}\v" if name == "br" else text)
        if name == "table" and not ends:
            count += 1
            tables.append(_Table(Rows(f"表{count}")))
        elif tables and name in ("td", "th", "tr", "table"):
            if (row := tables[-1].at(name, more, ends=ends)) is not None:
                yield tables[-1].rows, row
            if name == "table":
                tables.pop()
    for table in tables:
        if (row := table.at("table", "", ends=True)) is not None:
            yield table.rows, row


def _tokens(texts: Iterable[str]) -> Iterator[tuple[str, str, bool, str]]:
    """What stands before each tag, and the tag: its name, whether it ends something, and its attributes."""
    held = ""
    for text in texts:
        held += text
        done = 0
        for found in TOKEN.finditer(held):
            name = (found["name"] or "").lower()
            yield unescape(held[done : found.start()]), name, bool(found["end"]), found["more"] or ""
            done = found.end()
        held = held[done:]
        if len(held) > LONGEST:
            raise damaged(WEB_PAGE, f"more than {LONGEST:,} characters without a tag")
    yield unescape(held), "", False, ""
