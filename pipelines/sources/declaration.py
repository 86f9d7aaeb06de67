"""The parts of which ``sources.yaml`` is made: how each kind of source is declared, and what holds of it."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from schemas.declaration import Identifier, Strict


def _written(pattern: str, fix: str) -> AfterValidator:
    """Text of one form; ``fix`` says which, to whoever wrote another."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(fix)
        return text

    return AfterValidator(check)


Variable = Annotated[
    str, _written(r"[A-Z][A-Z0-9_]*", "write the name of an environment variable in capitals, and its value there")
]
"""The name of an environment variable; the value may also be in the file that ``<name>_FILE`` names."""
KeyPath = Annotated[str, _written(r"[^.\s]+(\.[^.\s]+)*", "write keys joined by single dots, such as data.list")]
"""Where a value is in a JSON document: the keys down to it, joined by dots. A number counts in a list, from 0."""
_DAY = re.compile(r"\{(day|since)(?::([^{}]+))?\}")

_SECRET = re.compile(r"token$|passw|secret|key$|^sign", re.IGNORECASE)


class Connected(Strict):
    """A source that is reached by an address: of an Airflow connection, or of an environment variable."""

    connection: Annotated[str, _written(r"[A-Za-z0-9_.-]+", "write the id of a connection, and no address")] | None = (
        None
    )
    """The id of a connection, as Airflow keeps it or as ``AIRFLOW_CONN_<ID>`` has it."""
    url_variable: Variable | None = None
    """The environment variable that holds the address."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.connection is None) == (self.url_variable is None):
            raise ValueError("give connection or url_variable, one of the two")
        return self

    @property
    def variable(self) -> str:
        """The environment variable in which the address is looked for; Airflow looks there for a connection first."""
        return self.url_variable or f"AIRFLOW_CONN_{(self.connection or '').upper()}"


class Sql(Connected):
    """A query. ``:day`` is the day asked for, ``:since`` that of the newest delivery, both quoted as 'YYYY-MM-DD'."""

    kind: Literal["sql"]
    query: str = Field(min_length=1)

    @field_validator("query")
    @classmethod
    def _only_reads(cls, query: str) -> str:
        if not re.match(r"\s*(select|with)\b", query, re.IGNORECASE) or ";" in query:
            raise ValueError("a source is only read: write one SELECT, without a semicolon")
        return query


class Named(Strict):
    """Files whose names say their day: ``name`` is a pattern with a group ``day`` (YYYYMMDD)."""

    name: str

    @field_validator("name")
    @classmethod
    def _names_its_day(cls, name: str) -> str:
        try:
            groups = re.compile(name).groupindex
        except re.error as error:
            raise ValueError(f"is not a pattern: {error}") from None
        if "day" not in groups:
            raise ValueError(r"has no group day: write it with (?P<day>\d{8}) where the day stands")
        return name

    def day_of(self, file_name: str) -> date | None:
        """The day a file speaks for; None for a file that is no delivery."""
        match = re.fullmatch(self.name, file_name)
        try:
            return date.fromisoformat(match["day"]) if match else None
        except ValueError:
            return None


class Folder(Named):
    """A folder that is exchanged through, as a mount on this machine."""

    kind: Literal["folder"]
    folder: Path


class Bounded(Strict):
    """What comes from a server, and may be larger than it should be."""

    most_mb: int = Field(default=4096, ge=1)
    """More is not fetched: MB of one delivery."""

    @property
    def most_bytes(self) -> int:
        """The bound in bytes."""
        return self.most_mb << 20


class Sftp(Named, Connected, Bounded):
    """A folder of an SFTP server: ``sftp://user:password@host:22``."""

    kind: Literal["sftp"]
    folder: str
    host_key: (
        Annotated[str, _written(r"SHA256:[A-Za-z0-9+/]{43}=?", "write it as ssh-keygen -lf prints it: SHA256:…")] | None
    ) = None
    """The server's key, as ``ssh-keygen -lf`` prints it. Without it, the server is looked up in ``known_hosts``."""
    known_hosts: Path | None = None
    """A file of known servers; without it, the user's own ``~/.ssh/known_hosts``."""
    key_file: Path | None = None
    """The private key to log in with, instead of a password."""
    passphrase_variable: Variable | None = None
    """The environment variable that holds the passphrase of ``key_file``."""

    @model_validator(mode="after")
    def _one_proof(self) -> Self:
        if self.host_key and self.known_hosts:
            raise ValueError("give host_key or known_hosts, one of the two")
        if self.passphrase_variable and not self.key_file:
            raise ValueError("passphrase_variable without key_file: give the key it opens, or remove it")
        return self


