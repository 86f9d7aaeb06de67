"""Conform one block of a delivery: typed rows that keep the contract, and the lines that do not, with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa

from engines.embedded import identifier, literal, sql_type
from matchers.identity import id_numbers
from pipelines.cell_text import plain_text
from pipelines.conform_sql import NEVER, UNDECODABLE, BrokenRule, broken_rules, first_broken, said, typed
from pipelines.header import Header
from pipelines.quarantine import DUPLICATE, DeliveryKey, Reasons, in_file_order
from pipelines.read_csv import LINE_NUMBER, Block, Numbers, RawBlock, parse
from schemas.contract import Contract, Meaning

BROKEN = "broken"


@dataclass(frozen=True)
class ConformedBlock:
    """What became of a block's rows; every row is in one of the two, and none in both."""

    rows: pa.Table
    """The contract's columns, a ``<column>_verdict`` for each ID number that tells who a row speaks of, row_number."""
    quarantine: pa.Table
    """Schema ``pipelines.quarantine.QUARANTINE``, in the order of the file."""


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
        return broken_rules(self.contract, {name: _text(name) for name in self.header.positions})

    @cached_property
    def reasons(self) -> Reasons:
        """All that can set a row apart."""
        return Reasons(self.rules)

    def conform(self, connection: duckdb.DuckDBPyConnection, raw: RawBlock) -> ConformedBlock:
        """Type the rows of a block. Of rows with the same key the last is kept, and the others are set apart."""
        block = parse(raw, self.encoding, len(self.header.cells), strict=self.strict)
        connection.register("delivered", pa.Table.from_batches([self._texts(block)]))
        rows = connection.sql(self._query(undecodable=block.undecodable)).to_arrow_table()
        connection.unregister("delivered")
        broken = np.asarray(rows[BROKEN])
        numbers = np.asarray(rows["row_number"])
        superseded = _superseded(rows, broken == 0, self.contract.key)
        lines = [self.reasons.place_of(name) for name in block.broken["rule"].to_pylist()]
        apart = in_file_order(
            (numbers[broken > 0], broken[broken > 0].astype(np.int64) - 1),
            (superseded, np.full(len(superseded), self.reasons.place_of(DUPLICATE))),
            (np.asarray(block.broken[LINE_NUMBER]), np.array(lines, np.int64)),
        )
        if len(apart[0]):
            rows = rows.filter(pa.array((broken == 0) & ~np.isin(numbers, superseded)))
        quarantine = self.reasons.explain(*apart, raw.lines(apart[0], self.encoding))
        return ConformedBlock(rows.drop_columns([BROKEN]), quarantine)

    def _texts(self, block: Block) -> pa.RecordBatch:
        """The cells of the columns the contract knows, ID numbers cleaned and judged."""
        columns = {}
        for name, position in self.header.positions.items():
            is_number = self.contract.column(name).meaning is Meaning.ID_NUMBER
            columns[name] = (id_numbers.clean if is_number else plain_text)(block.cells.column(position))
        verdicts = {
            f"{name}_verdict": id_numbers.verdicts(columns[name])
            for name in self.contract.verdict_columns
            if name in columns
        }
        return pa.RecordBatch.from_pydict(columns | verdicts | {LINE_NUMBER: block.cells.column(LINE_NUMBER)})

    def _query(self, *, undecodable: bool) -> str:
        rules = self.rules
        if not undecodable:
            rules = [replace(rule, condition=NEVER) if rule.name == UNDECODABLE else rule for rule in rules]
        positions, cells = self.header.positions, self.header.cells
        texts = [f"{said(identifier(name))} AS {_text(name)}" for name in positions]
        values = []
        for column in self.contract.columns:
            value = f"CAST(NULL AS {sql_type(column.arrow_type)})"
            if column.name in positions:
                value = typed(column, _text(column.name), cells[positions[column.name]])
            values.append(f"{value} AS {identifier(column.name)}")
        verdicts = []
        for name, verdict in self.contract.verdict_columns.items():
            value = f"CAST({identifier(verdict)} AS VARCHAR)" if name in positions else literal("blank")
            verdicts.append(f"{value} AS {identifier(verdict)}")
        output = [*self.contract.arrow_schema.names, *self.contract.verdict_columns.values()]
        return f"""
WITH texts AS (SELECT *, {", ".join(texts)} FROM delivered),
typed AS (
    SELECT {", ".join([*values, *verdicts])}, {", ".join(_text(name) for name in positions)},
        {LINE_NUMBER} AS row_number, DATE '{self.delivery.delivery_date}' AS delivery_date
    FROM texts
)
SELECT {", ".join(map(identifier, output))}, row_number, {first_broken(rules)} AS {BROKEN} FROM typed
"""


def _text(name: str) -> str:
    return identifier(f"text_{name}")


def _superseded(rows: pa.Table, good: np.ndarray, key: Sequence[str]) -> Numbers:
    """The row numbers of good rows whose key a later good row of the block has; by hash first: few are alike."""
    keyed = pl.DataFrame(pl.from_arrow(rows.select([*key, "row_number"])))
    if keyed.select(key).hash_rows().n_unique() == len(keyed):
        return np.zeros(0, np.int64)
    keyed = keyed.filter(pl.Series(good))
    last = pl.col("row_number").max().over(key)
    earlier = keyed.filter(pl.col("row_number") < last).get_column("row_number")
    return np.sort(earlier.to_numpy())
