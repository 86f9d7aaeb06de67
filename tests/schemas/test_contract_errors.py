"""A contract that cannot be used is refused with the file, the key and what to do."""

import copy
import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from schemas.catalogue import HERE, Catalogue, ContractError, load_catalogue
from schemas.column import Code, Column
from schemas.contract import Contract, Delivery, Expectations, Identity, Owner, RowRule
from schemas.declaration import LOADER, Title
from schemas.register import Register
from tests.schemas.further_register import TEMPORARY_AID, catalogue_with_temporary_aid

FILES = sorted(HERE.glob("*/*.yaml"))
CODES = yaml.safe_load((HERE / "codes.yaml").read_text(encoding="utf-8"))
PARTS: dict[str, type[BaseModel]] = {
    "title": Title,
    "explain": Title,
    "owner": Owner,
    "delivery": Delivery,
    "expectations": Expectations,
    "identity": Identity,
    "register": Register,
    "columns": Column,
    "row_rules": RowRule,
    "codes": Code,
}
MOTOR_VEHICLE = "public_security/motor_vehicle.yaml"

KeyPath = tuple[int | str, ...]
Change = Callable[[dict[str, Any]], object]


def contract_yaml(file: Path) -> dict[str, Any]:
    """A contract's content with its shared code lists written out, so that it stands alone."""
    content: dict[str, Any] = yaml.load(file.read_text(encoding="utf-8"), LOADER)  # noqa: S506 (a safe loader)
    for column in content["columns"]:
        if isinstance(column.get("codes"), str):
            column["codes"] = copy.deepcopy(CODES[column["codes"]])
    return content


def needed_keys(content: Any, model: type[BaseModel] = Contract, at: KeyPath = ()) -> Iterator[KeyPath]:
    """The path of every key the model cannot do without, in the first entry of each list or mapping of parts."""
    for name, field in model.model_fields.items():
        key = field.alias or name
        if field.is_required():
            yield (*at, key)
        part = PARTS.get(key)
        inner = content.get(key)
        if part is None or not inner:
            continue
        if isinstance(inner, list):
            yield from needed_keys(inner[0], part, (*at, key, 0))
        elif key == "codes":
            yield from needed_keys(next(iter(inner.values())), part, (*at, key, next(iter(inner))))
        else:
            yield from needed_keys(inner, part, (*at, key))


def without(content: dict[str, Any], path: KeyPath) -> dict[str, Any]:
    """A copy of the content with the key at that path deleted."""
    changed = copy.deepcopy(content)
    holder: Any = changed
    for step in path[:-1]:
        holder = holder[step]
    del holder[path[-1]]
    return changed


def load_alone(content: Any, folder: Path, place: str, codes: str = "{}") -> Catalogue:
    """The catalogue of the real departments and this one contract. JSON is YAML, and quicker to write and read."""
    file = folder / place
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps(content, ensure_ascii=False, default=str), encoding="utf-8")
    (folder / "codes.yaml").write_text(codes, encoding="utf-8")
    shutil.copy(HERE / "departments.yaml", folder)
    return load_catalogue(folder)


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_deleting_a_needed_key_names_file_key_and_fix(file: Path, tmp_path: Path) -> None:
    content = contract_yaml(file)
    place = f"{file.parent.name}/{file.name}"
    assert len(load_alone(content, tmp_path / "whole", place).contracts) == 1
    paths = list(needed_keys(content))
    assert len(paths) >= 28, "every part of a contract is tried"
    for number, path in enumerate(paths):
        with pytest.raises(ContractError) as refusal:
            load_alone(without(content, path), tmp_path / str(number), place)
        message = str(refusal.value)
        assert str(tmp_path / str(number) / place) in message
        assert f"{path[-1]}: missing: add this key" in message, f"{path}: {message}"


def drop_unit(content: dict[str, Any]) -> None:
    del content["columns"][13]["unit"]


def wrong_unit(content: dict[str, Any]) -> None:
    content["columns"][13]["unit"] = "yuan"


def unit_without_cause(content: dict[str, Any]) -> None:
    content["columns"][0]["unit"] = "yuan"


def drop_codes(content: dict[str, Any]) -> None:
    del content["columns"][1]["codes"]


def optional_key(content: dict[str, Any]) -> None:
    content["columns"][0]["required"] = False


