"""What the two rounds of a night link, the protected first."""

import shutil
from pathlib import Path

import pytest

from pipelines import link
from rules.book import load_rule_book
from rules.rule import HERE
from tests.matchers.made_registers import number, other_digit
from tests.pipelines.linked_night import (
    ASKED,
    ELSEWHERE,
    VILLAGES,
    certificate,
    dibao,
    links,
    night,
    person,
    poor,
    registered,
    vehicle,
    watched,
)
from tests.pipelines.made_register import by_type, few_types

pytestmark = pytest.mark.slow
WANG, OTHER_WANG = number("19700101", 11), number("19880505", 13)


def test_a_record_is_linked_in_the_round_of_its_person() -> None:
    connection = night(
        by_type(
            [
                dibao("h1", **person("王建国", WANG, "1970-01-01")),
                poor("p1", **person("李强", OTHER_WANG, "1988-05-05")),
                certificate("of the protected", "王建国", WANG),
                certificate("of the near-poor", "李强", OTHER_WANG),
                certificate("a stranger's", "王建国", number("19700101", 99)),
            ]
        )
    )
    assert links(connection, "disability_certificate") == [
        ("of the near-poor", "exact", "registered_poor"),
        ("of the protected", "exact", "dibao"),
    ]


def test_the_near_poor_are_linked_to_what_rules_ask_about_them_alone() -> None:
    """And a record is none of them that tells a former name, which one that is asked about may still use."""
    connection = night(
        by_type(
            [
                dibao("h1", **person("王建国", WANG, "1970-01-01")),
                poor("p1", **person("李强", OTHER_WANG, "1988-05-05")),
                vehicle("of the protected", "王建国", WANG),
                vehicle("of the near-poor", "李强", OTHER_WANG),
                vehicle("misspelt", "李墙", OTHER_WANG),
                registered("settled", **person("李强", OTHER_WANG, "1988-05-05")),
                registered("renamed", **person("李强", OTHER_WANG, "1988-05-05", former_name="赵小军")),
                certificate("by the former name", "赵小军", OTHER_WANG),
            ]
        )
    )
    assert links(connection, "motor_vehicle") == [("of the protected", "exact", "dibao")]
    assert links(connection, "household_register") == [("renamed", "exact", "registered_poor")]
    assert links(connection, "disability_certificate") == [("by the former name", "exact", "registered_poor")]


def test_the_rules_ask_four_types_about_the_near_poor() -> None:
    assert {"cremation", "death_cancellation", "disability_certificate", "medical_expense"} == ASKED


def test_a_rule_that_reads_the_register_of_the_poor_and_vehicles_has_these_linked_to_them(tmp_path: Path) -> None:
    """Nobody has to be told but the rule book."""
    shutil.copytree(HERE, tmp_path / "rules", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    rule = (HERE / "vehicle_owned.sql").read_text("utf-8").replace("id: vehicle_owned", "id: poor_with_vehicle")
    reads = rule.replace("motor_vehicle: tells", "motor_vehicle: tells\n  registered_poor: may tell")
    sql = f"{reads.rstrip().removesuffix(';')}\n  AND household_id IN (SELECT household_id FROM linked_registered_poor)"
    (tmp_path / "rules" / "poor_with_vehicle.sql").write_text(sql, "utf-8")
    asked = link.asked_of_the_near_poor(load_rule_book(tmp_path / "rules"), few_types())
    assert {"motor_vehicle"} <= asked - ASKED
    rows = by_type(
        [poor("p1", **person("李强", OTHER_WANG, "1988-05-05")), vehicle("of the near-poor", "李强", OTHER_WANG)]
    )
    assert links(night(rows, asked), "motor_vehicle") == [("of the near-poor", "exact", "registered_poor")]


def test_a_registered_poor_person_on_a_roster_is_not_watched_as_near_poor() -> None:
    connection = night(
        by_type(
            [
                dibao("h1", **person("王建国", WANG, "1970-01-01")),
                poor("p1", **person("王建国", WANG, "1970-01-01")),
                vehicle("v", "王建国", WANG),
            ]
        )
    )
    assert links(connection, "registered_poor") == [("p1", "exact", "dibao")]
    assert watched(connection, "registered_poor") == []
    assert links(connection, "motor_vehicle") == [("v", "exact", "dibao")]


def test_one_fault_from_a_rosters_damaged_number_ties_the_registered_poor_and_their_records_to_the_roster() -> None:
    """The number is on no roster and plainly the registered person's, yet it is not the near-poor's."""
    connection = night(
        by_type(
            [
                dibao("h1", **person("王建国", other_digit(WANG, 16), None)),
                poor("p1", **person("王建国", WANG, "1970-01-01")),
                vehicle("v", "王建国", WANG),
            ]
        )
    )
    assert links(connection, "registered_poor") == [("p1", "repaired", "dibao")]
    assert watched(connection, "registered_poor") == []
    assert links(connection, "motor_vehicle") == [("v", "repaired", "dibao")]


def test_a_record_that_is_plainly_the_near_poors_but_linked_to_the_protected_is_linked_once() -> None:
    """The number and the name are a near-poor person's; birth date and home are those of a namesake on a roster."""
    connection = night(
        by_type(
            [
                dibao("h1", **person("王建国", WANG, "1970-01-01")),
                poor("p1", **person("王建国", OTHER_WANG, "1988-05-05", division=VILLAGES[2], address=ELSEWHERE)),
                registered("r", **person("王建国", OTHER_WANG, "1970-01-01")),
                certificate("c", "王建国", OTHER_WANG),
            ]
        )
    )
    assert links(connection, "household_register") == [("r", "probabilistic", "dibao")]
    assert watched(connection, "registered_poor") == ["p1"]
    assert links(connection, "disability_certificate") == [("c", "exact", "registered_poor")]


def test_two_registered_poor_who_share_a_number_are_told_apart_by_name() -> None:
    connection = night(
        by_type(
            [
                poor("p1", **person("王建国", WANG, "1970-01-01")),
                poor("p2", **person("李强", WANG, "1970-01-01")),
                certificate("c", "李强", WANG),
            ]
        )
    )
    found = connection.execute(
        "SELECT p.row_key, l.reason FROM links AS l JOIN person_memberships AS p USING (person_id)"
        " WHERE l.type = 'disability_certificate'"
    ).fetchall()
    assert found == [("p2", "exact")]
