"""What stands around a value and is no part of it is taken off, in every cell or in one; nothing else is."""

from collections.abc import Callable, Sequence

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.intake.cell_text import column_text
from pipelines.intake.typed_columns import Cells, typed_columns
from schemas.contract import Contract
from tests.pipelines.conftest import Deliver, csv_of

NUMBER = "529901199001011235"
GUARDS: dict[str, Callable[[str], str]] = {
    "a formula": '="{}"'.format,
    "a formula of text": '=T("{}")'.format,
    "a formula with its marks doubled": '=""{}""'.format,
    "an apostrophe": "'{}".format,
    "a curved apostrophe": "‘{}".format,
    "apostrophes": "'{}'".format,
    "quotation marks": '"{}"'.format,
    "Chinese quotation marks": "“{}”".format,
    "a tab": "{}\t".format,
    "blanks of all widths": "\u3000\u00a0{}\u2003 ".format,
    "marks of direction": "\u202a{}\u202c".format,
    "a mark of direction": "{}\u200e".format,
    "a word joiner": "\u2060{}".format,
    "a byte-order mark": "\ufeff{}".format,
    "a soft hyphen": "{}\u00ad".format,
    "control characters": "\x1f{}\x7f".format,
    "a joiner inside": lambda value: value[:1] + "\u200d" + value[1:],
    "nothing": str,
}
FORMULAS = [name for name in GUARDS if name.startswith("a formula")]
VALUES: dict[str, list[str]] = {
    "payment_no": ["KA12", "A-7", "贵A12345", "2020:7"],
    "id_number": [NUMBER, "529901900101123", "52990119900101123X", "护照:E1234"],
    "name": ["黄小方", "阿依·古丽", "O'Brien", "陆秀芳(已故)"],
    "paid_on": ["2020-10-01", "20201001", "2020年3月5日", "44105", "2020-09-30T16:00:00Z"],
    "month": ["202010", "2020年9月", "2020-10"],
    "amount": ["1234.5", "1,234.50元", "3.5万元", "¥12", "0"],
    "area": ["98.65", "1,234.5"],
    "people": ["3", "12"],
    "kind": ["城市", "1", "城镇"],
    "division": ["520102", "520102001001"],
    "address": ["花溪区1号", "三组:12号"],
}
LABELS: dict[str, list[str]] = {
    "id_number": ["身份证:", "身份证号码：", "公民身份号码 ", "居民身份证", "证件号码: "],
    "name": ["姓名：", "姓名: "],
    "paid_on": ["发放日期:", "日期："],
    "month": ["所属月份：", "月份:"],
    "amount": ["金额：", "金额(元): "],
    "area": ["面积:"],
    "people": ["人数："],
    "kind": ["类别:"],
    "division": ["区划：", "行政区划代码:"],
    "address": ["住址：", "家庭住址:"],
    "payment_no": ["发放流水号:"],
}


def read(
    connection: duckdb.DuckDBPyConnection, contract: Contract, name: str, texts: Sequence[str]
) -> list[object | None]:
    """What cells of a column say."""
    column = contract.column(name)
    cells = Cells(column_text(column, pa.array(texts)))
    values: list[object | None] = typed_columns(connection, {name: cells}, [column], {name: column.header})[
        name
    ].rows.to_pylist()
    return values


@pytest.mark.parametrize("name", VALUES)
def test_every_value_is_read_in_whatever_it_is_wrapped(
    name: str, contract: Contract, connection: duckdb.DuckDBPyConnection
) -> None:
    values = VALUES[name]
    alone = read(connection, contract, name, values)
    assert None not in alone
    for wrapping, wrap in GUARDS.items():
        assert read(connection, contract, name, [wrap(value) for value in values]) == alone, wrapping
    labelled = [value for value in values if ":" not in value]
    for label in LABELS[name]:
        inside = read(connection, contract, name, [f"{label}{value}" for value in labelled])
        assert inside == read(connection, contract, name, labelled), label


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_wrapping_in_another_turns_one_value_into_another(
    data: st.DataObject, contract: Contract, connection: duckdb.DuckDBPyConnection
) -> None:
    name = data.draw(st.sampled_from(sorted(VALUES)))
    values = data.draw(st.lists(st.sampled_from(VALUES[name]), min_size=1, max_size=6))
    wrapped = []
    for value in values:
        outer = data.draw(st.sampled_from(sorted(GUARDS)))
        inner = data.draw(st.sampled_from(sorted(set(GUARDS) - set(FORMULAS))))
        label = data.draw(st.sampled_from(["", *LABELS[name]])) if ":" not in value else ""
        wrapped.append(GUARDS[outer](label + value if label else GUARDS[inner](value)))
    assert read(connection, contract, name, wrapped) == read(connection, contract, name, values)


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        *(("amount", cell) for cell in ("退款:1200", "冲销：1200", "=A1+1200", "约3000", "3000元左右", "100-200")),
        ("paid_on", "死亡:2020-10-01"),
        ("kind", "非:城市"),
    ],
)
def test_words_that_change_a_value_are_no_label(
    name: str, cell: str, contract: Contract, connection: duckdb.DuckDBPyConnection
) -> None:
    assert read(connection, contract, name, [cell]) == [None]


def test_what_is_no_wrapping_stays(contract: Contract, connection: duckdb.DuckDBPyConnection) -> None:
    for name, cells in {
        "address": ["“好人”村", "甲:乙", "=A1", "5'号", '"甲"和"乙"'],
        "payment_no": ["A:1", "批次:7", "=A1", "O'7"],
        "id_number": ["护照:E1234", "5.29901E+17", f"{NUMBER}(母亲)"],
    }.items():
        assert read(connection, contract, name, cells) == cells


def test_radicals_and_compatibility_ideographs_are_plain_in_every_text(
    contract: Contract, connection: duckdb.DuckDBPyConnection
) -> None:
    assert read(connection, contract, "name", ["⻩⼩⽅", "\uf90a⼤⼭", "王洪波\u200e", "葛\U000e0100"]) == [
        "黄小方",
        "金大山",
        "王洪波",
        "葛",
    ]
    assert read(connection, contract, "address", ["⻓⼭村⼀组"]) == ["长山村一组"]


def test_a_file_guarded_throughout_is_read_like_one_that_is_not(deliver: Deliver) -> None:
    header = ("发放流水号", "身份证号", "姓名", "发放日期", "金额")
    rows = [(f"K{place}", NUMBER, f"张{place}", "2020-10-01", "12.5") for place in range(9)]
    plain = deliver(csv_of(header, *rows)).rows
    for guard in ('="{}"', "'{}", "{}\t", "\ufeff{}", "{}\0\0"):
        delivered = deliver(csv_of(header, *([guard.format(cell) for cell in row] for row in rows)))
        assert delivered.rows == plain, guard
        assert delivered.notes == delivered.quarantine == []
