"""Sheets of files that are read from beginning to end once: their rows are kept beside, and read from there."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from pipelines.intake.file_formats.damaged_file import damaged, too_large
from pipelines.intake.file_formats.packed_members import MOST_BYTES
from pipelines.intake.file_formats.sheets import Sheet
from pipelines.intake.file_kind import Kind

MOST_SHEETS = 200
MOST_ROWS = 1 << 20
"""Rows of a sheet in every spreadsheet program."""
MOST_CELLS = 1 << 29
"""Cells of a sheet, blank ones before others included: no table has as many."""


@dataclass
class Rows:
    """A sheet while the file is read."""

    name: str
    hidden: bool = False


def spooled(found: Iterable[tuple[Rows, list[str]]], kind: Kind, place: Callable[[], Path]) -> list[Sheet]:
    """The sheets with their rows, in the order in which their first rows end.

    ``place`` gives a new file's path. Raises UnreadableDeliveryError where there are more sheets, rows or cells than
    any table has.
    """
    kept: dict[int, _Kept] = {}
    written = 0
    with ExitStack() as closing:
        for rows, row in found:
            if id(rows) not in kept:
                if len(kept) == MOST_SHEETS:
                    raise damaged(kind, f"more than {MOST_SHEETS:,} tables")
                path = place()
                kept[id(rows)] = _Kept(rows, path, closing.enter_context(path.open("wb")))
            written += kept[id(rows)].write(row, kind)
            if written > MOST_BYTES:
                raise too_large(kind, f"more than {MOST_BYTES:,} bytes")
    return [Sheet(one.rows.name, partial(_read, one.path), hidden=one.rows.hidden) for one in kept.values()]


@dataclass
class _Kept:
    rows: Rows
    path: Path
    file: IO[bytes]
    count: int = 0
    cells: int = 0

    def write(self, row: list[str], kind: Kind) -> int:
        self.count += 1
        self.cells += len(row)
        if self.count > MOST_ROWS or self.cells > MOST_CELLS:
            raise damaged(kind, f"more than {MOST_ROWS:,} rows or {MOST_CELLS:,} cells")
        return self.file.write(json.dumps(row).encode() + b"\n")


def _read(path: Path) -> Iterator[list[str]]:
    with path.open("rb") as file:
        yield from map(json.loads, file)
