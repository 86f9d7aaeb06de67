"""Pull: fetch what a source has for a type into the inbox, where it waits like any other delivery.

A pull is idempotent: what was brought is not brought again, unless that is asked for. It is resumable: a file is
written aside and renamed when it is whole, an interrupted transfer goes on where it stopped, and days that were missed
are caught up.
"""

import fcntl
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from engines.lake import Lake
from pipelines.progress import LOG
from pipelines.sources.access import Access
from pipelines.sources.declaration import Folder, Http, Json, Sftp, Source, Sql
from pipelines.sources.remote_files import FolderHere, Remote, RemoteFile
from pipelines.sources.source_error import SourceError
from pipelines.sources.where_it_goes import Pulled
from schemas.contract import Cadence, Contract

DAYS_BETWEEN = {Cadence.DAILY: 1, Cadence.WEEKLY: 7, Cadence.MONTHLY: 28, Cadence.TERMLY: 150}
"""How many days after the newest delivery a database is asked again."""
CATCH_UP_DAYS = {Cadence.DAILY: 10, Cadence.WEEKLY: 14, Cadence.MONTHLY: 35, Cadence.TERMLY: 190}
"""How many days back a file is looked for where none has come yet."""
BEFORE_ALL = date(1900, 1, 1)
"""What ``since`` is where nothing has come yet: a date that every database can write."""
KEPT_ASIDE = 7 * 86_400
"""Seconds that a transfer which broke off is kept to go on with; it is about people."""
YOUNG, LOOK_AGAIN_AFTER = 60.0, 5.0
"""Seconds: a file written so lately may still be written, and is looked at again so much later."""


class SourceNotReadyError(RuntimeError):
    """The source has nothing new, and the type is past its lateness date: to be asked again."""


@dataclass(frozen=True)
class Again:
    """That a day's delivery is to be fetched once more though it was; without a day, the newest there is."""

    day: date | None = None


def pull(
    contract: Contract,
    source: Source,
    inbox: Path,
    lake: Lake,
    night: date,
    access: Access,
    again: Again | None = None,
) -> list[Path]:
    """Bring what the source has for ``night`` to the inbox; returns the files brought, which may be none.

    Raises SourceError when the source cannot be read, and what a setting that is missing or wrong raises.
    """
    came = Pulled(contract, inbox, lake, night)
    try:
        with _alone(came):
            brought = _brought(came, source, access, again)
    except SourceError as error:
        raise error.of(f"{contract.name}: its {source.kind} source could not be read") from None
    except Exception as error:
        if getattr(error, "exit_code", None):
            raise
        # What a driver says may hold the address with its password: only its kind is told.
        raise SourceError(
            type(error).__name__,
            "run hedui doctor, which tries each source; what has arrived is kept, and the pull continues from there",
            f"{contract.name}: its {source.kind} source could not be read",
        ) from None
    for path in brought:
        LOG.info("stage=pull type=%s file=%s bytes=%d", contract.name, path.name, path.stat().st_size)
    return brought


def _brought(came: Pulled, source: Source, access: Access, again: Again | None) -> list[Path]:
    match source:
        case Sql():
            return _query(came, source, access, again)
        case Folder():
            return _listed(came, source, FolderHere(source.folder), again)
        case Sftp():
            from pipelines.sources.sftp import folder_of

            return _listed(came, source, folder_of(source, access), again)
        case Http():
            return _by_day(came, source, access, again) if source.by_day else _newest(came, source, access, again)
        case Json():
            return _answered(came, source, access, again)


