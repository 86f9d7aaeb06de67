"""Rows of a source as the CSV a department would deliver, streamed: memory does not grow with the rows."""

import gzip
from collections.abc import Iterable, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from pipelines.sources.cell_values import texts_of
from schemas.contract import Contract


def write_delivery(names: Sequence[str], batches: Iterable[pa.RecordBatch], contract: Contract, file: Path) -> int:
    """Write rows to ``file`` (gzip), under the contract's headers; returns how many there are.

    A column called as one of the contract's is written under its header; any other keeps its own name.
    """
    rows = 0
    headers = {column.name: column.header for column in contract.columns}
    headed = pa.schema([(" ".join(headers.get(name, name).split()), pa.string()) for name in names])
    with file.open("wb") as plain:
        packed = gzip.GzipFile("", "wb", compresslevel=1, fileobj=plain, mtime=0)
        with packed, pacsv.CSVWriter(packed, headed) as writer:
            for batch in batches:
                texts = [texts_of(column) for column in batch.columns]
                if len(texts) == 1:
                    # A row of one empty cell would be a blank line, which is no row.
                    texts = [pc.fill_null(texts[0], "")]
                writer.write_batch(pa.RecordBatch.from_arrays(texts, schema=headed))
                rows += batch.num_rows
    return rows
