"""Totals, notes and drawn lines that fill a row's key are nobody's, and a file may say that it has no rows."""

from pathlib import Path

import pytest

from schemas.contract import Contract
from tests.pipelines.conftest import Deliver
from tests.pipelines.intake.test_shapes import HEADER, ROWS, refused, set_apart, text_of


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (("花溪镇小计", "9人", "", "", "300", ""), "total_row"),
        (("总 计", "24人", "", "", "300", ""), "total_row"),
        (("填报人：李四", "审核人：王五", "", "", "", ""), "note_row"),
        (("合计", "", "", "", "\ufffd=SUM(E2:E6)", ""), "total_row"),
        (("====", "====", "====", "====", "====", "===="), "note_row"),
        (("----", "----", "----", "----", "----", "----"), "blank_row"),
    ],
)
def test_what_fills_key_and_name_and_is_no_record_becomes_nobody(
    deliver: Deliver, row: tuple[str, ...], rule: str
) -> None:
    delivered = deliver(text_of([HEADER, *ROWS[:2], row, *ROWS[2:]]).encode())
    assert len(delivered.rows) == len(ROWS)
    assert set_apart(delivered) == [(4, rule)]


def test_a_row_of_somebody_called_like_a_total_stays(deliver: Deliver) -> None:
    rows = [*ROWS, ("A:6", "合计", "", "", "1", ""), ("甲、7", "总计", "529901199001011235", "2020-10-01", "1", "某村")]
    delivered = deliver(text_of([HEADER, *rows]).encode())
    assert (len(delivered.rows), delivered.quarantine) == (len(rows), [])


def test_a_total_is_found_behind_the_number_of_its_row(deliver: Deliver) -> None:
    rows = [("序号", *HEADER), *((str(place), *row) for place, row in enumerate(ROWS, start=1))]
    delivered = deliver(text_of([*rows, ("6", "合计", "", "", "", "300", "")]).encode())
    assert (len(delivered.rows), set_apart(delivered)) == (len(ROWS), [(7, "total_row")])


@pytest.mark.parametrize("header", ["金额(千元)", "金额/分", "金额【美元】"])
def test_an_amount_headed_in_another_unit_is_asked_about(tmp_path: Path, contract: Contract, header: str) -> None:
    error = refused(tmp_path / "x.csv", contract, text_of([("发放流水号", "姓名", header), ("A1", "张三", "1")]))
    assert (error.expectation, error.observed) == ("unit_of_money", header)


def test_a_file_that_only_says_there_is_no_data_is_told_as_that(tmp_path: Path, contract: Contract) -> None:
    error = refused(tmp_path / "x.csv", contract, "本月无新增人员\n")
    assert "nothing need be done" in error.message_en
