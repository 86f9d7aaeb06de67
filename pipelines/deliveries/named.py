"""Which delivery a person means: by its id, or by the name or place of its file in the inbox."""

from pipelines.deliveries.receipts import Receipt, ReceiptStore

SHOWN = 5


class NoSuchDeliveryError(ValueError):
    """No delivery, or several, are called so. Nothing was changed; the message says what to give."""

    exit_code = 4


def deliveries_named(receipt_store: ReceiptStore, named: str) -> list[list[Receipt]]:
    """The deliveries of that name, each as the receipts of its readings. Raises NoSuchDeliveryError for none."""
    found = [
        readings
        for type_name in receipt_store.types()
        for readings in receipt_store.deliveries(type_name)
        if any(named in names_of(receipt) for receipt in readings)
    ]
    if not found:
        raise NoSuchDeliveryError(
            f"this lake has no delivery {named!r}: give its id, as hedui deliveries shows it, or the name of its file"
        )
    return found


def the_one(found: list[list[Receipt]], named: str) -> list[Receipt]:
    """The readings of the only delivery found. Raises NoSuchDeliveryError for several, naming the latest."""
    if len(found) > 1:
        listed = ", ".join(sorted(readings[0].delivery for readings in found)[-SHOWN:])
        raise NoSuchDeliveryError(f"{len(found)} deliveries came as {named}: give the id of one, such as {listed}")
    (readings,) = found
    return readings


def names_of(receipt: Receipt) -> tuple[str, ...]:
    """Whatever a receipt's delivery may be called by."""
    return (receipt.delivery, receipt.delivery_id, receipt.source, receipt.source.rpartition("/")[2])
