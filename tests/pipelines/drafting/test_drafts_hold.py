"""Whatever a spreadsheet holds, its draft is a contract; and an alias goes into any contract as it is written."""

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.embedded import Limits, connect
from pipelines.drafting.alias_patch import with_aliases
from pipelines.drafting.code_values import LEAST_ROWS
from pipelines.drafting.draft import draft_of
from pipelines.drafting.draft_text import as_yaml
from pipelines.drafting.sample import NoHeaderError, read_sample
from pipelines.intake.land import UnreadableDeliveryError
from schemas.catalogue import HERE, contract_in, load_catalogue
from schemas.contract import Contract

SAMPLE = Path("data/sample/inbox")
HEADERS = (
    *("姓名", "身份证号", "编号", "类型", "金额(元)", "金额", "日期", "备注", "是否成年", "面积(亩)", "所属期", "电话"),
    *(
        "name",
        "年份",
        "性别",
        "民族",
        "单位名称",
        "yes",
        "序号",
        "地址",
        "水源: 井",
        "# 号",
        "‘引’号",
        "户主\n姓名",
        "状态",
    ),
)
CELLS = st.one_of(
    st.sampled_from(
        ("", "是", "否", "yes", "null", "~", "1", "0", "01", "3.50", "2020-10-01", "202010", "王芳", "无", "#", "a: b")
    ),
    st.text("甲乙yn10.- :#'\"{}[]&*!|>%@`是否其他", max_size=8),
)


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(
    st.lists(st.sampled_from(HEADERS), min_size=1, max_size=8),
    st.lists(st.lists(CELLS, min_size=8, max_size=8), max_size=30),
    st.integers(1, 8),
)
def test_every_draft_is_a_contract(headers: list[str], rows: list[list[str]], times: int) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([headers, *([row[: len(headers)] for row in rows] * times)])
    with tempfile.TemporaryDirectory() as folder, connect(Path(folder), Limits("500MB", 1)) as connection:
        file = Path(folder) / "名单.csv"
        file.write_text(text.getvalue(), encoding="utf-8")
        try:
            sample = read_sample(file, Path(folder))
        except (NoHeaderError, UnreadableDeliveryError):
            return
        draft = draft_of(connection, sample, name="a_type", department="finance")
    contract = contract_in(as_yaml(draft), Path("a_type.yaml"))
    assert [column.name for column in contract.columns] == [column.name for column in draft.columns]
    for column in draft.columns:
        if column.codes and not isinstance(column.codes, str) and not column.held.known:
            counted = column.sampled.counted
            assert all(counted.get(entry.zh, LEAST_ROWS) >= LEAST_ROWS for entry in column.codes.values())


@pytest.mark.parametrize("contract", list(load_catalogue()), ids=lambda contract: contract.name)
def test_aliases_are_added_and_nothing_else_is_changed(contract: Contract) -> None:
    file = HERE / contract.department / f"{contract.name}.yaml"
    before = file.read_text(encoding="utf-8")
    aliases = {column.name: f"别名: {column.name}, [x]" for column in contract.columns}
    after = with_aliases(before, aliases)
    expected = contract.model_dump()
    for column in expected["columns"]:
        column["aliases"] = (*column["aliases"], aliases[column["name"]])
    assert contract_in(after, file).model_dump() == expected
    assert [line for line in before.splitlines() if "#" in line] == [
        line for line in after.splitlines() if "#" in line
    ] or len(after.splitlines()) >= len(before.splitlines())


@pytest.mark.slow
@pytest.mark.parametrize("name", ["marriage", "motor_vehicle", "dibao_roster", "pension_benefit", "medical_expense"])
def test_a_type_s_own_deliveries_are_drafted_much_as_it_is(name: str, tmp_path: Path) -> None:
    contract = load_catalogue()[name]
    file = min((SAMPLE / contract.department / contract.name).glob("*/*.csv*"))
    with connect(tmp_path, Limits("500MB", 1)) as connection:
        draft = draft_of(connection, read_sample(file, tmp_path), name=contract.name, department=contract.department)
    drafted = contract_in(as_yaml(draft), Path(f"{contract.name}.yaml"))
    meant = {column.name: column.meaning for column in contract.columns}
    alike = [column.name for column in drafted.columns if meant.get(column.name) is column.meaning]
    assert len(alike) >= 0.9 * len(drafted.columns)
    assert {one.id_number for one in drafted.identity} == {one.id_number for one in contract.identity}
