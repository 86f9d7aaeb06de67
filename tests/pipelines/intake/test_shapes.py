"""A table says the same whatever stands around it and between its cells; what is nobody's record is set apart."""

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.deliveries.receipts import Status
from pipelines.intake.header import read_columns
from pipelines.intake.land import UnreadableDeliveryError
from pipelines.intake.quarantine import OF_NOBODY
from pipelines.intake.separators import SEPARATORS
from schemas.contract import Contract
from tests.pipelines.conftest import Deliver, Delivered, csv_of
from tests.pipelines.intake.payment_office import HEADER as EVERY
from tests.pipelines.intake.payment_office import NEXT, MakeOffice

HEADER = ("发放流水号", "姓名", "身份证号", "发放日期", "金额", "住址")
ROWS = [(f"A{n}", "张三", "529901199001011235", "2020-10-01", f"{n}.5", "某村,三组") for n in range(1, 6)]
often = settings(
    max_examples=int(os.environ.get("HEDUI_EXAMPLES", "60")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def text_of(
    rows: Sequence[Sequence[str]], separator: str = ",", line_end: str = "\r\n", *, all_quoted: bool = False
) -> str:
    text = io.StringIO()
    quoting = csv.QUOTE_ALL if all_quoted else csv.QUOTE_MINIMAL
    csv.writer(text, delimiter=separator, lineterminator=line_end, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    return text.getvalue()


def values(delivered: Delivered) -> list[dict[str, object]]:
    return [{name: value for name, value in row.items() if name != "row_number"} for row in delivered.rows]


def set_apart(delivered: Delivered) -> list[tuple[object, object]]:
    return [(row["row_number"], row["rule"]) for row in delivered.quarantine]


def refused(path: Path, contract: Contract, content: str) -> UnreadableDeliveryError:
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UnreadableDeliveryError) as error:
        read_columns(path, "utf-8", contract)
    return error.value


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_the_separator_is_the_one_that_makes_columns_of_the_contract(
    deliver: Deliver, separator: str, encoding: str
) -> None:
    """亅 and 億 end with the byte of the vertical bar in GB18030."""
    rows = [*ROWS, ("A9", "亅億", "", "", "", f"一{separator}二")]
    delivered = deliver(text_of([HEADER, *rows], separator).encode(encoding))
    assert [row["payment_no"] for row in delivered.rows] == ["A1", "A2", "A3", "A4", "A5", "A9"]
    assert delivered.rows[-1]["name"] == "亅億"
    assert delivered.quarantine == []


def test_a_separator_other_than_the_comma_comes_back_in_what_is_set_apart(deliver: Deliver) -> None:
    rows = [HEADER, ("A1", "", "", "", "", "一|亅"), *ROWS]
    delivered = deliver(text_of(rows, "|").encode("gb18030"))
    assert [row["raw"] for row in delivered.quarantine] == ['A1|||||"一|亅"']


@pytest.mark.parametrize(
    "above",
    [
        ["2020年10月补贴发放登记表"],
        ["2020年10月补贴发放登记表,,,,,"],
        ["", "补贴发放表", "", "填报单位:某市财政局,,,2020-10-31,,", ""],
        ["payment_no,name,id_number,paid_on,amount,address"],
        ["1,2,3,4,5,6"],
        ["sep=,"],
        ['"补贴发放表', '(某市)",,,,,'],
    ],
)
def test_a_header_is_found_below_what_stands_above_it(deliver: Deliver, above: list[str]) -> None:
    delivered = deliver(("\r\n".join([*above, ""]) + text_of([HEADER, *ROWS])).encode())
    assert values(delivered) == values(deliver(text_of([HEADER, *ROWS]).encode()))
    filled = [number for number, line in enumerate(above, start=1) if line]
    assert set_apart(delivered) == [(number, "above_header") for number in filled]
    assert delivered.rows[0]["row_number"] == len(above) + 2
    assert {row["raw"] for row in delivered.quarantine} == {line for line in above if line}


def test_a_header_over_two_lines_is_one(deliver: Deliver) -> None:
    upper = ("发放流水号", "领款人", "", "发放", "", "")
    lower = ("", "姓名", "身份证号", "日期", "金额", "住址")
    delivered = deliver(text_of([("补贴发放表", "", "", "", "", ""), upper, lower, *ROWS]).encode())
    assert values(delivered) == values(deliver(text_of([HEADER, *ROWS]).encode()))
    assert set_apart(delivered) == [(1, "above_header")]
    assert delivered.unknown == ()


@pytest.mark.parametrize(
    "below",
    [
        ("栏次", "1", "2", "3", "4", "5"),
        ("1", "2", "3", "4", "5", "6"),
        ("payment_no", "name", "id_number", "paid_on", "amount", "address"),
    ],
)
def test_what_numbers_or_names_the_columns_once_more_is_no_row(deliver: Deliver, below: tuple[str, ...]) -> None:
    delivered = deliver(text_of([HEADER, below, *ROWS]).encode())
    assert len(delivered.rows) == len(ROWS)
    assert set_apart(delivered) == [(2, "note_row")]


@pytest.mark.parametrize(
    ("above", "below", "amount"),
    [
        ("单位:万元", None, 15_000),
        ("金额单位：人民币万元", None, 15_000),
        ("补贴发放表（万元）", None, 15_000),
        ("单位：元、人", None, 1.5),
        ("填报单位:广元市财政局", None, 1.5),
        ("补贴发放表", "万元", 15_000),
        ("补贴发放表", "（元）", 1.5),
    ],
)
def test_a_unit_told_for_the_whole_table_is_that_of_its_amounts(
    deliver: Deliver, above: str, below: str | None, amount: float
) -> None:
    units = [("", "", "", "", below, "")] if below else []
    delivered = deliver(text_of([(above,), HEADER, *units, *ROWS]).encode())
    assert delivered.rows[0]["amount"] == amount
    assert {rule for _, rule in set_apart(delivered)} <= OF_NOBODY


def test_a_header_s_own_unit_goes_before_that_of_the_table(deliver: Deliver) -> None:
    header = ("发放流水号", "姓名", "金额(万元)")
    delivered = deliver(text_of([("单位:元",), header, ("A1", "张三", "1")]).encode())
    assert delivered.rows[0]["amount"] == 10_000


@pytest.mark.parametrize("above", ["单位:千元", "单位:元、万元", "单位:美元"])
def test_a_unit_that_cannot_be_applied_is_asked_about(tmp_path: Path, contract: Contract, above: str) -> None:
    error = refused(tmp_path / "x.csv", contract, text_of([(above,), HEADER, *ROWS]))
    assert error.expectation == "unit_of_money"


@pytest.mark.parametrize("row", [("单位:万元", "", "", "", "", ""), ("金额单位：万元",)])
def test_another_unit_among_the_rows_refuses_the_delivery(deliver: Deliver, row: tuple[str, ...]) -> None:
    with pytest.raises(UnreadableDeliveryError, match="万元"):
        deliver(text_of([HEADER, *ROWS[:2], row, *ROWS[2:]]).encode())


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (("合计", "", "", "", "300", ""), "total_row"),
        (("合 计", "", "", "", "1,234.50元", ""), "total_row"),
        (("", "总计：", "", "", "300", ""), "total_row"),
        (("本页小计", "", "", "", "300"), "total_row"),
        (("合计", "NULL", "NULL", "NULL", "300", "NULL"), "total_row"),
        (("合计", "300人", "", "", "300", "", "制表人:李四"), "total_row"),
        (("南明区小计", "", "", "", "12", ""), "total_row"),
        (("合计:5人",), "total_row"),
        (HEADER, "header_repeated"),
        ((*HEADER, ""), "header_repeated"),
        (("发放流水号", "姓 名", "公民身份号码", "发放日期", "金额", "住址"), "header_repeated"),
        (("制表人：李四", "", "", "审核人：王五", "", ""), "note_row"),
        (("填报单位(盖章):某局", "", "", "", "", ""), "note_row"),
        (("备注:数据截至2020年10月31日。",), "note_row"),
        (("注1：不含停发人员",), "note_row"),
        (("共5条",), "note_row"),
        (("以下空白",), "note_row"),
        (("此页无正文", "", "", "", "", ""), "note_row"),
        (("制表：李四", "", "复核：王五"), "note_row"),
        (("以上数据由财政局提供",), "note_row"),
        (("本月无数据",), "note_row"),
        (("", "", "无", "", "", ""), "note_row"),
        (("====", "====", "====", "====", "====", "===="), "note_row"),
        (("(5 rows affected)",), "note_row"),
        (("2020年10月补贴发放登记表(二)", "", "", "", "", ""), "note_row"),
        (("", "", "", "", "", ""), "blank_row"),
        ((" ", "　", "", "", "", "", "", ""), "blank_row"),
        (("NULL", "NULL", "", "--", "\\N", "NULL"), "blank_row"),
    ],
)
@pytest.mark.parametrize("separator", [",", "|", "，"])
def test_what_is_nobody_s_record_is_set_apart_as_what_it_is(
    deliver: Deliver, row: tuple[str, ...], rule: str, separator: str
) -> None:
    delivered = deliver(text_of([HEADER, *ROWS[:2], row, *ROWS[2:]], separator).encode())
    assert [one["payment_no"] for one in delivered.rows] == ["A1", "A2", "A3", "A4", "A5"]
    assert set_apart(delivered) == [(4, rule)]
    assert delivered.counts.of_nobody == 1


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (("A6", "合计", "", "", "300", ""), None),
        (("合计", "总计", "", "2020-10-01", "300", "某村"), None),
        (("A6", "", "", "", "300", ""), "required"),
        (("A6", "", "", "", "", ""), "required"),
        (("", "合计平", "", "", "", ""), "required"),
        (("", "王芳", "529901199001011235", "2020-10-01", "1", "备注:某村"), "required"),
        (("合计", "", "529901199001011235", "2020-10-01", "1", "某村"), "required"),
        (("A6", "王芳", "529901199001011235", "2020-10-01"), "field_count"),
    ],
)
def test_what_may_be_somebody_s_record_counts_as_such(deliver: Deliver, row: tuple[str, ...], rule: str | None) -> None:
    delivered = deliver(text_of([HEADER, *ROWS, row]).encode())
    assert set_apart(delivered) == ([(7, rule)] if rule else [])
    assert delivered.counts.of_nobody == 0
    assert len(delivered.rows) == len(ROWS) + (rule is None)


