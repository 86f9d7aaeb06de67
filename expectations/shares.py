"""The shares a contract asks for: of rows filled, of codes listed, of dates within reason, of sound ID numbers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from engines.embedded import identifier, literal
from schemas.column import Meaning
from schemas.contract import Contract

SOUND = ("sound", "sound_15")
"""Verdicts on an ID number that passes every check it can be put to."""
EARLIEST = date(1900, 1, 1)
FURTHEST = timedelta(days=100 * 366)
"""A date that may lie ahead (the end of a contract or of a buffer) is at most a century ahead."""
CLOCKS_DIFFER = timedelta(days=1)
EXCEPTIONS_ALLOWED = 3
"""A share says little about a handful of rows: this many exceptions never refuse a delivery by themselves."""


@dataclass(frozen=True)
class Share:
    """A share of the values that are there; of filled columns, of all rows."""

    name: str
    """What users know it by: filled, codes, dates, sound_id_numbers."""
    column: str
    looked_at: str
    """The column of the rows that tells: the column itself, or the verdict on its numbers."""
    kind: str
    """The Great Expectations class that judges it."""
    condition: str
    """What Great Expectations calls the condition a value meets."""
    floor: float
    """The share the contract asks for."""
    fits: str | None = None
    """SQL, true where a value meets the condition; none where being there is all that is asked."""
    arguments: dict[str, Any] = field(default_factory=dict)
    exact: bool = False
    """Whether a few exceptions are too many, too."""

    @property
    def missing(self) -> str:
        """The fact that counts the rows without a value."""
        return f"missing_{self.looked_at}"

    @property
    def unexpected(self) -> str:
        """The fact that counts the values which do not meet the condition."""
        return self.missing if self.fits is None else f"{self.name}_not_met_{self.looked_at}"

    @property
    def counts(self) -> dict[str, str]:
        """Both facts, each with the SQL that counts it."""
        counts = {self.missing: f"count(*) - count({identifier(self.looked_at)})"}
        return counts if self.fits is None else counts | {self.unexpected: f"count(*) FILTER (WHERE NOT ({self.fits}))"}

    def mostly(self, facts: dict[str, float]) -> float:
        """The share to ask of so many values, lowered where a few exceptions alone would break it."""
        there = facts["conformed"] - (0 if self.fits is None else facts[self.missing])
        return self.floor if self.exact else tolerant(self.floor, there)


def shares_of(contract: Contract, delivery_date: date) -> Iterator[Share]:
    """All shares asked of one delivery."""
    yield from _filled(contract)
    yield from _codes(contract)
    yield from _dates(contract, delivery_date)
    yield from _sound_numbers(contract)


def tolerant(share: float, count: float) -> float:
    """The share to ask of so many, lowered where a few exceptions alone would break it."""
    return max(0.0, min(share, (count - EXCEPTIONS_ALLOWED) / count)) if count else share


def tolerated(share: float, count: float) -> float:
    """The share of so many that may be exceptions, raised to where a few of them never break it."""
    return min(1.0, max(share, EXCEPTIONS_ALLOWED / count)) if count else share


def _filled(contract: Contract) -> Iterator[Share]:
    """Columns that set rows apart are wholly filled, or conform would have set the row apart."""
    for column in contract.columns:
        if share := contract.filled(column):
            kind, condition = "ExpectColumnValuesToNotBeNull", "nonnull"
            exact = contract.sets_apart(column)
            yield Share("filled", column.name, column.name, kind, condition, share, exact=exact)


def _codes(contract: Contract) -> Iterator[Share]:
    for column in contract.columns:
        if column.codes:
            yield _in_set("codes", column.name, column.name, list(column.codes), 1.0, exact=True)


def _dates(contract: Contract, delivery_date: date) -> Iterator[Share]:
    """Required dates and birth dates have happened; others may lie ahead. As many may be odd as may be quarantined."""
    births = {identity.birth_date for identity in contract.identity}
    for column in contract.columns:
        if column.meaning in (Meaning.DATE, Meaning.MONTH):
            happened = column.required or column.name in births
            latest = delivery_date + (CLOCKS_DIFFER if happened else FURTHEST)
            yield Share(
                "dates",
                column.name,
                column.name,
                "ExpectColumnValuesToBeBetween",
                "between",
                1 - contract.expectations.quarantined,
                f"{identifier(column.name)} BETWEEN DATE '{EARLIEST}' AND DATE '{latest}'",
                {"min_value": EARLIEST, "max_value": latest},
            )


def _sound_numbers(contract: Contract) -> Iterator[Share]:
    share = contract.expectations.sound_id_numbers
    if share:
        for column, verdict in contract.verdict_columns.items():
            yield _in_set("sound_id_numbers", column, verdict, list(SOUND), share, exact=False)


def _in_set(name: str, column: str, looked_at: str, values: list[str], floor: float, *, exact: bool) -> Share:
    # A list is looked through once for each value of a column whose values repeat, IN for each row.
    fits = f"{identifier(looked_at)} = ANY ([{', '.join(map(literal, values))}])"
    kind, more = "ExpectColumnValuesToBeInSet", {"value_set": values}
    return Share(name, column, looked_at, kind, "in_set", floor, fits, more, exact)
