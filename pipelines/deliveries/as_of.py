"""As of a day: for each type, the rows that stood then, as a DuckDB view of the type's name.

A full type shows its newest delivery, or the newest that came in parts (``deliveries.editions``), an increment the last
row per key over all deliveries. ``as_of`` is the day the deliveries speak for, ``known_by`` the day by which they must
have come: with both, a past night can be seen again as it was seen then, or as it looks with what has come since.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from engines.connection import Connection
from engines.embedded import identifier
from engines.lake import Lake
from pipelines.deliveries.editions import Edition, editions_of, newest_complete, newest_incomplete
from pipelines.deliveries.receipts import Receipt, ReceiptStore, Status
from pipelines.deliveries.rows_of import rows_of
from pipelines.deliveries.superseded import superseded_rows
from schemas.contract import Contract


class Freshness(StrEnum):
    """How the rows in use for a type stand to what was due."""

    FRESH = "fresh"
    STALE = "stale"
    """The last good delivery is in use in place of a newer one that was refused or is late."""
    MISSING = "missing"
    """There is no good delivery at all."""


@dataclass(frozen=True)
class TypeAsOf:
    """What is in use for one type as of a night."""

    type_name: str
    freshness: Freshness
    deliveries: tuple[str, ...]
    """The deliveries whose rows are shown, oldest first."""
    newest: date | None
    """The day the newest of them speaks for."""
    refused: tuple[str, ...]
    """Newer deliveries that were refused or could not be read; not the newest itself, read again: its rows stand."""
    unreadable: tuple[str, ...]
    """Those of them that could not be read."""
    late: bool
    in_parts: bool = False
    """Whether the deliveries are the parts of one day."""
    waits_for: tuple[int, ...] = ()
    """The parts that have not come of a newer delivery in parts, so that it is not in use."""
    parts: int = 0
    """How many parts that has."""

    @property
    def waiting(self) -> str:
        """What it waits for, as it is told; empty where that is nothing."""
        return f"part {', '.join(map(str, self.waits_for))} of {self.parts}" if self.waits_for else ""


def choose(contract: Contract, receipt_store: ReceiptStore, *, as_of: date, known_by: date) -> TypeAsOf:
    """Say which deliveries of a type are in use, and how fresh they are."""
    usable = receipt_store.usable(contract.name, as_of=as_of, known_by=known_by)
    in_use: Edition | None = None
    waits: Edition | None = None
    shown: Sequence[Receipt] = usable
    if contract.delivery.kind == "full":
        editions = editions_of(contract, usable)
        in_use = newest_complete(editions)
        shown, waits = in_use.receipts if in_use else (), newest_incomplete(editions)
    newest = shown[-1] if shown else None
    content = {receipt.sha256 for receipt in shown}
    refused = [
        receipt
        for receipt in receipt_store.of_type(contract.name)
        if receipt.status in (Status.REFUSED, Status.UNREADABLE)
        and receipt.withdrawn is None
        and receipt.delivery_date <= as_of
        and receipt.received <= known_by
        and (newest is None or (receipt.order > newest.order and receipt.delivery != newest.delivery))
        # Under another name the same bytes are in use by now.
        and not (receipt.sha256 and receipt.sha256 in content)
    ]
    due = as_of - timedelta(days=contract.delivery.late_after_days)
    late = newest is None or newest.delivery_date < due
    return TypeAsOf(
        contract.name,
        Freshness.MISSING if newest is None else Freshness.STALE if refused or late else Freshness.FRESH,
        tuple(reversed(dict.fromkeys(receipt_store.rows_for(receipt) for receipt in reversed(shown)))),
        newest.delivery_date if newest else None,
        tuple(receipt.delivery_id for receipt in refused),
        tuple(receipt.delivery_id for receipt in refused if receipt.status is Status.UNREADABLE),
        late,
        in_parts=in_use is not None and in_use.parts is not None,
        waits_for=waits.waits_for if waits else (),
        parts=(waits.parts or 0) if waits else 0,
    )


def create_view(connection: Connection, lake: Lake, contract: Contract, chosen: TypeAsOf) -> None:
    """Make the view ``<type>``: the rows as the lake keeps them, and ``row_key``."""
    show_deliveries(connection, lake, contract, chosen.deliveries)


def show_deliveries(connection: Connection, lake: Lake, contract: Contract, deliveries: Sequence[str]) -> None:
    """Make the view ``<type>`` of these deliveries, oldest first; without any it has no rows.

    Its columns are those of ``contract``, whichever contract the deliveries were read under.
    """
    key = [f"CAST({identifier(name)} AS VARCHAR)" for name in contract.key]
    # A key of one column as it is: who looks for some rows then reads their part of the files alone.
    row_key = key[0] if len(key) == 1 else f"concat_ws('|', {', '.join(key)})"
    rows = rows_of(lake, contract, deliveries)
    select = f"SELECT *, {row_key} AS row_key FROM {rows} AS said"
    if len(deliveries) > 1:
        superseded = superseded_rows(lake, contract, deliveries, rows)
        if superseded.num_rows:
            connection.register(f"superseded_{contract.name}", superseded)
            select += f" ANTI JOIN superseded_{contract.name} USING (delivery_id, row_number)"
    connection.execute(f"CREATE OR REPLACE VIEW {identifier(contract.name)} AS {select}")
