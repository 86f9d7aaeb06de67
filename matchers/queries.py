"""The SQL that lies beside the Python, with its `$names` filled in."""

from __future__ import annotations

from pathlib import Path
from string import Template

_FOLDER = Path(__file__).parent / "sql"


def query(file_name: str, **names: str) -> str:
    """The text of `sql/<file_name>.sql`, every `$name` replaced; a name that is not given is an error."""
    return Template((_FOLDER / f"{file_name}.sql").read_text(encoding="utf-8")).substitute(names)
