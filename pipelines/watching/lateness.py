"""What a night still waits for: types whose newest delivery, taken in or waiting, is past its lateness date."""

from datetime import timedelta

from pipelines.deliveries.receipts import ReceiptStore
from pipelines.stages import Night, waiting


def late_types(night: Night) -> list[str]:
    """The types that would be late tonight, in the order of the catalogue."""
    receipt_store = ReceiptStore(night.lake)
    newest = {file.type_name: file.delivery_date for file in waiting(night, tuple(night.catalogue.contracts))[0]}
    late = []
    for contract in night.catalogue:
        usable = receipt_store.usable(contract.name, as_of=night.business_date, known_by=night.received_by)
        days = [receipt.delivery_date for receipt in usable[-1:]]
        if contract.name in newest:
            days.append(newest[contract.name])
        due = night.business_date - timedelta(days=contract.delivery.late_after_days)
        if not days or max(days) < due:
            late.append(contract.name)
    return late
