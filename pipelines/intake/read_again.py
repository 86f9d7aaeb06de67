"""A delivery that is read again because its file was touched, after its contract changed or for no reason.

What it came to before stands, unless it now comes to other rows: those are a further reading, with an id and a receipt
of its own. A reading that is refused takes nothing's place.
"""

import filecmp
from pathlib import Path

from engines.lake import Lake
from pipelines.deliveries.receipts import Receipt, ReceiptStore
from pipelines.intake.conform import Conformed
from pipelines.intake.land import Landed
from pipelines.intake.quarantine import tables_of


class BytesGoneError(LookupError):
    """What landed of a delivery is not in the lake."""


def standing_reading(receipt_store: ReceiptStore, receipt: Receipt) -> Receipt | None:
    """The newest reading of the receipt's delivery whose rows were found to be usable, and are kept."""
    good = [
        one for one in receipt_store.readings(receipt.type_name, receipt.delivery) if receipt_store.keeps_rows_of(one)
    ]
    return good[-1] if good else None


def as_next_reading(receipt_store: ReceiptStore, receipt: Receipt) -> Receipt:
    """The receipt of a delivery that is about to be read, as that of a further reading where one stands."""
    stands = standing_reading(receipt_store, receipt)
    if stands is None:
        return receipt
    reading = stands.reading + 1
    told = {"delivery_id": f"{receipt.delivery}-r{reading}", "reading": reading, "reading_of": receipt.delivery}
    return receipt.model_copy(update=told)


def still_withdrawn(receipt_store: ReceiptStore, receipt: Receipt) -> Receipt | None:
    """The receipt of a delivery that was withdrawn: the same bytes under the same name stay so."""
    withdrawn = [one for one in receipt_store.readings(receipt.type_name, receipt.delivery) if one.withdrawn]
    if not withdrawn:
        return None
    # Nobody has read it by the contract of today.
    return seen_again(withdrawn[-1], receipt.model_copy(update={"contract_version": withdrawn[-1].contract_version}))


def landed_before(lake: Lake, receipt: Receipt) -> Landed:
    """The bytes of a settled delivery, as the lake keeps them. Raises BytesGoneError where it does not."""
    # A type may have been another department's then.
    for folder in lake.root.glob(f"landed/*/{receipt.type_name}/{receipt.delivery}"):
        for file in sorted(one for one in folder.iterdir() if one.is_file() and not one.name.startswith(".")):
            return Landed(receipt.delivery, receipt.sha256, file, receipt.size, receipt.modified_ns)
    raise BytesGoneError(
        f"{receipt.delivery}: the lake does not keep its bytes: they were never read, or are past keeping"
    )


def seen_again(stands: Receipt, receipt: Receipt) -> Receipt:
    """What stands, of the file as it is now, by its present name."""
    told = {"source", "size", "modified_ns", "contract_version", "settlement", "part", "parts", "corrects"}
    return stands.model_copy(update=receipt.model_dump(include=told))


def holds_the_same(lake: Lake, type_name: str, rows: str, conformed: Conformed) -> bool:
    """Whether the lake holds, under the id ``rows``, just what was conformed: good rows, those set apart, and notes.

    The same rows are written to the same files, so the files are compared.
    """
    apart = conformed.quarantine if conformed.quarantined else None
    made = (conformed.rows, apart, conformed.notes if conformed.noted else None)
    tables = zip(tables_of(type_name), made, strict=True)
    return all(_same(lake.files(table, "delivery_id", [rows]), folder) for table, folder in tables)


def _same(kept: list[str], folder: Path | None) -> bool:
    made = sorted(folder.rglob("*.parquet")) if folder else []
    return len(kept) == len(made) and all(
        Path(one).exists() and filecmp.cmp(one, other, shallow=False) for one, other in zip(kept, made, strict=True)
    )
