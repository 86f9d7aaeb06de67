"""Conform one block of a delivery: typed rows that keep the contract, and the lines that do not, with the reason."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from engines.embedded import identifier
from matchers.identity import id_numbers
from pipelines.intake.cell_notes import notes_on
from pipelines.intake.cell_text import column_text, plain_text, spreadsheet_errors
from pipelines.intake.conform_sql import BrokenRule, Fault, broken_rules, noted_rules
from pipelines.intake.header import Header
from pipelines.intake.keys_seen import Hashes, alike
from pipelines.intake.mojibake import garbled
from pipelines.intake.of_nobody import OfNobody
from pipelines.intake.parse_block import LINE_NUMBER, Block, parse
from pipelines.intake.quarantine import DUPLICATE, DeliveryKey, Reasons, in_file_order
from pipelines.intake.quotation import Numbers
from pipelines.intake.read_csv import RawBlock
from pipelines.intake.said_beside import LENGTH, UNIT, in_their_units, over_their_periods
from pipelines.intake.stated_periods import with_stated_periods
from pipelines.intake.typed_columns import PLACE, TYPED, UNDECODABLE, Cells, TypedColumn, typed_columns
from schemas.column import Column, Meaning
from schemas.contract import Contract

EARLIER = "broken before"


@dataclass(frozen=True)
class ConformedBlock:
    """What became of a block's rows; every row is in one of the two, and none in both."""

    rows: pa.Table
    """The contract's columns, a ``<column>_verdict`` for each ID number that tells who a row speaks of, row_number."""
    quarantine: pa.Table
    """Schema ``pipelines.intake.quarantine.QUARANTINE``, in the order of the file."""
    notes: pa.Table
    """On cells of ``rows``: schema ``pipelines.intake.cell_notes.CELL_NOTES``, in the order of the file."""
    key_hashes: Hashes
    """Of the keys of ``rows``."""