@pytest.mark.parametrize("sign", ["x", "李", "共", "1"])
def test_a_cell_of_half_a_million_characters_is_no_title_and_is_told_at_once(deliver: Deliver, sign: str) -> None:
    delivered = deliver(text_of([HEADER, *ROWS, (sign * 600_000,)]).encode())
    assert set_apart(delivered) == [(7, "field_count")]


@pytest.mark.parametrize("unknown", [["李" * 70_000], [f"{'备注' * 20}{place}" for place in range(1_900)]])
def test_a_header_of_huge_or_very_many_unknown_cells_is_no_reason_to_fail(deliver: Deliver, unknown: list[str]) -> None:
    delivered = deliver(text_of([[*HEADER, *unknown], *([*row, *unknown] for row in ROWS), ("A6",)]).encode())
    assert len(delivered.rows) == len(ROWS)
    assert set_apart(delivered) == [(7, "field_count")]


def test_what_stands_alone_right_above_a_repeated_header_is_its_title(deliver: Deliver) -> None:
    delivered = deliver(text_of([HEADER, *ROWS[:2], ("续前页", "", "", "", "", ""), HEADER, *ROWS[2:]]).encode())
    assert set_apart(delivered) == [(4, "note_row"), (5, "header_repeated")]


@pytest.mark.parametrize(
    "again",
    [
        ("姓名", "发放流水号", "身份证号", "发放日期", "金额", "住址"),
        ("发放流水号", "姓名", "发放日期", "身份证号", "金额", "住址"),
        ("发放流水号", "姓名", "身份证号", "发放日期", "金额(万元)", "住址"),
        ("发放流水号", "姓名", "金额"),
    ],
)
def test_a_second_table_with_other_columns_refuses_the_delivery(deliver: Deliver, again: tuple[str, ...]) -> None:
    with pytest.raises(UnreadableDeliveryError, match="two tables"):
        deliver(text_of([HEADER, *ROWS, again, *ROWS]).encode())


