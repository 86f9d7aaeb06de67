"""Editions: what stands for a full type at one time — one delivery, or the parts of one day together.

Parts add up, a correction replaces. A file is a part where its name says so (``_1of3``) or its contract does (``parts``
of ``delivery``); any other is all there is of its day. A correction of a part replaces that part alone. An edition of
which a part has not come is not in use.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Protocol

from pipelines.deliveries.receipts import Receipt
from schemas.contract import Contract


class FileOfDay(Protocol):
    """What names itself as a delivery of a day: a receipt, or a file that waits."""

    @property
    def delivery_date(self) -> date:
        """The day it speaks for."""

    @property
    def sequence(self) -> int:
        """Its number among those of its day."""

    @property
    def part(self) -> str:
        """Which part its name says it is."""

    @property
    def parts(self) -> int:
        """Of how many; 0 where its name does not say."""


@dataclass(frozen=True)
class Edition:
    """The deliveries of one day that stand together, the newest last."""

    receipts: tuple[Receipt, ...]
    parts: int | None = None
    """How many they are to be; None for a delivery that is no part, `schemas.parts.ANY_NUMBER` where nobody says."""

    @property
    def day(self) -> date:
        """The day it speaks for."""
        return self.receipts[-1].delivery_date

    @property
    def order(self) -> tuple[date, date, int, int, int]:
        """An edition is as new as its newest part."""
        return self.receipts[-1].order

    @property
    def conformed(self) -> int:
        """The rows of all of it that could be used."""
        return sum(receipt.conformed for receipt in self.receipts)

    @property
    def complete(self) -> bool:
        """Whether all parts have come."""
        return self.parts is None or len(self.receipts) >= self.parts

    @cached_property
    def waits_for(self) -> tuple[int, ...]:
        """The numbers of the parts that have not come; parts that are no numbers count for the first of them."""
        if self.complete or self.parts is None:
            return ()
        came = {part_of(receipt) for receipt in self.receipts}
        missing = [number for number in range(1, self.parts + 1) if str(number) not in came]
        return tuple(missing[len(missing) - (self.parts - len(self.receipts)) :])


def parts_of(contract: Contract, file: FileOfDay) -> int | None:
    """Of how many parts a delivery is one: by its name, else by its contract; None where it is no part."""
    if contract.delivery.kind != "full":
        return None
    return file.parts or contract.delivery.parts_on(file.delivery_date)


def part_of(file: FileOfDay) -> str:
    """Which part a delivery is: what its name says, else its number among those of its day."""
    return file.part or str(file.sequence)


def editions_of(contract: Contract, usable: Iterable[Receipt]) -> list[Edition]:
    """The editions that usable deliveries make up, complete or not, the newest last.

    ``usable``: in the order in which they supersede each other.
    """
    whole: list[Edition] = []
    in_parts: dict[tuple[date, int], dict[str, Receipt]] = {}
    for receipt in usable:
        parts = parts_of(contract, receipt)
        if parts is None:
            whole.append(Edition((receipt,)))
        else:
            its = in_parts.setdefault((receipt.delivery_date, parts), {})
            # A correction takes its place among the newest.
            its.pop(part_of(receipt), None)
            its[part_of(receipt)] = receipt
    together = [Edition(tuple(its.values()), parts) for (_, parts), its in in_parts.items()]
    return sorted([*whole, *together], key=lambda edition: edition.order)


def newest_complete(editions: Iterable[Edition]) -> Edition | None:
    """The edition in use."""
    complete = [edition for edition in editions if edition.complete]
    return complete[-1] if complete else None


def newest_incomplete(editions: Iterable[Edition]) -> Edition | None:
    """The newest edition that waits for a part, if none that is complete is newer."""
    newest = max(editions, key=lambda edition: edition.order, default=None)
    return newest if newest and not newest.complete else None
