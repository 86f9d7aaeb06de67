"""Memberships brought together into people."""

from __future__ import annotations

import duckdb
import pytest

from matchers.night import people
from tests.matchers.made_registers import fifteen, membership, number, other_digit, person_of, resolve

WANG = number("19700101", 11)
LI = number("19800202", 12)


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def test_one_number_and_compatible_names_are_one_person(con: duckdb.DuckDBPyConnection) -> None:
    resolve(
        con,
        [
            membership("h1", WANG, "王芳"),
            membership("t1", WANG, "王方", scheme="tekun"),
            membership("p1", fifteen(WANG), "王芳", scheme="registered_poor"),
        ],
    )
    assert len({person_of(con, household) for household in ("h1", "t1", "p1")}) == 1
    assert con.execute("SELECT number, id_verdict, memberships FROM people").fetchall() == [(WANG, "sound", 3)]


def test_one_number_and_incompatible_names_are_two_people(con: duckdb.DuckDBPyConnection) -> None:
    resolve(con, [membership("h1", WANG, "王芳"), membership("h2", WANG, "赵敏")])
    assert person_of(con, "h1") != person_of(con, "h2")


def test_names_are_compatible_through_a_third(con: duckdb.DuckDBPyConnection) -> None:
    resolve(
        con,
        [
            membership("h1", WANG, "王芳"),
            membership("h2", WANG, "赵敏"),
            membership("h3", WANG, "王芳", former_name="赵敏"),
        ],
    )
    assert len({person_of(con, household) for household in ("h1", "h2", "h3")}) == 1


def test_a_long_chain_ends_at_its_first_membership(con: duckdb.DuckDBPyConnection) -> None:
    chain = [membership(f"h{place}", WANG, f"王{'甲乙丙丁戊己庚'[place]}香") for place in range(7)]
    for place in range(6):
        chain[place]["former_name"] = chain[place + 1]["name"]
    resolve(con, chain)
    assert con.execute("SELECT count(*), max(memberships) FROM people").fetchall() == [(1, 7)]


def test_memberships_without_a_sound_number_stay_apart(con: duckdb.DuckDBPyConnection) -> None:
    damaged = other_digit(WANG, 16)
    resolve(con, [membership("h1", damaged, "王芳"), membership("h2", damaged, "王芳"), membership("h3", None, "王芳")])
    assert con.execute("SELECT count(*), count(number) FROM people").fetchall() == [(3, 0)]


def test_the_identity_is_stable_and_says_nothing_of_the_person(con: duckdb.DuckDBPyConnection) -> None:
    night = [membership("h1", WANG, "王芳"), membership("h2", LI, "李强")]
    resolve(con, night)
    before = {household: person_of(con, household) for household in ("h1", "h2")}
    corrected = [membership("h0", number("19900909", 5), "赵敏"), membership("h2", WANG, "孙丽"), night[0]]
    resolve(con, corrected)
    assert {household: person_of(con, household) for household in ("h1", "h2")} == before
    assert all(0 <= person < 1 << 60 for person in before.values())


def test_two_people_never_share_an_identity(con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "HASH_DIGITS", 1)
    households = [f"h{place}" for place in range(8)]
    night = [
        membership(household, number("19700101", 11 + place), "王芳") for place, household in enumerate(households)
    ]
    resolve(con, [*night, night[0]])
    identities = con.execute("SELECT household_id, person_id FROM person_memberships GROUP BY ALL").fetchall()
    assert len(identities) == len({person for _, person in identities}) == len(households)


def test_a_person_of_a_later_round_has_the_identity_of_nobody_of_the_first(con: duckdb.DuckDBPyConnection) -> None:
    night = [membership("h1", WANG, "王芳")]
    resolve(con, night)
    first = person_of(con, "h1")
    resolve(con, night, later=True)
    assert person_of(con, "h1") != first


def test_the_order_of_arrival_changes_nothing(con: duckdb.DuckDBPyConnection) -> None:
    night = [
        membership("t1", WANG, "王芳", scheme="tekun"),
        membership("h1", WANG, "王芳"),
        membership("h2", LI, "李强"),
    ]
    resolve(con, night)
    forwards = con.execute("SELECT person_id, household_id FROM person_memberships ORDER BY ALL").fetchall()
    resolve(con, night[::-1])
    assert con.execute("SELECT person_id, household_id FROM person_memberships ORDER BY ALL").fetchall() == forwards
