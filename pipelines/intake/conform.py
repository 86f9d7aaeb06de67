"""Conform: text cells become typed values by the contract; a row that breaks it goes to quarantine, with the reason.

A delivery is read once, a block at a time; the blocks are conformed side by side, and each becomes a Parquet file.
"""

import contextlib
from collections import Counter
from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from engines.embedded import file_list, identifier
from pipelines.intake.block_workers import BlockWorkers
from pipelines.intake.cell_notes import CELL_NOTES, Counts, by_column, count_of_said, counted_notes, drop_notes
from pipelines.intake.conform_block import BlockReader, ConformedBlock
from pipelines.intake.header import Header
from pipelines.intake.keys_seen import Hashes, KeysSeen
from pipelines.intake.part_file import COMPRESSION, write_part
from pipelines.intake.quarantine import ABOVE_HEADER, DUPLICATE, NOTE_ROW, OF_NOBODY, QUARANTINE, DeliveryKey, counted
from pipelines.intake.quotation import Numbers
from pipelines.intake.read_csv import RawBlock, raw_blocks, read_records
from schemas.contract import Contract

SUPERSEDED = (Path(__file__).parent / "sql" / "repeated_keys.sql").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Conformed:
    """What became of a delivery's rows, in folders of Parquet files; landed = conformed + quarantined."""

    rows: Path
    quarantine: Path
    notes: Path
    landed: int
    conformed: int
    quarantined: int
    by_rule: dict[str, int]
    noted: dict[str, dict[str, int]]
    """How many cells of ``rows`` there is a note on, by column and rule."""
    keys_differ: bool
    """Whether the hashes of the keys of ``rows`` are known to differ, all of them; else nothing is known."""

    @property
    def of_nobody(self) -> int:
        """How many of those set apart are nobody's record: titles, totals, notes."""
        return sum(count for rule, count in self.by_rule.items() if rule in OF_NOBODY)

    @property
    def unread(self) -> dict[str, int]:
        """How many cells of ``rows`` say something that could not be read, by column."""
        said = {column: count_of_said(rules) for column, rules in self.noted.items()}
        return {column: count for column, count in said.items() if count}


@dataclass(frozen=True)
class Part:
    """One block's rows, as a file."""

    file: Path
    first_line: int
    rows: int


def conform(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    encoding: str,
    contract: Contract,
    header: Header,
    *,
    delivery: DeliveryKey,
    aside: Path,
    strict: bool = False,
    workers: BlockWorkers | None = None,
) -> Conformed:
    """Type every row of the delivery and write ``rows``, ``quarantine`` and ``cell_notes`` as Parquet below ``aside``.

    Rows have the contract's columns, a ``<column>_verdict`` for each ID number that tells who a row speaks of, and
    ``row_number`` (the line in the file); the delivery is in the names of the folders, as in the lake's. Of rows with
    the same key the last is kept and the others are quarantined. Memory grows with the file by eight bytes a row, up to
    a bound (``pipelines.intake.keys_seen``).
    workers: those shared with other deliveries; without them, as many of its own as the connection has threads.
    strict: raise UnicodeDecodeError for bytes that cannot be decoded, instead of quarantining their rows.
    """
    rows, quarantine, notes = (_folder(aside / name, delivery) for name in ("rows", "quarantine", "cell_notes"))
    note_file = notes / "part-00000.parquet"
    reader = BlockReader(contract, header, encoding, delivery, strict)
    parts: list[Part] = []
    seen = KeysSeen()
    by_rule: Counter[str] = Counter()
    noted: Counts = Counter()
    with contextlib.ExitStack() as closing:
        own = closing.enter_context(connection.cursor())
        threads: int = own.sql("SELECT current_setting('threads')").fetchall()[0][0]
        workers = workers or closing.enter_context(BlockWorkers(threads))
        file = quarantine / "part-00000.parquet"
        writer = closing.enter_context(pq.ParquetWriter(file, QUARANTINE, compression=COMPRESSION))
        note_writer = closing.enter_context(pq.ParquetWriter(note_file, CELL_NOTES, compression=COMPRESSION))
        around = _around_header(reader)
        by_rule += counted(around)
        writer.write_table(around)
        done = closing.enter_context(contextlib.closing(_conformed_parts(own, workers, reader, path, rows)))
        for part, block in done:
            parts.append(part)
            seen.add(block.key_hashes)
            by_rule += counted(block.quarantine)
            writer.write_table(block.quarantine)
            if len(block.notes):
                noted += counted_notes(block.notes)
                note_writer.write_table(block.notes)
        recurring = seen.recurring()
        superseded = _superseded(own, parts, contract.key, recurring)
        if len(superseded):
            _drop(parts, superseded)
            places = np.full(len(superseded), reader.reasons.place_of(DUPLICATE))
            rows_apart = read_records(path, encoding, header.layout, superseded)
            writer.write_table(reader.reasons.explain(superseded, places, rows_apart))
            by_rule[DUPLICATE] += len(superseded)
    if len(superseded) and noted:
        noted -= drop_notes(note_file, superseded)
    conformed, quarantined = sum(part.rows for part in parts) - len(superseded), by_rule.total()
    return Conformed(
        rows=aside / "rows",
        quarantine=aside / "quarantine",
        notes=aside / "cell_notes",
        landed=conformed + quarantined,
        conformed=conformed,
        quarantined=quarantined,
        by_rule=dict(sorted(by_rule.items())),
        noted=by_column(noted),
        keys_differ=recurring is not None and len(recurring) == len(superseded),
    )