class Web(Connected, Bounded):
    """A web server: ``https://user:password@host/base``, or a token."""

    path: str = Field(min_length=1)
    """What follows the address; may hold ``{day}`` and ``{since}``, with a form of the date: ``{day:%Y-%m}``."""
    token_variable: Variable | None = None
    """The environment variable that holds a token."""
    token_header: Annotated[str, _written(r"[A-Za-z0-9-]+", "write the name of a header")] = "Authorization"  # noqa: S105
    """The header the token is sent in; ``Authorization`` says ``Bearer`` before it."""
    ca_file: Path | None = None
    """The certificates that the server's is checked against, where it is not signed by a public authority."""

    @field_validator("path")
    @classmethod
    def _stays_on_its_server(cls, path: str) -> str:
        if "://" in path or path.startswith("//"):
            raise ValueError("is an address: write only what follows it, and give the address in the environment")
        return _only_days(path)


class Http(Web):
    """A file for each day on a web server, or one that is always the newest; ``{day}`` stands for YYYYMMDD."""

    kind: Literal["http"]
    may_lack_length: bool = False
    """Take a file though the server does not say how long it is, so that one cut short cannot be told."""

    @property
    def by_day(self) -> bool:
        """Whether each day has its own file."""
        return "{day" in self.path

    @field_validator("path")
    @classmethod
    def _only_its_own_day(cls, path: str) -> str:
        if "{since" in path:
            raise ValueError("a file speaks for one day: write {day} and not {since}")
        return path

    def path_of(self, day: date) -> str:
        """The path of a day's file."""
        return with_days(self.path, "%Y%m%d", lambda _: day)


class NextLink(Strict):
    """Each page has the address of the next."""

    kind: Literal["next_link"]
    next: KeyPath | None = None
    """Where it is in the page; without it, in the header ``Link``."""


class Counted(Strict):
    """Pages that are asked for by a number; an empty page ends them."""

    kind: Literal["page_number", "offset"]
    parameter: str
    """The parameter that counts pages, or records left out."""
    first: int | None = None
    """The number of the first page, which is 1; an offset begins at 0."""
    total: KeyPath | None = None
    """Where a page says how many records there are. No page is asked for after them, and another number is an error."""

    @property
    def start(self) -> int:
        """What the first page is asked for by."""
        return self.first if self.first is not None else int(self.kind == "page_number")


class Cursor(Strict):
    """Each page has a mark, with which the next is asked for; none, or an empty one, on the last."""

    kind: Literal["cursor"]
    parameter: str
    next: KeyPath


class Json(Web):
    """A service that answers with JSON; ``{day}`` and ``{since}`` (the newest delivery's) stand for YYYY-MM-DD."""

    kind: Literal["json"]
    method: Literal["get", "post"] = "get"
    """With ``post`` the parameters are sent as a JSON document."""
    parameters: dict[str, str | int] = Field(default_factory=dict)
    secret_parameters: dict[str, Variable] = Field(default_factory=dict)
    """Parameters whose values are in environment variables."""
    records: KeyPath | None = None
    """Where the list of records is in an answer; without it, the answer is the list."""
    succeeds_with: dict[KeyPath, str | int | bool] = Field(default_factory=dict)
    """What an answer must hold to be one: many services tell errors in an answer of status 200."""
    columns: dict[Identifier, KeyPath] = Field(default_factory=dict)
    """Where each column of the contract is in a record. Without it, values are named as they are."""
    paging: Annotated[NextLink | Counted | Cursor, Field(discriminator="kind")] | None = None

    @model_validator(mode="after")
    def _counts_its_own(self) -> Self:
        for value in self.parameters.values():
            _only_days(str(value))
        if secret := [name for name in self.parameters if _SECRET.search(name)]:
            raise ValueError(f"parameters: {secret}: a secret is never written here: use secret_parameters")
        if isinstance(self.paging, Counted | Cursor) and self.paging.parameter in self.parameters:
            raise ValueError(f"paging.parameter: {self.paging.parameter} is in parameters too: remove it there")
        return self


Source = Annotated[Sql | Folder | Sftp | Http | Json, Field(discriminator="kind")]


def _only_days(text: str) -> str:
    """The text, if what it leaves open is a day. Raises ValueError."""
    if left := re.search(r"[{}]", _DAY.sub("", text)):
        raise ValueError(f"has a {left[0]} that is no {{day}} and no {{since}}: correct it")
    return text


def with_days(text: str, form: str, day_called: Callable[[str], date]) -> str:
    """The text with its ``{day}`` and ``{since}`` as dates, in their own form or in this one."""
    return _DAY.sub(lambda found: day_called(found[1]).strftime(found[2] or form), text)
