"""``sources.yaml``: which type is pulled from where. Addresses and passwords stand in the environment, never in it."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from pipelines.sources.declaration import Json, Source
from schemas.catalogue import Catalogue
from schemas.declaration import LOADER, Identifier, Strict, problems_of

_MAY_BE_SECRET = re.compile(r" \(is (.*://.*|\{.*)\)$|(?<=and its value there) \(is .*\)$", re.MULTILINE)
"""What a message would repeat of an address, a whole entry, or in the place of a variable: it may be a password."""
_KIND_OF = re.compile(r"(?<=\w)\.(sql|folder|sftp|http|json|next_link|page_number|offset|cursor)(?=[.:] ?\w)")
"""What a key is followed by in a message and not in the file: which kind of source, or of paging, it was read as."""
_NO_KIND = re.compile(r"Input tag ('.*') found using 'kind' does not match any of the expected tags: ")


class SourcesError(ValueError):
    """``sources.yaml`` does not hold. The message names file, key and fix."""

    exit_code = 4


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
    except OSError as error:
        raise SourcesError(f"{file}: (whole file): cannot be read ({error.strerror}): let this user read it") from None
    except UnicodeDecodeError:
        raise SourcesError(f"{file}: (whole file): is not UTF-8: save it as UTF-8") from None
    except yaml.YAMLError as error:
        raise SourcesError(f"{file}: (whole file): is not YAML{_place(error)}: correct it there") from None
    except ValidationError as error:
        raise SourcesError(_in_its_words(problems_of(error, content, file))) from None
    if problems := list(_problems_with(bound, catalogue, file)):
        raise SourcesError("\n".join(problems))
    return bound


def _in_its_words(told: str) -> str:
    """Problems by the keys of the file, without what may be a secret."""
    told = _NO_KIND.sub(r"\1 is no kind: use one of ", _KIND_OF.sub("", told))
    return _MAY_BE_SECRET.sub("", told).replace(": Value error, ", ": ")


def _place(error: yaml.YAMLError) -> str:
    """Where the file is wrong, without what stands there."""
    mark = getattr(error, "problem_mark", None)
    return f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""


def _problems_with(bound: dict[str, Source], catalogue: Catalogue, file: Path) -> Iterator[str]:
    if unknown := sorted(bound.keys() - catalogue.contracts.keys()):
        yield f"{file}: sources: {unknown} are not in the catalogue: correct the names"
    for name, source in bound.items():
        if isinstance(source, Json) and name not in unknown:
            columns = {column.name for column in catalogue[name].columns}
            if strange := sorted(source.columns.keys() - columns):
                yield f"{file}: sources.{name}.columns: {strange} are not columns of it: use {sorted(columns)}"
