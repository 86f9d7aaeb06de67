"""The records of a service that answers with JSON, page by page; a page at a time is in memory."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import httpx

from pipelines.sources.access import Access, secret
from pipelines.sources.declaration import Counted, Cursor, Json, NextLink, with_days
from pipelines.sources.source_error import SourceError
from pipelines.sources.web import MISSING, WebServer, in_bounds, server_of

MOST_OF_A_PAGE = 256 << 20
"""Bytes of one answer, which is read at once."""
MOST_DIGITS = 400
KEY = re.compile(r"[A-Za-z_]\w{0,30}")
"""What a message may repeat of an answer: names of keys, which may elsewhere be people's numbers."""
PAGING = "correct paging in sources.yaml"
Record = Mapping[str, Any]
Days = Mapping[str, date]


@dataclass(frozen=True)
class Asked:
    """One request: a path or an address, and the parameters that are sent with it."""

    path: str
    parameters: Mapping[str, str | int]


@dataclass(frozen=True)
class Page:
    """One answer."""

    document: Any
    records: list[Record]
    link: str | None
    """The next page's address, as the header ``Link`` has it."""
    size: int
    digest: bytes


@dataclass(frozen=True)
class Service:
    """A service, and how its pages follow each other."""

    source: Json
    server: WebServer
    secrets: Mapping[str, str]

    def records(self, days: Days) -> Iterator[list[Record]]:
        """The records page by page; ``days`` are those that ``{day}`` and ``{since}`` stand for.

        Raises SourceError where an answer is none, where pages repeat, and where they do not make up the total.
        """
        asked: Asked | None = self._first(days)
        seen: set[Asked] = set()
        count = size = 0
        before = b""
        while asked is not None:
            page = self._page(asked)
            size += page.size
            if size > self.source.most_bytes:
                raise SourceError(f"there is more than {self.source.most_mb} MB", "if that is right, raise most_mb")
            if page.records and page.digest == before:
                raise SourceError("a page came twice: the server does not page as declared", PAGING)
            before = page.digest
            count += len(page.records)
            yield page.records
            asked = self._next(asked, page, count)
            if asked in seen:
                raise SourceError("the pages lead in a circle", PAGING)
            if asked is not None:
                seen.add(asked)

    def first_page(self, days: Days) -> list[Record]:
        """The records of the first page. Raises SourceError."""
        return self._page(self._first(days)).records

    def _first(self, days: Days) -> "Asked":
        def day_called(name: str) -> date:
            return days[name]

        told = {
            name: with_days(value, "%Y-%m-%d", day_called) if isinstance(value, str) else value
            for name, value in self.source.parameters.items()
        }
        if isinstance(self.source.paging, Counted):
            told[self.source.paging.parameter] = self.source.paging.start
        return Asked(with_days(self.source.path, "%Y-%m-%d", day_called), _Frozen(told))

    def _page(self, asked: Asked) -> Page:
        parameters = {**asked.parameters, **self.secrets}
        request: dict[str, Any] = {"params": parameters} if self.source.method == "get" else {"json": parameters}
        if not parameters:
            request = {}
        return self.server.asked(asked.path, self._read, method=self.source.method.upper(), **request)

    def _read(self, answer: httpx.Response) -> Page:
        if answer.status_code in MISSING:
            raise SourceError(f"the server has nothing there (status {answer.status_code})", "correct path")
        content = b"".join(in_bounds(answer, MOST_OF_A_PAGE, unpacked=True))
        document = _document(content, answer.charset_encoding)
        link = answer.links.get("next", {}).get("url")
        return Page(document, self._records(document), link, len(content), hashlib.sha256(content).digest())

    def _records(self, document: Any) -> list[Record]:
        for path, expected in self.source.succeeds_with.items():
            said = value_at(document, path)
            if str(said).lower() != str(expected).lower():
                told = said if isinstance(said, int | None) else "another text"
                raise SourceError(
                    f"the service answers with an error: {path} is {told}",
                    "check the token and the parameters, or correct succeeds_with",
                )
        found = value_at(document, self.source.records) if self.source.records else document
        if not isinstance(found, list):
            where = f"at {self.source.records}" if self.source.records else "in the answer"
            keys = filter(KEY.fullmatch, document if isinstance(document, dict) else ())
            raise SourceError(
                f"there is no list {where} (it has {', '.join(sorted(keys)[:20]) or 'no keys'})",
                "correct records, or check the token",
            )
        if not all(isinstance(record, dict) for record in found):
            raise SourceError("its records have no keys", "correct records: a list of objects is needed")
        return found

    def _next(self, asked: Asked, page: Page, count: int) -> Asked | None:
        match self.source.paging:
            case NextLink(next=where):
                link = value_at(page.document, where) if where else page.link
                return Asked(str(_joined(asked.path, str(link), self.server)), _Frozen({})) if link else None
            case Cursor(parameter=parameter, next=where):
                mark = value_at(page.document, where)
                if mark in (None, "", False):
                    return None
                if not isinstance(mark, str | int):
                    raise SourceError(f"there is no mark of a page at {where}", PAGING)
                return Asked(asked.path, _Frozen({**asked.parameters, parameter: mark}))
            case Counted() as paging:
                if _ended(paging, page, count):
                    return None
                passed = count if paging.kind == "offset" else int(asked.parameters[paging.parameter])
                number = passed + (paging.start if paging.kind == "offset" else 1)
                return Asked(asked.path, _Frozen({**asked.parameters, paging.parameter: number}))
            case None:
                return None


