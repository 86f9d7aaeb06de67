"""The SQL that lies beside the Python, with its `$names` filled in."""

from __future__ import annotations

from pathlib import Path
from string import Template

from engines.connection import Connection

_ROOMS = Path(__file__).parent


def query(place: str, **names: str) -> str:
    """The text of the query at `<room>/<name>`, every `$name` replaced; a name that is not given is an error."""
    room, name = place.split("/")
    return Template((_ROOMS / room / "sql" / f"{name}.sql").read_text(encoding="utf-8")).substitute(names)


def number(con: Connection, sql: str) -> int:
    """The one whole number that a query gives; 0 for null."""
    rows = con.execute(sql).fetchall()
    return int(rows[0][0] or 0)