def _around_header(reader: BlockReader) -> pa.Table:
    """The lines above the header, and between it and the rows, as they are set apart."""
    told = [(line, ABOVE_HEADER) for line in reader.header.above] + [(line, NOTE_ROW) for line in reader.header.below]
    places = [reader.reasons.place_of(rule) for _, rule in told]
    numbers = np.array([line.number for line, _ in told], np.int64)
    return reader.reasons.explain(
        numbers, np.array(places, np.int64), pa.array([line.text for line, _ in told], pa.string())
    )


def _conformed_parts(
    connection: duckdb.DuckDBPyConnection, workers: BlockWorkers, reader: BlockReader, path: Path, folder: Path
) -> Generator[tuple[Part, ConformedBlock], None, None]:
    """The blocks' files in the order of the delivery, and what else was made of them; at least one, if without rows."""

    def work(numbered: tuple[int, RawBlock]) -> tuple[Part, ConformedBlock]:
        place, raw = numbered
        with connection.cursor() as own:
            block = reader.conform(own, raw)
        file = folder / f"part-{place:05}.parquet"
        write_part(block.rows, file)
        return Part(file, raw.first_line, block.rows.num_rows), replace(block, rows=block.rows.schema.empty_table())

    layout = reader.header.layout
    blocks = enumerate(raw_blocks(path, layout))
    first = next(blocks, (0, RawBlock(layout.first_line, b"", layout)))
    yield from workers.in_order(work, chain((first,), blocks))


def _superseded(
    connection: duckdb.DuckDBPyConnection, parts: list[Part], key: Sequence[str], recurring: Hashes | None
) -> Numbers:
    """The row numbers of rows whose key a later block has; a block knows its own.

    ``recurring``: the hashes of such keys, where they are known.
    """
    if recurring is not None and not len(recurring):
        return np.zeros(0, np.int64)
    alike = "SELECT key_hash FROM good GROUP BY key_hash HAVING count(*) > 1"
    if recurring is not None:
        connection.register("recurring", pa.table({"key_hash": np.unique(recurring)}))
        alike = "FROM recurring"
    statement = SUPERSEDED.format(
        key=", ".join(map(identifier, key)), files=file_list(part.file for part in parts), alike=alike
    )
    found: Numbers = connection.execute(statement).fetchnumpy()["row_number"]
    return found


def _drop(parts: list[Part], superseded: Numbers) -> None:
    """Write the files again that hold superseded rows, without them."""
    starts = [part.first_line for part in parts]
    for place in np.unique(np.searchsorted(starts, superseded, side="right") - 1):
        file = parts[place].file
        rows = pq.ParquetFile(file).read()
        kept = pc.invert(pc.is_in(rows["row_number"], pa.array(superseded)))
        write_part(rows.filter(kept), file)


def _folder(table: Path, delivery: DeliveryKey) -> Path:
    folder = table.joinpath(*(f"{column}={value}" for column, value in delivery.partition.items()))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
