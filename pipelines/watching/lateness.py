"""What a night still waits for: types whose newest delivery, taken in or waiting, is past its lateness date."""

from collections.abc import Sequence
from datetime import date, timedelta

from pipelines.deliveries.as_of import choose
from pipelines.deliveries.editions import FileOfDay, part_of, parts_of
from pipelines.deliveries.receipts import Receipt, ReceiptStore
from pipelines.intake.inbox import InboxFile
from pipelines.stages import Night, waiting
from schemas.contract import Contract


def late_types(night: Night) -> list[str]:
    """The types that would be late tonight, in the order of the catalogue."""
    receipt_store = ReceiptStore(night.lake)
    here = waiting(night, tuple(night.catalogue.contracts))[0]
    late = []
    for contract in night.catalogue:
        usable = receipt_store.usable(contract.name, as_of=night.business_date, known_by=night.received_by)
        chosen = choose(contract, receipt_store, as_of=night.business_date, known_by=night.received_by)
        days = _days_whole(contract, [file for file in here if file.type_name == contract.name], usable)
        if chosen.newest:
            days.append(chosen.newest)
        due = night.business_date - timedelta(days=contract.delivery.late_after_days)
        if not days or max(days) < due:
            late.append(contract.name)
    return late


def _days_whole(contract: Contract, files: Sequence[InboxFile], usable: Sequence[Receipt]) -> list[date]:
    """The days of which, with the files that wait, all parts are there."""
    days: list[date] = []
    there: list[FileOfDay] = [*files, *usable]
    for file in files:
        day, parts = file.delivery_date, parts_of(contract, file)
        alike = [one for one in there if (one.delivery_date, parts_of(contract, one)) == (day, parts)]
        if len({part_of(one) for one in alike}) >= (parts or 1):
            days.append(day)
    return days
