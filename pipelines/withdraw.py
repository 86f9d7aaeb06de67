"""Withdraw: take a wrong delivery back; every night from then on ignores it. And restore what was taken back wrongly.

Its receipt stays, with who took it back, when and why: the same file in the inbox is not taken in again. Its rows stay
too until they are past keeping, so that what was once made of them can be made again, and a restored delivery is in use
again as if it had never been taken back.
"""

from dataclasses import dataclass
from datetime import date

from engines.lake import Lake
from pipelines.deliveries.named import deliveries_named, the_one
from pipelines.deliveries.receipts import Receipt, ReceiptStore, Withdrawal
from pipelines.provenance.made_otherwise import nights_made_otherwise
from schemas.catalogue import load_catalogue
from schemas.masks import mask_numbers

LONGEST_REASON = 500


class WithdrawError(ValueError):
    """Nothing was withdrawn or restored. The message says what to give."""

    exit_code = 4


@dataclass(frozen=True)
class Withdrawn:
    """What was taken back, or restored."""

    receipts: tuple[Receipt, ...]
    """One for each reading of the delivery."""
    repeated_by: tuple[str, ...]
    """Other deliveries of the same bytes, which stay in use."""
    nights: tuple[date, ...]
    """The nights that were made of other rows than stand now."""


def withdraw(lake: Lake, delivery: str, withdrawal: Withdrawal, database_url: str) -> Withdrawn:
    """Take a delivery back, in its receipts and with a line in the audit log.

    ``delivery``: its id, or the name or place of its file in the inbox. With nothing changed, raises
    NoSuchDeliveryError where that is no delivery or several, and WithdrawError where it was withdrawn before, and
    without a reason.
    """
    by = _with_reason(withdrawal)
    receipt_store = ReceiptStore(lake)
    found = _find(receipt_store, delivery, withdrawn=False)
    receipts = tuple(receipt.model_copy(update={"withdrawn": by}) for receipt in found)
    _write(receipt_store, receipts, ("delivery.withdrawn", by), database_url)
    return _done(lake, receipt_store, receipts)


def restore(lake: Lake, delivery: str, restored: Withdrawal, database_url: str) -> Withdrawn:
    """Undo a withdrawal that was a mistake, in the receipts and with a line in the audit log.

    Raises NoSuchDeliveryError and WithdrawError as ``withdraw`` does, and for a delivery that is not withdrawn or whose
    rows are past keeping.
    """
    by = _with_reason(restored)
    receipt_store = ReceiptStore(lake)
    found = _find(receipt_store, delivery, withdrawn=True)
    if all(receipt.dropped for receipt in found):
        raise WithdrawError(f"{delivery} was past keeping on {found[0].dropped}: its rows are gone; ask for it again")
    receipts = tuple(receipt.model_copy(update={"withdrawn": None, "restored": by}) for receipt in found)
    _write(receipt_store, receipts, ("delivery.restored", by), database_url)
    return _done(lake, receipt_store, receipts)


def _with_reason(by: Withdrawal) -> Withdrawal:
    reason = mask_numbers(" ".join(by.reason.split()))
    if not 0 < len(reason) <= LONGEST_REASON:
        raise WithdrawError(f"--reason: say in 1 to {LONGEST_REASON} characters why, for readers of the audit log")
    return by.model_copy(update={"reason": reason})


def _done(lake: Lake, receipt_store: ReceiptStore, receipts: tuple[Receipt, ...]) -> Withdrawn:
    sha256, type_name = receipts[0].sha256, receipts[0].type_name
    own = {receipt.delivery_id for receipt in receipts}
    others = (one for one in receipt_store if one.usable and one.sha256 and one.delivery_id not in own)
    return Withdrawn(
        receipts,
        tuple(sorted(one.delivery_id for one in others if one.sha256 == sha256)),
        tuple(nights_made_otherwise(lake, load_catalogue(), [type_name])),
    )


def _find(receipt_store: ReceiptStore, named: str, *, withdrawn: bool) -> list[Receipt]:
    """The receipts of the one delivery of that name that is, or is not, ``withdrawn``, a reading each."""
    found = deliveries_named(receipt_store, named)
    left = [readings for readings in found if any(one.withdrawn for one in readings) == withdrawn]
    if left:
        return the_one(left, named)
    if withdrawn:
        raise WithdrawError(f"{named} is not withdrawn: nothing is to be undone")
    (tombstone, *_) = [one.withdrawn for one in found[0] if one.withdrawn]
    raise WithdrawError(f"{named} was withdrawn on {tombstone.day} by {tombstone.by}: {tombstone.reason}")


def _write(
    receipt_store: ReceiptStore, receipts: tuple[Receipt, ...], told: tuple[str, Withdrawal], database_url: str
) -> None:
    from review.configure import configure, migrate

    configure(database_url)
    from django.db import transaction

    from review.audit import chain

    migrate()
    action, by = told
    with transaction.atomic():
        for receipt in receipts:
            receipt_store.write(receipt)
        detail = {"type": receipts[0].type_name, "delivery": receipts[0].delivery, "reason": by.reason}
        chain.append(chain.Line(by.by, action, detail))
