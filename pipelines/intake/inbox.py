"""The inbox: files as departments drop them, and which deliveries they are.

Agreed is ``<department>/<type>/<received>/<type>_<delivery date>[_<n>].csv``: the folder's date is the day the file
came, the date in its name the day it speaks for, ``n`` counts re-deliveries of that day. A file elsewhere or under
another name is taken in where that can mean only one thing (``pipelines.intake.delivery_name``). A file in no day's
folder came on the day it was last written; one whose name says no day speaks for the day of its folder.
"""

import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pipelines.intake.delivery_name import read_place
from pipelines.intake.place_questions import LINK, NO_FILE, UNREADABLE_FOLDER, Question, not_yet_come
from pipelines.intake.printable import as_text, printable, shown
from pipelines.intake.type_names import TypeNames
from pipelines.settings import SHANGHAI
from schemas.catalogue import Catalogue
from schemas.contract import Contract

AGREED_NAME = re.compile(r"[a-z0-9_]+?_\d{8}(?:_\d{1,3})?\.csv(?:\.gz)?", re.ASCII)
"""What lies under such a name is found, whatever it is."""


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
    part: str = ""
    """Which part of its day its name says it is: a number, or words such as a township's name."""
    parts: int = 0
    """Of how many; 0 where its name does not say."""
    corrects: bool = False
    """Whether its name says that it corrects what came before."""

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
    """Where it lies in the inbox, as it can be printed; long numbers are masked."""
    advice_zh: str
    advice_en: str


def find_deliveries(
    inbox: Path,
    contracts: Iterable[Contract],
    *,
    delivered_by: date,
    received_by: date,
    among: Catalogue | None = None,
) -> tuple[list[InboxFile], list[PassedOver]]:
    """The deliveries of these types that speak for a day up to ``delivered_by`` and came by ``received_by``.

    And all that is no delivery of any type ``among`` those there are, each with what to do; so is what came later and
    lies in no day's folder. Who does not know all the types there are cannot say what a file in another folder means:
    without ``among`` only the folders of these types are looked into. No link is followed. Something else than a file,
    under the agreed name of a delivery, is found as one. Raises InboxMissingError when there is no such inbox.
    """
    if not inbox.is_dir():
        raise InboxMissingError(f"no inbox at {inbox}: give the folder that holds <department>/<type>/")
    its = list(contracts)
    wanted = {contract.name for contract in its}
    names = TypeNames.of(among) if among else TypeNames(its, {})
    folders = [inbox] if among else _own_folders(inbox, its)
    found: list[InboxFile] = []
    passed_over: list[PassedOver] = []
    for entry in _files(folders, inbox, passed_over):
        delivery = _read(inbox, entry, names, received_by)
        if isinstance(delivery, Question):
            passed_over.append(PassedOver(shown(_place(inbox, entry)), *delivery))
        elif (
            delivery is not None
            and delivery.type_name in wanted
            and delivery.delivery_date <= delivered_by
            and delivery.received <= received_by
        ):
            found.append(delivery)
    return sorted(found, key=lambda file: file.order), sorted(passed_over, key=lambda one: one.place)


def _own_folders(inbox: Path, contracts: Iterable[Contract]) -> list[Path]:
    """The folders of these types, but those behind a link."""
    folders = [inbox / contract.department / contract.name for contract in contracts]
    return [folder for folder in folders if not (folder.is_symlink() or folder.parent.is_symlink())]


def _files(below: Sequence[Path], inbox: Path, passed_over: list[PassedOver]) -> Iterator["os.DirEntry[str]"]:
    """Everything in folders of the inbox that is no folder to look into; one that has gone has nothing in it."""
    folders = list(below)
    while folders:
        here = folders.pop()
        try:
            with os.scandir(here) as listed:
                entries = sorted(listed, key=lambda entry: entry.name)
        except FileNotFoundError:
            continue
        except OSError:
            passed_over.append(PassedOver(shown(here.relative_to(inbox)), *UNREADABLE_FOLDER))
            continue
        for entry in entries:
            if entry.is_dir(follow_symlinks=False) and not AGREED_NAME.fullmatch(entry.name):
                folders.append(Path(entry.path))
            else:
                yield entry


def _place(inbox: Path, entry: "os.DirEntry[str]") -> Path:
    return Path(entry.path).relative_to(inbox)


def _read(inbox: Path, entry: "os.DirEntry[str]", names: TypeNames, received_by: date) -> InboxFile | Question | None:
    """The delivery that a file is; None for one that has gone meanwhile."""
    try:
        facts = entry.stat(follow_symlinks=False)
    except OSError:
        return None
    *folders, name = (as_text(part) for part in _place(inbox, entry).parts)
    is_file = stat.S_ISREG(facts.st_mode)
    if not is_file and not AGREED_NAME.fullmatch(name):
        return LINK if stat.S_ISLNK(facts.st_mode) else NO_FILE
    named = read_place(folders, name, names)
    if isinstance(named, Question):
        return named
    written = datetime.fromtimestamp(facts.st_mtime, tz=SHANGHAI).date()
    if named.received is None and written > received_by:
        return not_yet_come(named.contract, written)
    return InboxFile(
        delivery_date=named.delivery_date,
        # It cannot have come before the day it speaks for, whatever its time of change says.
        received=named.received or max(written, named.delivery_date),
        sequence=named.sequence,
        path=Path(entry.path),
        type_name=named.contract.name,
        source=printable(_place(inbox, entry)),
        size=facts.st_size if is_file else 0,
        modified_ns=facts.st_mtime_ns,
        part=named.part,
        parts=named.parts,
        corrects=named.corrects,
    )
