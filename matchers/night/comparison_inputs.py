"""The two sides of the weighing: the unmatched records, a portion at a time, and the places of the people watched.

Of every row the keys are made that the blocking rules use; a place's are kept only where some record shares one. All
that is compared is made only of rows that some pair has: of a province these are few, and a name makes a long row.
"""

from __future__ import annotations

from collections.abc import Iterator

from engines.connection import Connection
from engines.embedded import make_room
from matchers.identity.name_book import add_names
from matchers.night.comparisons import BIRTH, NUMBER, RULES, name_keys_struct, name_struct, number_read
from matchers.night.fingerprints import fingerprint
from matchers.queries import number, query

CALLED = "SELECT name FROM unmatched UNION ALL SELECT former_name AS name FROM unmatched WHERE former_name IS NOT NULL"
"""SQL for every name that an unmatched record carries."""
UNMATCHED = (
    "type VARCHAR, role VARCHAR, row_key VARCHAR, delivery_id VARCHAR, id_number VARCHAR, id_verdict VARCHAR,"
    " name VARCHAR, former_name VARCHAR, birth_date DATE, sex VARCHAR, division VARCHAR, address BIGINT,"
    " phone VARCHAR, household VARCHAR, relatives VARCHAR[], entry VARCHAR, prefiltered BIGINT"
)
"""What is kept of an unmatched record: `entry` says why it may be weighed, `prefiltered` is its row in that table;
`address` is a fingerprint."""

PORTION = 400_000
"""Records that are compared at a time: what is made of them fits in memory."""
PEOPLE_AT_A_TIME = 800_000
"""People whose keys are made at a time, in parts of about so many: each part goes through all names."""
ROWS_APART = 10**15
"""How far the rows of two parts of the people are numbered apart."""


def watch_places(con: Connection) -> None:
    """Gather what the places of the people watched say; make `unmatched` and `household_link`, empty."""
    con.execute(query("night/known_places"))
    con.execute(f"CREATE OR REPLACE TABLE unmatched ({UNMATCHED})")
    con.execute(
        "CREATE OR REPLACE TABLE household_link (type VARCHAR, role VARCHAR, household VARCHAR, person_id BIGINT)"
    )


def book_names(con: Connection) -> None:
    """Put every name that an unmatched record carries into the book of names."""
    add_names(con, CALLED)


def portions(con: Connection) -> Iterator[range]:
    """The numbers of the unmatched records, some at a time; one portion at least. An engine may number with gaps."""
    found = con.execute(f"SELECT DISTINCT rowid // {PORTION} AS portion FROM unmatched ORDER BY portion").fetchall()
    for (portion,) in found or [(0,)]:
        yield range(portion * PORTION, (portion + 1) * PORTION)


def prepare_places(con: Connection, *, everybody: bool = False) -> None:
    """Make `right_key`: the places of the people watched under every name, with what the blocking rules ask for.

    Only of those that share a key with a record of `left_block`, listed in `right_block` (`rule`, `row`, `k`), or that
    are of a household in `record_household`. everybody: of all.
    """
    con.execute("CREATE OR REPLACE TABLE right_block (rule UTINYINT, row BIGINT, k BIGINT)")
    texts = {"name": name_keys_struct(), "read": number_read(old_form=False), "number": NUMBER, "birth": BIRTH}
    into = "CREATE OR REPLACE TABLE right_key AS"
    parts = max(number(con, "SELECT count(*) FROM people") // PEOPLE_AT_A_TIME, 1)
    for part in range(parts):
        of = {"parts": str(parts), "part": str(part), "first": str(part * ROWS_APART)}
        con.execute(query("night/place_keys", **of, **texts))
        for place, rule in enumerate(RULES, start=1):
            keyed = f"SELECT row, unnest({rule.right}) AS k FROM place_row"
            keys = f"(SELECT row, {fingerprint('k')} AS k FROM ({keyed})) AS r"
            sought = f"(SELECT k FROM left_block WHERE rule = {place}) AS l"
            con.execute(f"INSERT INTO right_block SELECT {place}, row, k FROM {keys} SEMI JOIN {sought} USING (k)")
        kept = "TRUE" if everybody else query("night/kept_places")
        con.execute(f"{into} SELECT * FROM place_row WHERE {kept}")
        into = "INSERT INTO right_key"
        con.execute("DROP VIEW place_row; DROP TABLE place_key")
        make_room(con)


def prepare_records(con: Connection, records: range | None = None) -> None:
    """Make `left_key`: the unmatched records likewise, those numbered `records` or all. Their names are booked."""
    meant = f" WHERE rowid >= {records.start} AND rowid < {records.stop}" if records else ""
    con.execute(f"CREATE OR REPLACE TEMP VIEW portion_record AS SELECT rowid AS record, * FROM unmatched{meant}")
    keys = {"name": name_keys_struct(), "read": number_read(old_form=True), "number": NUMBER, "birth": BIRTH}
    con.execute(query("night/left_keys", **keys))


def prepare_sides(con: Connection, *, everybody: bool = False) -> None:
    """Make `prepared_left` and `prepared_right`: the rows of `portion_pair` and `household_pair`, to be compared.

    everybody: make all rows.
    """
    makes = {
        "left": "CREATE OR REPLACE TEMP TABLE prepared_left",
        "right": "CREATE OR REPLACE TEMP TABLE prepared_right",
    }
    for side, make in makes.items():
        paired = f"SELECT {side}_row FROM portion_pair UNION ALL SELECT {side}_row FROM household_pair"
        meant = "" if everybody else f" WHERE t.row IN ({paired})"
        con.execute(
            f"{make} AS SELECT t.* REPLACE ({name_struct('t.kind')} AS name)"
            f" FROM {side}_key AS t JOIN name_keys AS k ON k.name = t.called{meant}"
        )


def forget_sides(con: Connection) -> None:
    """Drop what a portion needed room for."""
    for table in ("left_key", "prepared_left", "prepared_right", "portion_pair", "household_pair", "compared"):
        con.execute(f"DROP TABLE {table}")
