"""The records of a service as a delivery. Which columns there are is not known before the last page."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipelines.sources.cell_values import text_of
from pipelines.sources.json_pages import Record, flat, value_at
from pipelines.sources.written_delivery import write_delivery
from schemas.contract import Contract

ROWS_A_BATCH = 20_000


def write_records(pages: Iterable[Sequence[Record]], columns: Mapping[str, str], contract: Contract, file: Path) -> int:
    """Write records to ``file`` (gzip), a row each; returns how many there are.

    ``columns`` says where the contract's columns are in a record; where it is empty, every value of a record has a
    column, called as its path. Without a record, the columns are the contract's.
    """
    aside = file.with_name(f"{file.name}.records")
    try:
        with aside.open("w", encoding="utf-8") as spool:
            names = list(columns) or _spooled_as_they_are(pages, spool)
            if columns:
                _spooled(pages, columns, spool)
        names = names or [column.name for column in contract.columns]
        with aside.open(encoding="utf-8") as spool:
            return write_delivery(names, _batches(names, spool), contract, file)
    finally:
        aside.unlink(missing_ok=True)


def _spooled(pages: Iterable[Sequence[Record]], columns: Mapping[str, str], spool: Any) -> None:
    for records in pages:
        for record in records:
            _write(spool, {name: text_of(value_at(record, path)) for name, path in columns.items()})


def _spooled_as_they_are(pages: Iterable[Sequence[Record]], spool: Any) -> list[str]:
    names: dict[str, None] = {}
    for records in pages:
        for record in records:
            cells = {name: text_of(value) for name, value in flat(record)}
            names |= dict.fromkeys(cells)
            _write(spool, cells)
    return list(names)


def _write(spool: Any, cells: Mapping[str, str | None]) -> None:
    spool.write(json.dumps({name: text for name, text in cells.items() if text is not None}) + "\n")


def _batches(names: Sequence[str], spool: Iterable[str]) -> Iterator[pa.RecordBatch]:
    lines = iter(spool)
    while rows := [json.loads(line) for line in islice(lines, ROWS_A_BATCH)]:
        columns = [pa.array([row.get(name) for row in rows], pa.string()) for name in names]
        yield pa.RecordBatch.from_arrays(columns, names=list(names))
