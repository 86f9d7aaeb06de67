"""The headers of a sample held against a known type: those it knows, and the columns the others most likely are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from pipelines.drafting.code_values import COVERED, CodesSeen, seen_of
from pipelines.drafting.column_looks import Looks, looks_of
from pipelines.drafting.meanings import ENOUGH, seen_in, share_of
from pipelines.drafting.sample import Sample, SampleColumn
from schemas.column import Column, Meaning
from schemas.contract import Contract
from schemas.nearest_header import nearest
from schemas.spellings import folded

TELLING = (Meaning.ID_NUMBER, Meaning.ORGANISATION_CODE, Meaning.PHONE, Meaning.DIVISION)
"""Meanings that values show by themselves."""


@dataclass(frozen=True)
class Matched:
    """A header and the column it is, or most likely is."""

    sampled: SampleColumn
    column: Column
    known: bool
    """Whether the contract has the header; else it is suggested as an alias."""
    agreeing: float | None
    """The share of the different values that can be read as the column's; None where any text can."""
    codes: CodesSeen | None = None

    @property
    def doubtful(self) -> bool:
        """Whether the values do not look like the column's."""
        return self.agreeing is not None and self.agreeing < ENOUGH


@dataclass(frozen=True)
class Comparison:
    """A sample held against a contract."""

    contract: Contract
    sample: Sample
    matched: Sequence[Matched]
    unmatched: Sequence[SampleColumn]
    missing: Sequence[Column]
    """Columns of the contract that no header of the sample is, or most likely is."""

    @property
    def suggested(self) -> Mapping[str, str]:
        """The aliases to add: the header by the name of its column."""
        return {one.column.name: one.sampled.header for one in self.matched if not one.known and not one.doubtful}


def compared(connection: duckdb.DuckDBPyConnection, sample: Sample, contract: Contract) -> Comparison:
    """Hold the sample against the contract."""
    looks = looks_of(connection, sample)
    matched: dict[str, Matched] = {}
    others: list[SampleColumn] = []
    columns = contract.columns_under([sampled.header for sampled in sample.columns])
    for sampled, column in zip(sample.columns, columns, strict=True):
        if column and column.name not in matched:
            matched[column.name] = _matched(sampled, column, looks[sampled.place], known=True)
        else:
            others.append(sampled)
    for sampled, column in _likely(contract, others, looks, set(matched)):
        matched[column.name] = _matched(sampled, column, looks[sampled.place], known=False)
    places = {one.sampled.place for one in matched.values()}
    return Comparison(
        contract,
        sample,
        sorted(matched.values(), key=lambda one: one.sampled.place),
        [sampled for sampled in sample.columns if sampled.place not in places],
        [column for column in contract.columns if column.name not in matched],
    )


def _likely(
    contract: Contract, others: Sequence[SampleColumn], looks: Mapping[int, Looks], taken: set[str]
) -> list[tuple[SampleColumn, Column]]:
    """The columns that are still lacking for headers they are like, the likest first; then by what the values are."""
    lacking = [(contract, column) for column in contract.columns if column.name not in taken]
    found: list[tuple[SampleColumn, Column]] = []
    near = [(sampled, nearest(sampled.header, lacking)) for sampled in others]
    ranked = sorted(((one.likeness, sampled, one.column) for sampled, one in near if one), key=lambda one: -one[0])
    for _, sampled, column in ranked:
        if column.name not in taken and _agrees(column, looks[sampled.place]):
            found.append((sampled, column))
            taken = taken | {column.name}
    done = {sampled.place for sampled, _ in found}
    for sampled in others:
        left = [column for _, column in lacking if column.name not in taken]
        fitting = [column for column in left if _shows(sampled, looks[sampled.place], column)]
        if sampled.place not in done and len(fitting) == 1:
            found.append((sampled, fitting[0]))
            taken = taken | {fitting[0].name}
    return found


def _shows(sampled: SampleColumn, looks: Looks, column: Column) -> bool:
    """Whether the values show by themselves that they are the column's: by their form, or as words of its list."""
    if column.codes and sampled.filled and not all(map(str.isascii, sampled.counted)):
        codes = column.code_of
        listed = sum(rows for value, rows in sampled.counted.items() if folded(value) in codes)
        return listed >= COVERED * sampled.filled
    return column.meaning in TELLING and seen_in(looks) is column.meaning


def _agrees(column: Column, looks: Looks) -> bool:
    """Whether the values may be the column's: nothing speaks against it where any text can."""
    share, seen = share_of(column.meaning, looks), seen_in(looks)
    return (seen not in TELLING or seen is column.meaning) if share is None else share >= ENOUGH or not looks.values


def _matched(sampled: SampleColumn, column: Column, looks: Looks, *, known: bool) -> Matched:
    codes = seen_of(sampled, column.code_of) if column.codes else None
    return Matched(sampled, column, known, share_of(column.meaning, looks) if looks.values else None, codes)
