"""Find where a table begins in a text file, and what separates its cells: by the columns its contract knows.

The header is that of the first lines whose cells are the most columns of the contract; a header over two lines, as
merged cells leave it, is one. What stands above it, and between it and the rows, is no row.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate, islice, pairwise, zip_longest

from pipelines.intake.layout import Layout
from pipelines.intake.quotation import cells_of, record_at
from pipelines.intake.separators import MARK, SEPARATORS, Separator
from schemas.contract import Contract
from schemas.header_forms import LONGEST

LOOKED_AT = 30
"""Lines from the top, blank ones apart, of which one may be the header."""
MOST_CELLS = 2_000
"""Cells a header or a row may have."""
ROWS_LOOKED_AT = 200
"""Rows below the header whose length is told."""
HEAD = 1 << 16
"""Bytes from the top that are looked at, and more where a line is longer."""
UNIT_OF_COLUMN = re.compile(r"[(（\[]?(?:单位[:：])?(万?元|[%％]|㎡|m2|平方米|毫升|ml|小时)[)）\]]?", re.IGNORECASE)
NUMBERED = re.compile(r"[(（]?(\d{1,3})[)）]?")
NOT_NUMBERED = frozenset({"", "甲", "乙", "丙", "栏次", "行次", "序号"})
NAME_IN_A_PROGRAM = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
LEAST_NUMBERS, LEAST_NAMES = 3, 5

Known = Callable[[Sequence[str]], Sequence[str | None]]
"""The column of the contract that each cell of a line heads."""


@dataclass(frozen=True)
class Line:
    """A line of the file's head that is not blank, and the record that begins in it."""

    number: int
    text: str
    cells: tuple[str, ...]
    lines: int
    """How many lines the record has."""

    @property
    def filled(self) -> list[str]:
        """The cells that hold something."""
        return [cell for cell in self.cells if cell]


@dataclass(frozen=True)
class Beginning:
    """How a table begins."""

    line: int
    """The number of the header's first line."""
    cells: tuple[str, ...]
    """Of the header, trimmed."""
    columns: tuple[str | None, ...]
    """The column of the contract that each of them names."""
    units: dict[int, str]
    """What is told below the header of the units of columns, by their places."""
    layout: Layout
    above: tuple[Line, ...]
    """What stands above the header."""
    below: tuple[Line, ...]
    """What stands between the header and the rows: units, the numbers of the columns, other names for them."""


def known_by(contract: Contract) -> Known:
    """Tells the columns that the cells of a line head by a contract; each line is looked up once."""

    @cache
    def named(line: tuple[str, ...]) -> tuple[str | None, ...]:
        columns = contract.columns_under([cell if len(cell) <= LONGEST else "" for cell in line])
        return tuple(column.name if column else None for column in columns)

    return lambda line: named(tuple(line))


def beginning(start: bytes, encodings: Sequence[str], known: Known) -> Beginning | None:
    """How the table of a file with these first bytes begins; the first encoding is that of its rows.

    Where no cell is a column of the contract, it begins with its first line that is not blank, in whose cells commas
    are the separators; None where all are blank.
    """
    best: _Header | None = None
    for encoding in encodings:
        head = _head(start, encoding)
        whole = "".join(head)
        for text in SEPARATORS:
            if best and best.score and text not in whole:
                # Lines of one cell name no more columns than that.
                continue
            found = _header(_Cut(head, Separator(text, encodings[0])), known)
            if found and (best is None or found.score > best.score):
                best = found
        if best and best.score:
            break
    return best.beginning() if best else None


def _head(start: bytes, encoding: str) -> list[str]:
    """The first lines, with their line ends."""
    end = start.find(b"\n", HEAD) + 1 or len(start)
    return [line.decode(encoding, "replace") + "\n" for line in start[:end].removesuffix(b"\n").split(b"\n")]


class _Cut:
    """The first lines of a file, to be cut at one separator."""

    def __init__(self, head: list[str], separator: Separator) -> None:
        self.separator = separator
        self._mark = separator.text if separator.text.isascii() else MARK.decode()
        self._lines = [line.replace(separator.text, self._mark).encode() for line in head]
        self._starts = [0, *accumulate(map(len, self._lines))]
        self._content = b"".join(self._lines)

    def lines(self, first: int = 1) -> Iterator[Line]:
        """The lines that are not blank, from the one of this number on."""
        for number in range(first, len(self._lines) + 1):
            line, start = self._lines[number - 1], self._starts[number - 1]
            if not line.strip(b"\0\r\n"):
                continue
            record = record_at(self._content, start, self._mark.encode()) or line
            bare = record.rstrip(b"\r\n").replace(b"\r\n", b"\n").replace(b"\r", b" ")
            cells = tuple(_plain(cell.decode()) for cell in cells_of(bare, self._mark.encode()))
            text = line.decode().rstrip("\r\n").replace(self._mark, self.separator.text)
            yield Line(number, text, cells, max(record.count(b"\n"), 1))

    def records(self, first: int) -> Iterator[Line]:
        """The records from the line of this number on."""
        after = first
        for line in self.lines(first):
            if line.number >= after:
                after = line.number + line.lines
                yield line


