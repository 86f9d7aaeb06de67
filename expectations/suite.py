"""From contract to suite: what the whole of a delivery must look like before it replaces the last good one.

An expectation is first plain data, so that it can be listed, worded and tested without Great Expectations.
Expectations are made so that Great Expectations merges them: all those on the rows become one query.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from expectations.duckdb_execution import great_expectations
from expectations.facts import TABLE_OF_FACTS, TABLE_OF_ROWS, broken, numbers
from schemas.contract import Contract, Meaning

SOUND = ("sound", "sound_15")
"""Verdicts on an ID number that passes every check it can be put to."""
EARLIEST = date(1900, 1, 1)
FURTHEST = timedelta(days=100 * 366)
"""A date that may lie ahead (the end of a contract or of a buffer) is at most a century ahead."""
CLOCKS_DIFFER = timedelta(days=1)
EXCEPTIONS_ALLOWED = 3
"""A share says little about a handful of rows: this many exceptions never refuse a delivery by themselves."""


@dataclass(frozen=True)
class Expected:
    """One expectation on a delivery."""

    name: str
    """What users know it by: rows, rows_against_last, filled, ..."""
    column: str | None
    table: str
    """Where it looks: at the rows (``delivered``) or at what was counted of them (``facts``)."""
    kind: str
    """The Great Expectations class that checks it."""
    arguments: dict[str, Any]
    subject: str | None = None
    """The row rule it stands for."""
    floor: float | None = None
    """The share the contract asks for, before exceptions are allowed for."""


def expected_of(
    contract: Contract, facts: dict[str, float], *, last_good_rows: int | None, delivery_date: date
) -> list[Expected]:
    """All that is expected of one delivery, given its ``facts``, in the order in which failures are told."""
    return [
        _fact("headers", "headers_missing", 0),
        *_row_counts(contract, last_good_rows),
        _quarantined(contract, facts),
        _fact("key_unique", "repeated_keys", 0),
        *_filled(contract, facts),
        *_codes(contract),
        *_dates(contract, facts, delivery_date),
        *(_fact("row_rule", broken(rule.name), 0, subject=rule.name) for rule in contract.row_rules),
        *_sound_numbers(contract, facts),
    ]


def suite_of(contract: Contract, expected: list[Expected], table: str) -> Any:
    """The Great Expectations suite of those that look at ``table``. Their place in ``expected`` is in the meta."""
    gx = great_expectations()
    chosen = [
        getattr(gx.expectations, each.kind)(**each.arguments, meta={"place": place})
        for place, each in enumerate(expected)
        if each.table == table
    ]
    return gx.ExpectationSuite(name=f"{contract.name}.{table}", expectations=chosen)


def _fact(name: str, fact: str, ceiling: float, subject: str | None = None) -> Expected:
    arguments = {"column": fact, "max_value": ceiling}
    return Expected(name, None, TABLE_OF_FACTS, "ExpectColumnMaxToBeBetween", arguments, subject)


def _row_counts(contract: Contract, last_good_rows: int | None) -> Iterator[Expected]:
    """A full delivery without rows would empty the type: it needs one at least, whatever the contract says."""
    kind = "ExpectTableRowCountToBeBetween"
    bounds = contract.expectations.rows
    least = max(math.ceil(bounds.min or 0), 1 if contract.delivery.kind == "full" else 0)
    yield Expected("rows", None, TABLE_OF_ROWS, kind, _between(least, _floor(bounds.max)))
    against = contract.expectations.rows_against_last
    if against is not None and last_good_rows:
        least = math.ceil(round((against.min or 0) * last_good_rows, 6))
        most = None if against.max is None else _floor(round(against.max * last_good_rows, 6))
        yield Expected("rows_against_last", None, TABLE_OF_ROWS, kind, _between(least, most))


def _between(least: int, most: int | None) -> dict[str, int]:
    return {"min_value": least} if most is None else {"min_value": least, "max_value": most}


def _floor(number: float | None) -> int | None:
    return None if number is None else math.floor(number)


def _quarantined(contract: Contract, facts: dict[str, float]) -> Expected:
    limit = contract.expectations.quarantined
    ceiling = round(1 - _tolerant(1 - limit, facts["landed"]), 12)
    arguments = {"column": "quarantined_share", "max_value": ceiling}
    return Expected("quarantined", None, TABLE_OF_FACTS, "ExpectColumnMaxToBeBetween", arguments, floor=limit)


def _filled(contract: Contract, facts: dict[str, float]) -> Iterator[Expected]:
    """Required columns are wholly filled, or conform would have quarantined the row."""
    for column in contract.columns:
        share = 1.0 if column.required else contract.expectations.filled.get(column.name)
        if share:
            mostly = share if column.required else _tolerant(share, facts["conformed"])
            yield _share("filled", column.name, "ExpectColumnValuesToNotBeNull", mostly=mostly, floor=share)


def _codes(contract: Contract) -> Iterator[Expected]:
    for column in contract.columns:
        if column.codes:
            values = {"value_set": list(column.codes)}
            yield _share("codes", column.name, "ExpectColumnValuesToBeInSet", mostly=1.0, floor=1.0, more=values)


def _dates(contract: Contract, facts: dict[str, float], delivery_date: date) -> Iterator[Expected]:
    """Required dates and birth dates have happened; others may lie ahead. As many may be odd as may be quarantined."""
    births = {identity.birth_date for identity in contract.identity}
    share = 1 - contract.expectations.quarantined
    for column in contract.columns:
        if column.meaning in (Meaning.DATE, Meaning.MONTH):
            happened = column.required or column.name in births
            latest = delivery_date + (CLOCKS_DIFFER if happened else FURTHEST)
            bounds = {"min_value": EARLIEST, "max_value": latest}
            mostly = _tolerant(share, facts["conformed"])
            kind = "ExpectColumnValuesToBeBetween"
            yield _share("dates", column.name, kind, mostly=mostly, floor=share, more=bounds)


def _sound_numbers(contract: Contract, facts: dict[str, float]) -> Iterator[Expected]:
    share = contract.expectations.sound_id_numbers
    if share:
        for column, verdict in contract.verdict_columns.items():
            mostly = _tolerant(share, facts[numbers(column)])
            kind, more = "ExpectColumnValuesToBeInSet", {"column": verdict, "value_set": list(SOUND)}
            yield _share("sound_id_numbers", column, kind, mostly=mostly, floor=share, more=more)


def _share(
    name: str, column: str, kind: str, *, mostly: float, floor: float, more: dict[str, Any] | None = None
) -> Expected:
    arguments = {"column": column, **(more or {})} | ({"mostly": mostly} if mostly < 1 else {})
    return Expected(name, column, TABLE_OF_ROWS, kind, arguments, floor=floor)


def _tolerant(share: float, rows: float) -> float:
    """The share to ask of so many rows, lowered where a few exceptions alone would break it."""
    return round(max(0.0, min(share, 1 - EXCEPTIONS_ALLOWED / rows)), 12) if rows else share