def stray_key(content: dict[str, Any]) -> None:
    content["key"] = ["plate"]


def unknown_key(content: dict[str, Any]) -> None:
    content["retention_dayz"] = 3


def renamed(content: dict[str, Any]) -> None:
    content["name"] = "vehicle"


def moved(content: dict[str, Any]) -> None:
    content["department"] = "housing"


def shared_header(content: dict[str, Any]) -> None:
    content["columns"][1]["aliases"] = ["号牌 号码"]


def double_column(content: dict[str, Any]) -> None:
    content["columns"].append({**content["columns"][3], "header": "又一个品牌", "aliases": []})


def double_rule(content: dict[str, Any]) -> None:
    content["row_rules"].append(content["row_rules"][0])


def double_role(content: dict[str, Any]) -> None:
    content["identity"].append(content["identity"][0])


def ambiguous_code(content: dict[str, Any]) -> None:
    content["columns"][1]["codes"]["08"]["also"] = ["大型汽车"]


def ambiguous_but_for_width(content: dict[str, Any]) -> None:
    content["columns"][1]["codes"]["08"]["also"] = ["大型 汽车"]


def unmet_code(content: dict[str, Any]) -> None:
    content["columns"][1]["codes"]["08"]["also"] = ["－"]


def name_as_id(content: dict[str, Any]) -> None:
    content["identity"][0]["id_number"] = "owner_name"


def id_as_name(content: dict[str, Any]) -> None:
    content["identity"][0]["name"] = "owner_id"


def unknown_filled(content: dict[str, Any]) -> None:
    content["expectations"]["filled"] = {"owner": 0.5}


def bad_cadence(content: dict[str, Any]) -> None:
    content["delivery"]["cadence"] = "hourly"


def increment_against_last(content: dict[str, Any]) -> None:
    content["delivery"]["kind"] = "increment"


def unit_in_header(content: dict[str, Any]) -> None:
    content["columns"][3] |= {"meaning": "amount", "unit": "yuan", "header": "价值（万元）"}


def columns_as_text(content: dict[str, Any]) -> None:
    content["columns"] = "none"


@pytest.mark.parametrize(
    ("change", "key", "fix"),
    [
        (drop_unit, "unit: displacement", "give unit, one of"),
        (wrong_unit, "unit: displacement", "give unit, one of"),
        (unit_without_cause, "unit: plate_number", "remove unit"),
        (drop_codes, "codes: plate_kind", "has codes"),
        (optional_key, "key: plate_number", "set required: true"),
        (stray_key, "key: ['plate']", "use one of"),
        (unknown_key, "retention_dayz", "remove it or correct its spelling"),
        (renamed, "name", "make it motor_vehicle"),
        (moved, "department", "make it public_security"),
        (shared_header, "columns: header ['号牌号码']", "keep it once"),
        (double_column, "columns: ['brand']", "keep one"),
        (double_rule, "row_rules: ['first_then_this_owner']", "rename one"),
        (double_role, "identity: role ['owner']", "rename one"),
        (ambiguous_code, "codes: plate_kind: ['大型汽车']", "keep each with one"),
        (ambiguous_but_for_width, "codes: plate_kind: ['大型汽车']", "keep each with one"),
        (unmet_code, "codes: plate_kind: no cell can ever hold ['－']", "remove them"),
        (name_as_id, "identity.owner.id_number", "name another column"),
        (id_as_name, "identity.owner.name", "name another column"),
        (unknown_filled, "expectations.filled", "use one of"),
        (bad_cadence, "delivery.cadence", "'daily'"),
        (increment_against_last, "expectations.rows_against_last", "remove it"),
        (unit_in_header, "header: brand", "make it an alias"),
        (columns_as_text, "columns", "valid"),
    ],
)
def test_a_wrong_contract_says_what_to_do(change: Change, key: str, fix: str, tmp_path: Path) -> None:
    content = contract_yaml(HERE / MOTOR_VEHICLE)
    change(content)
    with pytest.raises(ContractError) as refusal:
        load_alone(content, tmp_path / "schemas", MOTOR_VEHICLE)
    message = str(refusal.value)
    assert str(tmp_path / "schemas" / MOTOR_VEHICLE) in message
    assert key in message
    assert fix in message


