"""How sources are reached without a scheduler: addresses and secrets from the environment, or from files it names."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from pipelines.settings import SettingMissingError, SettingWrongError
from pipelines.sources.declaration import Connected, Sql


@dataclass(frozen=True)
class Address:
    """Where a server is, and who logs in. What is secret does not show."""

    scheme: str
    host: str
    port: int | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    path: str = ""
    """Without a slash before it."""
    extra: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Access:
    """How sources are reached: the address of a database as it is written, and of a server by its parts."""

    url: Callable[[Sql], str]
    address: Callable[[Connected], Address]


def url_of(source: Sql) -> str:
    """The address of a database. Raises SettingMissingError, naming the variable, when it is not set."""
    given = _given(source)
    return _url(_parts(given, source.variable)) if given.startswith("{") else given


def address_of(source: Connected) -> Address:
    """The address of a server. Raises SettingMissingError as ``url_of``, SettingWrongError where it is no address."""
    return _parts(_given(source), source.variable)


def secret(name: str) -> str:
    """The value of an environment variable, or what is in the file that ``<name>_FILE`` names.

    Raises SettingMissingError when neither is there.
    """
    if value := os.environ.get(name):
        return value
    file = os.environ.get(f"{name}_FILE")
    if not file:
        raise SettingMissingError(f"{name} is not set: give it in the environment, or the file it is in as {name}_FILE")
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingMissingError(
            f"{name}_FILE names a file that cannot be read ({type(error).__name__}): let this user read it"
        ) from None


def _given(source: Connected) -> str:
    try:
        return secret(source.variable)
    except SettingMissingError as error:
        if source.connection and f"{source.variable}_FILE" not in os.environ:
            raise SettingMissingError(
                f"{source.variable} is not set: give the address of the source in the environment; where it is a "
                "connection kept by Airflow, its DAG nightly pulls it, and its DAG try_sources tries it"
            ) from None
        raise error from None


def _parts(given: str, variable: str) -> Address:
    """An address, as it is usually written or as the JSON document that Airflow also takes for a connection."""
    try:
        return _of_json(json.loads(given)) if given.startswith("{") else _of_url(given)
    except (ValueError, TypeError, AttributeError):
        # Not a word of what it holds, not even what is wrong with it: there is a password in it.
        raise SettingWrongError(
            f"{variable} is no address: write scheme://user:password@host:port/path, with %40 for @ in a password"
        ) from None


def _of_url(given: str) -> Address:
    parts = urlsplit(given)
    if not parts.scheme or not parts.hostname:
        raise ValueError(given)
    user, password = (unquote(text) if text else None for text in (parts.username, parts.password))
    extra = dict(parse_qsl(parts.query))
    return Address(parts.scheme, parts.hostname, parts.port, user, password, unquote(parts.path).strip("/"), extra)


def _of_json(given: dict[str, Any]) -> Address:
    extra = given.get("extra") or {}
    if isinstance(extra, str):
        extra = json.loads(extra)
    port = int(given["port"]) if given.get("port") else None
    path = (given.get("schema") or "").strip("/")
    kind, host = given["conn_type"], given.get("host") or ""
    return Address(kind, host, port, given.get("login"), given.get("password"), path, extra)


def _url(address: Address) -> str:
    login = quote(address.user or "", safe="")
    if address.password:
        login += ":" + quote(address.password, safe="")
    port = f":{address.port}" if address.port else ""
    return f"{address.scheme}://{login}{'@' if login else ''}{address.host}{port}/{address.path}"


FROM_ENVIRONMENT = Access(url_of, address_of)
