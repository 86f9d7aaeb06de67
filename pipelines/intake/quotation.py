"""What a quotation mark means in a delivery: all code that reads one uses this, whatever separates the cells.

A record is written plainly (RFC 4180) when each of its cells either holds no quotation mark, or begins and ends with
one and doubles those inside. Arrow's parser reads nothing else: what real exports write otherwise is written plainly
first. It means:

- A quotation begins only where a cell begins. Any other mark in a cell without a quotation is a character like others.
- Inside a quotation two marks are one, and a separator is text. The first single mark ends it; what then stands before
  the next separator belongs to the cell, as it is.
- A line end inside a quotation belongs to the cell, if the lines together are one plainly written record with the
  header's number of cells, no longer than ``LONGEST_RECORD``, and no line within is such a record by itself: a
  quotation that somebody forgot to end must not take rows for text. Else the line that opens it is damaged, it alone,
  and the next line begins a record.

A line ends with a line feed, and a carriage return before it; other carriage returns are blanks.
So a line that is a plainly written row by itself is one, whatever stands around it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property, partial
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engines.column_bytes import places_where
from pipelines.intake.layout import Layout

Numbers: TypeAlias = npt.NDArray[np.int64]
Octets: TypeAlias = npt.NDArray[np.uint8]
Content: TypeAlias = bytes | bytearray

LONGEST_RECORD = 2 << 20
"""Bytes a record may have, its line ends included; as many as DuckDB takes."""

NEWLINE, CARRIAGE_RETURN, QUOTE = b'\n\r"'
COMMA = b","


@dataclass
class Rewritten:
    """What the lines of a block are that are not written plainly; lines are counted from 0."""

    plainly: dict[int, bytes] = field(default_factory=dict)
    """The record that begins in a line, as it would be written plainly, with its line end."""
    last: dict[int, int] = field(default_factory=dict)
    """Where a record ends in a later line: its last line, by its first."""
    opened: list[int] = field(default_factory=list)
    """Lines that open a quotation which nothing ends."""
    miscounted: list[int] = field(default_factory=list)
    """Lines that have not the header's number of cells, of those not written plainly."""

    def taken(self) -> Iterator[int]:
        """Lines that belong to a record which begins in an earlier one."""
        for first, last in self.last.items():
            yield from range(first + 1, last + 1)


@dataclass(frozen=True)
class Patterns:
    """Records and cells in bytes, for one separator: a byte that is neither a quotation mark nor a line end."""

    separator: bytes

    @cached_property
    def closed(self) -> re.Pattern[bytes]:
        """A record in which every quotation that begins is ended."""
        cell = self._fill(rb'(?:QUOTED[^,]*+|[^",][^,]*+|)')
        return re.compile(cell + self._fill(rb"(?:,") + cell + rb")*+")

    @cached_property
    def cell(self) -> re.Pattern[bytes]:
        """A separator and the cell after it, in a closed record: what is quoted, and what follows; or the bare cell."""
        return re.compile(self._fill(rb',(?:(QUOTED)([^,]*+)|([^",][^,]*+|))'))

    @cached_property
    def record(self) -> re.Pattern[bytes]:
        """A plainly written record, with its line end."""
        return re.compile(self._plain + self._fill(rb"(?:,") + self._plain + rb")*+" + _LINE_END)

    def record_of(self, cells: int) -> re.Pattern[bytes]:
        """A plainly written record of so many cells, with its line end."""
        return re.compile(self._plain + self._fill(rb"(?:,") + self._plain + rb"){%d}" % (cells - 1) + _LINE_END)

    @cached_property
    def _plain(self) -> bytes:
        return self._fill(rb'(?:QUOTED|[^",\n]*+)')

    def _fill(self, pattern: bytes) -> bytes:
        """A pattern written for commas, for this separator."""
        return pattern.replace(COMMA, re.escape(self.separator)).replace(b"QUOTED", _QUOTED)


_QUOTED = rb'"[^"]*+(?:""[^"]*+)*+"'
_LINE_END = rb"\r?\n"
patterns = cache(Patterns)