@pytest.mark.parametrize(
    ("changed", "key", "fix"),
    [
        ({"scheme": "Dibao"}, "register.scheme", "match"),
        ({"household": "family_no"}, "register.household: ['family_no']", "use one of"),
        ({"member": "relation_to_head"}, "register.member", "name one that is"),
        ({"household": "member_no"}, "register.member", "name columns of the key"),
        ({"status": "started_on"}, "register.status", "name a column of meaning code"),
        ({"paid": ["active", "leaving"]}, "register.paid: ['leaving']", "use some of"),
        ({"relation": "recipient"}, "register.relation", "name the relation to the head"),
        ({"shows_of_member": ["income"]}, "register.shows_of_member: ['income']", "use one of"),
        ({"people": "poor"}, "register.people", "'near_poor'"),
        ({"stauts": "status"}, "register.stauts", "correct its spelling"),
    ],
)
def test_a_wrong_register_says_what_to_do(changed: dict[str, Any], key: str, fix: str, tmp_path: Path) -> None:
    place = "civil_affairs/dibao_roster.yaml"
    content = contract_yaml(HERE / place)
    content["register"] |= changed
    with pytest.raises(ContractError) as refusal:
        load_alone(content, tmp_path / "schemas", place)
    message = str(refusal.value)
    assert str(tmp_path / "schemas" / place) in message
    assert key in message
    assert fix in message


def test_two_registers_of_one_scheme_are_refused(tmp_path: Path) -> None:
    catalogue_with_temporary_aid(tmp_path / "schemas")
    file = tmp_path / "schemas" / "civil_affairs" / "temporary_aid.yaml"
    file.write_text(TEMPORARY_AID.replace("scheme: temporary_aid", "scheme: dibao"), encoding="utf-8")
    with pytest.raises(ContractError, match=r"temporary_aid\.yaml: register\.scheme: dibao_roster has the same scheme"):
        load_catalogue.__wrapped__(tmp_path / "schemas")


def test_a_code_list_that_does_not_exist_is_named(tmp_path: Path) -> None:
    content = contract_yaml(HERE / MOTOR_VEHICLE)
    content["columns"][1]["codes"] = "plates"
    says = r"columns\.plate_kind\.codes: codes\.yaml has no list plates: use one of sex, or add it there"
    with pytest.raises(ContractError, match=says):
        load_alone(content, tmp_path / "schemas", MOTOR_VEHICLE, json.dumps({"sex": CODES["sex"]}))


def test_a_code_list_is_taken_by_its_name(tmp_path: Path) -> None:
    content = contract_yaml(HERE / MOTOR_VEHICLE)
    content["columns"][1]["codes"] = "sex"
    catalogue = load_alone(content, tmp_path / "schemas", MOTOR_VEHICLE, json.dumps({"sex": CODES["sex"]}))
    assert list(catalogue["motor_vehicle"].column("plate_kind").codes) == list(CODES["sex"])


def test_a_folder_that_is_no_department_is_refused(tmp_path: Path) -> None:
    content = contract_yaml(HERE / MOTOR_VEHICLE)
    with pytest.raises(ContractError, match=r"railways is not in departments\.yaml: add it there"):
        load_alone(content, tmp_path / "schemas", "railways/motor_vehicle.yaml")


@pytest.mark.parametrize("lost", ["departments.yaml", "codes.yaml"])
def test_a_lost_file_is_named(lost: str, tmp_path: Path) -> None:
    for name in {"departments.yaml", "codes.yaml"} - {lost}:
        shutil.copy(HERE / name, tmp_path)
    with pytest.raises(ContractError, match=rf"{lost}: \(whole file\): missing: create it"):
        load_catalogue(tmp_path)


@pytest.mark.parametrize(("text", "says"), [("", "is empty"), ("- a\n- b\n", "not a mapping"), ("a: [", "is not YAML")])
def test_a_file_that_is_no_mapping_is_refused(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "departments.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ContractError, match=says) as refusal:
        load_catalogue(tmp_path)
    assert "departments.yaml" in str(refusal.value)


def test_a_type_that_does_not_exist_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ContractError, match=r"no information type 'cars': use one of .*motor_vehicle"):
        _ = load_catalogue()["cars"]


def test_the_whole_catalogue_loads_at_once() -> None:
    began = time.process_time()
    load_catalogue.__wrapped__(HERE)
    assert time.process_time() - began < 1.0, "0.1 s of a processor on an idle machine"
