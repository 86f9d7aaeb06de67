"""Pull: fetch what a source has for a type into the inbox, where it waits like any other delivery.

A pull is idempotent: what was brought is not brought again. It is resumable: a file is written aside and renamed when
it is whole, an interrupted transfer goes on where it stopped, and days that were missed are caught up.
"""

import re
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO, Protocol

from engines.lake import Lake
from pipelines.deliveries.receipts import ReceiptStore
from pipelines.intake.inbox import InboxFile, find_deliveries
from pipelines.intake.regular_file import open_regular
from pipelines.progress import LOG
from pipelines.sources.binding import DAY, Folder, Http, Sftp, Source, Sql
from pipelines.sources.query import write_query
from schemas.contract import Cadence, Contract

DAYS_BETWEEN = {Cadence.DAILY: 1, Cadence.WEEKLY: 7, Cadence.MONTHLY: 28, Cadence.TERMLY: 150}
"""How many days after the newest delivery a database is asked again."""
CATCH_UP_DAYS = 10


class SourceError(RuntimeError):
    """A source could not be read. The message names type and cause, and shows no address and no secret."""


class SourceNotReadyError(RuntimeError):
    """The source has nothing new, and the type is past its lateness date: to be asked again."""


@dataclass(frozen=True)
class RemoteFile:
    """A file as a listing shows it; ``modified`` in seconds since 1970."""

    name: str
    size: int
    modified: int


class Remote(Protocol):
    """A place files are fetched from: a folder here, or a server."""

    def listing(self) -> Iterator[RemoteFile]:
        """The files there are."""

    def fetch(self, name: str, target: BinaryIO) -> bool:
        """Append to ``target`` what it does not hold yet of the file; False where there is no such file."""


@dataclass(frozen=True)
class Access:
    """How sources are reached: the address of a connection, and servers only a scheduler has clients for."""

    url: Callable[[Sql], str]
    remote: Callable[[Sftp | Http], Remote]


@dataclass(frozen=True)
class FolderHere:
    """A folder on this machine."""

    folder: Path

    def listing(self) -> Iterator[RemoteFile]:
        """The files in it. Raises FileNotFoundError when it is not mounted."""
        for path in self.folder.iterdir():
            facts = path.lstat()
            if stat.S_ISREG(facts.st_mode):
                yield RemoteFile(path.name, facts.st_size, int(facts.st_mtime))

    def fetch(self, name: str, target: BinaryIO) -> bool:
        """Copy on from where the target ends."""
        with open_regular(self.folder / name, self.folder) as there, open(there, "rb", closefd=False) as source:
            source.seek(target.tell())
            shutil.copyfileobj(source, target)
        return True


def pull(contract: Contract, source: Source, inbox: Path, lake: Lake, night: date, access: Access) -> list[Path]:
    """Bring what the source has for ``night`` to the inbox; returns the files brought, which may be none.

    Raises SourceError when the source cannot be read.
    """
    came = Pulled(contract, inbox, lake, night)
    try:
        match source:
            case Sql():
                brought = _query(came, source, access.url(source))
            case Folder():
                brought = _listed(came, source, FolderHere(source.folder))
            case Sftp():
                brought = _listed(came, source, access.remote(source))
            case Http():
                brought = _by_day(came, source, access.remote(source))
    except (OSError, RuntimeError, ValueError) as error:
        if getattr(error, "exit_code", None):
            raise
        # What a driver says may hold the address with its password: only its kind is told.
        raise SourceError(
            f"{contract.name}: its {source.kind} source could not be read ({type(error).__name__}): "
            "run hedui doctor, which tries each source; what has arrived is kept, and the pull continues from there"
        ) from None
    for path in brought:
        LOG.info("stage=pull type=%s file=%s bytes=%d", contract.name, path.name, path.stat().st_size)
    return brought


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

    @property
    def newest(self) -> date | None:
        """The day of the newest delivery up to the night, whether it was taken in or waits."""
        days = [file.delivery_date for file in self.waiting if file.delivery_date <= self.night]
        days += [
            receipt.delivery_date
            for receipt in ReceiptStore(self.lake).usable(self.contract.name, as_of=self.night, known_by=date.max)
        ]
        return max(days, default=None)

    def place(self, day: date, ending: str) -> Path:
        """A free place in the inbox, for a delivery of ``day`` that comes tonight."""
        folder = self.inbox / self.contract.department / self.contract.name / self.night.isoformat()
        folder.mkdir(parents=True, exist_ok=True)
        taken = {file.sequence for file in self.waiting if (file.delivery_date, file.received) == (day, self.night)}
        number = next(one for one in range(1, 1000) if one not in taken)
        counted = "" if number == 1 else f"_{number}"
        return folder / f"{self.contract.name}_{day:%Y%m%d}{counted}{ending}"

    def aside(self, name: str) -> Path:
        """Where a transfer is written until it is whole. Its name stays the same over repetitions."""
        return self.lake.folder("pulls", self.contract.name) / re.sub(r"[^\w.-]", "_", name)


def _query(came: Pulled, source: Sql, url: str) -> list[Path]:
    newest = came.newest
    if newest is not None and (came.night - newest).days < DAYS_BETWEEN[came.contract.delivery.cadence]:
        return []
    query = re.sub(r":day\b", f"'{came.night}'", source.query)
    query = re.sub(r":since\b", f"'{newest or date.min}'", query)
    aside = came.aside(f"{came.night:%Y%m%d}.csv.gz")
    write_query(url, query, came.contract, aside)
    place = came.place(came.night, ".csv.gz")
    shutil.move(aside, place)
    return [place]


def _listed(came: Pulled, source: Folder | Sftp, remote: Remote) -> list[Path]:
    """Files not yet brought, as they were written one after the other; each is known again by name, size and time."""
    brought = []
    for there in sorted(remote.listing(), key=lambda file: (file.modified, file.name)):
        day = source.day_of(there.name)
        aside = came.aside(f"{there.modified}-{there.size}-{there.name}")
        done = aside.with_name(f"{aside.name}.brought")
        if day is None or day > came.night or done.exists():
            continue
        with aside.open("ab") as target:
            remote.fetch(there.name, target)
        if aside.stat().st_size != there.size:
            aside.unlink()
            raise SourceError(f"{came.contract.name}: a file changed while it was read: pull again")
        place = came.place(day, ".csv.gz" if there.name.endswith(".gz") else ".csv")
        shutil.move(aside, place)
        # Killed just before this, the same bytes come again and are settled as a repetition.
        done.touch()
        brought.append(place)
    return brought


def _by_day(came: Pulled, source: Http, remote: Remote) -> list[Path]:
    """The days since the newest delivery, the newest first; of a full type the newest alone."""
    brought: list[Path] = []
    newest = came.newest or date.fromordinal(came.night.toordinal() - CATCH_UP_DAYS)
    ending = ".csv.gz" if source.path.endswith(".gz") else ".csv"
    for ordinal in range(came.night.toordinal(), newest.toordinal(), -1):
        day = date.fromordinal(ordinal)
        aside = came.aside(f"{day:%Y%m%d}{ending}")
        with aside.open("ab") as target:
            found = remote.fetch(source.path.replace(DAY, f"{day:%Y%m%d}"), target)
        if not found:
            aside.unlink()
            continue
        place = came.place(day, ending)
        shutil.move(aside, place)
        brought.append(place)
        if came.contract.delivery.kind == "full":
            break
    return brought
