"""Every spelling a contract lists is met by the cells that hold it, in whatever width, case and brackets they come."""

from collections.abc import Callable

import duckdb
import pyarrow as pa
import pytest

from pipelines.intake.cell_text import plain_text
from pipelines.intake.conform_sql import Fault
from pipelines.intake.typed_columns import Cells, typed_columns
from schemas.catalogue import load_catalogue
from schemas.column import Meaning
from schemas.contract import Contract

CATALOGUE = load_catalogue()
WIDE = {ord(" "): 0x3000} | {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
NARROW = {wide: narrow for narrow, wide in WIDE.items()}
CLOTHES: dict[str, Callable[[str], str]] = {
    "as listed": str,
    "wide": lambda word: word.translate(WIDE),
    "narrow": lambda word: word.translate(NARROW),
    "other case": str.swapcase,
    "padded": lambda word: f"\u3000{word[:1]} {word[1:]}\t",
    "square brackets": lambda word: word.replace("（", "［").replace("）", "］"),
}


@pytest.mark.parametrize("clothes", CLOTHES)
@pytest.mark.parametrize("contract", list(CATALOGUE), ids=lambda contract: contract.name)
def test_a_listed_spelling_is_read_in_any_width(
    contract: Contract, clothes: str, connection: duckdb.DuckDBPyConnection
) -> None:
    for column in contract.columns:
        if column.meaning is Meaning.CODE:
            listed = [(word, code) for code, entry in column.codes.items() for word in entry.spellings(code)]
            cells = Cells(plain_text(pa.array([CLOTHES[clothes](word) for word, _ in listed])))
            read = typed_columns(connection, {column.name: cells}, [column], {column.name: column.header})
            assert read[column.name].values.to_pylist() == [code for _, code in listed], column.name


@pytest.mark.parametrize(
    ("type_name", "name", "cell", "code"),
    [
        *(("dibao_roster", "relation_to_head", cell, "head") for cell in ("01", "02", "本人")),
        *(("dibao_roster", "relation_to_head", cell, "son") for cell in ("22", "27", "四子", "继子", "长 子")),
        *(("dibao_roster", "relation_to_head", cell, "daughter") for cell in ("31", "37", "二女", "养女")),
        *(
            ("dibao_roster", "relation_to_head", cell, "other")
            for cell in ("28", "38", "74", "93", "侄子", "弟媳", "儿媳")
        ),
        *(("dibao_roster", "marital_status", cell, "unstated") for cell in ("90", "未说明")),
        *(("dibao_roster", "ethnicity", cell, "97") for cell in ("穿青人", "未定族称人口", "其它", "革家人")),
        *(("dibao_roster", "ethnicity", cell, "01") for cell in ("汉", "1", "01", "汉族", "HA")),
        *(("dibao_roster", "ethnicity", cell, "06") for cell in ("苗", "6", "苗 族")),
        *(
            ("enterprise_representative", "status", cell, "active")
            for cell in ("存续(在营、开业、在册)", "在营（开业）企业")
        ),
        *(("enterprise_representative", "status", cell, "revoked") for cell in ("吊销，未注销", "吊销,未注销")),
        *(("enterprise_representative", "status", cell, "moved_out") for cell in ("迁出", "已迁出")),
        *(("disability_certificate", "level", cell, "1") for cell in ("一级", "1", "Ⅰ", "Ⅰ级", "1级", "一")),
        *(("motor_vehicle", "vehicle_kind", cell, "K39") for cell in ("K39", "小型面包车", "K39-小型面包车", "k39")),
        *(("motor_vehicle", "vehicle_kind", cell, "B1V") for cell in ("B1V", "重型中置轴车辆运输车")),
        ("student_enrolment", "stage", "高职（专科）", "college"),
        ("student_enrolment", "stage", "高职(专科)", "college"),
    ],
)
def test_what_registers_write_is_known(
    type_name: str, name: str, cell: str, code: str, connection: duckdb.DuckDBPyConnection
) -> None:
    column = CATALOGUE[type_name].column(name)
    cells = Cells(plain_text(pa.array([cell])))
    assert typed_columns(connection, {name: cells}, [column], {name: column.header})[name].values.to_pylist() == [code]


@pytest.mark.parametrize("cell", ["1", "2", "3", "媳妇", "那个人"])
def test_a_relation_that_may_be_another_is_noted_and_taken_as_other(
    cell: str, connection: duckdb.DuckDBPyConnection
) -> None:
    column = CATALOGUE["dibao_roster"].column("relation_to_head")
    read = typed_columns(connection, {column.name: Cells(pa.array([cell]))}, [column], {column.name: column.header})
    assert read[column.name].values.to_pylist() == ["other"]
    assert list(read[column.name].faults) == [Fault.UNREADABLE]
