"""Cells that could not be read: a few are noted and left empty; most of a column refuses the delivery."""

from collections.abc import Iterator, Mapping

from engines.embedded import identifier
from expectations.shares import tolerated
from schemas.contract import Contract

MOST = 0.5
"""Of the cells of a column that say something, the share that may be unread: with more, another form was delivered."""


def filled_counts(unread: Mapping[str, int]) -> dict[str, str]:
    """SQL that counts the values of each column of which some cells were not read, by the name of the fact."""
    return {_filled(column): f"count({identifier(column)})" for column in unread}


def unread_shares(contract: Contract, facts: Mapping[str, float], unread: Mapping[str, int]) -> dict[str, float]:
    """For each such column how many of its cells say something, and the share of these that was not read, as facts."""
    shares: dict[str, float] = {}
    for column, count in unread.items():
        # A column with a code for what its list lacks has a value in these rows all the same.
        said = facts[_filled(column)] + (count if contract.column(column).unlisted is None else 0)
        shares |= {_said(column): said, share_of(column): count / said if said else 0.0}
    return shares


def ceilings(contract: Contract, facts: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """Each such column with the largest share of it that may be unread."""
    for column in contract.columns:
        if share_of(column.name) in facts:
            yield column.name, tolerated(MOST, facts[_said(column.name)])


def share_of(column: str) -> str:
    """The fact that says which share of a column was not read."""
    return f"unread_share_{column}"


def _filled(column: str) -> str:
    return f"filled_{column}"


def _said(column: str) -> str:
    return f"said_{column}"
