"""What a department's own headers are told as, in the receipt and when the file is refused."""

from pathlib import Path

import pytest

from pipelines.intake.header import read_columns
from pipelines.intake.land import UnreadableDeliveryError
from pipelines.intake.unknown_headers import shape_of, unknown_headers
from schemas.catalogue import load_catalogue
from schemas.contract import Contract

VEHICLES = load_catalogue()["motor_vehicle"]
PENSIONS = load_catalogue()["pension_benefit"]


def refusal_of(path: Path, line: str, contract: Contract, expectation: str = "header_known") -> UnreadableDeliveryError:
    path.write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(UnreadableDeliveryError) as refused:
        read_columns(path, "utf-8", contract)
    assert refused.value.expectation == expectation
    return refused.value


def test_an_unknown_header_is_named_with_the_column_it_most_likely_is() -> None:
    line = ["号牌号码", "车主证件号码", "车主电话", "备注", "王芳", "抵押情况2", "住所地址", "住址"]
    assert unknown_headers(line, {0, 6}, VEHICLES) == (
        "2: 车主证件号码? 最接近 nearest: 所有人身份证号 (owner_id)",
        "3: 车主电话? 最接近 nearest: 联系电话 (phone of registered_poor)",
        "4: 备注? (text)",
        "5: 某某",
        "6: 抵押情况2? (code)",
        # The contract's own address column is there already.
        "8: 住址? 最接近 nearest: 住址 (address of household_register)",
    )


def test_a_line_with_a_long_number_in_it_is_told_by_its_shapes() -> None:
    assert unknown_headers(["号牌号码", "车主电话", "住址13985012345"], {0}, VEHICLES) == (
        "2: 某某某某", "3: 某某00000000000"
    )  # fmt: skip


def test_a_file_in_another_type_s_folder_is_said_to_be_that_type(tmp_path: Path) -> None:
    line = ",".join(column.header for column in VEHICLES.columns[:12])
    refused = refusal_of(tmp_path / "x.csv", line, PENSIONS, "header_of_its_type")
    assert "move it to public_security/motor_vehicle/" in str(refused)
    assert "“机动车登记”(motor_vehicle)" in refused.message_zh
    line = ",".join(["号牌号码", "机动车所有人", "甲乙", "丙丁"])
    assert "2 of its 4 headers are those of motor_vehicle" in str(refusal_of(tmp_path / "x.csv", line, PENSIONS))


def test_a_file_with_other_headers_for_all_its_columns_is_told_what_they_may_be(tmp_path: Path) -> None:
    refused = refusal_of(tmp_path / "x.csv", "车主证件号码,住址,抵押登记人王芳", VEHICLES)
    assert "车主证件号码? 最接近 nearest: 所有人身份证号 (owner_id)" in str(refused)
    assert refused.observed == "3 cells: 车主证件号码, 住址, 某某某某某某某"
    assert "王芳" not in f"{refused}{refused.message_zh}"


def test_a_shape_is_text_that_can_be_printed() -> None:
    assert shape_of("张\x1b[31m7\u202e\x07") == "某\ufffd[00a0\ufffd\ufffd"
