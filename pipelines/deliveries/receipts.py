"""Receipts: one for each delivery, which says what came, what became of it, and which rows to use as of a day.

Receipts are small JSON files, ``deliveries/<type>/<delivery id>.json``. They are the only thing that decides what an
as-of view shows, so writing one is the moment at which a delivery counts.
"""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict

from engines.lake import Lake, written_in_one_step
from expectations.wording import Failure
from schemas.declaration import Title
from schemas.shown_names import shown_name

OPENED, READ_TO_END = "file_opened", "read_to_end"
"""What a delivery fails by for no fault of its content."""


class Status(StrEnum):
    """What became of a delivery."""

    ACCEPTED = "accepted"
    REPEATED = "repeated"
    """The same bytes as an earlier delivery: that one's rows stand for this one too."""
    REFUSED = "refused"
    UNREADABLE = "unreadable"


class Withdrawal(BaseModel):
    """That a delivery was taken back, or that this was undone: from then on, every night is as if it had not come."""

    model_config = ConfigDict(frozen=True)

    day: date
    by: str
    reason: str


class Section(BaseModel):
    """A sheet of a workbook or a file of an archive: where it stands in the table that was read, or why it does not."""

    model_config = ConfigDict(frozen=True)

    name: str
    first_line: int | None = None
    """The line of its first row; None where it was passed over."""
    remarks: tuple[Title, ...] = ()
    """Why it was passed over, or what else its sender should know."""


class Receipt(BaseModel):
    """What is known of one delivery once it is settled.

    A delivery that is read again, and comes to other rows, has a receipt for each reading: rows are never changed, so
    what was made of the earlier ones can be made again.
    """

    model_config = ConfigDict(frozen=True)

    delivery_id: str
    type_name: str
    delivery_date: date
    received: date
    sequence: int
    part: str = ""
    """Which part of its day its name says it is: a number, or words such as a township's name."""
    parts: int = 0
    """Of how many; 0 where its name does not say."""
    corrects: bool = False
    """Whether its name says that it corrects what came before."""
    source: str
    size: int
    modified_ns: int
    sha256: str
    contract_version: str
    status: Status
    settlement: int = 0
    """Counts the type's receipts as they are settled, from 1; 0 in receipts from before this was kept."""
    reading: int = 1
    """Counts the readings of a delivery."""
    reading_of: str | None = None
    """Of a later reading: the delivery, as its first reading is called."""
    same_as: str | None = None
    came_as: str | None = None
    """What the bytes were, where they were not text as agreed: xlsx, xls, dbf, zip, utf-16-le …"""
    sections: tuple[Section, ...] = ()
    encoding: str | None = None
    landed: int = 0
    conformed: int = 0
    quarantined: int = 0
    quarantined_by_rule: dict[str, int] = {}
    cell_notes: dict[str, dict[str, int]] = {}
    """How many cells of the conformed rows could not be read as what they say, by column and rule."""
    headers_missing: tuple[str, ...] = ()
    headers_unknown: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()
    warnings: tuple[Title, ...] = ()
    """What somebody should look at, though it is no reason to refuse it."""
    unlike: str | None = None
    """Of one refused for it: the delivery of the same day with which it has hardly a key in common."""
    also: dict[str, tuple[int, int]] = {}
    """Other files of the same bytes that are this delivery too, by place: size and time of change."""
    night: date | None = None
    """The business date of the night that took it in."""
    dropped: date | None = None
    """The day its rows were dropped, being past keeping."""
    withdrawn: Withdrawal | None = None
    restored: Withdrawal | None = None
    """That a withdrawal was a mistake and was undone: it counts as if it had not been taken back."""

    @property
    def good(self) -> bool:
        """Whether its rows were found to be usable, and are kept."""
        return self.status in (Status.ACCEPTED, Status.REPEATED) and self.dropped is None

    @property
    def taken(self) -> bool:
        """Whether it is done with, whatever its contract says by now: it was accepted once, or withdrawn, or is old."""
        return self.status in (Status.ACCEPTED, Status.REPEATED) or bool(self.withdrawn or self.dropped)

    @property
    def usable(self) -> bool:
        """Whether as-of views may show its rows."""
        return self.good and self.withdrawn is None

    @property
    def delivery(self) -> str:
        """The delivery, whichever reading of it this is."""
        return self.reading_of or self.delivery_id

    @property
    def noted(self) -> int:
        """How many notes there are on cells."""
        return sum(count for rules in self.cell_notes.values() for count in rules.values())

    @property
    def rows_from(self) -> str:
        """The delivery whose rows stood in the lake for this one when it was settled: see ``ReceiptStore.rows_for``."""
        return self.same_as or self.delivery_id

    @property
    def final(self) -> bool:
        """Whether it says of the file all there is to say; where it does not, the next night looks again.

        By then a file that could not be opened may be readable, and an unexpected error may be corrected.
        """
        return not any(failure.expectation in (OPENED, READ_TO_END) for failure in self.failures)

    @property
    def identity(self) -> tuple[date, date, int, str, int]:
        """What a delivery is known by in its type: what is settled later under the same takes the earlier's place."""
        return (self.delivery_date, self.received, self.sequence, self.part, self.parts)

    @property
    def order(self) -> tuple[date, date, int, int, int]:
        """Later deliveries, and later readings of one, supersede earlier ones in this order."""
        return (self.delivery_date, self.received, self.sequence, self.settlement, self.reading)

    def before_reading(self, contract_version: str) -> "Receipt":
        """What is known of its delivery before a row of it is read by this contract: all that tells what came."""
        told = self.model_dump(include=CAME) | {"delivery_id": self.delivery, "contract_version": contract_version}
        return Receipt(**told, status=Status.UNREADABLE)

    def as_json(self) -> dict[str, Any]:
        """The receipt for a report, without what only this machine means by it."""
        told = self.model_dump(mode="json", exclude={"modified_ns", "size", "source", "settlement", "also"})
        return told | {"file": self.file}

    def section_of(self, line: int) -> tuple[str, int]:
        """The sheet or file of an archive that a line of the table stands in, and its number there."""
        read = [one for one in self.sections if one.first_line is not None and one.first_line <= line]
        last = max(read, key=lambda one: one.first_line or 0, default=None)
        return (last.name, line - (last.first_line or 1) + 1) if last else ("", line)

    @property
    def file(self) -> str:
        """The name of its file, as it may be shown."""
        return shown_name(self.source.rpartition("/")[2])


