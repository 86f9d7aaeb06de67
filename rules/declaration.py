"""Read what people declare in YAML (rule headers, policy files); an error names the file, the key and what to do."""

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from schemas.declaration import LOADER, Strict, problems_of

Model = TypeVar("Model", bound=Strict)


class RuleBookError(ValueError):
    """A rule or a policy parameter that cannot be used. The message names file, key and what to do."""

    exit_code = 4


def parsed_yaml(text: str, file: Path) -> Any:
    """The content of a YAML text that stands in ``file``. Raises RuleBookError where it is not YAML."""
    try:
        return yaml.load(text, LOADER)  # noqa: S506 (a safe loader)
    except yaml.YAMLError as error:
        raise RuleBookError(f"{file}: is not YAML: {error}") from error


def validated(model: type[Model], content: Any, file: Path) -> Model:
    """``content`` as a ``model``. Raises RuleBookError with one line for every key that does not hold."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise RuleBookError(problems_of(error, content, file)) from None
