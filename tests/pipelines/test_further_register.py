"""A further register is one contract: its people are linked, named, shown to the review and counted as protected."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from engines.lake import Lake
from pipelines.flagged_members import keep_flagged_members, read_flagged_members
from pipelines.link import link_night
from pipelines.progress import Progress
from pipelines.reporting.even_handedness.counting import count_groups
from rules.policy import load_policy
from rules.rule import load_rules
from rules.run import flag_night
from schemas.catalogue import Catalogue
from schemas.listed import registers_of
from schemas.register import People
from tests.matchers.made_registers import number
from tests.pipelines.made_register import TYPES, Rows, shown
from tests.schemas.further_register import catalogue_with_temporary_aid

NIGHT = date(2020, 10, 31)
VILLAGE = "520102001001"
BORN = date(1970, 1, 1)
WANG = number("19700101", 11)


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    whole = catalogue_with_temporary_aid(tmp_path / "schemas")
    return Catalogue(whole.departments, {name: whole[name] for name in (*TYPES, "temporary_aid")})


@pytest.fixture
def night(catalogue: Catalogue) -> Iterator[duckdb.DuckDBPyConnection]:
    """Somebody who gets temporary aid and has a vehicle, under a number that the dibao roster gives to another."""
    aided = {
        "card": WANG,
        "called": "王建国",
        "born": BORN,
        "village": VILLAGE,
        "hardship": "火灾",
        "standing": "active",
    }
    other = {"household_no": "H1", "member_no": "1", "name": "赵小梅", "id_number": WANG, "division": VILLAGE}
    rows: Rows = {
        "temporary_aid": [aided | {"row_key": "F1|1", "file_no": "F1", "person_key": "1"}],
        "dibao_roster": [other | {"row_key": "H1|1", "status": "active", "birth_date": BORN}],
        "motor_vehicle": [{"row_key": "v", "owner_name": "王建国", "owner_id": WANG}],
    }
    with shown(rows, catalogue) as connection:
        for contract in catalogue:
            connection.execute(f"ALTER TABLE {contract.name} ADD COLUMN delivery_date DATE")
            connection.execute(f"ALTER TABLE {contract.name} ADD COLUMN row_number BIGINT")
        link_night(connection, catalogue, (), Progress())
        yield connection


def test_its_people_are_linked_named_shown_and_counted(
    night: duckdb.DuckDBPyConnection, catalogue: Catalogue, tmp_path: Path
) -> None:
    linked = night.execute(
        "SELECT scheme, household_id, member_id, reason FROM links JOIN person_memberships USING (person_id)"
        " WHERE links.type = 'motor_vehicle' AND reason <> 'conflict'"
    ).fetchall()
    assert linked == [("temporary_aid", "F1", "1", "exact")]

    rules = [rule for rule in load_rules() if rule.id == "identity_conflict"]
    flags = flag_night(night, NIGHT, rules, load_policy(), catalogue)
    (flag,) = [one for one in flags.to_pylist() if one["scheme"] == "temporary_aid"]
    assert (flag["head_name"], flag["member_name"], flag["member_id_number"]) == ("王建国", "王建国", WANG)
    assert flag["division"] == VILLAGE

    lake = Lake(tmp_path / "lake")
    keep_flagged_members(night, lake, catalogue, NIGHT, flags)
    members = read_flagged_members(lake, NIGHT)
    assert members is not None
    (facts,) = [json.loads(one["facts"]) for one in members.to_pylist() if one["scheme"] == "temporary_aid"]
    assert (facts["called"], facts["hardship"]) == ("王建国", "火灾")

    seen = flags.select(["scheme", "household_id", "member_id", "direction"])
    decided = seen.schema.append(pa.field("confirmed", pa.bool_())).empty_table()
    rosters = registers_of(catalogue, People.PROTECTED)
    counts = count_groups(night, rosters, NIGHT, seen, decided, (18, 60))
    (everybody,) = [one for one in counts if (one.measure, one.attribute) == ("alert", "all")]
    assert (everybody.count, everybody.of) == (2, 2)
