"""What a cell of each meaning says, in every form that departments write it in; what is ambiguous is not read."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.pipelines.conftest import Deliver, csv_of

KEYED = ("发放流水号", "姓名")


@pytest.mark.parametrize(
    ("header", "column", "cell", "meant"),
    [
        ("发放日期", "paid_on", "20201031", date(2020, 10, 31)),
        ("发放日期", "paid_on", "2020-10-31", date(2020, 10, 31)),
        ("发放日期", "paid_on", "2020/10/31", date(2020, 10, 31)),
        ("发放日期", "paid_on", "2020/3/5", date(2020, 3, 5)),
        ("发放日期", "paid_on", "2020.10.31", date(2020, 10, 31)),
        ("发放日期", "paid_on", "2020年10月31日", date(2020, 10, 31)),
        ("发放日期", "paid_on", "2020年3月5日", date(2020, 3, 5)),
        ("发放日期", "paid_on", "44135", date(2020, 10, 31)),
        ("发放日期", "paid_on", "44135.0", date(2020, 10, 31)),
        ("发放日期", "paid_on", "2020-10-31 08:30:00", date(2020, 10, 31)),
        ("发放日期", "paid_on", "２０２０年１０月３１日", date(2020, 10, 31)),
        ("发放日期", "paid_on", "20201001000000", date(2020, 10, 1)),
        ("发放日期", "paid_on", "44105.5", date(2020, 10, 1)),
        ("发放日期", "paid_on", "1-10月-2020", date(2020, 10, 1)),
        ("发放日期", "paid_on", "1601481600000", date(2020, 10, 1)),
        ("发放日期", "paid_on", "1601481600", date(2020, 10, 1)),
        ("发放日期", "paid_on", "2019/3/5 0:00", date(2019, 3, 5)),
        ("发放日期", "paid_on", "2020年10月1日 8时30分", date(2020, 10, 1)),
        ("发放日期", "paid_on", "2020-10-01T00:00:00", date(2020, 10, 1)),
        ("发放日期", "paid_on", "2020-10-31 23:59:59.999", date(2020, 10, 31)),
        ("发放日期", "paid_on", "2020-09-30T16:00:00Z", date(2020, 10, 1)),
        ("发放日期", "paid_on", "2020-09-30 16:00:00.000000+00", date(2020, 10, 1)),
        ("发放日期", "paid_on", "2020-10-01T00:00:00.000+0800", date(2020, 10, 1)),
        ("发放日期", "paid_on", "2020-09-30 16:00:00 UTC", date(2020, 10, 1)),
        ("发放日期", "paid_on", "2020-09-30 16:00 GMT", date(2020, 10, 1)),
        ("发放日期", "paid_on", "2020-09-30 11:00:00-05:00", date(2020, 10, 1)),
        ("发放日期", "paid_on", "1990-06-30T15:30:00Z", date(1990, 7, 1)),
        ("发放日期", "paid_on", "2020- 10 - 31", date(2020, 10, 31)),
        ("发放日期", "paid_on", "2020 10 31", date(2020, 10, 31)),
        ("发放日期", "paid_on", "2020—10—31", date(2020, 10, 31)),
        ("发放日期", "paid_on", "2020年10月31日（周六）", date(2020, 10, 31)),
        ("发放日期", "paid_on", "二〇二〇年十月三十一日", date(2020, 10, 31)),
        ("发放日期", "paid_on", "31 Oct 2020", date(2020, 10, 31)),
        ("发放日期", "paid_on", "31-OCT-2020 00:00:00", date(2020, 10, 31)),
        ("发放日期", "paid_on", "October 31, 2020", date(2020, 10, 31)),
        ("发放日期", "paid_on", " ", None),
        ("发放日期", "paid_on", "NULL", None),
        ("所属月份", "month", "202010", date(2020, 10, 1)),
        ("所属月份", "month", "2020-10", date(2020, 10, 1)),
        ("所属月份", "month", "2020/10", date(2020, 10, 1)),
        ("所属月份", "month", "2020年10月", date(2020, 10, 1)),
        ("所属月份", "month", "2020-10-31", date(2020, 10, 1)),
        ("所属月份", "month", "44135", date(2020, 10, 1)),
        ("所属月份", "month", "2020年9月份", date(2020, 9, 1)),
        ("所属月份", "month", "2020-08-31T16:00:00Z", date(2020, 9, 1)),
        ("金额", "amount", "1234.5", Decimal("1234.50")),
        ("金额", "amount", "1,234,567.89", Decimal("1234567.89")),
        ("金额", "amount", "¥1,234.50", Decimal("1234.50")),
        ("金额", "amount", "1234.5元", Decimal("1234.50")),
        ("金额", "amount", "3.5万元", Decimal("35000.00")),
        ("金额", "amount", "１２３．４５", Decimal("123.45")),
        ("金额(万元)", "amount", "3.5", Decimal("35000.00")),
        ("金额（万元）", "amount", "3.5", Decimal("35000.00")),
        ("金额(万元)", "amount", "35000元", Decimal("35000.00")),
        ("金额", "amount", "12,345", Decimal("12345.00")),
        ("金额", "amount", ".5", Decimal("0.50")),
        ("金额", "amount", "1200圆整", Decimal("1200.00")),
        ("金额", "amount", "1,200（元）", Decimal("1200.00")),
        ("金额", "amount", "1200元人民币", Decimal("1200.00")),
        ("金额", "amount", "1.2亿元", Decimal("120000000.00")),
        ("面积", "area", "98.65㎡", Decimal("98.6500")),
        ("面积", "area", "98.65 m2", Decimal("98.6500")),
        ("面积", "area", "1,234.5平方米", Decimal("1234.5000")),
        ("人数", "people", "3 人", 3),
        ("人数", "people", "12个月", 12),
        ("面积", "area", "1,234.5", Decimal("1234.5000")),
        ("面积", "area", "98.65", Decimal("98.6500")),
        ("人数", "people", "３", 3),
        ("人数", "people", "3.0", 3),
        ("类别", "kind", "1", "1"),
        ("类别", "kind", "城市", "1"),
        ("类别", "kind", "城镇", "1"),
        ("类别", "kind", "1.0", "1"),
        ("类别", "kind", "1-城镇", "1"),
        ("区划", "division", "520102", "520102000000"),
        ("区划", "division", "520102016001", "520102016001"),
        ("区划", "division", "522401101001", "520502101001"),
        ("区划", "division", "999999", "999999000000"),
        ("区划", "division", "5201", "520100000000"),
        ("区划", "division", "520102.0", "520102000000"),
        ("区划", "division", "贵州省贵阳市南明区", "520102000000"),
        ("区划", "division", "520102 南明区", "520102000000"),
        ("区划", "division", "南明区(520102)", "520102000000"),
        ("身份证号", "id_number", "52990119900101123x", "52990119900101123X"),
        ("身份证号", "id_number", "５２９９０１１９９００１０１１２３Ｘ", "52990119900101123X"),
        ("身份证号", "id_number", " 529901 19900101 123X ", "52990119900101123X"),
        ("公民身份号码", "id_number", "5.29901E+17", "5.29901E+17"),
        ("住址", "address", " 花溪区１号 ", "花溪区1号"),
    ],
)
def test_a_cell_is_read_as_what_it_means(deliver: Deliver, header: str, column: str, cell: str, meant: object) -> None:
    delivered = deliver(csv_of((*KEYED, header), ("A1", "张三", cell)))
    assert [row[column] for row in delivered.rows] == [meant]


@pytest.mark.parametrize(
    ("header", "column", "cell"),
    [
        *(
            ("发放日期", "paid_on", cell)
            for cell in (
                *("19/3/5", "21-01-01", "0021-01-01", "01-10月-20", "5-Mar-19", "3/5/2019", "202010010830"),
                *("infinity", "-infinity", "epoch", "today", "1850-01-01", "2200-01-01", "2020-02-30", "2020-10"),
                *("2020.10.01-2030.10.01", "2020年10月1日至2021年10月1日", "2020-10-01 00:00 CST"),
            )
        ),
        *(
            ("所属月份", "month", cell)
            for cell in ("20209", "1998-01", "199912", "202013", "20-10", "2020-07至2020-09", "2020年第三季度")
        ),
        *(
            ("金额", "amount", cell)
            for cell in (
                "1.234,56",
                "1234,5",
                "1,23,456",
                "1e5",
                "1_000",
                "nan",
                "inf",
                "12 34",
                "--5",
                "(-5)",
                "约3000",
                "1200元左右",
                "1-2",
            )
        ),
        *(("人数", "people", cell) for cell in ("1.5", "1e2", "0x10", "12,34")),
        *(("面积", "area", cell) for cell in ("98,65", "1e2", "30%", "5亩")),
        *(("类别", "kind", cell) for cell in ("2-城市", "城市农村")),
        *(("区划", "division", cell) for cell in ("99", "520102(云岩区)", "花溪路", "52010", "新寨村")),
    ],
)
def test_what_may_mean_two_things_is_not_guessed_at(deliver: Deliver, header: str, column: str, cell: str) -> None:
    delivered = deliver(csv_of((*KEYED, header), ("A1", "张三", cell), ("A2", "李四", "")))
    assert [row[column] for row in delivered.rows] == [None, None]
    assert [(note["row_number"], note["column_name"], note["raw"]) for note in delivered.notes] == [(2, column, cell)]


@pytest.mark.parametrize("cell", ["-12", "−12", "－12", "(12)", "（12元）", "-¥12", "¥-12", "12.00-"])
def test_an_amount_may_be_written_negative_in_several_ways(deliver: Deliver, cell: str) -> None:
    delivered = deliver(csv_of((*KEYED, "金额"), ("A1", "张三", cell)))
    assert [row["rule"] for row in delivered.quarantine] == ["amount_positive"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(-631_152_000, 4_102_444_799), st.integers(-12 * 60, 14 * 60))
def test_a_moment_is_of_the_day_it_is_here_whatever_zone_it_is_told_in(
    deliver: Deliver, seconds: int, ahead: int
) -> None:
    stated = datetime.fromtimestamp(seconds, timezone(timedelta(minutes=ahead)))
    (row,) = deliver(csv_of((*KEYED, "发放日期"), ("A1", "张三", stated.isoformat()))).rows
    assert row["paid_on"] == stated.astimezone(ZoneInfo("Asia/Shanghai")).date()


@pytest.mark.parametrize(
    ("cell", "meant"), [("张　三", "张三"), (" 张三 ", "张三"), ("张 三", "张三"), ("阿依·古丽", "阿依·古丽")]
)
def test_blanks_inside_a_name_are_not_part_of_it(deliver: Deliver, cell: str, meant: str) -> None:
    assert deliver(csv_of(KEYED, ("A1", cell))).rows[0]["name"] == meant


@pytest.mark.parametrize("name", ["娼樼帀", "娼樻枃鑻?", "锟斤拷锟斤拷锟", "烫烫烫", "æ½˜æ–‡è‹±", "ÕÅÈý"])
def test_mojibake_is_nobodys_name(deliver: Deliver, name: str) -> None:
    sound = ["潘文英", "张喆", "José", "Zoë Müller", "娼", "阿依·古丽", "王?", "龍應台"]
    rows = [("A0", name), *((f"B{place}", one) for place, one in enumerate(sound))]
    delivered = deliver(csv_of(KEYED, *rows))
    assert [row["name"] for row in delivered.rows] == [one.replace(" ", "") for one in sound]
    assert [(row["rule"], row["raw"]) for row in delivered.quarantine] == [("undecodable", f"A0,{name}")]
