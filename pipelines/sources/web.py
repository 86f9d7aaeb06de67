"""A web server that files and answers are asked of, by httpx: its certificate checked, never led elsewhere.

Nothing that is told of it holds an address: there may be a secret in one.
"""

import email.utils
import logging
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, TypeVar

import httpx

from pipelines.sources.access import Access, Address, secret
from pipelines.sources.declaration import Web
from pipelines.sources.retries import BusyError, with_retries
from pipelines.sources.source_error import SourceError

PATIENCE = httpx.Timeout(60.0, connect=15.0)
LONGEST_TRANSFER = 4 * 3600
"""Seconds one file or answer may take, however little at a time it comes."""
MOST_REDIRECTS = 5
BUSY = {408, 425, 429, 500, 502, 503, 504}
NO_HEADERS = {
    *("timeout", "allow_redirects", "proxies", "verify", "cert", "stream", "max_redirects", "trust_env"),
    "check_response",
}
"""What Airflow keeps with a connection besides headers."""
MISSING = {404, 410}
Answer = TypeVar("Answer")
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)  # they log each address, with what is asked for in it


@dataclass(frozen=True)
class WebServer:
    """A server, and how it is asked."""

    base: str
    """Its address, without a slash at the end."""
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    login: tuple[str, str] | None = field(default=None, repr=False)
    ca_file: str | None = None

    def asked(
        self,
        path: str,
        take: Callable[[httpx.Response], Answer],
        *,
        method: str = "GET",
        headers: Callable[[], Mapping[str, str]] = dict,
        **request: Any,
    ) -> Answer:
        """What ``take`` makes of the answer as it streams in; asked again while the server is busy or the line breaks.

        ``path`` follows the server's address, or is an address on it. Raises SourceError.
        """

        def once() -> Answer:
            with self._client() as client, self._answer(client, method, path, dict(headers()), dict(request)) as answer:
                return take(answer)

        try:
            return with_retries(once, httpx.TransportError)
        except BusyError as error:
            raise SourceError(
                f"the server is busy, or fails ({error})", "pull again later; tell the department"
            ) from None
        except httpx.TransportError as error:
            raise _not_reached(error) from None
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            raise SourceError(
                f"the server cannot be asked ({type(error).__name__})", "correct its address and path"
            ) from None

    def url_of(self, path: str) -> httpx.URL:
        """The address of a path on this server. Raises SourceError for one on another."""
        base = httpx.URL(self.base)
        url = base.join(path) if "://" in path or path.startswith("//") else httpx.URL(self.base + _led(path))
        if _origin(url) != _origin(base):
            raise SourceError(
                "the server leads to another, which is not followed",
                "give the address that it leads to, if it is right",
            )
        return url

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        if self.ca_file is None:
            return httpx.create_ssl_context()
        try:
            return ssl.create_default_context(cafile=self.ca_file)
        except (OSError, ssl.SSLError):
            raise SourceError("ca_file cannot be read", "correct its path: a file of certificates in PEM") from None

    def _client(self) -> httpx.Client:
        return httpx.Client(headers=dict(self.headers), auth=self.login, timeout=PATIENCE, verify=self._trust)

    @contextmanager
    def _answer(
        self, client: httpx.Client, method: str, path: str, headers: dict[str, str], request: dict[str, Any]
    ) -> Iterator[httpx.Response]:
        """The answer, after redirections on the same server."""
        url = self.url_of(path).copy_merge_params(request.pop("params", {}))
        for _ in range(MOST_REDIRECTS):
            with client.stream(method, url, headers={"Accept-Encoding": "identity"} | headers, **request) as answer:
                if not answer.has_redirect_location:
                    _must_be_given(answer)
                    yield answer
                    return
                url = self.url_of(str(url.join(answer.headers["Location"])))
        raise SourceError("the server leads in a circle", "correct path, or check the login")


def server_of(source: Web, access: Access) -> WebServer:
    """The server a source declares. Raises SettingMissingError where its address or token is not given."""
    address = access.address(source)
    kept = address.extra if source.connection else {}
    headers = {str(name): str(value) for name, value in kept.items() if name not in NO_HEADERS}
    if source.token_variable:
        token = secret(source.token_variable)
        bearer = source.token_header.lower() == "authorization" and " " not in token
        headers[source.token_header] = f"Bearer {token}" if bearer else token
    login = (address.user, address.password or "") if address.user else None
    return WebServer(_base(address), headers, login, str(source.ca_file) if source.ca_file else None)


def in_bounds(answer: httpx.Response, most_bytes: int, already: int = 0, *, unpacked: bool = False) -> Iterator[bytes]:
    """The bytes of an answer as they were sent, or ``unpacked`` where they were packed for the way.

    Raises SourceError where they are too many, or take too long.
    """
    until = time.monotonic() + LONGEST_TRANSFER
    stated = int(answer.headers.get("Content-Length", 0) or 0)
    if already + stated > most_bytes:
        raise _too_large(most_bytes)
    for block in answer.iter_bytes() if unpacked else answer.iter_raw():
        already += len(block)
        if already > most_bytes:
            raise _too_large(most_bytes)
        if time.monotonic() > until:
            raise SourceError("the server sends too slowly", "pull again later; tell the department")
        yield block


def _too_large(most_bytes: int) -> SourceError:
    return SourceError(f"there is more than {most_bytes >> 20} MB", "if that is right, raise most_mb")


def _must_be_given(answer: httpx.Response) -> None:
    """Raise BusyError or SourceError unless the server gives what it was asked for, or says that it is not there."""
    status = answer.status_code
    if status in BUSY:
        raise BusyError(f"status {status}", _pause_asked_for(answer))
    if status in (401, 403):
        raise SourceError(f"the server refuses the login (status {status})", "check the login, or the token")
    if answer.is_success or status in MISSING or status == 416:
        return
    raise SourceError(f"the server refuses (status {status})", "correct path and parameters")


def _pause_asked_for(answer: httpx.Response) -> float | None:
    asked = answer.headers.get("Retry-After", "")
    if asked.isdigit():
        return float(asked)
    moment = email.utils.parsedate_tz(asked)
    return max(0.0, email.utils.mktime_tz(moment) - datetime.now(tz=UTC).timestamp()) if moment else None


def _not_reached(error: httpx.TransportError) -> SourceError:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return SourceError(
                "the server's certificate does not hold", "give the department's certificates as ca_file"
            )
        cause = cause.__cause__ or cause.__context__
    return SourceError(
        f"the server does not answer ({type(error).__name__})",
        "check its address, and that it can be reached from this machine",
    )


def _base(address: Address) -> str:
    """The server's address. Airflow keeps the protocol of a web server in the place of a path, or before the host."""
    if "://" in address.host:
        return f"{address.host.rstrip('/')}{f':{address.port}' if address.port else ''}"
    scheme, path = address.scheme, address.path
    if path in ("http", "https"):
        scheme, path = path, ""
    if scheme not in ("http", "https"):
        raise SourceError("its address is not one of a web server", "begin it with https://, or http://")
    host = f"[{address.host}]" if ":" in address.host else address.host
    return f"{scheme}://{host}{f':{address.port}' if address.port else ''}{_led(path) if path else ''}"


def _led(path: str) -> str:
    return f"/{path.lstrip('/')}"


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
