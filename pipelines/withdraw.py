"""Withdraw: take a wrong delivery back; every night from then on ignores it.

Its receipt stays, with who took it back, when and why: the same file in the inbox is not taken in again. Its rows stay
too until they are past keeping, so that what was once made of them can be made again.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from engines.lake import Lake
from pipelines.deliveries.receipts import Receipt, ReceiptStore, Withdrawal
from pipelines.provenance.made_of import find_provenance, nights_kept
from schemas.masks import mask_numbers

LONGEST_REASON = 500
SHOWN = 5


class WithdrawError(ValueError):
    """Nothing was withdrawn. The message says what to give."""

    exit_code = 4


@dataclass(frozen=True)
class Withdrawn:
    """What was taken back."""

    receipts: tuple[Receipt, ...]
    """One for each reading of the delivery."""
    repeated_by: tuple[str, ...]
    """Other deliveries of the same bytes, which stay in use."""
    nights: tuple[date, ...]
    """The nights that were made of it."""


def withdraw(lake: Lake, delivery: str, withdrawal: Withdrawal, database_url: str) -> Withdrawn:
    """Take a delivery back, in its receipts and with a line in the audit log.

    ``delivery``: its id, or the name or place of its file in the inbox. Raises WithdrawError, with nothing changed,
    where that is no delivery or several, where it was withdrawn before, and without a reason.
    """
    reason = mask_numbers(" ".join(withdrawal.reason.split()))
    if not 0 < len(reason) <= LONGEST_REASON:
        raise WithdrawError(f"--reason: say in 1 to {LONGEST_REASON} characters why, for readers of the audit log")
    receipt_store = ReceiptStore(lake)
    found = _find(receipt_store, delivery)
    by = withdrawal.model_copy(update={"reason": reason})
    receipts = tuple(receipt.model_copy(update={"withdrawn": by}) for receipt in found)
    _write(receipt_store, receipts, database_url)
    return Withdrawn(
        receipts,
        tuple(
            sorted(
                one.delivery_id for one in receipt_store if one.usable and one.sha256 and one.sha256 == found[0].sha256
            )
        ),
        tuple(_nights_of(lake, {receipt_store.rows_for(receipt) for receipt in receipts}, found[0].type_name)),
    )


def _find(receipt_store: ReceiptStore, named: str) -> list[Receipt]:
    """The receipts of the one delivery of that name, a reading each."""
    groups: dict[tuple[str, str], list[Receipt]] = defaultdict(list)
    for receipt in receipt_store:
        file = receipt.source.rpartition("/")[2]
        if named in (receipt.delivery, receipt.delivery_id, receipt.source, file):
            groups[receipt.type_name, receipt.delivery] = receipt_store.readings(receipt.type_name, receipt.delivery)
    if not groups:
        raise WithdrawError(
            f"this lake has no delivery {named!r}: give its id, as the report of its night and the page of deliveries "
            f"show it, or the name of its file"
        )
    left = {key: receipts for key, receipts in groups.items() if not any(one.withdrawn for one in receipts)}
    if not left:
        ((tombstone, *_), *_) = ([one.withdrawn for one in receipts if one.withdrawn] for receipts in groups.values())
        raise WithdrawError(f"{named} was withdrawn on {tombstone.day} by {tombstone.by}: {tombstone.reason}")
    if len(left) > 1:
        listed = ", ".join(sorted(delivery for _, delivery in left)[-SHOWN:])
        raise WithdrawError(f"{len(left)} deliveries came as {named}: give the id of one, such as {listed}")
    (receipts,) = left.values()
    return receipts


def _write(receipt_store: ReceiptStore, receipts: tuple[Receipt, ...], database_url: str) -> None:
    from review.configure import configure, migrate

    configure(database_url)
    from django.db import transaction

    from review.audit import chain

    migrate()
    tombstone = receipts[0].withdrawn
    with transaction.atomic():
        for receipt in receipts:
            receipt_store.write(receipt)
        if tombstone is not None:
            detail = {"type": receipts[0].type_name, "delivery": receipts[0].delivery, "reason": tombstone.reason}
            chain.append(chain.Line(tombstone.by, "delivery.withdrawn", detail))


def _nights_of(lake: Lake, rows: set[str], type_name: str) -> list[date]:
    made = [known for night in nights_kept(lake) if (known := find_provenance(lake, night))]
    return [
        known.night
        for known in made
        if any(type_name in seen and not rows.isdisjoint(seen[type_name].deliveries) for seen in known.inputs.values())
    ]
