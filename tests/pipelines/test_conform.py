"""Every known dirt of an extract is read as what it means, or set apart with the reason; no row vanishes."""

import gzip
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.intake import keys_seen, read_csv
from pipelines.intake.header import read_columns
from pipelines.intake.land import UnreadableDeliveryError, detect_encoding
from schemas.contract import Contract
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
        ("面积", "area", "1,234.5", Decimal("1234.5000")),
        ("面积", "area", "98.65", Decimal("98.6500")),
        ("人数", "people", "３", 3),
        ("人数", "people", "3.0", 3),
        ("类别", "kind", "1", "1"),
        ("类别", "kind", "城市", "1"),
        ("类别", "kind", "城镇", "1"),
        ("区划", "division", "520102", "520102000000"),
        ("区划", "division", "520102016001", "520102016001"),
        ("区划", "division", "522401101001", "520502101001"),
        ("区划", "division", "999999", "999999000000"),
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
            for cell in ("1.234,56", "1234,5", "1,23,456", "1e5", "1_000", "nan", "inf", "12 34", "--5", "(-5)")
        ),
        *(("人数", "people", cell) for cell in ("1.5", "1e2", "0x10", "12,34")),
        *(("面积", "area", cell) for cell in ("98,65", "1e2")),
    ],
)
def test_what_may_mean_two_things_is_not_guessed_at(deliver: Deliver, header: str, column: str, cell: str) -> None:
    delivered = deliver(csv_of((*KEYED, header), ("A1", "张三", cell), ("A2", "李四", "")))
    assert [row[column] for row in delivered.rows] == [None, None]
    assert [(note["row_number"], note["column_name"], note["raw"]) for note in delivered.notes] == [(2, column, cell)]


@pytest.mark.parametrize("cell", ["-12", "−12", "－12", "(12)", "（12元）", "-¥12", "¥-12"])
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


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        (("A1", "张\ufffd", "1"), "undecodable"),
        (("A1", "张\0三", "1"), "undecodable"),
        (("A1", "张三", "-5"), "amount_positive"),
    ],
)
def test_a_row_whose_required_cell_cannot_be_read_is_set_apart_with_the_reason(
    deliver: Deliver, cells: tuple[str, ...], rule: str
) -> None:
    delivered = deliver(csv_of((*KEYED, "金额"), cells, ("A2", "李四", "")))
    assert [row["payment_no"] for row in delivered.rows] == ["A2"]
    assert [(row["rule"], row["row_number"]) for row in delivered.quarantine] == [(rule, 2)]
    assert delivered.quarantine[0]["raw"] == ",".join(cells)
    assert delivered.quarantine[0]["explain_zh"]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_nul_that_pads_a_field_is_no_part_of_it(deliver: Deliver, encoding: str) -> None:
    delivered = deliver(
        csv_of((*KEYED, "住址"), ("A1\0", "王伟明\0\0", "\0\0"), ("A2", "李四", "1号"), encoding=encoding)
    )
    assert [(row["payment_no"], row["name"], row["address"]) for row in delivered.rows] == [
        ("A1", "王伟明", None),
        ("A2", "李四", "1号"),
    ]


def test_a_required_cell_must_not_be_empty(deliver: Deliver) -> None:
    delivered = deliver(csv_of(KEYED, ("A1", ""), ("", "李四")))
    assert [(row["rule"], row["column_name"]) for row in delivered.quarantine] == [
        ("required", "name"),
        ("required", "payment_no"),
    ]


def test_of_rows_with_one_key_the_last_is_kept_and_the_others_are_set_apart(deliver: Deliver) -> None:
    delivered = deliver(csv_of(KEYED, ("A1", "张三"), ("A2", "李四"), ("A1", "王五"), ("A1", "赵六")))
    assert [(row["payment_no"], row["name"]) for row in delivered.rows] == [("A2", "李四"), ("A1", "赵六")]
    assert [(row["rule"], row["row_number"]) for row in delivered.quarantine] == [
        ("duplicate_key", 2),
        ("duplicate_key", 4),
    ]


@pytest.mark.parametrize("held", [keys_seen.HELD, 1])
def test_one_key_in_several_blocks_is_one_row_however_many_keys_are_held(
    deliver: Deliver, monkeypatch: pytest.MonkeyPatch, held: int
) -> None:
    monkeypatch.setattr(keys_seen, "HELD", held)
    monkeypatch.setattr(read_csv, "BLOCK", 24)
    delivered = deliver(csv_of(KEYED, ("A1", "张三"), ("A2", "李四"), ("A1", "王五"), ("A3", "孙七"), ("A1", "赵六")))
    assert [(row["payment_no"], row["name"]) for row in delivered.rows] == [
        ("A2", "李四"),
        ("A3", "孙七"),
        ("A1", "赵六"),
    ]
    assert [(row["rule"], row["row_number"]) for row in delivered.quarantine] == [
        ("duplicate_key", 2),
        ("duplicate_key", 4),
    ]
    assert delivered.counts.keys_differ == (held > 1)


