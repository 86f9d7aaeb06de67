"""The review's SQL, one file a statement. Some speak to JSON and differ between the two databases."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

FOLDER = Path(__file__).parent / "sql"


def run_sql(cursor: CursorWrapper, name: str, values: Mapping[str, Any] | None = None) -> int:
    """Run ``sql/<name>.sql``, or the file for this database; the number of rows it changed."""
    cursor.execute(sql_text(name), values)
    return max(int(cursor.rowcount), 0)


def sql_text(name: str) -> str:
    """The statement of this name for the database in use."""
    return _read_sql(name, connection.vendor)


@cache
def _read_sql(name: str, vendor: str) -> str:
    own = FOLDER / f"{name}.{vendor}.sql"
    return (own if own.exists() else FOLDER / f"{name}.sql").read_text(encoding="utf-8")
