"""A cell that need not be there never costs its row; that it was not read is told by line, column and raw text."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.intake import read_csv
from schemas.contract import Contract
from tests.pipelines.conftest import Deliver, column, csv_of

RELATIONS = {"son": {"zh": "子", "en": "Son"}, "other": {"zh": "其他", "en": "Other"}}
HEADER = ("发放流水号", "姓名", "关系")


@pytest.fixture(scope="session")
def contract(contract: Contract) -> Contract:
    """The small type, with a relation every row needs, a group it may have, and a date that ends something."""
    more = [
        column("relation", "关系", "code", codes=RELATIONS, unlisted="other", required=True),
        column("group", "族别", "code", codes=RELATIONS, unlisted="other"),
        column("ends_on", "终止日期", "date", open_ended=True),
    ]
    plain = contract.model_dump()
    return Contract.model_validate(plain | {"columns": [*plain["columns"], *more]})


def noted(delivered: Any) -> list[tuple[object, ...]]:
    return [(note["row_number"], note["column_name"], note["rule"], note["raw"]) for note in delivered.notes]


@pytest.mark.parametrize(
    ("header", "name", "cell", "rule"),
    [
        ("发放日期", "paid_on", "2020-13-45", "unreadable_date"),
        ("发放日期", "paid_on", "昨天", "unreadable_date"),
        ("发放日期", "paid_on", "0000-00-00", "unknown_date"),
        ("发放日期", "paid_on", "9999-12-31", "unknown_date"),
        ("发放日期", "paid_on", "1900/1/0", "unknown_date"),
        ("终止日期", "ends_on", "21-01-01", "unreadable_date"),
        ("所属月份", "month", "10月", "unreadable_month"),
        ("金额", "amount", "一百", "unreadable_amount"),
        ("人数", "people", "几个", "unreadable_count"),
        ("类别", "kind", "9", "unreadable_code"),
        ("区划", "division", "某地", "unreadable_division"),
        ("住址", "address", "花溪\ufffd", "undecodable"),
        ("身份证号", "id_number", "5299011990010112\ufffd3", "undecodable"),
    ],
)
def test_an_optional_cell_that_cannot_be_read_is_empty_and_noted(
    deliver: Deliver, header: str, name: str, cell: str, rule: str
) -> None:
    delivered = deliver(csv_of((*HEADER, header), ("A1", "张三", "子", cell), ("A2", "李四", "子", "")))
    assert [row[name] for row in delivered.rows] == [None, None]
    assert delivered.quarantine == []
    assert noted(delivered) == [(2, name, rule, cell)]
    assert delivered.counts.noted == {name: {rule: 1}}
    assert delivered.rows[0]["id_number_verdict"] == "blank"


@pytest.mark.parametrize(
    "cell",
    [
        *("长期", "永久", "无固定期限", "0", "0000-00-00", "0000-00-00 00:00:00", "9999-12-31", "99991231"),
        *("9999/12/31 23:59:59", "1900-01-01", "1900/1/0", "0001-01-01", "infinity", "2958465"),
    ],
)
def test_what_has_no_end_has_an_empty_end_and_nothing_is_noted(deliver: Deliver, cell: str) -> None:
    delivered = deliver(csv_of((*HEADER, "终止日期"), ("A1", "张三", "子", cell)))
    assert [row["ends_on"] for row in delivered.rows] == [None]
    assert delivered.notes == []


def test_whom_the_list_does_not_know_is_other_and_nobody_is_lost(deliver: Deliver) -> None:
    rows = [
        ("A1", "张三", "子", "子"),
        ("A2", "李四", "邻居", "邻居"),
        ("A3", "王五", "", ""),
        ("A4", "赵六", "\ufffd", ""),
    ]
    delivered = deliver(csv_of((*HEADER, "族别"), *rows))
    assert [row["relation"] for row in delivered.rows] == ["son", "other", "other", "other"]
    assert [row["group"] for row in delivered.rows] == ["son", "other", None, None]
    assert noted(delivered) == [
        (3, "relation", "unreadable_code", "邻居"),
        (3, "group", "unreadable_code", "邻居"),
        (4, "relation", "required", ""),
        (5, "relation", "undecodable", "\ufffd"),
    ]
    assert delivered.notes[0]["explain_zh"] == "关系不在代码表内,按“其他”计"


@pytest.mark.parametrize("block", [read_csv.BLOCK, 40])
def test_a_row_that_is_not_kept_leaves_no_note(deliver: Deliver, monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    monkeypatch.setattr(read_csv, "BLOCK", block)
    rows = [
        ("A1", "张三", "子", "昨天"),
        ("A2", "", "子", "今天"),
        ("A1", "王五", "子", "明天"),
        ("A3", "孙七", "子", "后天"),
    ]
    delivered = deliver(csv_of((*HEADER, "发放日期"), *rows))
    assert {row["rule"] for row in delivered.quarantine} == {"required", "duplicate_key"}
    assert noted(delivered) == [(4, "paid_on", "unreadable_date", "明天"), (5, "paid_on", "unreadable_date", "后天")]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(*[st.sampled_from(["", "子", "2020-10-01", "昨天", "0", "5", "长期"])] * 4), max_size=8))
def test_every_cell_that_says_something_has_a_value_or_a_note(
    deliver: Deliver, cells: list[tuple[str, str, str, str]]
) -> None:
    headers = {"paid_on": "发放日期", "amount": "金额", "kind": "类别", "group": "族别"}
    rows = [(f"A{place}", "张三", "子", *four) for place, four in enumerate(cells)]
    delivered = deliver(csv_of((*HEADER, *headers.values()), *rows))
    assert delivered.counts.conformed == len(cells)
    lost = {(note["row_number"], note["column_name"]) for note in delivered.notes}
    for line, (row, four) in enumerate(zip(delivered.rows, cells, strict=True), start=2):
        for name, cell in zip(headers, four, strict=True):
            assert (row[name] is None) == (cell == "" or ((line, name) in lost and name != "group"))
