"""The catalogue as the command line shows it."""

import json

from schemas.catalogue import load_catalogue
from schemas.listing import HEADINGS, as_json, as_rows


def test_the_json_counts_departments_and_types_without_civil_affairs_own() -> None:
    catalogue = load_catalogue()
    listed = as_json(catalogue)
    assert listed["departments"] == len(catalogue.departments) - 1
    assert listed["information_types"] == len(listed["types"]) == len(catalogue.information_types)
    assert [register["name"] for register in listed["registers"]] == [own.name for own in catalogue.own_types]
    assert "dibao_roster" not in {entry["name"] for entry in listed["types"]}
    assert json.loads(json.dumps(listed)) == listed


def test_the_json_describes_a_type() -> None:
    described = {entry["name"]: entry for entry in as_json(load_catalogue())["types"]}["motor_vehicle"]
    assert described["title"]["zh"] == "机动车登记"
    assert described["department"] == "public_security"
    assert {"kind": "full", "cadence": "weekly", "late_after_days": 9}.items() <= described["delivery"].items()
    assert described["columns"] == 14
    assert described["key"] == ["plate_number", "plate_kind"]
    assert described["roles"] == ["owner"]


def test_there_is_a_row_for_each_contract_with_a_cell_for_each_heading() -> None:
    rows = as_rows(load_catalogue())
    assert len(rows) == len(load_catalogue().contracts)
    assert {len(row) for row in rows} == {len(HEADINGS)}
    assert rows[0][0] == "公安"
    assert rows[-1][0] == "民政"
