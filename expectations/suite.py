"""From contract to suite: what a whole delivery must meet before it replaces the last good one.

An expectation is first plain data, so that it can be listed, worded and tested without Great Expectations. Each names
the counts it is judged by, so that one pass over the rows serves all.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from expectations.shares import Share, shares_of, tolerated
from expectations.unread import MOST, ceilings, filled_counts, share_of
from schemas.contract import Contract


@dataclass(frozen=True)
class Expected:
    """One expectation on a delivery."""

    name: str
    """What users know it by: rows, rows_against_last, filled, ..."""
    column: str | None
    kind: str
    """The Great Expectations class that judges it."""
    arguments: dict[str, Any]
    metrics: dict[str, str]
    """What Great Expectations asks to know, each with the fact that says it."""
    subject: str | None = None
    """The row rule it stands for."""
    floor: float | None = None
    """The share the contract asks for, before exceptions are allowed for."""


def counts_of(contract: Contract, delivery_date: date, unread: Mapping[str, int]) -> dict[str, str]:
    """What is counted of the rows to judge them: each fact with the SQL aggregate that counts it.

    ``unread``: how many cells could not be read, by column.
    """
    counts = {"conformed": "count(*)"} | filled_counts(unread)
    for share in shares_of(contract, delivery_date):
        counts |= share.counts
    return counts | {_broken(rule.name): f"count(*) FILTER (WHERE NOT ({rule.sql}))" for rule in contract.row_rules}


def expected_of(
    contract: Contract, facts: dict[str, float], *, last_good_rows: int | None, delivery_date: date
) -> list[Expected]:
    """All that is expected of one delivery, given its ``facts``, in the order in which failures are told."""
    shares = list(shares_of(contract, delivery_date))
    sound = [share for share in shares if share.name == "sound_id_numbers"]
    return [
        _fact("headers", "headers_missing", 0),
        *_row_counts(contract, last_good_rows),
        _quarantined(contract, facts),
        *(_unread(column, ceiling) for column, ceiling in ceilings(contract, facts)),
        _fact("key_unique", "repeated_keys", 0),
        *(_share(share, facts) for share in shares if share not in sound),
        *(_fact("row_rule", _broken(rule.name), 0, subject=rule.name) for rule in contract.row_rules),
        *(_share(share, facts) for share in sound),
    ]


def _broken(rule: str) -> str:
    return f"broken_{rule}"


def _fact(name: str, fact: str, ceiling: float, subject: str | None = None, floor: float | None = None) -> Expected:
    arguments = {"column": fact, "max_value": ceiling}
    return Expected(name, None, "ExpectColumnMaxToBeBetween", arguments, {"column.max": fact}, subject, floor)


def _row_counts(contract: Contract, last_good_rows: int | None) -> Iterator[Expected]:
    """A full delivery without rows would empty the type: it needs one at least, whatever the contract says."""
    bounds = contract.expectations.rows
    least = max(math.ceil(bounds.min or 0), 1 if contract.delivery.kind == "full" else 0)
    yield _rows("rows", least, _floor(bounds.max))
    against = contract.expectations.rows_against_last
    if against is not None and last_good_rows:
        least = math.ceil(round((against.min or 0) * last_good_rows, 6))
        most = None if against.max is None else _floor(round(against.max * last_good_rows, 6))
        yield _rows("rows_against_last", least, most)


def _rows(name: str, least: int, most: int | None) -> Expected:
    bounds = {"min_value": least} if most is None else {"min_value": least, "max_value": most}
    return Expected(name, None, "ExpectTableRowCountToBeBetween", bounds, {"table.row_count": "conformed"})


def _floor(number: float | None) -> int | None:
    return None if number is None else math.floor(number)


def _quarantined(contract: Contract, facts: dict[str, float]) -> Expected:
    limit = contract.expectations.quarantined
    ceiling = tolerated(limit, facts["landed"] - facts["of_nobody"])
    return _fact("quarantined", "quarantined_share", ceiling, floor=limit)


def _unread(column: str, ceiling: float) -> Expected:
    return replace(_fact("read", share_of(column), ceiling, floor=MOST), column=column)


def _share(share: Share, facts: dict[str, float]) -> Expected:
    mostly = share.mostly(facts)
    arguments = {"column": share.looked_at, **share.arguments} | ({"mostly": mostly} if mostly < 1 else {})
    metrics = {
        "table.row_count": "conformed",
        "column_values.nonnull.unexpected_count": share.missing,
        f"column_values.{share.condition}.unexpected_count": share.unexpected,
    }
    return Expected(share.name, share.column, share.kind, arguments, metrics, floor=share.floor)
