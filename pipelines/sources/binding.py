"""``sources.yaml``: which type is pulled from where. Addresses and passwords stand in the environment, never in it."""

import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import Field, ValidationError, field_validator, model_validator

from schemas.catalogue import LOADER, Catalogue
from schemas.declaration import Identifier, Strict, problems_of

VARIABLE = r"^[A-Z][A-Z0-9_]*$"
DAY = "{day}"


class SourcesError(ValueError):
    """``sources.yaml`` does not hold. The message names file, key and fix."""

    exit_code = 4


class Connected(Strict):
    """A source that is reached by an address: of an Airflow connection, or of an environment variable."""

    connection: str | None = Field(default=None, pattern=r"^[A-Za-z0-9_.-]+$")
    """The id of a connection, as Airflow keeps it or as ``AIRFLOW_CONN_<ID>`` has it."""
    url_variable: str | None = Field(default=None, pattern=VARIABLE)
    """The environment variable that holds the address."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.connection is None) == (self.url_variable is None):
            raise ValueError("give connection or url_variable, one of the two")
        return self


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


class Sftp(Named):
    """A folder of an SFTP server, by an Airflow connection."""

    kind: Literal["sftp"]
    connection: str
    folder: str


class Http(Strict):
    """A file for each day on a web server, by an Airflow connection; ``{day}`` stands for YYYYMMDD in the path."""

    kind: Literal["http"]
    connection: str
    path: str

    @field_validator("path")
    @classmethod
    def _has_a_day(cls, path: str) -> str:
        if DAY not in path or not path.endswith((".csv", ".csv.gz")):
            raise ValueError("write {day} in the place of the day, and end it with .csv or .csv.gz")
        return path


Source = Annotated[Sql | Folder | Sftp | Http, Field(discriminator="kind")]


class Sources(Strict):
    """All bindings, by type."""

    sources: dict[Identifier, Source]


def load_sources(file: Path, catalogue: Catalogue) -> dict[str, Source]:
    """Read the bindings. Raises SourcesError, naming file, key and fix, when they do not hold."""
    try:
        content: Any = yaml.load(file.read_text(encoding="utf-8"), LOADER)  # noqa: S506 (a safe loader)
        bound = Sources.model_validate(content).sources
    except FileNotFoundError:
        raise SourcesError(f"{file}: (whole file): missing: create it, or unset HEDUI_SOURCES") from None
    except yaml.YAMLError as error:
        raise SourcesError(f"{file}: (whole file): is not YAML: {error}") from None
    except ValidationError as error:
        raise SourcesError(problems_of(error, content, file)) from None
    if unknown := sorted(bound.keys() - catalogue.contracts.keys()):
        raise SourcesError(f"{file}: sources: {unknown} are not in the catalogue: correct the names")
    return bound
