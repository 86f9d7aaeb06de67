"""What the cells of a workbook or a dBASE table say, and which of several sheets are read."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from pipelines.intake.land import UnreadableDeliveryError, open_plain
from pipelines.intake.plain_text import PlainText, as_plain_text
from schemas.contract import Contract
from tests.pipelines.intake.made_files import csv_text, dbase, workbook, zipped

HEADER = ("发放流水号", "姓名", "金额")
AS_SAVED = Path(__file__).parent / "as_saved"
Opened = tuple[PlainText, list[str]]
Open = Callable[[bytes], Opened]


@pytest.fixture
def opened(tmp_path: Path, contract: Contract) -> Open:
    """What a file becomes, and its lines."""

    def run(content: bytes) -> Opened:
        path = tmp_path / "payment_20201029.csv"
        path.write_bytes(content)
        text = as_plain_text(path, contract, tmp_path / "aside")
        with open_plain(text.path) as stream:
            return text, stream.read().decode().split("\n")[:-1]

    return run


def names(text: PlainText) -> list[tuple[str, int | None]]:
    return [(one.name, one.first_line) for one in text.sections]


@pytest.mark.parametrize("shared", [True, False], ids=["shared texts", "texts in cells"])
def test_cells_say_what_they_show(opened: Open, *, shared: bool) -> None:
    said: dict[object, str] = {
        date(2020, 2, 29): "2020-02-29",
        datetime(2020, 2, 29, 8, 30): "2020-02-29 08:30:00",  # noqa: DTZ001
        1598: "1598",
        12.5: "12.5",
        0.1 + 0.2: "0.3",
        529901195405045078: "529901195405045000",
        "00123": "00123",
        "a,b": '"a,b"',
        '一"二': '"一""二"',
        "一\n二": '"一\n二"',
        True: "TRUE",
        "=1/0": "0",
    }
    _, lines = opened(
        workbook([HEADER, *((f"A{place}", "张三", value) for place, value in enumerate(said))], shared=shared)
    )
    assert "\n".join(lines[1:]) == "\n".join(f"A{place},张三,{text}" for place, text in enumerate(said.values()))


def test_an_old_workbook_is_read_as_a_spreadsheet_program_saved_it(opened: Open) -> None:
    """Title, dates, a number too long for one, an error, a sheet of codes, an empty sheet, and a hidden one."""
    text, lines = opened((AS_SAVED / "payment.xls").read_bytes())
    assert lines == [
        "补贴发放表（2020年10月）,,,,,",
        "发放流水号,姓名,身份证号,发放日期,金额,人数",
        "A1,张三,529901199001011235,2020-10-29,1598,2",
        "A2,李四,529901195405045000,2020-02-29,12.5,0",
        "",
        "A3,王五,,,#DIV/0!,",
    ]
    assert names(text) == [("发放", 1), ("字典", None), ("上月", None)]
    assert "hidden" in text.sections[-1].remarks[0].en


def test_a_row_of_a_sheet_keeps_its_number(opened: Open) -> None:
    text, lines = opened(
        workbook([[], ["题"], HEADER, [], ["A1", "张三"]], [["题"], HEADER, ["A2", "李四"], [], ["A3", "王五"]])
    )
    assert [line.split(",")[0] for line in lines] == ["", "题", "发放流水号", "", "A1", "", "", "A2", "", "A3"]
    assert names(text) == [("表1", 1), ("表2", 6)]


def test_columns_in_another_order_and_further_ones_find_their_places(opened: Open) -> None:
    _, lines = opened(
        workbook([HEADER, ("A1", "张三", 1)], [("住址", "金额", "姓名", "发放流水号"), ("花溪", 2, "李四", "A2")])
    )
    assert lines == ["发放流水号,姓名,金额,住址", "A1,张三,1,", "", "A2,李四,2,花溪"]


@pytest.mark.parametrize(
    "other",
    [
        [("说明", "本表由系统导出")],
        [("姓名", "合计"), ("张三", 1)],
        [("金额", "人数"), (1, 2)],
    ],
    ids=["notes", "a pivot", "without the key"],
)
def test_a_sheet_of_other_things_is_named_and_not_mixed_in(opened: Open, other: list[tuple[object, ...]]) -> None:
    text, lines = opened(workbook(other, [HEADER, ("A1", "张三", 1)]))
    assert lines == ["发放流水号,姓名,金额", "A1,张三,1"]
    assert names(text) == [("表2", 1), ("表1", None)]


def test_a_sheet_that_is_hidden_is_named_and_not_read(opened: Open) -> None:
    sheets = [HEADER, ("A1", "张三", 1)], [HEADER, ("A1", "旧", 1)]
    text, lines = opened(workbook(*sheets, hidden=[1]))
    assert (lines[1:], names(text)) == (["A1,张三,1"], [("表1", 1), ("表2", None)])


@pytest.mark.parametrize(
    ("sheets", "hidden", "question"),
    [
        ([[HEADER, ("A1", "张三", 1)], [("A2", "李四", 2)]], [], "does it go on"),
        ([[("甲", "乙"), (1, 2)], [("丙", "丁"), (1, 2)]], [], "which one is meant"),
        ([[HEADER, ("A1", "张三", 1)], [(*HEADER[:2], "金额(万元)"), ("A2", "李四", 2)]], [], "another unit"),
        ([[["单位:万元"], HEADER, ("A1", "张三", 1)], [HEADER, ("A2", "李四", 2)]], [], "another unit"),
        ([[("说明",), ("无",)], [HEADER, ("A1", "张三", 1)]], [1], "only hidden"),
    ],
    ids=["a sheet without a header", "no header at all", "a unit in a header", "a unit above", "only a hidden sheet"],
)
def test_what_is_unclear_is_asked(
    opened: Open, sheets: list[list[tuple[object, ...]]], hidden: list[int], question: str
) -> None:
    with pytest.raises(UnreadableDeliveryError, match=question) as refused:
        opened(workbook(*sheets, hidden=hidden))
    assert "请部门" in refused.value.message_zh


def test_records_marked_as_deleted_are_counted_and_no_rows(opened: Open) -> None:
    text, lines = opened(dbase([HEADER, ("A1", "张三", "1"), ("A2", "李四", "2"), ("A3", "王五", "3")], deleted=[1]))
    assert lines == ["发放流水号,姓名,金额", "A1,张三,1", "", "A3,王五,3"]
    assert "1 records are marked as deleted" in text.sections[0].remarks[0].en


def test_fields_of_a_dbase_table_are_taken_as_written(opened: Open) -> None:
    rows = [("A1", "20200229", "  12.50", "T"), ("A2", "20200230", "****", "?"), ("A3", "", "", "F")]
    _, lines = opened(dbase([("发放流水号", "发放日期", "金额", "备注"), *rows], types="CDNL"))
    assert lines[1:] == ["A1,2020-02-29,12.50,T", "A2,20200230,****,", "A3,,,F"]


def test_names_of_ten_bytes_stand_for_the_agreed_headers(opened: Open) -> None:
    text, lines = opened(dbase([("FFLSH", "XM", "SFZH", "JE", "ZZ", "QT"), ("A1", "张三", "", "1", "花溪", "x")]))
    assert lines[0] == "发放流水号,姓名,身份证号,金额,住址,QT"
    assert "FFLSH → 发放流水号" in text.sections[0].remarks[0].zh


def test_files_of_an_archive_in_several_encodings_are_one_table(opened: Open) -> None:
    one, two = ([HEADER, (f"A{number}", "张三", str(number))] for number in (1, 2))
    text, lines = opened(zipped(("南/数据.csv", csv_text(one, "gb18030")), ("北/数据.csv", csv_text(two, "utf-16"))))
    assert lines == ["发放流水号,姓名,金额", "A2,张三,2", "", "A1,张三,1"]
    assert names(text) == [("北/数据.csv", 1), ("南/数据.csv", 3)]


def test_a_copy_in_an_archive_is_named_and_not_read_twice(opened: Open) -> None:
    table = csv_text([HEADER, ("A1", "张三", "1")])
    text, lines = opened(zipped(("数据 - 副本.csv", table), ("数据.csv", table)))
    assert (len(lines), names(text)) == (2, [("数据 - 副本.csv", 1), ("数据.csv", None)])


def test_a_table_may_begin_anywhere_in_its_sheet(opened: Open) -> None:
    _, lines = opened(workbook([[], [], ("", "", *HEADER), ("", "", "A1", "张三", 1)]))
    assert lines == ["", "", ",,发放流水号,姓名,金额", ",,A1,张三,1"]


def test_numbers_in_the_names_of_sheets_are_not_told(opened: Open) -> None:
    text, _ = opened(
        zipped(("529901199001011235.csv", csv_text([HEADER])), ("b.csv", csv_text([HEADER, ("A1", "张三", "1")])))
    )
    assert names(text) == [("….csv", 1), ("b.csv", 2)]


def test_a_formula_that_nobody_calculated_is_no_blank_cell(opened: Open) -> None:
    """Programs write formulas without what they come to; one that comes to an empty text is empty."""
    book = workbook([HEADER, ("A1", "张三", "=1+1"), ("A2", "李四", 2)])
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    for value, said in ((b"", "\ufffd=1+1"), (b"<v></v>", "\ufffd=1+1"), (b"<v>2</v>", "2")):
        changed = [(name, part.replace(b"<f>1+1</f><v>0</v>", b"<f>1+1</f>" + value)) for name, part in parts]
        _, lines = opened(zipped(*changed))
        assert lines[1:] == [f"A1,张三,{said}", "A2,李四,2"]


def test_days_of_a_workbook_that_counts_from_1904_are_the_days_it_shows(opened: Open) -> None:
    """Its dates are; and its bare numbers, in columns of dates alone."""
    saved = io.BytesIO()
    with xlsxwriter.Workbook(saved, {"date_1904": True, "default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        for place, row in enumerate([("发放流水号", "发放日期", "金额"), ("A1", 42643, 42643), ("A2", 20201001, 1)]):
            sheet.write_row(place, 0, row)
        sheet.write_row(3, 0, ["A3"])
        sheet.write_datetime(3, 1, datetime(2020, 10, 2))  # noqa: DTZ001
    _, lines = opened(saved.getvalue())
    assert lines[1:] == ["A1,44105,42643", "A2,20201001,1", "A3,2020-10-02,"]


def test_a_workbook_in_the_strict_form_says_so(opened: Open) -> None:
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with zipfile.ZipFile(io.BytesIO(workbook([HEADER, ("A1", "张三", 1)]))) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    strict = [(name, part.replace(main, b"http://purl.oclc.org/ooxml/spreadsheetml/main")) for name, part in parts]
    with pytest.raises(UnreadableDeliveryError, match="Strict Open XML"):
        opened(zipped(*strict))
