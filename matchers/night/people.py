"""The people watched: memberships of the registers brought together, one person for one sound number and identity."""

from __future__ import annotations

import itertools

import pyarrow as pa

from engines.connection import Connection
from engines.embedded import make_room
from matchers.columns import filled, require_columns
from matchers.identity.id_faults import one_fault_candidates
from matchers.identity.id_numbers import upgrade
from matchers.identity.levels import name_rank
from matchers.identity.name_book import add_names
from matchers.night.comparison_inputs import watch_places
from matchers.night.contradiction import BIRTH_AND_SEX, HIDDEN, PLACES_CONTRADICT, birth_and_sex_of
from matchers.night.fingerprints import fingerprint
from matchers.night.prefilter import search_for
from matchers.queries import number, query

MEMBERSHIP_COLUMNS = (
    "scheme",
    "household_id",
    "member_id",
    "type",
    "row_key",
    "id_number",
    "id_verdict",
    "name",
    "former_name",
    "birth_date",
    "sex",
    "division",
)
OPTIONAL_MEMBERSHIP_COLUMNS = {"address": "VARCHAR", "phone": "VARCHAR"}
"""What the weighing reads besides, where a membership has it."""

HASH_DIGITS = 15
"""Hexadecimal digits of a hash that make an identity. The bit above them tells a later round's from the first one's."""

OF_A_ROUND = (
    *("person_memberships", "shared_number", "shared_person", "person_stated"),
    *("watched_name", "watched_number", "roster_candidate"),
    *("unmatched", "household_link", "record_household", "linked_household", "right_key", "candidate"),
    *(
        "best_pair",
        "name_and_place_pair",
        "namesake",
        "likely_pair",
        "judged",
        "weighed",
        "links_weighed",
        "possible_weighed",
    ),
)
"""What takes room of all that a round makes: of its people, of the unmatched records, of their pairs."""


def resolve_people(con: Connection, memberships: str, *, asked_later: str | None = None, later: bool = False) -> None:
    """Bring the memberships together into people, and make ready to look for them.

    `memberships` names a relation of `MEMBERSHIP_COLUMNS` (`former_name` may be null), one row a place on a register;
    it may have `OPTIONAL_MEMBERSHIP_COLUMNS` too.
    Makes the table `person_memberships` (its columns with `person_id` and `number`, the sound number as 18 characters
    or null) and the view `people` (a row a person, taken from its best membership, and the count of `memberships`).
    Memberships with the same sound number and compatible names are one person, unless birth date and sex both
    contradict; a membership without a sound number is a person of its own. So is one that may be either of two who
    cannot be one person: a third joins two others only by telling a former name.
    asked_later: a relation of the same columns, from which the people of a later round will come. later: this is that
    round; its records were prefiltered with the first one's.
    """
    require_columns(con, memberships, MEMBERSHIP_COLUMNS)
    old = con.sql(f"SELECT DISTINCT id_number FROM {memberships} WHERE id_verdict = 'sound_15'").to_arrow_table()
    upgraded = upgrade(old["id_number"])
    con.register("upgraded_number", pa.table({"id_number": old["id_number"], "upgraded": upgraded}))
    _number_memberships(con, memberships, later=later)
    con.execute(query("night/shared_memberships", **BIRTH_AND_SEX))
    add_names(con, "SELECT name FROM shared_name")
    con.execute(query("night/same_name", contradicts=PLACES_CONTRADICT))
    _spread_first_of_name(con)
    texts = {"contradicts": PLACES_CONTRADICT, "hidden": HIDDEN}
    con.execute(query("night/same_person", name_rank=name_rank("l", "r"), **texts))
    con.execute(query("night/people", **BIRTH_AND_SEX))
    con.execute("DROP VIEW numbered_membership")
    con.unregister("upgraded_number")
    for table in (
        "shared_membership",
        "shared_name",
        "same_name",
        "alike_place",
        "ambiguous_place",
        "first_of_name",
        "first_of_person",
    ):
        con.execute(f"DROP TABLE {table}")
    make_room(con)
    if not later:
        search_for(con, memberships, asked_later)
    _watch(con, later=later)


def forget_people(con: Connection) -> None:
    """Drop what was made of the people and of the unmatched records, once these are linked and nobody asks further."""
    con.execute("DROP VIEW IF EXISTS people")
    for table in OF_A_ROUND:
        con.execute(f"DROP TABLE IF EXISTS {table}")


def _number_memberships(con: Connection, memberships: str, *, later: bool) -> None:
    """Make `numbered_membership`: the memberships, each with an identity that no other has.

    Two of ten million have the same hash once in some twenty thousand nights: then all are hashed anew, with a salt.
    """
    columns, optional = ", ".join(MEMBERSHIP_COLUMNS), filled(con, memberships, OPTIONAL_MEMBERSHIP_COLUMNS)
    texts = {"memberships": memberships, "columns": columns, "optional": optional, "address": fingerprint("m.address")}
    for salt in itertools.count():
        con.execute(query("night/memberships", own_id=_identity(salt, later=later), **texts))
        if not number(con, query("night/shared_identities")):
            return


def _identity(salt: int, *, later: bool) -> str:
    """SQL for the identity of a membership `m`; two rounds share none."""
    salted = f", '{salt}'" if salt else ""
    hashed = f"sha256(concat_ws('|', m.scheme, m.household_id, m.member_id{salted}))"
    return f"('0x' || left({hashed}, {HASH_DIGITS}))::BIGINT + {int(later) << 4 * HASH_DIGITS}"


def _spread_first_of_name(con: Connection) -> None:
    """Carry the smallest place from neighbour to neighbour until none changes: a few rounds, as few share a number."""
    changed = True
    while changed:
        con.execute(
            "CREATE OR REPLACE TEMP TABLE nearer_place AS SELECT s.place, min(f.first) AS first"
            " FROM same_name AS s JOIN first_of_name AS f ON f.place = s.other GROUP BY s.place"
        )
        nearer = "first_of_name AS f JOIN nearer_place AS n ON n.place = f.place AND n.first < f.first"
        changed = number(con, f"SELECT count(*) FROM {nearer}") > 0
        if changed:
            con.execute(
                "CREATE OR REPLACE TEMP TABLE first_of_name AS SELECT place, least(f.first, n.first) AS first"
                " FROM first_of_name AS f LEFT JOIN nearer_place AS n USING (place)"
            )
    con.execute("DROP TABLE nearer_place")


def _watch(con: Connection, *, later: bool) -> None:
    """Make ready to look for the people."""
    con.execute(query("night/watched_names"))
    add_names(con, "SELECT name FROM watched_name")
    damaged = con.sql(
        "SELECT person_id, id_number FROM people WHERE number IS NULL AND id_number IS NOT NULL ORDER BY person_id"
    ).to_arrow_table()
    found = one_fault_candidates(damaged["id_number"])
    candidates = pa.table({"person_id": damaged["person_id"].take(found["index"]), "candidate": found["candidate"]})
    con.register("person_candidate", candidates)
    con.execute(query("night/roster_candidates", birth_and_sex=birth_and_sex_of("p")))
    con.unregister("person_candidate")
    linked = "n.later AND n.body IN (SELECT body FROM settled_link)" if later else "NOT n.later"
    con.execute(query("night/settled_numbers", rounds=linked))
    watch_places(con)