def rewritten(content: Content, starts: Numbers, ends: Numbers, layout: Layout) -> Rewritten:
    """What the lines are, of those given by where they start and where their line feed is, that are not plain."""
    done = Rewritten()
    cells, separator = layout.cells, layout.octet
    plain, taken, closed = plain_record(cells, separator), -1, patterns(separator).closed
    for line in _not_plain(content, ends, separator):
        if line <= taken:
            continue
        start, end = int(starts[line]), int(ends[line])
        text = bytes(content[start:end]).removesuffix(b"\r")
        if closed.fullmatch(text):
            found = cells_of(text, separator)
            if len(found) == layout.columns and found[-1]:
                found += [b""] * (cells - len(found))
            if len(found) == cells:
                done.plainly[line] = _written_plainly(found, separator)
            else:
                done.miscounted.append(line)
            continue
        record = plain.match(content, start, start + LONGEST_RECORD)
        last = line + content.count(b"\n", start, record.end() - 1) if record else line
        within = zip(starts[line + 1 : last], ends[line + 1 : last], strict=True)
        if record is None or any(is_row(plain, content, first, after) for first, after in within):
            done.opened.append(line)
            continue
        found = cells_of(record[0].removesuffix(b"\n").removesuffix(b"\r"), separator)
        done.plainly[line] = _written_plainly((cell.replace(b"\r\n", b"\n") for cell in found), separator)
        done.last[line] = taken = last
    return done


def is_row(plain: re.Pattern[bytes], content: Content, start: int, end: int) -> bool:
    """Whether the line with its line feed at ``end`` is a plainly written row by itself; a blank line is none."""
    blank = end == start or (end == start + 1 and content[start] == CARRIAGE_RETURN)
    return not blank and plain.fullmatch(content, start, end + 1) is not None


@cache
def plain_record(cells: int, separator: bytes = COMMA) -> re.Pattern[bytes]:
    """A record of so many cells, plainly written."""
    return patterns(separator).record_of(cells)


def record_at(content: Content, start: int, separator: bytes = COMMA) -> bytes | None:
    """The record that begins there, its line ends included, however many cells it has; None where it does not end.

    A line that opens a quotation which nothing ends is a record nevertheless.
    """
    end = content.find(b"\n", start, start + LONGEST_RECORD) + 1
    line = bytes(content[start:end])
    if line and not patterns(separator).closed.fullmatch(line.rstrip(b"\r\n")):
        record = patterns(separator).record.match(content, start, start + LONGEST_RECORD)
        return record[0] if record else line
    return line or None


def cells_of(record: bytes, separator: bytes = COMMA) -> list[bytes]:
    """The cells of a record without its line end. What opens a quotation and does not end it is taken as it is."""
    if not patterns(separator).closed.fullmatch(record):
        return record.split(separator)
    found = patterns(separator).cell.findall(separator + record)
    return [quoted[1:-1].replace(b'""', b'"') + rest if quoted else bare for quoted, rest, bare in found]


def separators(octets: Octets, starts: Numbers, ends: Numbers, separator: bytes = COMMA) -> Numbers:
    """How many separators each line has, of those that are plainly written records."""
    found, quotes = (places_where(partial(np.equal, octet), octets) for octet in (ord(separator), QUOTE))
    until = np.searchsorted(found, ends)
    before = np.repeat(np.searchsorted(quotes, starts), np.diff(until, prepend=0))
    inside = (np.searchsorted(quotes, found) - before) % 2 == 1
    return np.diff(np.searchsorted(found[~inside], ends), prepend=0)


def _written_plainly(cells: Iterator[bytes] | list[bytes], separator: bytes) -> bytes:
    return separator.join(b'"' + cell.replace(b'"', b'""') + b'"' for cell in cells) + b"\n"


def _not_plain(content: Content, ends: Numbers, separator: bytes) -> list[int]:
    """The lines with quotation marks that are not plainly written records, of however many cells.

    In a plain line marks open and end by turns, each next to a separator, to a line end or to its double.
    """
    if b'"' not in content:
        return []
    octets = np.frombuffer(content, np.uint8)
    quotes = places_where(partial(np.equal, QUOTE), octets)
    until = np.searchsorted(quotes, ends)
    odd = np.diff(until, prepend=0) % 2 == 1
    if odd.any():
        quotes = quotes[~np.repeat(odd, np.diff(until, prepend=0))]
    opening, ending = quotes[::2], quotes[1::2]
    before, after = octets[opening - 1], octets[ending + 1]
    at_line_end = ending[after == CARRIAGE_RETURN]
    may_open, may_end = _among(b'\n"' + separator), _among(b'\r\n"' + separator)
    wrong = (opening[~may_open[before]], ending[~may_end[after]], at_line_end[octets[at_line_end + 2] != NEWLINE])
    odd[np.searchsorted(ends, np.concatenate(wrong))] = True
    return np.flatnonzero(odd).tolist()


def _among(octets: bytes) -> npt.NDArray[np.bool_]:
    table = np.zeros(256, np.bool_)
    table[list(octets)] = True
    return table
