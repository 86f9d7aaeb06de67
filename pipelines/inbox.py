"""The inbox: files as departments drop them, and what their names say.

``<department>/<type>/<received>/<type>_<delivery date>[_<n>].csv[.gz]``: the folder's date is the day the file came,
the date in its name the day it speaks for, ``n`` counts re-deliveries of that day.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from schemas.contract import Contract

FILE_NAME = re.compile(r"(?P<type>[a-z0-9_]+?)_(?P<date>\d{8})(?:_(?P<sequence>\d{1,3}))?\.csv(?:\.gz)?")


class InboxMissingError(FileNotFoundError):
    """There is no such folder."""

    exit_code = 4


@dataclass(frozen=True)
class InboxFile:
    """One delivery waiting in the inbox."""

    delivery_date: date
    received: date
    sequence: int
    path: Path
    type_name: str
    source: str
    """Where it lies in the inbox."""
    size: int = 0
    """Bytes, as it was found."""
    modified_ns: int = 0

    @property
    def order(self) -> tuple[date, date, int, int, str]:
        """Deliveries are settled in this order; of those of one day and number, what was written last is settled last.

        Names decide only between files written in the same nanosecond.
        """
        return (self.delivery_date, self.received, self.sequence, self.modified_ns, self.source)


@dataclass(frozen=True)
class Misnamed:
    """A file in the inbox that cannot be taken for a delivery, with what to do about it."""

    path: Path
    advice: str


def find_deliveries(
    inbox: Path, contracts: Iterable[Contract], *, delivered_by: date, received_by: date
) -> tuple[list[InboxFile], list[Misnamed]]:
    """The deliveries of these types that speak for a day up to ``delivered_by`` and came by ``received_by``.

    Raises InboxMissingError when there is no such inbox.
    """
    if not inbox.is_dir():
        raise InboxMissingError(f"no inbox at {inbox}: give the folder that holds <department>/<type>/")
    found: list[InboxFile] = []
    misnamed: list[Misnamed] = []
    for contract in contracts:
        for path in sorted((inbox / contract.department / contract.name).glob("*/*")):
            delivery = _read_name(path, path.relative_to(inbox).as_posix(), contract)
            if isinstance(delivery, Misnamed):
                misnamed.append(delivery)
            elif delivery.delivery_date <= delivered_by and delivery.received <= received_by:
                found.append(delivery)
    return sorted(found, key=lambda file: file.order), misnamed


def _read_name(path: Path, source: str, contract: Contract) -> InboxFile | Misnamed:
    match = FILE_NAME.fullmatch(path.name)
    if match is None or match["type"] != contract.name:
        return Misnamed(path, f"call it {contract.name}_YYYYMMDD.csv or {contract.name}_YYYYMMDD_2.csv, or with .gz")
    try:
        received = date.fromisoformat(path.parent.name)
        delivery_date = date.fromisoformat(match["date"])
    except ValueError:
        return Misnamed(path, "use real dates: a folder YYYY-MM-DD for the day it came, YYYYMMDD in the name")
    facts = path.stat()
    number = int(match["sequence"] or 1)
    return InboxFile(delivery_date, received, number, path, contract.name, source, facts.st_size, facts.st_mtime_ns)
