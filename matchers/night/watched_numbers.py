"""The numbers of the people watched, as far as some records may have them."""

from __future__ import annotations

from engines.connection import Connection
from matchers.night.contradiction import birth_and_sex_of
from matchers.queries import query

BODY = (
    "CASE id_verdict WHEN 'sound' THEN left(id_number, 17)"
    " WHEN 'sound_15' THEN left(id_number, 6) || '19' || substr(id_number, 7, 9) END::BIGINT"
)
"""SQL for the 17 digits that a sound number turns on, in its old form or its new one; null without one."""
RELATIVE_BODY = (
    "CASE length(number) WHEN 18 THEN TRY_CAST(left(number, 17) AS BIGINT)"
    " WHEN 15 THEN TRY_CAST(left(number, 6) || '19' || substr(number, 7, 9) AS BIGINT) END"
)
"""The same of a `number` that nobody has judged."""


def watch_numbers(con: Connection, wanted: str) -> None:
    """Make `watched_number`: the numbers of the people watched that `wanted`, a query of `body`, asks for.

    The numbers of all of them would be most of what a province's linking holds in memory.
    """
    con.execute(query("night/watched_numbers", wanted=wanted, birth_and_sex=birth_and_sex_of("p")))
