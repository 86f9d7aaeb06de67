"""Headers that say 证件号码 and not whose, and headers in traditional characters, in part or all of them."""

from pathlib import Path

import pytest
from zhconv_rs import zhconv

from pipelines.intake.header import Header, read_columns
from pipelines.intake.land import UnreadableDeliveryError, detect_encoding
from schemas.catalogue import load_catalogue
from schemas.contract import Contract
from tests.pipelines.conftest import csv_of

CATALOGUE = load_catalogue()
BARE = (
    "身份证号码",
    "身份证号",
    "公民身份号码",
    "证件号码",
    "身份证件号码",
    "公民身份证号码",
    "居民身份证号码",
    "身份證號碼",
)
ALONE = [contract for contract in CATALOGUE if len(contract.identity) == 1]
OF_TWO = [contract for contract in CATALOGUE if len(contract.identity) > 1]


def read(folder: Path, contract: Contract, header: list[str]) -> Header:
    path = folder / "x.csv"
    path.write_bytes(csv_of(header, ["1"] * len(header)))
    return read_columns(path, detect_encoding(path), contract)


def under(contract: Contract, **other: str) -> list[str]:
    """The agreed header, with another text for some columns."""
    return [other.get(column.name, column.header) for column in contract.columns]


def agreed_for_another(contract: Contract, header: str) -> bool:
    column = contract.column_under(header)
    return column is not None and column.name != contract.identity[0].id_number


@pytest.mark.parametrize(
    ("contract", "bare"),
    [(contract, bare) for contract in ALONE for bare in BARE if not agreed_for_another(contract, bare)],
    ids=lambda one: one if isinstance(one, str) else one.name,
)
def test_a_bare_header_is_that_of_the_only_person(tmp_path: Path, contract: Contract, bare: str) -> None:
    (person,) = contract.identity
    header = under(contract, **{person.id_number: bare, person.name: "姓名"})
    found = read(tmp_path, contract, header)
    assert (found.missing, found.unknown) == ((), ())
    assert header[found.positions[person.id_number]] == bare
    assert header[found.positions[person.name]] == "姓名"


@pytest.mark.parametrize("bare", [*BARE, "姓名"])
@pytest.mark.parametrize("contract", OF_TWO, ids=lambda one: one.name)
def test_a_bare_header_is_asked_about_where_a_row_speaks_of_two(tmp_path: Path, contract: Contract, bare: str) -> None:
    first, second = contract.identity
    part = "name" if bare == "姓名" else "id_number"
    candidates = [contract.column(person.columns()[part]) for person in (first, second)]
    with pytest.raises(UnreadableDeliveryError) as refused:
        read(tmp_path, contract, under(contract, **{candidates[0].name: bare}))
    assert refused.value.expectation == "header_says_whose"
    for said in (bare, *(column.header for column in candidates)):
        assert said in refused.value.message_zh
        assert said in refused.value.message_en


def test_a_bare_header_beside_both_of_theirs_is_some_other_column(tmp_path: Path) -> None:
    marriage = CATALOGUE["marriage"]
    found = read(tmp_path, marriage, [*under(marriage), "证件号码"])
    assert len(found.positions) == len(marriage.columns)
    assert len(found.unknown) == 1


def test_a_bare_header_beside_the_agreed_one_takes_nothing_from_it(tmp_path: Path) -> None:
    vehicle = CATALOGUE["motor_vehicle"]
    header = ["姓名", *under(vehicle), "证件号码"]
    found = read(tmp_path, vehicle, header)
    assert header[found.positions["owner_name"]] == vehicle.column("owner_name").header
    assert header[found.positions["owner_id"]] == vehicle.column("owner_id").header


def test_two_bare_headers_for_one_person_are_refused(tmp_path: Path) -> None:
    vehicle = CATALOGUE["motor_vehicle"]
    with pytest.raises(UnreadableDeliveryError, match="two headers") as refused:
        read(tmp_path, vehicle, [*under(vehicle, owner_id="证件号码"), "居民身份证号"])
    assert refused.value.expectation == "header_unambiguous"


def test_a_guardians_number_is_no_childs(tmp_path: Path) -> None:
    """Relatives are told beside the person, and never by a bare header."""
    enrolment = CATALOGUE["student_enrolment"]
    header = [one for one in under(enrolment) if one != enrolment.column("id_number").header]
    found = read(tmp_path, enrolment, header)
    assert "id_number" not in found.positions
    assert header[found.positions["guardian_id"]] == enrolment.column("guardian_id").header


@pytest.mark.parametrize("mark", ["\u200b", "\u200e", "\u2060", "\ufeff", "\u00ad"])
def test_marks_that_nobody_sees_are_no_part_of_a_header(tmp_path: Path, mark: str) -> None:
    vehicle = CATALOGUE["motor_vehicle"]
    found = read(tmp_path, vehicle, [f"{mark}{text[:1]}\u00a0{text[1:]}{mark}" for text in under(vehicle)])
    assert (found.missing, found.unknown) == ((), ())


@pytest.mark.parametrize("some", [1, 2, 3], ids=["all of it", "every second one", "every third one"])
@pytest.mark.parametrize("contract", [*CATALOGUE], ids=lambda one: one.name)
def test_a_header_in_traditional_characters_is_understood(tmp_path: Path, contract: Contract, some: int) -> None:
    header = [zhconv(text, "zh-hant") if not place % some else text for place, text in enumerate(under(contract))]
    found = read(tmp_path, contract, header)
    assert (len(found.positions), found.missing, found.unknown) == (len(contract.columns), (), ())
