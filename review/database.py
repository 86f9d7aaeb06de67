"""One database address, as Django wants it: SQLite in a file, or PostgreSQL."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

SQLITE = "sqlite:///"
BUSY_SECONDS = 60
# Readers go on reading while a night is written; a writer queues at BEGIN, so that it never fails half-way.
SQLITE_OPTIONS = {
    "timeout": BUSY_SECONDS,
    "transaction_mode": "IMMEDIATE",
    # What a publication stages stays in memory up to 64 MB, and is not overwritten with zeros when it is dropped.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-65536; "
    "PRAGMA temp.cache_size=-65536; PRAGMA temp.secure_delete=OFF;",
}
POSTGRESQL_SCHEMES = ("postgresql", "postgres")


class DatabaseAddressError(ValueError):
    """An address that names no database. The message says what is accepted, and shows no password."""

    exit_code = 4


def database_settings(url: str) -> dict[str, Any]:
    """The entry of Django's ``DATABASES`` for ``url``.

    ``sqlite:///relative/path`` or ``sqlite:////absolute/path``; ``postgresql://user:password@host:port/name?option=value``,
    where a ``host`` among the options is the folder of a Unix socket. A folder missing above a SQLite file is made.
    """
    scheme, separator, _ = url.partition("://")
    if (file := sqlite_file(url)) and url != SQLITE:
        file.parent.mkdir(parents=True, exist_ok=True)
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(file), "OPTIONS": dict(SQLITE_OPTIONS)}
    if separator and scheme in POSTGRESQL_SCHEMES:
        return _postgresql(url)
    raise DatabaseAddressError(
        f"the review database's address begins with {scheme[:20]!r}: set HEDUI_DATABASE_URL to sqlite:///path/to/file "
        "or postgresql://user:password@host:port/name"
    )


def sqlite_address(file: Path) -> str:
    """The address of a SQLite file, whatever stands in its path."""
    return f"{SQLITE}{quote(str(file.absolute()))}"


def sqlite_file(url: str) -> Path | None:
    """The SQLite file of an address, or None where it is another database's."""
    return Path(unquote(url.removeprefix(SQLITE))).absolute() if url.startswith(SQLITE) else None


def _postgresql(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    name = unquote(parts.path.removeprefix("/"))
    if not name:
        raise DatabaseAddressError("the review database's address has no database name: end it with /name")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or options.pop("port", "")),
        "OPTIONS": options,
    }
