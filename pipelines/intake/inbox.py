"""The inbox: files as departments drop them, and what their names say.

``<department>/<type>/<received>/<type>_<delivery date>[_<n>].csv[.gz]``: the folder's date is the day the file came,
the date in its name the day it speaks for, ``n`` counts re-deliveries of that day.
"""

import os
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pipelines.intake.printable import printable
from schemas.contract import Contract

FILE_NAME = re.compile(r"(?P<type>[a-z0-9_]+?)_(?P<date>\d{8})(?:_(?P<sequence>\d{1,3}))?\.csv(?:\.gz)?", re.ASCII)
WORKBOOKS = {".xlsx", ".xls", ".xlsm", ".et", ".ods"}


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
class PassedOver:
    """Something in the inbox that is not taken in, and what to do about it."""

    place: str
    """Where it lies in the inbox, as it can be printed."""
    advice_zh: str
    advice_en: str


def find_deliveries(
    inbox: Path, contracts: Iterable[Contract], *, delivered_by: date, received_by: date
) -> tuple[list[InboxFile], list[PassedOver]]:
    """The deliveries of these types that speak for a day up to ``delivered_by`` and came by ``received_by``.

    And what lies in their folders and is none: no link is followed, and what is not named as agreed is not taken in.
    Something else than a file, under the name of a delivery, is found as one. Raises InboxMissingError when there is
    no such inbox.
    """
    if not inbox.is_dir():
        raise InboxMissingError(f"no inbox at {inbox}: give the folder that holds <department>/<type>/")
    found: list[InboxFile] = []
    passed_over: list[PassedOver] = []
    for contract in contracts:
        folder = f"{contract.department}/{contract.name}"
        if not _is_own_folder(inbox, folder):
            continue
        for day in entries(inbox, folder, passed_over):
            if not day.is_dir(follow_symlinks=False):
                passed_over.append(PassedOver(place_of(inbox, day), *_too_high(contract)))
                continue
            for entry in entries(inbox, f"{folder}/{day.name}", passed_over):
                delivery = _read_name(inbox, entry, day.name, contract)
                if isinstance(delivery, PassedOver):
                    passed_over.append(delivery)
                elif delivery and delivery.delivery_date <= delivered_by and delivery.received <= received_by:
                    found.append(delivery)
    return sorted(found, key=lambda file: file.order), passed_over


def entries(inbox: Path, folder: str, passed_over: list[PassedOver]) -> list["os.DirEntry[str]"]:
    """What lies in a folder of the inbox, by name; a folder that cannot be read, or has gone, has nothing in it."""
    try:
        with os.scandir(inbox / folder) as listed:
            return sorted(listed, key=lambda entry: entry.name)
    except FileNotFoundError:
        return []
    except OSError:
        advice = "文件夹无法读取:请检查权限", "the folder cannot be read: give this user the right to read and enter it"
        passed_over.append(PassedOver(printable(folder), *advice))
        return []


def place_of(inbox: Path, entry: "os.DirEntry[str]") -> str:
    """Where an entry lies in the inbox, as it can be printed."""
    return printable(Path(entry.path).relative_to(inbox))


def _is_own_folder(inbox: Path, folder: str) -> bool:
    """Whether it is there, and no link on the way to it."""
    return all(is_folder(inbox / place) for place in (Path(folder).parent, folder))


def is_folder(place: Path) -> bool:
    """Whether it is a folder and no link to one."""
    try:
        return stat.S_ISDIR(place.lstat().st_mode)
    except OSError:
        return False


def _read_name(inbox: Path, entry: "os.DirEntry[str]", day: str, contract: Contract) -> InboxFile | PassedOver | None:
    """The delivery that an entry of a day's folder is named as; None for one that has gone meanwhile."""
    match = FILE_NAME.fullmatch(entry.name)
    place = place_of(inbox, entry)
    if match is None or match["type"] != contract.name:
        return PassedOver(place, *_name_wrong(contract, entry.name))
    try:
        received = date.fromisoformat(day)
        delivery_date = date.fromisoformat(match["date"])
    except ValueError:
        return PassedOver(
            place,
            "日期不存在:文件夹用收到日期 YYYY-MM-DD,文件名用数据日期 YYYYMMDD",
            "use real dates: a folder YYYY-MM-DD for the day it arrived, YYYYMMDD in the name",
        )
    try:
        facts = entry.stat(follow_symlinks=False)
    except OSError:
        return None
    number = int(match["sequence"] or 1)
    size = facts.st_size if stat.S_ISREG(facts.st_mode) else 0
    return InboxFile(delivery_date, received, number, Path(entry.path), contract.name, place, size, facts.st_mtime_ns)


def _too_high(contract: Contract) -> tuple[str, str]:
    where = f"{contract.department}/{contract.name}/YYYY-MM-DD/"
    return (
        f"不在收到日期的文件夹中(链接不会被打开):请把文件放入 {where}",
        f"it is not in the folder of the day it arrived (links are not followed): put the file into {where}",
    )


def _name_wrong(contract: Contract, name: str) -> tuple[str, str]:
    agreed = f"{contract.name}_YYYYMMDD.csv", f"{contract.name}_YYYYMMDD_2.csv"
    if Path(name).suffix.lower() in WORKBOOKS:
        return (
            f"是电子表格,不是 CSV:请另存为“CSV UTF-8”,并命名为 {agreed[0]}",
            f"it is a workbook, not a CSV file: save it as CSV UTF-8 and name it {agreed[0]}",
        )
    return (
        f"名称不符:请命名为 {agreed[0]} 或 {agreed[1]}(可加 .gz),直接放在收到日期的文件夹中",
        f"call it {agreed[0]} or {agreed[1]}, or with .gz, directly in the folder of the day it arrived",
    )
