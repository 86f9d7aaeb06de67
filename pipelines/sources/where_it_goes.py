"""What has come of a type, and where the next delivery goes: into the inbox, in one step, under a name of its own."""

import errno
import os
import re
import shutil
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from engines.lake import Lake
from pipelines.deliveries.receipts import Receipt, ReceiptStore
from pipelines.intake.inbox import InboxFile, find_deliveries
from schemas.contract import Contract

GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Pulled:
    """What has come of one type, and where the next goes."""

    contract: Contract
    inbox: Path
    lake: Lake
    night: date

    @property
    def waiting(self) -> list[InboxFile]:
        """Everything of the type in the inbox, for whatever day."""
        self.inbox.mkdir(parents=True, exist_ok=True)
        return find_deliveries(self.inbox, [self.contract], delivered_by=date.max, received_by=date.max)[0]

    @cached_property
    def receipts(self) -> ReceiptStore:
        """What was taken in."""
        return ReceiptStore(self.lake)

    def newest_up_to(self, day: date) -> date | None:
        """The day of the newest delivery up to ``day``, whether it was taken in or waits; None without one."""
        days = [file.delivery_date for file in self.waiting if file.delivery_date <= day]
        usable = self.receipts.usable(self.contract.name, as_of=day, known_by=date.max)
        return max(days + [receipt.delivery_date for receipt in usable], default=None)

    def aside(self, name: str) -> Path:
        """Where a transfer is written until it is whole. Its name stays the same over repetitions."""
        return self.lake.folder("pulls", self.contract.name) / re.sub(r"[^\w.-]", "_", name)

    def clear_away(self, before: float) -> None:
        """Delete what was left aside half-way, and not written to since ``before`` (seconds since 1970)."""
        for path in self.aside(".lock").parent.iterdir():
            if not path.name.endswith((".lock", ".brought")) and path.stat().st_mtime < before:
                path.unlink()

    def settle(self, aside: Path, day: date, *, corrects: bool = False) -> Path:
        """Make what is whole a delivery of ``day`` that comes tonight, in one step.

        One that ``corrects`` says so in its name, if there is anything of its day to be corrected.

        It is the next of its day, after those in the inbox and those that were taken in and cleared away.
        """
        folder = self.inbox / self.contract.department / self.contract.name / self.night.isoformat()
        folder.mkdir(parents=True, exist_ok=True)
        taken = [one.sequence for one in self._come if (one.delivery_date, one.received) == (day, self.night)]
        number = 1 + max(taken, default=0)
        counted = f"_{number}" if number > 1 else ""
        told = "_correction" if corrects and any(one.delivery_date == day for one in self._come) else ""
        place = folder / f"{self.contract.name}_{day:%Y%m%d}{counted}{told}{_ending(aside)}"
        _move(aside, place)
        return place

    @property
    def _come(self) -> list[InboxFile | Receipt]:
        return [*self.waiting, *self.receipts.of_type(self.contract.name)]


def _ending(aside: Path) -> str:
    """The ending of the agreed name; what else a file may be, the night finds by its first bytes, whatever its name."""
    with aside.open("rb") as content:
        return ".csv.gz" if content.read(len(GZIP)) == GZIP else ".csv"


def _move(aside: Path, place: Path) -> None:
    """Rename; onto another file system by way of a hidden file beside the place, so that no half of it is ever seen."""
    with aside.open("rb") as written:
        os.fsync(written.fileno())
    try:
        aside.rename(place)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        partial = place.with_name(f".{place.name}.part")
        with aside.open("rb") as source, partial.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
            target.flush()
            os.fsync(target.fileno())
        partial.rename(place)
        aside.unlink()
