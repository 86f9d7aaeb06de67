"""Whole records cut into cells, still bytes; columns whose cells repeat come as dictionaries."""

from codecs import BOM_UTF8
from collections.abc import Collection

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from pipelines.intake.quotation import COMMA, Content

AT_A_TIME = 1 << 20
"""Bytes cut at a time: twice as quick as all at once, since what is made on the way stays in the processor's cache."""
SAMPLE = 4_000
"""Rows looked at to tell whether the cells of a column repeat."""


class CellsMiscountedError(ValueError):
    """Some record has another number of cells."""


def cut(
    text: Content, cells: int, longest: int, *, separator: bytes = COMMA, line_ends_in_cells: bool = False
) -> pa.Table:
    """The cells of records written plainly (`pipelines.intake.quotation`), blank lines apart.

    ``longest`` is the length of the longest record. Raises CellsMiscountedError.
    """
    columns = dict.fromkeys((f"c{place}" for place in range(cells)), pa.binary())
    if not len(text):
        return pa.schema(list(columns.items())).empty_table()
    if bytes(text[: len(BOM_UTF8)]) == BOM_UTF8:
        text = BOM_UTF8 + bytes(text)  # The parser passes over one where the text begins, and this one is a cell's.
    try:
        return pa_csv.read_csv(
            pa.BufferReader(pa.py_buffer(text)),
            read_options=pa_csv.ReadOptions(
                column_names=list(columns), use_threads=False, block_size=max(AT_A_TIME, longest + len(BOM_UTF8)) + 1
            ),
            parse_options=pa_csv.ParseOptions(delimiter=separator.decode(), newlines_in_values=line_ends_in_cells),
            convert_options=pa_csv.ConvertOptions(column_types=columns, strings_can_be_null=False, check_utf8=False),
        )
    except pa.ArrowInvalid:
        raise CellsMiscountedError from None


def in_one_piece(cells: pa.Table, repeating: Collection[int]) -> pa.RecordBatch:
    """Each column as one array: a dictionary at the places ``repeating`` and where its first cells repeat."""
    columns = [
        (column.dictionary_encode() if place in repeating or _repeats(column) else column).combine_chunks()
        for place, column in enumerate(cells.columns)
    ]
    return pa.RecordBatch.from_arrays(columns, names=cells.schema.names)


def _repeats(column: pa.ChunkedArray) -> bool:
    sample = column[:SAMPLE]
    return bool(pc.count_distinct(sample).as_py() * 2 <= len(sample))
