"""What people declare in YAML: the parts it is made of, and its errors, reported as file, key and what to do."""

from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's safe loader where PyYAML was built with it: seven times as fast."""
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=63)]


class Strict(BaseModel):
    """A part of a declaration: no unknown keys, no changes after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Title(Strict):
    """A name in the two languages the users read."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


def problems_of(error: ValidationError, content: Any, file: Path) -> str:
    """One line for every key of ``content``, read from ``file``, that does not hold."""
    return "\n".join(f"{file}: {_key(problem['loc'], content)}: {_fix(problem)}" for problem in error.errors())


def _key(location: tuple[int | str, ...], content: Any) -> str:
    """The dotted key of a problem, with list entries called by their own names: ``columns.owner_id.meaning``."""
    parts: list[str] = []
    for step in location:
        try:
            content = content[step]
        except (KeyError, IndexError, TypeError):
            content = None
        named = content.get("name") if isinstance(step, int) and isinstance(content, dict) else None
        parts.append(str(named or step))
    return ".".join(parts) or "(whole file)"


def _fix(problem: Any) -> str:
    match problem["type"]:
        case "missing":
            return "missing: add this key"
        case "extra_forbidden":
            return "unknown key: remove it or correct its spelling"
        case _:
            return f"{problem['msg']} (is {problem['input']!r:.60})"