def test_rows_above_a_header_that_was_sorted_in_among_them_are_not_passed_over(
    tmp_path: Path, contract: Contract
) -> None:
    error = refused(tmp_path / "x.csv", contract, text_of([*ROWS[:3], HEADER, *ROWS[3:]]))
    assert (error.expectation, error.observed) == ("header_first", "rows in lines 1 to 3")


def test_two_headers_of_one_column_are_both_named(tmp_path: Path, contract: Contract) -> None:
    error = refused(tmp_path / "x.csv", contract, "发放流水号,姓名,身份证号,公民身份号码\n1,2,3,3\n")
    assert error.expectation == "header_unambiguous"
    assert all(name in text for name in ("身份证号", "公民身份号码") for text in (error.message_zh, error.message_en))


@pytest.mark.parametrize(("header_more", "row_more"), [(0, 1), (0, 3), (1, 1), (2, 0), (1, 2)])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("separator", [",", "\t", "|"])
def test_separators_at_the_end_of_lines_make_no_columns(
    deliver: Deliver, header_more: int, row_more: int, encoding: str, separator: str
) -> None:
    rows = [(*row, *[""] * row_more) for row in ROWS]
    delivered = deliver(text_of([(*HEADER, *[""] * header_more), *rows], separator).encode(encoding))
    assert values(delivered) == values(deliver(text_of([HEADER, *ROWS]).encode()))
    assert delivered.quarantine == []


