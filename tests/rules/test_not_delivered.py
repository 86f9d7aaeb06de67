"""What was not delivered is no ground: with any type withheld, somewhere or since a day, no rule finds more."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import date

import duckdb
import pyarrow as pa
import pytest

from rules.coverage import COVERAGE, Seen, everything
from rules.grounds import Manner, lacking
from rules.policy import load_policy
from rules.rule import Rule, load_rules
from rules.run import flag_night
from schemas.catalogue import load_catalogue
from schemas.listed import rosters_of
from tests.rules.golden_world import NIGHT, read_cases, world_of_night
from tests.rules.what_was_seen import VILLAGE

pytestmark = pytest.mark.slow

BOOK = [rule for rule in load_rules() if rule.direction != "control"]
"""The control sample is drawn from whoever is not flagged: the fewer are, the more it draws from; it doubts nobody."""
ROSTERS = rosters_of(load_catalogue())
WITHHELD = sorted({name for rule in BOOK for name in rule.reads} - ROSTERS)
"""Without the rosters there is no night."""
TELLS_TOO = {("undeclared_spouse", "marriage"), ("household_mismatch", "household_register")}
"""Without these there is no ground either: what is argued from is that an extract ends too early."""
Found = set[tuple[str, str, str, str | None, str]]
"""Whom a rule speaks of and for what: the month of an income may be another."""


def found(
    connection: duckdb.DuckDBPyConnection,
    rules: Collection[Rule],
    missing: Collection[str] = (),
    seen: Seen | None = None,
) -> Found:
    flags = flag_night(connection, NIGHT, list(rules), load_policy(), missing=missing, seen=seen)
    keys = ("rule", "scheme", "household_id", "member_id", "record_key")
    return set(zip(*(flags[key].to_pylist() for key in keys), strict=True))


@pytest.fixture(scope="module")
def golden() -> Iterator[tuple[duckdb.DuckDBPyConnection, Found]]:
    """All golden households of the usual night, which have whatever speaks for or against a flag, and what is found."""
    with world_of_night([case for case in read_cases() if case.night == NIGHT], NIGHT) as connection:
        yield connection, found(connection, BOOK)


@contextmanager
def withheld(connection: duckdb.DuckDBPyConnection, name: str) -> Iterator[None]:
    """The world without the rows of a type, and whole again afterwards."""
    connection.execute(f"CREATE TEMP TABLE withheld AS FROM {name}; DELETE FROM {name}")
    yield
    connection.execute(f"INSERT INTO {name} FROM withheld; DROP TABLE withheld")


@pytest.mark.parametrize("name", WITHHELD)
def test_no_rule_finds_more_when_a_type_is_withheld(golden: tuple[duckdb.DuckDBPyConnection, Found], name: str) -> None:
    connection, before = golden
    readers = [rule for rule in BOOK if name in rule.reads]
    silent = [rule for rule in readers if rule.reads[name] is Manner.ABSENCE_TELLS]
    with withheld(connection, name):
        more = found(connection, readers, {name}) - before
        unheeded = found(connection, silent) - before if silent else set()
    assert more == set()
    # And no rule is kept silent for nothing: run all the same, each would say what is not so.
    assert {ground[0] for ground in unheeded} == {rule.id for rule in silent if (rule.id, name) not in TELLS_TOO}


def known(name: str, *rows: tuple[str, date | None]) -> Seen:
    """All is known everywhere, but of one type: up to when, by division."""
    usual = everything(load_catalogue(), {name})
    stated = pa.table([[name] * len(rows), *map(list, zip(*rows, strict=True))], schema=COVERAGE)
    return Seen(pa.concat_tables([usual.coverage, stated]), usual.unread)


ARGUED = sorted({name for rule in BOOK for name, how in rule.reads.items() if how is Manner.ABSENCE_TELLS})


@pytest.mark.parametrize("name", [name for name in ARGUED if name not in ROSTERS])
def test_no_rule_finds_more_where_its_divisions_were_left_out_or_the_data_are_old(
    golden: tuple[duckdb.DuckDBPyConnection, Found], name: str
) -> None:
    connection, before = golden
    silent = [rule for rule in BOOK if rule.reads.get(name) is Manner.ABSENCE_TELLS]
    counties = connection.execute("SELECT DISTINCT left(division, 6) FROM dibao_roster ORDER BY ALL").fetchall()
    assert (VILLAGE[:6],) in counties
    with withheld(connection, name):
        left_out = found(connection, silent, seen=known(name, ("", date.max), *((code, None) for (code,) in counties)))
        old = found(connection, silent, seen=known(name, ("", date(2010, 1, 1))))
    assert left_out <= before
    assert old <= before


@pytest.mark.parametrize(
    ("missing", "lacked"),
    [
        (set(), ()),
        ({"marriage"}, ("marriage",)),
        ({"cremation", "household_register"}, ("cremation", "household_register")),
        ({"motor_vehicle"}, ()),
    ],
)
def test_a_rule_lacks_what_tells_it_and_what_would_speak_against_it(missing: set[str], lacked: tuple[str, ...]) -> None:
    (spouse,) = [rule for rule in BOOK if rule.id == "undeclared_spouse"]
    assert set(lacking(spouse.reads, missing, ROSTERS)) == set(lacked)


def test_a_rule_is_run_while_anything_that_tells_was_delivered() -> None:
    (enterprise,) = [rule for rule in BOOK if rule.id == "enterprise_controlled"]
    telling = {"enterprise_representative", "enterprise_shareholder", "farmer_cooperative"}
    assert lacking(enterprise.reads, telling - {"farmer_cooperative"}, ROSTERS) == ()
    assert set(lacking(enterprise.reads, telling | {"business_turnover"}, ROSTERS)) == telling


def test_what_was_not_delivered_is_not_said_to_be_nothing() -> None:
    (case,) = [case for case in read_cases() if case.id == "enterprise_controlled.representative"]
    (enterprise,) = [rule for rule in BOOK if rule.id == "enterprise_controlled"]
    with world_of_night([case], NIGHT) as connection, withheld(connection, "business_turnover"):
        (flag,) = flag_night(connection, NIGHT, [enterprise], load_policy(), missing={"business_turnover"}).to_pylist()
    assert (flag["severity"], "数据未送达" in flag["reason_zh"]) == (1, True)


@pytest.mark.parametrize(("died", "flagged"), [(date(2020, 9, 30), 0), (date(2020, 9, 1), 0), (date(2020, 8, 31), 1)])
def test_a_death_that_one_register_alone_may_date_waits_a_month(died: date, flagged: int) -> None:
    (case,) = [case for case in read_cases() if case.id == "deceased_recipient.died_in_august"]
    (deceased,) = [rule for rule in BOOK if rule.id == "deceased_recipient"]
    with world_of_night([case], NIGHT) as connection:
        connection.execute("UPDATE death_cancellation SET death_date = ?", [died])
        assert flag_night(connection, NIGHT, [deceased], load_policy()).num_rows == 1
        found = flag_night(connection, NIGHT, [deceased], load_policy(), missing={"cremation"})
    assert found.num_rows == flagged


@pytest.mark.parametrize(("reason", "flagged"), [("exact", 1), ("repaired", 1), ("probabilistic", 0)])
def test_a_likely_link_is_no_ground_while_nothing_tells_who_else_bears_the_name(reason: str, flagged: int) -> None:
    (case,) = [case for case in read_cases() if case.id == "vehicle_owned.car"]
    (owned,) = [rule for rule in BOOK if rule.id == "vehicle_owned"]
    with world_of_night([case], NIGHT) as connection:
        connection.execute("UPDATE links SET reason = ?, probability = 0.99", [reason])
        assert flag_night(connection, NIGHT, [owned], load_policy()).num_rows == 1
        found = flag_night(connection, NIGHT, [owned], load_policy(), missing={"household_register"})
    assert found.num_rows == flagged
