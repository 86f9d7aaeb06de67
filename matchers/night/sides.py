"""The two sides of the weighing: the records left over, a portion at a time, and the places of the people watched.

Of every row the keys are made that the blocking rules ask for; all that is compared is made only of rows that some pair
has: of a province these are few, and what is made of a name is long.
"""

from __future__ import annotations

from collections.abc import Iterator
from string import hexdigits

import numpy as np

from engines.connection import Connection
from engines.embedded import make_room
from matchers.identity.name_book import add_names
from matchers.night.province import BIRTH, name_keys_struct, name_struct, number_struct
from matchers.night.watched_numbers import RELATIVE_BODY, watch_numbers
from matchers.queries import number, query

CALLED = "SELECT name FROM left_over UNION ALL SELECT former_name AS name FROM left_over WHERE former_name IS NOT NULL"
"""SQL for every name that a record left over carries."""
LEFT_OVER = (
    "type VARCHAR, role VARCHAR, row_key VARCHAR, delivery_id VARCHAR, id_number VARCHAR, id_verdict VARCHAR,"
    " name VARCHAR, former_name VARCHAR, birth_date DATE, sex VARCHAR, division VARCHAR, address VARCHAR,"
    " phone VARCHAR, household VARCHAR, relatives VARCHAR[], entry VARCHAR, reached BIGINT"
)
"""What is kept of a record that the certain stages leave over: `entry` says why it may be weighed, `reached` is its row
in the table of that name."""

HEXADECIMAL = hexdigits[:16]
"""What the number of a person begins with (``people.sql``)."""
PORTION = 400_000
"""Records that are compared at a time: what is made of them fits in memory."""


def watch_places(con: Connection) -> None:
    """Gather what the places of the people watched tell, and forget what an earlier round left over."""
    con.execute(query("night/places_told"))
    con.execute(f"CREATE OR REPLACE TABLE left_over ({LEFT_OVER})")
    con.execute("CREATE OR REPLACE TABLE tie (type VARCHAR, role VARCHAR, household VARCHAR, person_id VARCHAR)")


def book_names(con: Connection) -> None:
    """Put every name that a record left over carries into the book of names."""
    add_names(con, CALLED)


def portions(con: Connection) -> Iterator[range]:
    """The numbers of the records left over, some at a time; one portion at least. An engine may number with gaps."""
    found = con.execute(f"SELECT DISTINCT rowid // {PORTION} AS portion FROM left_over ORDER BY portion").fetchall()
    for (portion,) in found or [(0,)]:
        yield range(portion * PORTION, (portion + 1) * PORTION)


def prepare_places(con: Connection) -> None:
    """Make `right_key`: the places of the people watched under every name, with what the blocking rules ask for.

    And what ties records to households: who of a household is linked, and whose the numbers are that records name.
    """
    con.execute(query("night/plain_ties"))
    named = "SELECT unnest(relatives) AS number FROM left_over UNION ALL SELECT id_number FROM left_over"
    watch_numbers(con, f"SELECT {RELATIVE_BODY} AS body FROM ({named}) AS named")
    keys = {"name": name_keys_struct(), "number": number_struct(old_form=False), "birth": BIRTH}
    into = "CREATE OR REPLACE TABLE right_key AS"
    for beginnings in _parts_of_people(con):
        con.execute(query("night/right_keys", into=into, beginnings=beginnings, **keys))
        into = "INSERT INTO right_key"
        make_room(con)


def _parts_of_people(con: Connection) -> Iterator[str]:
    """The people in parts of about a portion, each as a list of how their numbers begin (they are evenly spread)."""
    parts = min(max(number(con, "SELECT count(*) FROM people") // PORTION, 1), len(HEXADECIMAL))
    for digits in np.array_split(list(HEXADECIMAL), parts):
        yield ", ".join(f"'{digit}'" for digit in digits)


def prepare_records(con: Connection, records: range | None = None) -> None:
    """Make `left_key`: the records left over likewise, those numbered `records` or all. Their names are booked."""
    asked = f" WHERE rowid >= {records.start} AND rowid < {records.stop}" if records else ""
    con.execute(f"CREATE OR REPLACE TEMP VIEW asked_record AS SELECT rowid AS record, * FROM left_over{asked}")
    keys = {"name": name_keys_struct(), "number": number_struct(old_form=True), "birth": BIRTH}
    con.execute(query("night/left_keys", **keys))


def prepare_sides(con: Connection, *, everybody: bool = False) -> None:
    """Make `prepared_left` and `prepared_right`: the rows that `portion_pair` and `tied_pair` have, to be compared.

    everybody: make all rows.
    """
    for side, row in (("left", "row"), ("right", "rowid")):
        paired = f"SELECT {side}_row FROM portion_pair UNION ALL SELECT {side}_row FROM tied_pair"
        asked = "" if everybody else f" WHERE t.{row} IN ({paired})"
        numbered = "t.*" if row == "row" else f"t.{row} AS row, t.*"
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE prepared_{side} AS"
            f" SELECT {numbered} REPLACE ({name_struct('t.kind')} AS name)"
            f" FROM {side}_key AS t JOIN name_keys AS k ON k.name = t.called{asked}"
        )


def forget_sides(con: Connection) -> None:
    """Drop what a portion needed room for."""
    for table in ("left_key", "prepared_left", "prepared_right", "portion_pair", "tied_pair", "compared"):
        con.execute(f"DROP TABLE {table}")
