"""A block's columns as the contract declares them: a cell that many rows have is cleaned, typed and judged once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engines.embedded import identifier
from pipelines.intake.cell_text import said_text, to_be_typed
from pipelines.intake.conform_sql import Fault, typed
from pipelines.intake.read_csv import Flags
from pipelines.intake.second_look import look_again
from schemas.column import ARROW_TYPES, Column, Meaning

TYPED = frozenset({*ARROW_TYPES, Meaning.CODE, Meaning.DIVISION})
"""Meanings whose every value is made of the text; of other text something is made in few cells."""
UNDECODABLE = "\ufffd"
PLACE = "its place"
"""No column of a contract is named with a blank."""


@dataclass(frozen=True)
class Cells:
    """A column of a block: its values, and which of them each row has; without places, each row has its own."""

    values: pa.Array
    places: pa.Array | None = None

    @classmethod
    def of(cls, column: pa.Array) -> "Cells":
        """The cells of a column as it was read, dictionary-encoded or not."""
        if pa.types.is_dictionary(column.type):
            return cls(column.dictionary, column.indices)
        return cls(column)

    def holding(self, values: pa.Array) -> "Cells":
        """Other values in the same places."""
        return Cells(values, self.places)

    def rows(self) -> pa.Array:
        """A value for each row; repeated text stays dictionary-encoded, each value once in the dictionary."""
        if self.places is None:
            return self.values
        if not pa.types.is_string(self.values.type):
            return pc.take(self.values, self.places)
        told_apart = self.values.dictionary_encode()
        return pa.DictionaryArray.from_arrays(pc.take(told_apart.indices, self.places), told_apart.dictionary)

    def where(self, flags: pa.Array) -> Flags | None:
        """For each row whether its value is flagged; None where no value is."""
        flagged = np.asarray(flags)
        if not flagged.any():
            return None
        return flagged if self.places is None else flagged[np.asarray(self.places)]


@dataclass(frozen=True)
class TypedColumn:
    """A column's text and what it was typed as."""

    texts: Cells
    values: pa.Array
    """In the places of ``texts``."""
    rows: pa.Array
    faults: Mapping[Fault, pa.Array]
    """Which of ``texts`` have which fault, where some have: a text has one at most."""

    def having(self, fault: Fault) -> Flags | None:
        """The rows whose cell has the fault; None where none has."""
        return self.texts.where(self.faults[fault]) if fault in self.faults else None


@dataclass(frozen=True)
class ToType:
    """A text that SQL is to type."""

    name: str
    expression: str
    """SQL over the column ``name``."""
    texts: pa.Array


def typed_columns(
    connection: duckdb.DuckDBPyConnection,
    cells: Mapping[str, Cells],
    columns: Sequence[Column],
    headers: Mapping[str, str],
    *,
    undecodable: bool = True,
) -> dict[str, TypedColumn]:
    """Each of the columns typed.

    ``cells`` are a block's cleaned cells by the names of the columns, ``headers`` those the file gives them;
    ``undecodable``: whether some of them may hold what could not be decoded.
    """
    texts = {name: of.holding(said_text(of.values)) for name, of in cells.items()}
    values = {name: of.values for name, of in texts.items()}
    asked: list[ToType] = []
    few: dict[str, pa.Array] = {}
    for column in columns:
        name, said = column.name, values[column.name]
        if column.meaning is Meaning.CODE:
            values[name] = _codes(column, said)
            continue
        if column.meaning not in TYPED:
            found = to_be_typed(column.meaning, cells[name].values)
            if found is None:
                continue
            few[name], said = found, said.filter(found)
        asked.append(ToType(name, typed(column, identifier(name), headers[name]), said))
    for name, answer in _typed(connection, asked).items():
        values[name] = pc.replace_with_mask(values[name], few[name], answer) if name in few else answer
    return {
        column.name: _judged(
            connection,
            column,
            headers[column.name],
            texts[column.name],
            values[column.name],
            undecodable=undecodable,
        )
        for column in columns
    }


def _codes(column: Column, texts: pa.Array) -> pa.Array:
    """The codes of texts as the contract writes them; otherwise written ones are looked at again."""
    codes = {word: code for code, entry in column.codes.items() for word in entry.spellings(code)}
    return pa.array(codes.values(), pa.string()).take(pc.index_in(texts, pa.array(codes, pa.string())))


def _judged(
    connection: duckdb.DuckDBPyConnection,
    column: Column,
    header: str,
    texts: Cells,
    values: pa.Array,
    *,
    undecodable: bool,
) -> TypedColumn:
    """The column with what its texts say at a second look, and what is wrong with those that still say nothing."""
    said, faults = texts.values, {}
    if undecodable:
        faults[Fault.UNDECODABLE] = pc.fill_null(pc.match_substring(said, UNDECODABLE), fill_value=False)
        values = pc.if_else(faults[Fault.UNDECODABLE], pa.scalar(None, values.type), values)
    if values.null_count != said.null_count:
        odd = pc.and_(values.is_null(), said.is_valid())
        reading = look_again(connection, column, header, said.filter(odd))
        if reading is not None:
            values = pc.replace_with_mask(values, odd, reading.values)
            says_none = pc.replace_with_mask(pa.array(np.zeros(len(said), np.bool_)), odd, reading.says_none)
            if column.open_ended:
                said = pc.if_else(says_none, pa.scalar(None, said.type), said)
            else:
                faults[Fault.UNKNOWN] = says_none
        known = [mask for mask in faults.values() if mask.true_count]
        faults[Fault.UNREADABLE] = reduce(pc.and_not, known, pc.and_(values.is_null(), said.is_valid()))
    if column.required and said.null_count:
        faults[Fault.MISSING] = said.is_null()
    if column.unlisted is not None and faults:
        values = pc.if_else(reduce(pc.or_, faults.values()), column.unlisted, values)
    texts = texts.holding(said)
    found = {fault: mask for fault, mask in faults.items() if mask.true_count}
    return TypedColumn(texts, values, texts.holding(values).rows(), found)


def _typed(connection: duckdb.DuckDBPyConnection, asked: Sequence[ToType]) -> dict[str, pa.Array]:
    """What SQL makes of the texts. Those of about the same number are asked for in one query, the fewer filled up."""
    answers: dict[str, pa.Array] = {}
    in_size = sorted(asked, key=lambda one: _size(one.texts))
    for _, some in groupby(in_size, key=lambda one: _size(one.texts)):
        answers |= _answered(connection, list(some))
    return answers


def _size(texts: pa.Array) -> int:
    return len(texts).bit_length() // 6


def _answered(connection: duckdb.DuckDBPyConnection, asked: Sequence[ToType]) -> dict[str, pa.Array]:
    longest = max(len(one.texts) for one in asked)
    filled = {
        one.name: pa.concat_arrays([one.texts, pa.nulls(longest - len(one.texts), pa.string())])
        if len(one.texts) < longest
        else one.texts
        for one in asked
    }
    expressions = ", ".join(f"{one.expression} AS {identifier(one.name)}" for one in asked)
    connection.register("asked", pa.table(filled | {PLACE: np.arange(longest)}))
    answer = connection.sql(f"SELECT {expressions}, {identifier(PLACE)} FROM asked").to_arrow_table()
    connection.unregister("asked")
    answer = answer.sort_by(PLACE)
    return {one.name: answer[one.name].combine_chunks()[: len(one.texts)] for one in asked}
