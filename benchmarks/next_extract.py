"""The next extract of a full type: the extract before, with 1% of its rows changed, as the department would write it.

Of ten changed rows, six have another address, name of a firm, or text; two are gone; two are new (a copy under
another number) where the key holds a serial number. Works on the text of the file, some lines at a time, and keeps
its encoding, headers and forms.
"""

import csv
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from schemas.column import Meaning
from schemas.contract import Contract
from synth.deliveries import opened

CHANGED, GONE, NEW = 0.006, 0.002, 0.002
TOUCHED = (Meaning.ADDRESS, Meaning.ORGANISATION_NAME, Meaning.TEXT)
"""What changes in a changed row: the first column of the first of these that the contract has."""
BLOCK = 1 << 24
BYTES_AS_CHARACTERS = "latin-1"
"""Any bytes come through it as they are. No comma, quote or line end is part of a character in GB18030 or UTF-8."""


@dataclass(frozen=True)
class Places:
    """Where in a line the cells are that may change."""

    touched: int
    serial: int | None
    """The last key column with a serial number."""


def write_next_extract(before: Path, after: Path, contract: Contract, encoding: str, rng: np.random.Generator) -> int:
    """Write the extract ``after`` the extract ``before``; returns how many rows it has."""
    after.parent.mkdir(parents=True, exist_ok=True)
    rows = 0
    with _read(before) as source, opened(after, compressed=after.suffix == ".gz") as target:
        header = source.readline()
        places = _places(contract, header.decode(encoding).strip().split(","))
        target.write(header)
        for lines in _blocks(source):
            written = _changed(lines, places, rng)
            rows += written.count(b"\n")
            target.write(written)
    return rows


def _read(path: Path) -> IO[bytes]:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")  # type: ignore[return-value]


def _blocks(source: IO[bytes]) -> Iterator[list[bytes]]:
    while lines := source.readlines(BLOCK):
        yield lines


def _places(contract: Contract, headers: list[str]) -> Places:
    spelled = {spelling: one.name for one in contract.columns for spelling in (one.header, *one.aliases)}
    place = {spelled[header]: number for number, header in enumerate(headers)}
    touched = [one.name for meaning in TOUCHED for one in contract.columns if one.meaning is meaning]
    serials = [name for name in contract.key if contract.column(name).meaning is Meaning.SERIAL]
    return Places(place[touched[0]], place[serials[-1]] if serials else None)


def _changed(lines: list[bytes], places: Places, rng: np.random.Generator) -> bytes:
    luck = rng.random(len(lines))
    written = list(lines)
    for number in np.flatnonzero(luck < CHANGED + GONE + NEW).tolist():
        if luck[number] < CHANGED:
            written[number] = _with_cell(lines[number], places.touched)
        elif luck[number] < CHANGED + GONE:
            written[number] = b""
        elif places.serial is not None:
            written[number] = lines[number] + _with_cell(lines[number], places.serial)
    return b"".join(written)


def _with_cell(line: bytes, place: int) -> bytes:
    """The line with a ``1`` behind what stands in one of its cells."""
    end = "\r\n" if line.endswith(b"\r\n") else "\n"
    cells = next(csv.reader([line.decode(BYTES_AS_CHARACTERS)]))
    cells[place] += "1"
    text = io.StringIO()
    csv.writer(text, lineterminator=end).writerow(cells)
    return text.getvalue().encode(BYTES_AS_CHARACTERS)
