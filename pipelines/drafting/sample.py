"""A sample of what a department delivers: its header, and the text of the cells of its first rows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.drafting.any_header import any_header
from pipelines.drafting.person_names import may_be_a_name
from pipelines.intake.cell_text import plain_text, said_text
from pipelines.intake.header import read_beginning
from pipelines.intake.land import likely_encoding
from pipelines.intake.of_nobody import SUSPECT, is_total
from pipelines.intake.parse_block import LINE_NUMBER, parse
from pipelines.intake.plain_text import as_plain_text
from pipelines.intake.read_csv import raw_blocks
from pipelines.intake.unknown_headers import shape_of
from schemas.contract import Contract
from schemas.header_words import LONGEST_HEADER, end_of
from schemas.nearest_header import known_headers
from schemas.spellings import fold_header

MOST_ROWS = 200_000
"""Rows of a sample that are looked at; what else the file has is neither read nor counted."""
LEAST_HEADERS = 0.2
"""The least share of a header's cells that say by their last word what they hold."""
FIRST_COLUMNS = 3
"""In one of them the word for a total stands."""
SOME = 200
_LIKE_DATA = re.compile(r"\d{4,}|\d[-/.:]\d|\d+\.\d+|^[-+]?\d+$")


class NoHeaderError(ValueError):
    """A sample without a header line: nothing tells what its columns are. The message shows no cell."""

    exit_code = 4


@dataclass(frozen=True)
class SampleColumn:
    """A column of the sample: its header, and its cells half-width, NULL where they say nothing."""

    place: int
    header: str
    cells: pa.Array

    @cached_property
    def filled(self) -> int:
        """How many cells say something."""
        said: int = len(self.cells) - self.cells.null_count
        return said

    @cached_property
    def counted(self) -> dict[str, int]:
        """The different values and how many rows have each, the commonest first."""
        counts = pc.value_counts(self.cells.drop_null())
        pairs = zip(counts.field("values").to_pylist(), counts.field("counts").to_pylist(), strict=True)
        return dict(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))


@dataclass(frozen=True)
class Sample:
    """The rows looked at."""

    path: Path
    columns: tuple[SampleColumn, ...]
    rows: int
    whole: bool
    """Whether these are all rows of the file."""
    repeated: tuple[str, ...] = ()
    """Headers that the file has a second time; of such columns the first alone is in ``columns``."""

    @property
    def header(self) -> tuple[str, ...]:
        """The headers, in the order of the file."""
        return tuple(column.header for column in self.columns)


def read_sample(file: Path, aside: Path, contract: Contract | None = None, *, most_rows: int = MOST_ROWS) -> Sample:
    """The header of a file and its first rows, read as a delivery is read; what is unpacked goes below ``aside``.

    ``contract``: the one it may be held against, which tells what the names of fields in a dBASE table stand for.

    Raises UnreadableDeliveryError for what no delivery could be, NoHeaderError where the first line is no header.
    """
    path = as_plain_text(file, any_header(contract), aside).path
    encoding = likely_encoding(path)
    beginning = read_beginning(path, encoding, lambda line: [_known(cell) for cell in line])
    header = beginning.cells
    parts: list[pa.RecordBatch] = []
    rows = 0
    for raw in raw_blocks(path, beginning.layout):
        if rows > most_rows:
            break
        parts.append(_without_totals(parse(raw, encoding).cells.drop_columns([LINE_NUMBER])))
        rows += parts[-1].num_rows
    folded = [fold_header(cell) for cell in header]
    columns = tuple(
        SampleColumn(place, cell, _text([part.column(place) for part in parts], most_rows))
        for place, cell in enumerate(header)
        if cell and folded.index(folded[place]) == place
    )
    _refuse_without_header(columns)
    repeated = tuple(cell for place, cell in enumerate(header) if cell and folded.index(folded[place]) < place)
    return Sample(file, columns, min(rows, most_rows), whole=rows <= most_rows, repeated=repeated)


def _text(parts: Sequence[pa.Array], most_rows: int) -> pa.Array:
    plain = [part.dictionary_decode() if pa.types.is_dictionary(part.type) else part for part in parts]
    cells = pa.concat_arrays([part.cast(pa.string()) for part in plain]) if plain else pa.array([], pa.string())
    return said_text(plain_text(cells[:most_rows]))


def _without_totals(rows: pa.RecordBatch) -> pa.RecordBatch:
    """The rows that may be somebody's: a total has no key, and would leave every other column with a gap."""
    suspects = np.zeros(rows.num_rows, np.bool_)
    for column in rows.columns[:FIRST_COLUMNS]:
        texts = column.cast(pa.string())
        suspects |= np.asarray(pc.fill_null(pc.match_substring_regex(texts, SUSPECT), False))
    totals = [
        place
        for place in np.flatnonzero(suspects).tolist()
        if is_total([str(column[place].as_py() or "") for column in rows.columns])
    ]
    kept = np.ones(rows.num_rows, np.bool_)
    kept[totals] = False
    return rows.filter(pa.array(kept)) if totals else rows


def _known(header: str) -> str | None:
    """The header, where it is one of the catalogue's or says by its last word what it heads."""
    if len(header) > LONGEST_HEADER:
        return None
    folded = fold_header(header)
    return folded if folded in known_headers() or end_of(header) else None


def _refuse_without_header(columns: Sequence[SampleColumn]) -> None:
    """A line of data would end as headers in a contract that everybody reads."""
    data = [column for column in columns if _is_data(column)]
    told = [column for column in columns if _known(column.header)]
    if data or len(told) < LEAST_HEADERS * len(columns) or not columns:
        shapes = ", ".join(shape_of(column.header) for column in islice(data or columns, 8))
        raise NoHeaderError(
            f"the first line does not look like a header: {len(data)} of {len(columns)} cells look like data "
            f"({shapes}). Add a line that names the columns, then infer again. 首行不像表头,请补上表头后再试"
        )


def _is_data(column: SampleColumn) -> bool:
    """Whether the header is what a row could hold: a number or date, a value of its own column, or somebody's name."""
    header = column.header
    if fold_header(header) in known_headers():
        return False
    if _LIKE_DATA.search(header) or header in column.counted:
        return True
    values = list(islice(column.counted, SOME))
    return may_be_a_name(header) and sum(map(may_be_a_name, values)) * 2 >= len(values)