@dataclass(frozen=True)
class BlockReader:
    """How the blocks of one delivery are read."""

    contract: Contract
    header: Header
    encoding: str
    delivery: DeliveryKey
    strict: bool = False
    """Raise UnicodeDecodeError for bytes that cannot be decoded, instead of setting their rows apart."""

    @cached_property
    def rules(self) -> list[BrokenRule]:
        """The rules a row is held to."""
        return broken_rules(self.contract, self.header.positions)

    @cached_property
    def noted(self) -> list[BrokenRule]:
        """What is noted of single cells."""
        return noted_rules(self.contract, self.header.positions)

    @cached_property
    def reasons(self) -> Reasons:
        """All that can set a row apart."""
        return Reasons(self.rules)

    def conform(self, connection: duckdb.DuckDBPyConnection, raw: RawBlock) -> ConformedBlock:
        """Type the rows of a block. Of rows with the same key the last is kept, and the others are set apart."""
        block = parse(raw, self.encoding, strict=self.strict, repeating=self._typed)
        cells, some_garbled = self._cells(block)
        undecodable = block.undecodable or some_garbled
        present = [column for column in self.contract.columns if column.name in cells]
        columns = typed_columns(connection, cells, present, self._headers, undecodable=undecodable)
        rows = self._rows(columns, cells, block.cells[LINE_NUMBER])
        broken = self._broken(connection, columns, rows)
        self._find_of_nobody(cells, block, broken)
        numbers = np.asarray(rows["row_number"])
        hashes = _key_hashes(connection, rows, self.contract.key)
        superseded = _superseded(rows, hashes, broken == 0, self.contract.key)
        lines = [self.reasons.place_of(name) for name in block.broken["rule"].to_pylist()]
        apart = in_file_order(
            (numbers[broken > 0], broken[broken > 0].astype(np.int64) - 1),
            (superseded, np.full(len(superseded), self.reasons.place_of(DUPLICATE))),
            (np.asarray(block.broken[LINE_NUMBER]), np.array(lines, np.int64)),
        )
        kept = (broken == 0) & ~np.isin(numbers, superseded)
        notes = notes_on(
            self.noted, columns, numbers, kept, lambda name: block.cells.column(self.header.positions[name])
        )
        if len(apart[0]):
            rows, hashes = rows.filter(pa.array(kept)), hashes[kept]
        records = raw.records(apart[0], self.encoding)
        for place, rule in self.of_nobody.of_records(records, apart[0]).items():
            apart[1][place] = self.reasons.place_of(rule)
        quarantine = self.reasons.explain(*apart, records)
        return ConformedBlock(rows, quarantine, notes, hashes)

    @cached_property
    def of_nobody(self) -> OfNobody:
        """Tells what is nobody's record."""
        return OfNobody(self.contract, self.header)

    @cached_property
    def _present(self) -> list[Column]:
        return [column for column in self.contract.columns if column.name in self.header.positions]

    @cached_property
    def _headers(self) -> dict[str, str]:
        agreed = {column.name: column.header for column in self.contract.columns}
        return agreed | {name: self.header.cells[position] for name, position in self.header.positions.items()}

    @cached_property
    def _typed(self) -> set[int]:
        """Where the columns stand whose every cell is typed: each text once, however many rows have it."""
        return {self.header.positions[column.name] for column in self._present if column.meaning in TYPED}

    def _cells(self, block: Block) -> tuple[dict[str, Cells], bool]:
        """The cells of the columns the contract knows, in plain text, and whether some are mojibake."""
        cells: dict[str, Cells] = {}
        some = False
        for column in self._present:
            of = Cells.of(block.cells.column(self.header.positions[column.name]))
            texts = column_text(column, of.values)
            if column.meaning is Meaning.PERSON_NAME and (wrong := garbled(texts)) is not None:
                some, texts = True, pc.if_else(pa.array(wrong), UNDECODABLE, texts)
            if (wrong := spreadsheet_errors(texts)) is not None:
                some, texts = True, pc.if_else(wrong, UNDECODABLE, texts)
            cells[column.name] = of.holding(texts)
        beside = {
            name: of.holding(plain_text(of.values))
            for name, place in self.header.beside.items()
            for of in [Cells.of(block.cells.column(place))]
        }
        if UNIT in beside:
            cells = in_their_units(self.contract, self._headers, cells, beside[UNIT])
        if self.contract.period and LENGTH in beside:
            cells = over_their_periods(self.contract.period, cells, beside[LENGTH], self.delivery.delivery_date)
        if self.contract.period:
            cells = with_stated_periods(self.contract.period, cells)
        return cells, some

    def _rows(self, columns: Mapping[str, TypedColumn], cells: Mapping[str, Cells], numbers: pa.Array) -> pa.Table:
        count = len(numbers)
        rows: dict[str, pa.Array] = {}
        for column in self.contract.columns:
            known = columns.get(column.name)
            rows[column.name] = known.rows if known else pa.nulls(count, column.arrow_type)
        for name, verdict in self.contract.verdict_columns.items():
            rows[verdict] = _verdicts(cells[name], columns[name]) if name in cells else _blank(count)
        return pa.table(rows | {"row_number": numbers})

    def _find_of_nobody(self, cells: Mapping[str, Cells], block: Block, broken: Numbers) -> None:
        """Mark as broken the rows that are the header once more, totals or notes, where they would break no rule."""
        key = cells.get(self.contract.key[0])
        suspects = key.where(self.of_nobody.suspects(key.values)) if key else None
        if suspects is None:
            return
        for place in np.flatnonzero(suspects & (broken == 0)).tolist():
            row = [str(column[place]) for column in block.cells.columns[: len(self.header.cells)]]
            if kind := self.of_nobody.kind_of(row):
                broken[place] = self.reasons.place_of(kind) + 1

    def _broken(
        self,
        connection: duckdb.DuckDBPyConnection,
        columns: Mapping[str, TypedColumn],
        rows: pa.Table,
    ) -> Numbers:
        """For each row the place (from 1) of the first rule it breaks, 0 where it breaks none."""
        broken = np.zeros(len(rows), np.int64)
        for place, rule in enumerate(self.rules, start=1):
            faulty = None
            if rule.fault is Fault.MISSING:
                values = rows[rule.column]
                faulty = np.asarray(values.is_null()) if values.null_count else None
            elif rule.fault:
                faulty = columns[str(rule.column)].having(rule.fault)
            if faulty is not None:
                broken[faulty & (broken == 0)] = place
        whole = {place: rule.condition for place, rule in enumerate(self.rules, start=1) if not rule.fault}
        if whole and len(rows):
            _hold_to(connection, whole, rows, broken, self.delivery)
        return broken


