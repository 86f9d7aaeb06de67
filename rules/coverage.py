"""What a night saw: for which divisions each type was delivered and up to which day, and what of it nobody could read.

Both are plain tables, so that a night, its replay and a test's world state them the same way. ``everything`` stands for
a night on which all came everywhere, and all could be read.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from schemas.contract import Contract

TEXT = pa.string()
COVERAGE = pa.schema(
    [
        pa.field("type", TEXT, nullable=False),
        pa.field("division", TEXT, nullable=False),
        pa.field("until", pa.date32()),
    ]
)
"""Up to which day a type is known in a division (a prefix; the longest one holds, empty for all).

``until`` is the day its data speak for; None where nothing of it was delivered. A type without any row was not
delivered at all."""
UNREAD = pa.schema(
    [
        pa.field("type", TEXT, nullable=False),
        pa.field("scheme", TEXT, nullable=False),
        pa.field("household_id", TEXT, nullable=False),
        pa.field("member_id", TEXT),
        pa.field("column_name", TEXT),
    ]
)
"""Whose lines and cells nobody could read: ``column_name`` is the cell's, None where the whole line is in quarantine;
``member_id`` is None where only the household is known."""


@dataclass(frozen=True)
class Seen:
    """What a night saw of the types its rules read."""

    coverage: pa.Table
    """In the schema ``COVERAGE``."""
    unread: pa.Table
    """In the schema ``UNREAD``."""


def everything(contracts: Iterable[Contract], missing: Collection[str] = ()) -> Seen:
    """All types but those ``missing`` are known everywhere, up to any day, and every line could be read."""
    names = [contract.name for contract in contracts if contract.name not in missing]
    columns = [names, [""] * len(names), [date.max] * len(names)]
    return Seen(pa.table(columns, schema=COVERAGE), UNREAD.empty_table())