@dataclass(frozen=True)
class _Header:
    """A header as it would be with some separator."""

    cut: _Cut
    first: Line
    last: Line
    cells: tuple[str, ...]
    columns: tuple[str | None, ...]

    @property
    def score(self) -> int:
        """How many columns of the contract it names."""
        return len({*self.columns} - {None})

    def beginning(self) -> Beginning:
        below, units = self._below()
        after = below[-1] if below else self.last
        layout = self._layout(after.number + after.lines)
        width = layout.columns
        above = tuple(line for line in islice(self.cut.lines(), LOOKED_AT) if line.number < self.first.number)
        return Beginning(
            *(self.first.number, self.cells[:width], self.columns[:width], units, layout, above, tuple(below))
        )

    def _below(self) -> tuple[list[Line], dict[int, str]]:
        """The lines below it that are no rows, and the units they tell."""
        below: list[Line] = []
        units: dict[int, str] = {}
        for line in self.cut.records(self.last.number + self.last.lines):
            told = {place: UNIT_OF_COLUMN.fullmatch(cell) for place, cell in enumerate(line.cells) if cell}
            if told and all(told.values()) and len(line.cells) <= len(self.cells):
                units |= {place: unit[1] for place, unit in told.items() if unit}
            elif not (_numbers_columns(line, self.cells) or _names_columns(line, self.cells)):
                break
            below.append(line)
        return below, units

    def _layout(self, first_line: int) -> Layout:
        """How many cells rows have: as many as half of the first ones, where what that adds or leaves out is empty."""
        cells = len(self.cells)
        rows = [
            row
            for row in islice(self.cut.records(first_line), ROWS_LOOKED_AT)
            if row.cells[:cells] != self.cells[:cells]
        ]
        lengths = Counter(len(row.cells) for row in rows if not any(row.cells[cells:]))
        for most, times in lengths.most_common(1):
            if times * 2 >= len(rows) and most <= MOST_CELLS and not any(self.cells[most:]):
                cells = most
        return Layout(cells, min(cells, len(self.cells)), self.cut.separator, first_line)


def _header(cut: _Cut, known: Known) -> _Header | None:
    """Of the first lines, and two or three of them together, the first that names the most columns of the contract."""
    lines = list(islice(cut.lines(), LOOKED_AT))
    candidates = [(line, line, line.cells) for line in lines]
    candidates += [
        (upper, lower, _together(upper, lower, known))
        for upper, lower in pairwise(lines)
        if lower.number == upper.number + upper.lines
    ]
    candidates += [
        (upper, lower, _together(upper, replace(lower, cells=_together(middle, lower, known)), known))
        for upper, middle, lower in zip(lines, lines[1:], lines[2:], strict=False)
        if middle.number == upper.number + upper.lines and lower.number == middle.number + middle.lines
    ]
    found = [_Header(cut, first, last, cells, tuple(known(cells))) for first, last, cells in candidates]
    return max(found, key=lambda one: one.score, default=None)


def _together(upper: Line, lower: Line, known: Known) -> tuple[str, ...]:
    """The header that two lines are together: a name above several columns, and theirs below it."""
    names, group = [], ""
    for above, below in zip_longest(upper.cells, lower.cells, fillvalue=""):
        group = above or group
        joined = f"{group}{below}"
        names.append(
            above if not below else below if _is_known(below, known) and not _is_known(joined, known) else joined
        )
    return tuple(names)


def _is_known(cell: str, known: Known) -> bool:
    return known([cell]) != (None,)


def _numbers_columns(line: Line, header: tuple[str, ...]) -> bool:
    """Whether its cells are 1, 2, 3, ..., as forms number their columns."""
    numbers = [NUMBERED.fullmatch(cell) for cell in line.cells if cell not in NOT_NUMBERED]
    told = [int(number[1]) for number in numbers if number]
    return len(told) == len(numbers) >= max(LEAST_NUMBERS, len(header) // 2) and told == list(range(1, len(told) + 1))


def _names_columns(line: Line, header: tuple[str, ...]) -> bool:
    """Whether it has a name of letters for each column that the header names, as databases name their columns."""
    filled = line.filled
    return len(filled) >= max(LEAST_NAMES, len([cell for cell in header if cell])) and all(
        map(NAME_IN_A_PROGRAM.fullmatch, filled)
    )


def _plain(cell: str) -> str:
    return cell.replace("\ufeff", "").strip("\0" + _BLANKS)


_BLANKS = " \t\n\v\f\r\u3000\u00a0"
