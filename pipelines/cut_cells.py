"""Whole lines cut into cells, still bytes; columns whose cells repeat come as dictionaries."""

from collections.abc import Collection

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

AT_A_TIME = 1 << 20
"""Bytes cut at a time: twice as quick as all at once, since what is made on the way stays in the processor's cache."""
SAMPLE = 4_000
"""Rows looked at to tell whether the cells of a column repeat."""


class LinesRanTogetherError(ValueError):
    """The rows are not the lines: one opened a quotation that the next one closed, or has another number of fields."""


def cut(text: npt.NDArray[np.uint8], fields: int, longest: int, *, set_apart: bool) -> tuple[pa.Table, list[int]]:
    """The cells of the lines with so many fields, and the places (from 1) of the other lines.

    ``longest`` is the length of the longest line. set_apart: the text is UTF-8, and lines with another number of
    fields are set apart; without it, they raise LinesRanTogetherError. So does a quotation that goes on and on.
    """
    miscounted: list[int] = []

    def passed_over(row: pa_csv.InvalidRow) -> str:
        miscounted.append(row.number)
        return "skip"

    columns = dict.fromkeys((f"c{place}" for place in range(fields)), pa.binary())
    nothing = pa.schema(list(columns.items())).empty_table()
    if not len(text):
        return nothing, miscounted
    try:
        cells = pa_csv.read_csv(
            pa.BufferReader(pa.py_buffer(text)),
            read_options=pa_csv.ReadOptions(
                column_names=list(columns), use_threads=False, block_size=max(AT_A_TIME, longest) + 1
            ),
            parse_options=pa_csv.ParseOptions(invalid_row_handler=passed_over if set_apart else None),
            convert_options=pa_csv.ConvertOptions(column_types=columns, strings_can_be_null=False, check_utf8=False),
        )
    except pa.ArrowInvalid as error:
        raise LinesRanTogetherError(str(error)) from None
    return cells, miscounted


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
