"""Try a source for real, as a pull would, and fetch next to nothing: what is wrong, and what to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from pipelines.sources.access import Access
from pipelines.sources.declaration import Folder, Http, Json, Sftp, Source, Sql
from pipelines.sources.pull import CATCH_UP_DAYS, query_of
from pipelines.sources.remote_files import FolderHere, Remote
from pipelines.sources.retries import asking_once
from pipelines.sources.source_error import SourceError
from schemas.contract import Contract


@dataclass(frozen=True)
class Tried:
    """Whether a pull would bring something, what was seen, and what to do if it would not."""

    ok: bool
    seen: str
    fix: str = ""


def try_source(contract: Contract, source: Source, access: Access, today: date) -> Tried:
    """Connect, and ask for one row, one file or one page. Nothing is brought."""
    try:
        with asking_once():
            return _seen(contract, source, access, today)
    except SourceError as error:
        return Tried(ok=False, seen=error.problem, fix=error.fix)
    except Exception as error:  # noqa: BLE001 (every error is a finding)
        if getattr(error, "exit_code", None):
            return Tried(ok=False, seen=str(error), fix="correct what the message names")
        return Tried(ok=False, seen=f"cannot be read ({type(error).__name__})", fix="check its address and declaration")


def _seen(contract: Contract, source: Source, access: Access, today: date) -> Tried:
    match source:
        case Sql():
            return _query(contract, source, access, today)
        case Folder():
            return _files(source, FolderHere(source.folder))
        case Sftp():
            from pipelines.sources.sftp import folder_of

            return _files(source, folder_of(source, access))
        case Http():
            return _file(contract, source, access, today)
        case Json():
            return _records(contract, source, access, today)


def _query(contract: Contract, source: Sql, access: Access, today: date) -> Tried:
    from pipelines.sources.query import running

    with running(access.url(source), query_of(source, today, today - timedelta(days=1)), 1) as found:
        for _ in found.batches:
            break
        return _fits(contract, found.names, "answers")


def _files(source: Folder | Sftp, remote: Remote) -> Tried:
    names = [there.name for there in remote.listing()]
    named = sum(source.day_of(name) is not None for name in names)
    if names and not named:
        return Tried(ok=False, seen=f"answers, but none of its {len(names)} files is called so", fix="correct name")
    return Tried(ok=True, seen=f"answers; {named} of its {len(names)} files are deliveries")


def _file(contract: Contract, source: Http, access: Access, today: date) -> Tried:
    from pipelines.sources.web import server_of
    from pipelines.sources.web_file import is_there

    server = server_of(source, access)
    back = CATCH_UP_DAYS[contract.delivery.cadence] if source.by_day else 1
    for days in range(back):
        day = today - timedelta(days=days)
        if is_there(server, source.path_of(day)):
            return Tried(ok=True, seen=f"answers; has the file of {day}" if source.by_day else "answers; has the file")
    of_days = f" of the last {back} days" if source.by_day else ""
    return Tried(ok=False, seen=f"answers, but has no file{of_days}", fix="correct path, or ask the department")


def _records(contract: Contract, source: Json, access: Access, today: date) -> Tried:
    from pipelines.sources.json_pages import flat, service_of, value_at

    records = service_of(source, access).first_page({"day": today, "since": today - timedelta(days=1)})
    if not records:
        return Tried(ok=True, seen="answers; has no record since yesterday")
    if not source.columns:
        return _fits(contract, [name for name, _ in flat(records[0])], "answers")
    empty = [name for name, path in source.columns.items() if all(value_at(one, path) is None for one in records)]
    if needed := [name for name in empty if contract.column(name).required]:
        return Tried(ok=False, seen=f"answers, but has nothing for {', '.join(needed)}", fix="correct columns")
    return _fits(contract, list(source.columns), "answers")


def _fits(contract: Contract, names: Iterable[str], seen: str) -> Tried:
    """Whether a delivery under these names would have what the contract needs."""
    called = list(names)
    found = {column.name for column in contract.columns_under(called) if column} | set(called)
    if lacking := [one.name for one in contract.columns if one.required and one.name not in found]:
        fix = "name columns as the contract does, or by its headers"
        return Tried(ok=False, seen=f"{seen}, but has no column {', '.join(lacking)}", fix=fix)
    return Tried(ok=True, seen=f"{seen}; its columns fit")