def _hold_to(
    connection: duckdb.DuckDBPyConnection,
    conditions: Mapping[int, str],
    rows: pa.Table,
    broken: Numbers,
    delivery: DeliveryKey,
) -> None:
    """Hold the rows that break nothing so far to conditions on the whole row, and note the first each breaks.

    Only the columns that the conditions name are handed over.
    """
    words = set(re.findall(r"\w+", " ".join(conditions.values()).lower()))
    named = rows.select([name for name in rows.column_names if name.lower() in words])
    named = named.append_column(PLACE, pa.array(np.arange(len(rows)))).append_column(EARLIER, pa.array(broken))
    cases = " ".join(f"WHEN {condition} THEN {place}" for place, condition in conditions.items())
    connection.register("typed", named)
    answer = connection.execute(
        f"SELECT place, rule FROM ("
        f"SELECT {identifier(PLACE)} AS place, CASE WHEN {identifier(EARLIER)} > 0 THEN 0 {cases} ELSE 0 END AS rule "
        f"FROM (SELECT *, DATE '{delivery.delivery_date}' AS delivery_date FROM typed)) WHERE rule > 0"
    ).fetchnumpy()
    connection.unregister("typed")
    broken[answer["place"]] = answer["rule"]


def _verdicts(cells: Cells, column: TypedColumn) -> pa.Array:
    """The verdict on each row's ID number; one that could not be decoded is no number."""
    numbers = cells.values
    if Fault.UNDECODABLE in column.faults:
        numbers = pc.if_else(column.faults[Fault.UNDECODABLE], "", numbers)
    judged = id_numbers.verdicts(numbers)
    return judged if cells.places is None else judged.take(cells.places)


def _blank(count: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(np.zeros(count, np.int8), pa.array([str(id_numbers.Verdict.BLANK)]))


def _key_hashes(connection: duckdb.DuckDBPyConnection, rows: pa.Table, key: Sequence[str]) -> Hashes:
    columns = ", ".join(map(identifier, key))
    connection.register("keyed", rows.select(key).append_column(PLACE, pa.array(np.arange(len(rows)))))
    answer = connection.execute(f"SELECT hash({columns}) AS hash, {identifier(PLACE)} AS place FROM keyed").fetchnumpy()
    connection.unregister("keyed")
    hashes = np.empty(len(rows), np.uint64)
    hashes[answer["place"]] = answer["hash"]
    return hashes


def _superseded(rows: pa.Table, hashes: Hashes, good: np.ndarray, key: Sequence[str]) -> Numbers:
    """The row numbers of good rows whose key a later good row of the block has; by hash first: few are alike."""
    repeated = alike(hashes)
    if not len(repeated):
        return np.zeros(0, np.int64)
    few = rows.select([*key, "row_number"]).filter(pa.array(np.isin(hashes, repeated) & good))
    keyed = pl.DataFrame(pl.from_arrow(few))
    last = pl.col("row_number").max().over(key)
    earlier = keyed.filter(pl.col("row_number") < last).get_column("row_number")
    return np.sort(earlier.to_numpy())