def test_in_a_file_of_trailing_separators_a_shifted_row_is_set_apart(deliver: Deliver) -> None:
    rows = [(*row, "") for row in ROWS]
    split = ("A6", "张三", "", "", "5", "某村", "三组")
    lost = ("A7", "张三", "2020-10-01", "7", "某村", "")
    bare = ("A8", "张三", "", "2020-10-01", "8", "某村")
    delivered = deliver(text_of([HEADER, *rows, split, lost, bare]).encode())
    assert [row["payment_no"] for row in delivered.rows] == ["A1", "A2", "A3", "A4", "A5", "A8"]
    assert set_apart(delivered) == [(7, "field_count"), (8, "field_count")]


def test_in_a_file_of_trailing_separators_a_last_row_cut_short_is_set_apart(deliver: Deliver) -> None:
    whole = text_of([HEADER, *((*row, "") for row in ROWS)])
    for cut in ("某村,三组", "某村"):
        delivered = deliver((whole + f'A6,张三,,,6,"{cut}"').encode())
        assert set_apart(delivered) == [(7, "field_count")]


PLAIN = st.text(alphabet="a1甲亅億㐀é,;|\"' ", max_size=5)


@often
@given(data=st.data())
def test_a_table_in_any_shape_has_the_rows_of_its_plainest_form(deliver: Deliver, data: st.DataObject) -> None:
    cells = st.tuples(
        st.sampled_from(["甲", "乙"]), st.just(""), st.sampled_from(["", "20201031"]), st.just("1"), PLAIN
    )
    rows = [(f"A{n}", *row) for n, row in enumerate(data.draw(st.lists(cells, min_size=1, max_size=8)))]
    plain = deliver(text_of([HEADER, *rows]).encode())
    more = data.draw(st.sampled_from([(0, 0), (0, 1), (1, 1), (2, 2)]))
    among = st.sampled_from(
        [HEADER, ("合计", "", "", "", "5", ""), ("", "", "", "", "", ""), ("制表人:李四", "", "", "", "", "")]
    )
    shaped: list[Sequence[str]] = [(*HEADER, *[""] * more[0])]
    strangers = 0
    for row in rows:
        shaped.append((*row, *[""] * more[1]))
        if data.draw(st.integers(0, 3)) == 0:
            shaped.append(data.draw(among))
            strangers += 1
    titles = data.draw(st.lists(st.sampled_from([("补贴发放表",), ("某局", "", "二〇二〇年")]), max_size=3))
    text = text_of(
        [*titles, *shaped],
        data.draw(st.sampled_from(SEPARATORS)),
        data.draw(st.sampled_from(["\n", "\r\n"])),
        all_quoted=data.draw(st.booleans()),
    )
    ended = data.draw(st.sampled_from([text, text.rstrip("\r\n"), text + "\r\n\r\n"]))
    delivered = deliver(ended.encode(data.draw(st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]))))
    assert values(delivered) == values(plain)
    assert delivered.counts.of_nobody == len(titles) + strangers
    assert delivered.counts.quarantined == len(titles) + strangers + plain.counts.quarantined


def test_what_is_nobody_s_record_refuses_no_delivery(office_of: MakeOffice) -> None:
    """The contract lets half of the rows be in quarantine."""
    office = office_of("full")
    rows = [(f"A{n}", "张三", *[""] * 9) for n in range(10)]
    bad = [("", "李四", *[""] * 9)] * 9
    office.drop("payment_20201029.csv", csv_of(EVERY, *rows, *bad, *[[""] * 11] * 60, ["合计", *[""] * 10], EVERY))
    office.drop("payment_20201030.csv", csv_of(EVERY, *rows, *bad, *bad, *[[""] * 11] * 60), NEXT)
    first, second = office.take_in()
    assert (first.status, first.landed, first.quarantined) == (Status.ACCEPTED, 81, 71)
    assert first.quarantined_by_rule == {"blank_row": 60, "header_repeated": 1, "required": 9, "total_row": 1}
    assert second.status is Status.REFUSED
    assert "18 of 28 rows" in second.failures[0].message_en


def test_a_line_of_very_many_separators_is_no_reason_to_read_as_many_columns(
    tmp_path: Path, contract: Contract
) -> None:
    path = tmp_path / "payment_20201029.csv"
    path.write_bytes(csv_of(HEADER) + b"," * 100_000 + b"\n")
    assert read_columns(path, "utf-8", contract).layout.cells == len(HEADER)
