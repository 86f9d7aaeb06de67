"""What a quotation mark means in a delivery: all code that reads one uses this.

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
from functools import cache, partial
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from engines.column_bytes import places_where

Numbers: TypeAlias = npt.NDArray[np.int64]
Octets: TypeAlias = npt.NDArray[np.uint8]
Content: TypeAlias = bytes | bytearray

LONGEST_RECORD = 2 << 20
"""Bytes a record may have, its line ends included; as many as DuckDB takes."""

NEWLINE, CARRIAGE_RETURN, QUOTE, COMMA = b'\n\r",'
_QUOTED = rb'"[^"]*+(?:""[^"]*+)*+"'
_PLAIN = rb"(?:" + _QUOTED + rb'|[^",\n]*+)'
_LINE_END = rb"\r?\n"
_CELL = rb"(?:" + _QUOTED + rb'[^,]*+|[^",][^,]*+|)'
_CLOSED = re.compile(_CELL + rb"(?:," + _CELL + rb")*+")
_CELLS = re.compile(rb",(?:(" + _QUOTED + rb')([^,]*+)|([^",][^,]*+|))')


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


def rewritten(content: Content, starts: Numbers, ends: Numbers, cells: int) -> Rewritten:
    """What the lines are, of those given by where they start and where their line feed is, that are not plain."""
    done = Rewritten()
    plain, taken = plain_record(cells), -1
    for line in _not_plain(content, ends):
        if line <= taken:
            continue
        start, end = int(starts[line]), int(ends[line])
        text = bytes(content[start:end]).removesuffix(b"\r")
        if _CLOSED.fullmatch(text):
            found = cells_of(text)
            if len(found) == cells:
                done.plainly[line] = _written_plainly(found)
            else:
                done.miscounted.append(line)
            continue
        record = plain.match(content, start, start + LONGEST_RECORD)
        last = line + content.count(b"\n", start, record.end() - 1) if record else line
        within = zip(starts[line + 1 : last], ends[line + 1 : last], strict=True)
        if record is None or any(is_row(plain, content, first, after) for first, after in within):
            done.opened.append(line)
            continue
        found = cells_of(record[0].removesuffix(b"\n").removesuffix(b"\r"))
        done.plainly[line] = _written_plainly(cell.replace(b"\r\n", b"\n") for cell in found)
        done.last[line] = taken = last
    return done


def is_row(plain: re.Pattern[bytes], content: Content, start: int, end: int) -> bool:
    """Whether the line with its line feed at ``end`` is a plainly written row by itself; a blank line is none."""
    blank = end == start or (end == start + 1 and content[start] == CARRIAGE_RETURN)
    return not blank and plain.fullmatch(content, start, end + 1) is not None


@cache
def plain_record(cells: int) -> re.Pattern[bytes]:
    """A record of so many cells, plainly written."""
    return re.compile(_PLAIN + rb"(?:," + _PLAIN + rb"){%d}" % (cells - 1) + _LINE_END)


_RECORD = re.compile(_PLAIN + rb"(?:," + _PLAIN + rb")*+" + _LINE_END)


def header_of(start: Content) -> bytes | None:
    """The record a file begins with, its line ends included, however many cells it has; None where it does not end.

    A first line that opens a quotation which nothing ends is a record nevertheless: there is no other header.
    """
    end = start.find(b"\n", 0, LONGEST_RECORD) + 1
    line = bytes(start[:end])
    if line and not _CLOSED.fullmatch(line.rstrip(b"\r\n")):
        record = _RECORD.match(start, 0, LONGEST_RECORD)
        return record[0] if record else line
    return line or None


def cells_of(record: bytes) -> list[bytes]:
    """The cells of a record without its line end. What opens a quotation and does not end it is taken as it is."""
    if not _CLOSED.fullmatch(record):
        return record.split(b",")
    found = _CELLS.findall(b"," + record)
    return [quoted[1:-1].replace(b'""', b'"') + rest if quoted else bare for quoted, rest, bare in found]


def separators(octets: Octets, starts: Numbers, ends: Numbers) -> Numbers:
    """How many separators each line has, of those that are plainly written records."""
    commas, quotes = (places_where(partial(np.equal, octet), octets) for octet in (COMMA, QUOTE))
    until = np.searchsorted(commas, ends)
    before = np.repeat(np.searchsorted(quotes, starts), np.diff(until, prepend=0))
    inside = (np.searchsorted(quotes, commas) - before) % 2 == 1
    return np.diff(np.searchsorted(commas[~inside], ends), prepend=0)


def _written_plainly(cells: Iterator[bytes] | list[bytes]) -> bytes:
    return b",".join(b'"' + cell.replace(b'"', b'""') + b'"' for cell in cells) + b"\n"


def _not_plain(content: Content, ends: Numbers) -> list[int]:
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
    wrong = (opening[~_BEFORE[before]], ending[~_AFTER[after]], at_line_end[octets[at_line_end + 2] != NEWLINE])
    odd[np.searchsorted(ends, np.concatenate(wrong))] = True
    return np.flatnonzero(odd).tolist()


def _among(octets: bytes) -> npt.NDArray[np.bool_]:
    table = np.zeros(256, np.bool_)
    table[list(octets)] = True
    return table


_BEFORE, _AFTER = _among(b',\n"'), _among(b',\r\n"')