@contextmanager
def _alone(came: Pulled) -> Iterator[None]:
    """Two pulls of one type would write the same files aside."""
    with came.aside(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SourceError("another pull of this type is running", "wait for it") from None
        came.clear_away(time.time() - KEPT_ASIDE)
        yield


def _due(came: Pulled, again: Again | None) -> tuple[date, date | None] | None:
    """The day that is asked for, and that of the newest delivery before it; None where nothing is due."""
    if again is not None:
        day = again.day or came.night
        return day, came.newest_up_to(day - timedelta(days=1))
    newest = came.newest_up_to(came.night)
    if newest is not None and (came.night - newest).days < DAYS_BETWEEN[came.contract.delivery.cadence]:
        return None
    return came.night, newest


def _query(came: Pulled, source: Sql, access: Access, again: Again | None) -> list[Path]:
    from pipelines.sources.query import write_query

    if (due := _due(came, again)) is None:
        return []
    day, since = due
    aside = came.aside(f"{day:%Y%m%d}.csv.gz")
    write_query(access.url(source), query_of(source, day, since), came.contract, aside)
    return [came.settle(aside, day, corrects=again is not None)]


def query_of(source: Sql, day: date, since: date | None) -> str:
    """The query for a day, after the newest delivery before it."""
    query = re.sub(r":day\b", f"'{day}'", source.query)
    return re.sub(r":since\b", f"'{since or BEFORE_ALL}'", query)


def _answered(came: Pulled, source: Json, access: Access, again: Again | None) -> list[Path]:
    from pipelines.sources.json_delivery import write_records
    from pipelines.sources.json_pages import service_of

    if (due := _due(came, again)) is None:
        return []
    day, since = due
    aside = came.aside(f"{day:%Y%m%d}.csv.gz")
    pages = service_of(source, access).records({"day": day, "since": since or BEFORE_ALL})
    write_records(pages, source.columns, came.contract, aside)
    return [came.settle(aside, day, corrects=again is not None)]


def _listed(came: Pulled, source: Folder | Sftp, remote: Remote, again: Again | None) -> list[Path]:
    """Files not yet brought, as they were written one after the other; each is known again by name, size and time."""
    brought = []
    for there, day in _wanted(came, source, remote, again):
        aside = came.aside(f"{there.modified}-{there.size}-{there.name}")
        done = aside.with_name(f"{aside.name}.brought")
        if isinstance(source, Sftp) and there.size > source.most_bytes:
            raise SourceError(f"there is a file of more than {source.most_mb} MB", "if that is right, raise most_mb")
        with aside.open("ab") as target:
            remote.fetch(there.name, target)
        if aside.stat().st_size != there.size:
            aside.unlink()
            raise SourceError("a file changed while it was read", "pull again")
        brought.append(came.settle(aside, day))
        # Killed just before this, the same bytes come again and are settled as a repetition.
        done.touch()
    return brought


def _wanted(
    came: Pulled, source: Folder | Sftp, remote: Remote, again: Again | None
) -> Iterator[tuple[RemoteFile, date]]:
    found = [(there, day) for there in remote.listing() if (day := source.day_of(there.name)) and day <= came.night]
    if again is not None:
        wanted = again.day or max((day for _, day in found), default=None)
        found = [(there, day) for there, day in found if day == wanted]
        if not found:
            raise SourceError("it has no file of that day", "give another day, or look into the folder")
    else:
        found = [
            (there, day)
            for there, day in found
            if not came.aside(f"{there.modified}-{there.size}-{there.name}.brought").exists()
        ]
    if any(0 <= time.time() - there.modified < YOUNG for there, _ in found):
        time.sleep(LOOK_AGAIN_AFTER)
        now = set(remote.listing())
        found = [(there, day) for there, day in found if there in now]
    yield from sorted(found, key=lambda one: (one[0].modified, one[0].name))


def _by_day(came: Pulled, source: Http, access: Access, again: Again | None) -> list[Path]:
    """The days since the newest delivery, the newest first; of a full type, and asked again, the newest alone."""
    from pipelines.sources.web import server_of
    from pipelines.sources.web_file import download

    server = server_of(source, access)
    brought: list[Path] = []
    for day in days_back(came, again):
        aside = came.aside(f"{day:%Y%m%d}.file")
        path = source.path_of(day)
        if not download(server, path, aside, source.most_bytes, may_lack_length=source.may_lack_length):
            continue
        brought.append(came.settle(aside, day, corrects=again is not None))
        if came.contract.delivery.kind == "full" or again is not None:
            break
    if again is not None and not brought:
        raise SourceError("it has no file of that day", "give another day, or correct path")
    return brought


def days_back(came: Pulled, again: Again | None = None) -> Iterator[date]:
    """The days whose files may be there and have not come, the newest first."""
    if again is not None and again.day is not None:
        yield again.day
        return
    newest = came.newest_up_to(came.night) if again is None else None
    first = newest or came.night - timedelta(days=CATCH_UP_DAYS[came.contract.delivery.cadence])
    for ordinal in range(came.night.toordinal(), first.toordinal(), -1):
        yield date.fromordinal(ordinal)


def _newest(came: Pulled, source: Http, access: Access, again: Again | None) -> list[Path]:
    """A file that is always the newest: fetched when one is due."""
    from pipelines.sources.web import server_of
    from pipelines.sources.web_file import download

    if (due := _due(came, again)) is None:
        return []
    aside = came.aside("newest.file")
    server = server_of(source, access)
    if not download(server, source.path, aside, source.most_bytes, may_lack_length=source.may_lack_length):
        raise SourceError("the server has no such file", "correct path")
    return [came.settle(aside, due[0], corrects=again is not None)]
