"""Every known dirt of an extract is read as what it means, or set apart with the reason; no row vanishes."""

import gzip
from pathlib import Path

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
    assert delivered.unknown == ("3: 备注? (text)",)
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
