"""What a department is told of the lines and cells that could not be read, and nobody in it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from pipelines.reporting.set_apart import _cell, set_apart
from schemas.column import Column, Meaning
from tests.pipelines.conftest import csv_of
from tests.pipelines.intake.payment_office import HEADER, MakeOffice

pytestmark = pytest.mark.slow
NUMBER = "529901199001011234"


def row(number: str, name: str, **cells: str) -> list[str]:
    return [number, name, *(cells.get(header, "") for header in HEADER[2:])]


def test_lines_and_cells_are_told_with_their_place_and_nobody_is_in_them(office_of: MakeOffice) -> None:
    office = office_of("full")
    rows = [row(f"A{n}", f"张{n}", 类别="镇上") for n in range(5)]
    rows += [row("B1", "李小四", 发放日期="2020-13-45", 类别="王小明")]
    rows += [row("", "欧阳小明", 身份证号=NUMBER), row("B2", "赵六", 发放日期=NUMBER, 金额="赵小六")]
    office.drop("payment_20201029.csv", csv_of(HEADER, *rows))
    (receipt,) = office.take_in()
    told = list(set_apart(office.connection, office.lake, office.contract, receipt, receipt.delivery_id))
    lines = [(one.line, one.header, one.rule) for one in told if one.kind == "line"]
    assert lines == [(8, "发放流水号", "required")] or [number for number, *_ in lines] == [8]
    cells = {(one.line, one.header): one.shown for one in told if one.kind == "cell"}
    assert {cells[number, "类别"] for number in range(2, 7)} == {"镇上"}
    assert cells[7, "发放日期"] == "2020-13-45"
    assert cells[7, "类别"] == "某某某"
    assert cells[9, "金额"] == "某某某"
    everything = " ".join(one.shown for one in told)
    for secret in (NUMBER, NUMBER[6:], "王小明", "欧阳小明", "赵小六"):
        assert secret not in everything


@given(
    meaning=some.sampled_from(Meaning),
    raw=some.sampled_from(
        [NUMBER, "529901900101123", "王小明", "13912345678", "贵A12345", "某市某区某路12号5室王小明"]
    ),
    born=some.booleans(),
)
def test_no_cell_gives_a_persons_own_value_whole(meaning: Meaning, raw: str, born: bool) -> None:  # noqa: FBT001
    said: dict[str, Any] = {"name": "a", "header": "甲", "en": "a", "meaning": meaning}
    column = Column.model_construct(**said)
    shown = _cell(column, raw, "某", 1, born=born)
    assert not any(part in shown for part in (raw, "小明", raw[-6:], raw[6:14]) if part)
