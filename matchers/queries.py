"""The SQL that lies beside the Python, with its `$names` filled in."""

from __future__ import annotations

from pathlib import Path
from string import Template

from engines.connection import Connection
from schemas.link_reasons import Claim, LinkReason, sql_list

_ROOMS = Path(__file__).parent
_REASONS: dict[str, str] = {
    **{reason.value: reason.value for reason in LinkReason},
    **{f"{claim.value}_reasons": sql_list(claim) for claim in Claim},
}
"""Every reason by its name, `'$exact'`; and lists of all that claim the same, `$certain_reasons` and the like."""


def query(place: str, **names: str) -> str:
    """The text of the query at `<room>/<name>`, every `$name` replaced; a name that is not given is an error.

    The reasons of links (`_REASONS`) need not be given.
    """
    room, name = place.split("/")
    return Template((_ROOMS / room / "sql" / f"{name}.sql").read_text(encoding="utf-8")).substitute(_REASONS | names)


def number(con: Connection, sql: str) -> int:
    """The one whole number that a query gives; 0 for null."""
    rows = con.execute(sql).fetchall()
    return int(rows[0][0] or 0)
