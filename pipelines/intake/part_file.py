"""A block's rows as a Parquet file, small and quickly written."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

COMPRESSION = "zstd"
SAMPLE = 20_000
"""Rows looked at to tell whether a column's values repeat."""


def write_part(rows: pa.Table, file: Path) -> None:
    """Write ``rows``, of which ``row_number`` ascends.

    A dictionary is kept of columns whose values repeat, and of no other: there it would cost more than it saves. Of
    text no smallest and largest values are kept, since rows come in no order of it.
    """
    schema = rows.schema
    pq.write_table(
        rows,
        file,
        compression=COMPRESSION,
        use_dictionary=[name for name in schema.names if name != "row_number" and _repeats(rows[name])],
        column_encoding={"row_number": "DELTA_BINARY_PACKED"},
        write_statistics=[field.name for field in schema if not _is_text(field.type)],
        # A dictionary is how a column is written, not its type.
        store_schema=False,
    )


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_dictionary(kind))


def _repeats(column: pa.ChunkedArray) -> bool:
    if pa.types.is_dictionary(column.type):
        return True
    sample = column.slice(0, SAMPLE)
    return bool(pc.count_distinct(sample).as_py() * 2 <= len(sample))
