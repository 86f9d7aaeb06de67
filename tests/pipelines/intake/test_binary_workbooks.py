"""Binary workbooks of Excel (.xlsb): every cell as it shows, and nothing of a damaged one passed over."""

import struct
import zipfile
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest

from pipelines.intake.land import UnreadableDeliveryError, open_plain
from pipelines.intake.plain_text import PlainText, as_plain_text
from schemas.contract import Contract
from tests.pipelines.intake.made_files import binary_workbook, zipped
from tests.pipelines.intake.made_xlsb import AS_CHINESE_DATE, ROW, SHEET_DATA_END, record

HEADER = ("发放流水号", "姓名", "金额")
Opened = tuple[PlainText, list[str]]
Open = Callable[[bytes], Opened]


@pytest.fixture
def opened(tmp_path: Path, contract: Contract) -> Open:
    """What a file becomes, and its lines."""

    def run(content: bytes) -> Opened:
        path = tmp_path / "payment_20201029.xlsb"
        path.write_bytes(content)
        text = as_plain_text(path, contract, tmp_path / "aside")
        with open_plain(text.path) as stream:
            return text, stream.read().decode().split("\n")[:-1]

    return run


def changed(content: bytes, old: bytes, new: bytes) -> bytes:
    """The workbook with something else in its parts."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert any(old in archive.read(name) for name in archive.namelist())
        return zipped(*((name, archive.read(name).replace(old, new)) for name in archive.namelist()))


@pytest.mark.parametrize("shared", [True, False], ids=["shared texts", "texts in cells"])
def test_cells_say_what_they_show(opened: Open, *, shared: bool) -> None:
    said = [
        (date(2020, 2, 29), "2020-02-29"),
        ([44075, AS_CHINESE_DATE], "2020-09-01"),
        ([44075.5, AS_CHINESE_DATE], "2020-09-01 12:00:00"),
        (1598, "1598"),
        (-3, "-3"),
        (12.5, "12.5"),
        (0.1 + 0.2, "0.3"),
        (529901195405045078, "529901195405045000"),
        ("00123", "00123"),
        ("一\n二", '"一\n二"'),
        (True, "TRUE"),
        ("#N/A", "#N/A"),
    ]
    _, lines = opened(
        binary_workbook(
            [HEADER, *((f"A{place}", "张三", value) for place, (value, _) in enumerate(said))], shared=shared
        )
    )
    assert "\n".join(lines[1:]) == "\n".join(f"A{place},张三,{text}" for place, (_, text) in enumerate(said))


def test_a_row_keeps_its_number_and_a_hidden_sheet_is_named(opened: Open) -> None:
    text, lines = opened(
        binary_workbook(
            [[], ["题"], HEADER, [], ["A1", "", 2]], [HEADER, ("A2", "李四", 1)], [HEADER, ("A9", "旧", 1)], hidden=[2]
        )
    )
    assert [line for line in lines if line] == ["题,,", "发放流水号,姓名,金额", "A1,,2", "A2,李四,1"]
    assert [(one.name, one.first_line is None) for one in text.sections] == [
        ("表1", False),
        ("表2", False),
        ("表3", True),
    ]
    assert lines.index("A1,,2") == 4


def test_days_counted_from_1904_are_the_days_meant(opened: Open) -> None:
    header = (*HEADER, "发放日期")
    days = [44075 - 1462, [44075 - 1462, AS_CHINESE_DATE]]
    _, lines = opened(binary_workbook([header, *(("A", "张三", 1, day) for day in days)], since_1904=True))
    assert [line.split(",")[3] for line in lines[1:]] == ["44075", "2020-09-01"]


ROWS = [HEADER, ("A1", "张三", 1), ("A2", "李四", 2)]
THIRD_ROW = record(ROW, struct.pack("<I", 2) + bytes(21))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (record(SHEET_DATA_END), b""),
        (THIRD_ROW, record(ROW, struct.pack("<I", 1 << 31) + bytes(21))),
        (THIRD_ROW, record(ROW, bytes(25))),
        (struct.pack("<II", 2, 0), struct.pack("<II", 1 << 30, 0)),
        (b"worksheets/sheet0.bin", b"worksheets/sheet7.bin"),
    ],
    ids=["cut short", "a row far below", "a row twice", "a cell far out", "a sheet that is missing"],
)
def test_no_row_of_a_damaged_workbook_is_passed_over(opened: Open, old: bytes, new: bytes) -> None:
    with pytest.raises(UnreadableDeliveryError, match=r"binary Excel workbook .*damaged or incomplete") as refused:
        opened(changed(binary_workbook(ROWS), old, new))
    assert "请部门" in refused.value.message_zh


def test_it_is_read_out_of_an_archive_too(opened: Open) -> None:
    text, lines = opened(zipped(("补贴.xlsb", binary_workbook(ROWS))))
    assert (lines[1:], text.sections[0].name) == (["A1,张三,1", "A2,李四,2"], "补贴.xlsb / 表1")
