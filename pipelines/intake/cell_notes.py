"""Cell notes: cells that could not be read, of rows that are kept all the same, each with its line and its raw text.

Such a cell is empty in the lake, or has the code for what a list lacks. The note is how a later reader tells it from a
cell that came empty: by delivery, row number and column.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines.intake.conform_sql import EMPTY, UNKNOWN_DATE, BrokenRule
from pipelines.intake.part_file import COMPRESSION
from pipelines.intake.quotation import Numbers
from pipelines.intake.read_csv import Flags
from pipelines.intake.typed_columns import TypedColumn

CELL_NOTES = pa.schema(
    [
        ("row_number", pa.int64()),
        ("column_name", pa.string()),
        ("rule", pa.string()),
        ("explain_zh", pa.string()),
        ("explain_en", pa.string()),
        ("raw", pa.string()),
    ]
)
Counts = Counter[tuple[str, str]]
"""How many notes there are of each column and rule."""


def notes_on(
    rules: Sequence[BrokenRule],
    columns: Mapping[str, TypedColumn],
    row_numbers: Numbers,
    kept: Flags,
    raw: Callable[[str], pa.Array],
) -> pa.Table:
    """The notes on the cells of the rows that are ``kept``, in the order of the file.

    ``rules`` are `pipelines.intake.conform_sql.noted_rules`; ``raw`` gives a column's cells as they came.
    """
    found: list[pa.Table] = []
    for place, rule in enumerate(rules):
        column, fault = str(rule.column), rule.fault
        faulty = columns[column].having(fault) if fault else None
        rows = np.flatnonzero(faulty & kept) if faulty is not None else ()
        if len(rows):
            texts = raw(column).take(pa.array(rows)).cast(pa.string())
            found.append(pa.table({"row_number": row_numbers[rows], "place": np.full(len(rows), place), "raw": texts}))
    if not found:
        return CELL_NOTES.empty_table()
    noted = pa.concat_tables(found).sort_by([("row_number", "ascending"), ("place", "ascending")])
    said = pa.table(
        {
            "column_name": [rule.column for rule in rules],
            "rule": [rule.name for rule in rules],
            "explain_zh": [rule.explain.zh for rule in rules],
            "explain_en": [rule.explain.en for rule in rules],
        }
    ).take(noted["place"])
    return pa.table([noted["row_number"], *said.columns, noted["raw"]], schema=CELL_NOTES)


def counted_notes(notes: pa.Table | pa.RecordBatch) -> Counts:
    """How many there are of each column and rule."""
    told = pa.table([notes["column_name"], notes["rule"]], ["column", "rule"])
    grouped = told.group_by(["column", "rule"]).aggregate([([], "count_all")])
    return Counter({(row["column"], row["rule"]): row["count_all"] for row in grouped.to_pylist()})


def drop_notes(file: Path, row_numbers: Numbers) -> Counts:
    """Write the file again without the notes on these rows, which are not kept after all; returns their counts."""
    dropped: Counts = Counter()
    aside, gone = file.with_suffix(".aside"), pa.array(row_numbers)
    with pq.ParquetFile(file) as before, pq.ParquetWriter(aside, CELL_NOTES, compression=COMPRESSION) as after:
        for batch in before.iter_batches():
            of_gone = pc.is_in(batch["row_number"], value_set=gone)
            dropped += counted_notes(batch.filter(of_gone))
            after.write_batch(batch.filter(pc.invert(of_gone)))
    aside.replace(file)
    return dropped


def by_column(counts: Counts) -> dict[str, dict[str, int]]:
    """The counts by column, then by rule, in the order of their names."""
    told: dict[str, dict[str, int]] = {}
    for (column, rule), count in sorted(counts.items()):
        if count:
            told.setdefault(column, {})[rule] = count
    return told


def count_of_said(rules: Mapping[str, int]) -> int:
    """How many of a column's notes, counted by rule, are on cells that say something."""
    return sum(count for rule, count in rules.items() if rule not in (EMPTY, UNKNOWN_DATE))