CAME = {
    *("type_name", "delivery_date", "received", "sequence", "source", "size", "modified_ns", "sha256"),
    *("part", "parts", "corrects", "also"),
    *("settlement", "night", "restored"),
}
"""What a receipt says of what came, and not of what was read of it."""


READ = (
    *("came_as", "sections", "encoding", "landed", "conformed", "quarantined", "quarantined_by_rule", "cell_notes"),
    *("headers_missing", "headers_unknown", "warnings"),
)
"""What it says of what was read, which is the same of the same bytes."""


class ReceiptStore:
    """All receipts of a lake."""

    def __init__(self, lake: Lake) -> None:
        """Read what is there; the folder is made when the first receipt is written."""
        self._folder = lake.root / "deliveries"
        self._receipts: dict[str, dict[str, Receipt]] = {}
        for file in sorted(self._folder.glob("*/*.json")):
            self._remember(Receipt.model_validate_json(file.read_bytes()))

    def write(self, receipt: Receipt) -> None:
        """Settle a delivery. From here on it counts; a file that was this delivery before is known too."""
        before = self._receipts.get(receipt.type_name, {}).get(receipt.delivery_id)
        if before is not None and before.source != receipt.source:
            also = {**before.also, **receipt.also, before.source: (before.size, before.modified_ns)}
            also.pop(receipt.source, None)
            receipt = receipt.model_copy(update={"also": also})
        file = self._folder / receipt.type_name / f"{receipt.delivery_id}.json"
        written_in_one_step(file, receipt.model_dump_json(indent=1).encode())
        self._remember(receipt)

    def __iter__(self) -> Iterator[Receipt]:
        """Every receipt, type by type."""
        return (receipt for receipts in self._receipts.values() for receipt in receipts.values())

    def of_type(self, type_name: str) -> list[Receipt]:
        """The receipts of one type, in the order in which they supersede each other."""
        return sorted(self._receipts.get(type_name, {}).values(), key=lambda receipt: receipt.order)

    def settled(self, type_name: str, source: str, *, size: int, modified_ns: int) -> Receipt | None:
        """The receipt of this very file, if it was settled before and has not changed since.

        A file that is put back as it once was has changed, and so has one that stood for rows since dropped.
        """
        last = self._last_of(type_name, source)
        for receipt in self.readings(type_name, last.delivery) if last else ():
            if (receipt.source, receipt.size, receipt.modified_ns) == (source, size, modified_ns) or (
                receipt.also.get(source) == (size, modified_ns)
            ):
                stands = receipt.withdrawn or (
                    receipt.final
                    and not self._answered(receipt)
                    and (receipt.status is not Status.REPEATED or self._stands(receipt))
                )
                return receipt if stands else None
        return None

    def withdrawn(self) -> set[str]:
        """The deliveries that were taken back, and whose rows no other delivery of the same bytes stands for."""
        shared = {self.rows_for(receipt) for receipt in self if receipt.usable}
        return {receipt.delivery_id for receipt in self if receipt.withdrawn} - shared

    def deliveries(self, type_name: str) -> list[list[Receipt]]:
        """The receipts of each delivery of a type, a reading each, the deliveries as they were settled."""
        by_delivery: dict[str, list[Receipt]] = {}
        for receipt in sorted(self.of_type(type_name), key=lambda receipt: receipt.settlement):
            by_delivery.setdefault(receipt.delivery, []).append(receipt)
        return [sorted(readings, key=lambda receipt: receipt.order) for readings in by_delivery.values()]

    def types(self) -> list[str]:
        """The types that there are receipts of."""
        return sorted(self._receipts)

    def readings(self, type_name: str, delivery: str) -> list[Receipt]:
        """The receipts of one delivery, a reading each, in their order."""
        found = [one for one in self._receipts.get(type_name, {}).values() if one.delivery == delivery]
        return sorted(found, key=lambda receipt: receipt.order)

    def rows_for(self, receipt: Receipt) -> str:
        """Where the rows of a usable delivery stand: of bytes that were read again, with the newest good reading."""
        original = self._receipts[receipt.type_name].get(receipt.rows_from)
        if receipt.same_as is None or original is None:
            return receipt.rows_from
        good = [one for one in self.readings(receipt.type_name, original.delivery) if one.good and not one.same_as]
        return good[-1].delivery_id if good else receipt.rows_from

    def next_settlement(self, type_name: str, source: str, delivery_id: str) -> int:
        """The place in the order of settling for a delivery that is about to be settled.

        The same bytes looked at again, with nothing settled in between under their name, keep theirs.
        """
        last = self._last_of(type_name, source)
        if last is not None and last.delivery == delivery_id:
            return last.settlement
        return 1 + max((receipt.settlement for receipt in self._receipts.get(type_name, {}).values()), default=0)

    def usable(self, type_name: str, *, as_of: date, known_by: date) -> list[Receipt]:
        """The deliveries an as-of view may show: they speak for a day up to ``as_of`` and came by ``known_by``.

        Of those known by the same day, day of receipt and number, the one settled last.
        """
        stand = [
            receipt
            for receipt in self.of_type(type_name)
            if self._stands(receipt) and receipt.delivery_date <= as_of and receipt.received <= known_by
        ]
        last = {receipt.identity: receipt for receipt in stand}
        # Of receipts that do not tell which was settled last, none is known to take another's place.
        return [one for one in stand if last[one.identity] is one or not last[one.identity].settlement]

    def _remember(self, receipt: Receipt) -> None:
        self._receipts.setdefault(receipt.type_name, {})[receipt.delivery_id] = receipt

    def _last_of(self, type_name: str, source: str) -> Receipt | None:
        """The receipt settled last under this name in the inbox."""
        receipts = self._receipts.get(type_name, {}).values()
        named = [receipt for receipt in receipts if receipt.source == source or source in receipt.also]
        return max(named, key=lambda receipt: (receipt.settlement, receipt.modified_ns), default=None)

    def keeps_rows_of(self, receipt: Receipt) -> bool:
        """Whether a delivery was found to be usable, and its rows are not dropped, nor those that stand for them."""
        original = self._receipts[receipt.type_name].get(self.rows_for(receipt))
        return receipt.good and original is not None and original.dropped is None

    def _answered(self, receipt: Receipt) -> bool:
        """Whether the delivery it shares no keys with was taken back since, so that it may take its place."""
        return receipt.unlike is not None and not any(
            one.usable for one in self.readings(receipt.type_name, receipt.unlike)
        )

    def _stands(self, receipt: Receipt) -> bool:
        return receipt.usable and self.keeps_rows_of(receipt)
