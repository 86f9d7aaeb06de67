"""Reprocess: landed bytes are read again, after an alias, a code, a contract or hedui itself changed.

What comes to other rows is a further reading with an id of its own. Nights are made of rows by those ids, so whatever
depends on the delivery is linked and flagged anew: by the next night, and by a backfill for the past.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from engines.embedded import Limits, connect
from engines.lake import Lake
from pipelines.deliveries.kept_contracts import version_of
from pipelines.deliveries.named import deliveries_named, the_one
from pipelines.deliveries.receipts import Receipt, ReceiptStore, Status
from pipelines.intake.delivery_failure import concerns_everybody, log_failure, unforeseen
from pipelines.intake.ingest import Ingest
from pipelines.intake.read_again import BytesGoneError, standing_reading
from schemas.catalogue import Catalogue


@dataclass(frozen=True)
class Reread:
    """What became of a delivery that was read again, or would be."""

    before: Receipt
    """The reading whose rows stood, or its newest where none did."""
    after: Receipt | None
    """What stands of it now, or its newest where it is refused again; None on a dry run, and where it failed."""
    problem: str = ""
    """Why it could not be read again: it is as it was."""

    @property
    def changed(self) -> bool:
        """Whether it comes to other rows, or is accepted or refused otherwise than before."""
        return self.after is not None and _told(self.before) != _told(self.after)


def _told(receipt: Receipt) -> tuple[object, ...]:
    return (receipt.delivery_id, receipt.good, receipt.landed, receipt.conformed, receipt.quarantined, receipt.noted)


def to_read_again(
    lake: Lake, catalogue: Catalogue, *, delivery: str = "", type_name: str = "", since: date | None = None
) -> list[Receipt]:
    """The newest receipts of the deliveries to read again, those that repeat another's bytes after it.

    A delivery, or all of a type, or, without either, all that were read by another contract than today's or could not
    be read. ``since``: those that came or speak for a day from then on. What was withdrawn, is past keeping, or is of
    a type that no contract is for, is left. Raises NoSuchDeliveryError, and ContractError for an unknown type.
    """
    receipt_store = ReceiptStore(lake)
    if delivery:
        asked = the_one(deliveries_named(receipt_store, delivery), delivery)[-1]
        of_types, wanted = [asked.type_name], {asked.sha256}
    else:
        of_types, wanted = ([catalogue[type_name].name] if type_name else receipt_store.types()), set()
    chosen = []
    for name in of_types:
        if name not in catalogue.contracts:
            continue
        today = version_of(catalogue[name])
        for readings in receipt_store.deliveries(name):
            newest = readings[-1]
            kept = (
                newest.sha256
                and not any(one.withdrawn for one in readings)
                and not all(one.dropped for one in readings)
            )
            due = newest.sha256 in wanted if wanted else bool(type_name) or _due(receipt_store, newest, today)
            if kept and due and (since is None or max(newest.delivery_date, newest.received) >= since):
                chosen.append(newest)
    return sorted(chosen, key=lambda receipt: receipt.same_as is not None)


def _due(receipt_store: ReceiptStore, newest: Receipt, today: str) -> bool:
    """Whether what stands of it was read by another contract than today's, or nothing of it could be read."""
    stands = standing_reading(receipt_store, newest) or newest
    return today not in (stands.contract_version, newest.contract_version) or newest.status is Status.UNREADABLE


def reprocess(
    lake: Lake, catalogue: Catalogue, receipts: list[Receipt], limits: Limits | None = None
) -> Iterator[Reread]:
    """Read these deliveries again, one after the other, each settled when it is told of. The caller holds the lake.

    One that fails for a reason nobody foresaw stays as it was, and the others go on.
    """
    limits = limits or Limits()
    receipt_store = ReceiptStore(lake)
    with _ready(lake, receipt_store, limits) as ingest:
        for receipt in receipts:
            yield _read_again(ingest, receipt_store, receipt, catalogue)


def _read_again(ingest: Ingest, receipt_store: ReceiptStore, receipt: Receipt, catalogue: Catalogue) -> Reread:
    before = standing_reading(receipt_store, receipt) or receipt
    try:
        after = ingest.read_again(receipt, catalogue[receipt.type_name])
    except BytesGoneError as error:
        return Reread(before, None, str(error))
    except BaseException as error:
        if concerns_everybody(error):
            raise
        log_failure(error, type_name=receipt.type_name, source=receipt.source)
        ingest.lake.prove_writable()
        return Reread(before, None, unforeseen(error).message_en)
    return Reread(before, after)


@contextmanager
def _ready(lake: Lake, receipt_store: ReceiptStore, limits: Limits) -> Iterator[Ingest]:
    from expectations.gate import Gate
    from pipelines.intake.block_workers import BlockWorkers

    with (
        connect(lake.root / "spill", limits) as connection,
        Gate(memory_limit=limits.memory, threads=limits.threads) as gate,
        BlockWorkers(limits.threads) as workers,
    ):
        yield Ingest(lake, receipt_store, connection, gate, workers=workers)