def test_headers_are_known_in_any_order_and_by_their_aliases(deliver: Deliver) -> None:
    delivered = deliver(csv_of((" 姓 名", "公民身份号码", "备注", "发放流水号"), ("张三", "1", "x", "A1")))
    assert delivered.rows[0] | {"name": "张三", "payment_no": "A1"} == delivered.rows[0]
    assert delivered.unknown == ("3: 某某",)
    assert "发放日期" in delivered.missing


def test_a_missing_required_column_sets_every_row_apart(deliver: Deliver) -> None:
    delivered = deliver(csv_of(("发放流水号", "金额"), ("A1", "1"), ("A2", "2")))
    assert delivered.rows == []
    assert delivered.counts.by_rule == {"required": 2}
    assert "姓名" in delivered.missing


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_encoding_is_found_out(deliver: Deliver, tmp_path: Path, encoding: str) -> None:
    content = csv_of(KEYED, ("A1", "张䶮三"), encoding=encoding)
    assert deliver(content).rows[0]["name"] == "张䶮三"
    assert detect_encoding(tmp_path / "payment_20201029.csv") == encoding


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("damage", [b"\xff\xff", b"\xe5", b"\x81", b"\x81\x30", b"\xb0\xa1\xff", "\u00e9".encode()[:1]])
@pytest.mark.parametrize("cell", [b"%s ", b"x%s"])
def test_one_undecodable_row_does_not_cost_the_others(
    deliver: Deliver, encoding: str, damage: bytes, cell: bytes
) -> None:
    good = csv_of(KEYED, ("A1", "张三"), encoding=encoding)
    delivered = deliver(good + b"A2," + cell % damage + b"\r\n" + "A3,李四\r\n".encode(encoding.removesuffix("-sig")))
    assert [row["name"] for row in delivered.rows] == ["张三", "李四"]
    assert [(row["rule"], row["row_number"]) for row in delivered.quarantine] == [("undecodable", 3)]


def test_a_row_pasted_in_from_a_file_of_the_other_encoding_is_set_apart_alone(deliver: Deliver) -> None:
    content = csv_of(KEYED, ("A1", "张三")) + "A2,欧阳明\r\n".encode("gb18030") + "A3,李四\r\n".encode()
    delivered = deliver(content)
    assert [row["payment_no"] for row in delivered.rows] == ["A1", "A3"]
    assert [(row["rule"], row["row_number"]) for row in delivered.quarantine] == [("undecodable", 3)]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_line_end_in_a_cell_is_a_blank_and_its_row_set_apart_whole(deliver: Deliver, encoding: str) -> None:
    content = csv_of(
        (*KEYED, "住址", "金额"),
        ("A1", "张\n三", "某村\n三组", "1"),
        ("A2", "李四", "\n某村,\n", "-1"),
        encoding=encoding,
    )
    delivered = deliver(content)
    assert [(row["row_number"], row["name"], row["address"]) for row in delivered.rows] == [(2, "张三", "某村 三组")]
    assert [(row["row_number"], row["rule"], row["raw"]) for row in delivered.quarantine] == [
        (5, "amount_positive", 'A2,李四,"\n某村,\n",-1')
    ]


@pytest.mark.parametrize(
    ("id_number", "verdict"),
    [
        ("529901199001011235", "sound"),
        ("529901900101123", "sound_15"),
        ("529901199001011234", "checksum"),
        ("", "blank"),
        ("111111111111111111", "placeholder"),
        ("5.29901E+17", "length"),
    ],
)
def test_the_number_that_tells_who_a_row_speaks_of_is_judged(deliver: Deliver, id_number: str, verdict: str) -> None:
    delivered = deliver(csv_of((*KEYED, "身份证号"), ("A1", "张三", id_number)))
    assert delivered.rows[0]["id_number_verdict"] == verdict


def test_a_gzip_stream_cut_short_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "payment_20201029.csv.gz"
    path.write_bytes(gzip.compress(csv_of(KEYED, *((f"A{i}", "张三") for i in range(1000))))[:-40])
    with pytest.raises(UnreadableDeliveryError, match="incomplete or damaged"):
        detect_encoding(path)


def test_an_empty_file_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "payment_20201029.csv"
    path.write_bytes(b"")
    with pytest.raises(UnreadableDeliveryError, match="empty"):
        detect_encoding(path)


@pytest.mark.parametrize(("header", "why"), [(("甲", "乙"), "none of the headers"), (("姓名", "姓名"), "two headers")])
def test_a_header_that_cannot_be_matched_is_unreadable(
    tmp_path: Path, contract: Contract, header: tuple[str, ...], why: str
) -> None:
    path = tmp_path / "payment_20201029.csv"
    path.write_bytes(csv_of(header, ("1", "2")))
    with pytest.raises(UnreadableDeliveryError, match=why):
        read_columns(path, "utf-8", contract)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["A1", "A2", ""]), st.text(max_size=4), st.text(max_size=6)), max_size=6))
def test_whatever_the_cells_hold_landed_is_conformed_plus_quarantined(
    deliver: Deliver, rows: list[tuple[str, str, str]]
) -> None:
    plain = [tuple(cell.encode("utf-8", "ignore").decode() for cell in row) for row in rows]
    flat = [tuple("".join(c for c in cell if c not in "\n\r") for cell in row) for row in plain]
    assert deliver(csv_of((*KEYED, "金额"), *flat)).counts.landed == len(flat)
