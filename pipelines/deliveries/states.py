"""What has become of every delivery by a day: in use, superseded, refused, taken back …, each with why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pipelines.deliveries.as_of import choose
from pipelines.deliveries.editions import editions_of, newest_incomplete
from pipelines.deliveries.receipts import Receipt, ReceiptStore, Status
from schemas.catalogue import Catalogue
from schemas.contract import Contract
from schemas.declaration import Title


class DeliveryState(StrEnum):
    """What has become of a delivery."""

    IN_USE = "in_use"
    SUPERSEDED = "superseded"
    REFUSED = "refused"
    UNREADABLE = "unreadable"
    WITHDRAWN = "withdrawn"
    REPEATED = "repeated"
    """The same bytes as an earlier one, whose rows stand for it."""
    DROPPED = "dropped"
    """Past keeping: the receipt alone is left."""
    WAITING = "waiting"
    """For the next night, for a day still to come, or for the other parts of its day."""


STATE_NAMES = {
    DeliveryState.IN_USE: Title(zh="使用中", en="in use"),
    DeliveryState.SUPERSEDED: Title(zh="已被取代", en="superseded"),
    DeliveryState.REFUSED: Title(zh="拒收", en="refused"),
    DeliveryState.UNREADABLE: Title(zh="无法读取", en="unreadable"),
    DeliveryState.WITHDRAWN: Title(zh="已撤回", en="withdrawn"),
    DeliveryState.REPEATED: Title(zh="内容重复", en="repeated"),
    DeliveryState.DROPPED: Title(zh="已过保留期", en="dropped"),
    DeliveryState.WAITING: Title(zh="等待读入", en="waiting"),
}
NOTHING = ("", "")


@dataclass(frozen=True)
class DeliveryLine:
    """One reading of a delivery, or a file that waits, as people are told of it."""

    type_name: str
    delivery: str
    """The id of the reading; empty for a file that waits."""
    reading: int
    state: DeliveryState
    in_use: bool
    """Whether its rows are shown, under its own name or another's."""
    day: date
    received: date
    file: str
    rows: int
    set_apart: int
    noted: int
    why_zh: str
    why_en: str


def delivery_lines(
    receipt_store: ReceiptStore, catalogue: Catalogue, types: Iterable[str], *, today: date
) -> list[DeliveryLine]:
    """A line for each receipt of these types as of ``today``, in the order in which they supersede each other."""
    return [line for name in types for line in _lines(receipt_store, catalogue, name, today)]


def _lines(receipt_store: ReceiptStore, catalogue: Catalogue, name: str, today: date) -> list[DeliveryLine]:
    contract = catalogue.contracts.get(name)
    chosen = choose(contract, receipt_store, as_of=today, known_by=today) if contract else None
    shown = chosen.deliveries if chosen else ()
    parts = _incomplete(contract, receipt_store, today) if contract else set()
    lines = []
    for receipt in receipt_store.of_type(name):
        in_use = receipt.usable and receipt_store.rows_for(receipt) in shown
        state = _state(receipt, in_use=in_use, today=today)
        zh, en = _why(receipt, state, shown, in_use=in_use)
        if receipt.delivery_id in parts and not in_use and chosen:
            state = DeliveryState.WAITING
            zh, en = f"等待其余部分({chosen.waiting})", f"for {chosen.waiting}"
        lines.append(
            DeliveryLine(
                type_name=name,
                delivery=receipt.delivery_id,
                reading=receipt.reading,
                state=state,
                in_use=in_use,
                day=receipt.delivery_date,
                received=receipt.received,
                file=receipt.file,
                rows=receipt.conformed,
                set_apart=receipt.quarantined,
                noted=receipt.noted,
                why_zh=zh,
                why_en=en,
            )
        )
    return lines


def _incomplete(contract: Contract, receipt_store: ReceiptStore, today: date) -> set[str]:
    """The parts of the newest day of which others have not come."""
    if contract.delivery.kind != "full":
        return set()
    usable = receipt_store.usable(contract.name, as_of=today, known_by=today)
    waits = newest_incomplete(editions_of(contract, usable))
    return {receipt.delivery_id for receipt in waits.receipts} if waits else set()


def _state(receipt: Receipt, *, in_use: bool, today: date) -> DeliveryState:
    if receipt.withdrawn:
        return DeliveryState.WITHDRAWN
    if receipt.dropped:
        return DeliveryState.DROPPED
    if receipt.status is not Status.ACCEPTED:
        return DeliveryState(receipt.status.value)
    if in_use:
        return DeliveryState.IN_USE
    to_come = receipt.delivery_date > today or receipt.received > today
    return DeliveryState.WAITING if to_come else DeliveryState.SUPERSEDED


def _why(receipt: Receipt, state: DeliveryState, shown: tuple[str, ...], *, in_use: bool) -> tuple[str, str]:
    match state:
        case DeliveryState.WITHDRAWN if receipt.withdrawn:
            its = receipt.withdrawn
            return f"{its.day} 由 {its.by} 撤回:{its.reason}", f"on {its.day} by {its.by}: {its.reason}"
        case DeliveryState.DROPPED:
            return f"{receipt.dropped} 保留期满", f"past keeping on {receipt.dropped}"
        case DeliveryState.REFUSED | DeliveryState.UNREADABLE:
            said = receipt.failures
            return "; ".join(one.message_zh for one in said), "; ".join(one.message_en for one in said)
        case DeliveryState.REPEATED:
            stands = ("其数据行使用中", "whose rows are in use") if in_use else ("未使用", "which are not in use")
            return f"与 {receipt.same_as} 内容相同,{stands[0]}", f"the same bytes as {receipt.same_as}, {stands[1]}"
        case DeliveryState.WAITING:
            return "数据日期或收到日期未到", "its day is still to come"
        case DeliveryState.SUPERSEDED if shown:
            readings = [one for one in shown if one == receipt.delivery or one.startswith(f"{receipt.delivery}-r")]
            by = (readings or shown)[-1]
            return f"由 {by} 取代", f"by {by}"
        case _:
            return NOTHING
