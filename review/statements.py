"""The review's SQL, one file a statement. Some speak to JSON and differ between the two databases."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

FOLDER = Path(__file__).parent / "sql"


def run(cursor: CursorWrapper, name: str, values: Mapping[str, Any] | None = None) -> int:
    """Run ``sql/<name>.sql``, or the file for this database; the number of rows it changed."""
    cursor.execute(text(name), values)
    return max(int(cursor.rowcount), 0)


def text(name: str) -> str:
    """The statement of this name for the database in use."""
    return _text(name, connection.vendor)


@cache
def _text(name: str, vendor: str) -> str:
    own = FOLDER / f"{name}.{vendor}.sql"
    return (own if own.exists() else FOLDER / f"{name}.sql").read_text(encoding="utf-8")