class _Frozen(dict[str, Any]):
    """Parameters that can be told from others."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))


def service_of(source: Json, access: Access) -> Service:
    """The service a source declares. Raises SettingMissingError where its address or a secret is not given."""
    secrets = {parameter: secret(variable) for parameter, variable in source.secret_parameters.items()}
    return Service(source, server_of(source, access), secrets)


def value_at(document: Any, path: str) -> Any:
    """The value at a path of keys; None where there is none. A key may itself hold dots."""
    if isinstance(document, dict) and path in document:
        return document[path]
    key, _, rest = path.partition(".")
    if isinstance(document, list) and key.isdigit() and int(key) < len(document):
        found = document[int(key)]
    elif isinstance(document, dict) and key in document:
        found = document[key]
    else:
        return None
    return value_at(found, rest) if rest else found


def flat(record: Record, before: str = "") -> Iterator[tuple[str, Any]]:
    """The values of a record by their paths, those of records within it too."""
    for key, value in record.items():
        if isinstance(value, dict):
            yield from flat(value, f"{before}{key}.")
        else:
            yield f"{before}{key}", value


def _ended(paging: Counted, page: Page, count: int) -> bool:
    total = value_at(page.document, paging.total) if paging.total else None
    if paging.total and not (isinstance(total, int | str) and str(total).isdigit()):
        raise SourceError(f"there is no number at {paging.total}", "correct paging.total, or remove it")
    expected = int(total) if total is not None else None
    ended = not page.records if expected is None else count >= expected or not page.records
    if ended and expected not in (None, count):
        raise SourceError(
            f"{count} records came where the server counts {expected}: they changed meanwhile, or pages overlap",
            "pull again; if it stays so, correct paging, or ask the department to sort the records",
        )
    return ended


def _joined(path: str, link: str, server: WebServer) -> httpx.URL:
    """The address of the next page. Raises SourceError where it is on another server."""
    return server.url_of(str(server.url_of(path).join(link)))


def _document(content: bytes, charset: str | None) -> Any:
    try:
        text: str | bytes = content.decode(charset) if charset else content
        return json.loads(text, parse_float=_number)
    except (ValueError, LookupError, RecursionError):
        raise SourceError("the answer is no JSON document", "check the login and path: open it in a browser") from None


def _number(text: str) -> Decimal | int:
    """A number with all its digits; one that is whole is told as such."""
    number = Decimal(text)
    if number.is_finite() and abs(number.adjusted()) < MOST_DIGITS and number == int(number):
        return int(number)
    return number
