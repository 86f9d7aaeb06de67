"""What the cells of web pages and of workbooks written in XML say, and which of their tables are read."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.intake.land import UnreadableDeliveryError, open_plain
from pipelines.intake.plain_text import PlainText, as_plain_text
from schemas.contract import Contract
from tests.pipelines.intake.made_markup import OASIS, SPREADSHEET, flat_document, web_page, xml_workbook
from tests.pipelines.intake.made_zip import zipped

HEADER = ("发放流水号", "姓名", "金额")
Opened = tuple[PlainText, list[str]]
Open = Callable[[bytes], Opened]


@pytest.fixture
def opened(tmp_path: Path, contract: Contract) -> Open:
    def run(content: bytes) -> Opened:
        path = tmp_path / "payment_20201029.xls"
        path.write_bytes(content)
        text = as_plain_text(path, contract, tmp_path / "aside")
        with open_plain(text.path) as stream:
            return text, stream.read().decode().split("\n")[:-1]

    return run


def page(rows: str) -> bytes:
    head = "".join(f"<th>{cell}" for cell in HEADER)
    return f"<TABLE><TR>{head}<TR>{rows}</TABLE>".encode()


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("<td>A1<td>&nbsp;张 三 <td>1", ["A1,张 三,1"]),
        ("<td>A1</td><td>张<b>三</b></td><td></td>", ["A1,张三,"]),
        ("<td>A1<td>一<br/>二<td>1&amp;2", ['A1,"一', '二",1&2']),
        ("<!-- <td>x --><td>A1<td title='a>b'>张三<td>1", ["A1,张三,1"]),
        ("<td>A1<td>张三<script>if (a<b) {}</script><td>1", ["A1,张三,1"]),
        ("<td>A1<td rowspan=2>张三<td>1<tr><td>A2<td>2", ["A1,张三,1", "A2,,2"]),
        ("<td>A1<td colspan=2>张三<tr><td>A2<td>李四<td>2", ["A1,张三,", "A2,李四,2"]),
        ("<td>A1<td>a < b<td>1", ["A1,a < b,1"]),
    ],
)
def test_a_cell_of_a_page_says_what_it_shows(opened: Open, rows: str, said: list[str]) -> None:
    """One that spans several rows fills the first alone."""
    text, lines = opened(page(rows))
    assert (text.came_as, lines) == ("html", ["发放流水号,姓名,金额", *said])


def test_a_table_within_a_page_s_layout_is_found(opened: Open) -> None:
    inner = page("<td>A1<td>张三<td>1").decode()
    text, lines = opened(f"<html><table><tr><td>菜单<td>{inner}</table></html>".encode())
    assert lines == ["发放流水号,姓名,金额", "A1,张三,1"]
    assert [one.first_line for one in text.sections] == [1, None]


@pytest.mark.parametrize("content", [b"<html><body>404</body></html>", b"<?xml version='1.0'?><data><row/></data>"])
def test_markup_without_a_table_is_told_as_what_it_is(opened: Open, content: bytes) -> None:
    if b"<data>" in content:
        assert opened(content)[0].came_as is None
        return
    with pytest.raises(UnreadableDeliveryError) as refused:
        opened(content)
    assert refused.value.expectation == "file_is_csv"


def test_values_of_an_xml_workbook_are_as_a_text_file_has_them(opened: Open) -> None:
    data = {
        '<Data ss:Type="Number">529901199001011235</Data>': "529901199001011235",
        '<Data ss:Type="Number">0.30000000000000004</Data>': "0.3",
        '<Data ss:Type="Number">1.5E3</Data>': "1500",
        '<Data ss:Type="DateTime">2020-10-01T00:00:00.000</Data>': "2020-10-01",
        '<Data ss:Type="Boolean">1</Data>': "TRUE",
        '<ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><B>张</B>三</ss:Data>': "张三",
    }
    rows = "".join(
        f'<Row><Cell><Data ss:Type="String">A{place}</Data></Cell><Cell ss:Index="3">{one}</Cell></Row>'
        for place, one in enumerate(data)
    )
    head = "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in HEADER)
    name = "urn:schemas-microsoft-com:office:spreadsheet"
    _, lines = opened(
        f'<?xml version="1.0"?><Workbook xmlns="{name}" xmlns:ss="{name}"><Worksheet ss:Name="表"><Table>'
        f'<Row>{head}</Row><Row ss:Index="4"/>{rows}</Table></Worksheet></Workbook>'.encode()
    )
    assert lines == ["发放流水号,姓名,金额", "", "", "", *(f"A{n},,{text}" for n, text in enumerate(data.values()))]


def test_values_of_an_open_document_are_as_a_text_file_has_them(opened: Open) -> None:
    cells = {
        'office:value-type="float" office:value="529901199001011235"><text:p>5.3E+17</text:p>': "529901199001011235",
        'office:value-type="currency" office:value="12.5"><text:p>￥12.50</text:p>': "12.5",
        'office:value-type="date" office:date-value="2020-10-01"><text:p>10/1/20</text:p>': "2020-10-01",
        'office:value-type="string"><text:p>张<text:s text:c="2"/>三</text:p>'
        "<office:annotation><text:p>批注</text:p></office:annotation>": "张  三",
    }
    rows = [[f"A{place}", "", f"@{place}@"] for place in range(len(cells))]
    content = flat_document([HEADER, *rows]).decode()
    for place, cell in enumerate(cells):
        content = content.replace(f'office:value-type="string"><text:p>@{place}@</text:p>', cell)
    assert OASIS in content
    _, lines = opened(content.encode())
    assert lines[1:] == [f"A{place},,{text}" for place, text in enumerate(cells.values())]


@pytest.mark.parametrize("made", [xml_workbook, flat_document])
def test_a_hidden_sheet_is_named_and_not_read(opened: Open, made: Callable[..., bytes]) -> None:
    text, lines = opened(made([HEADER, ("A1", "张三", "1")], [HEADER, ("A2", "李四", "2")], hidden=[1]))
    assert len(lines) == 2
    assert "hidden" in text.sections[-1].remarks[0].en


def test_an_open_document_with_a_password_says_so(opened: Open) -> None:
    manifest = b"<manifest:encryption-data/>"
    with pytest.raises(UnreadableDeliveryError, match="password"):
        opened(
            zipped(("mimetype", SPREADSHEET.encode()), ("content.xml", b"\x99"), ("META-INF/manifest.xml", manifest))
        )


def test_more_tables_than_a_file_has_are_refused(opened: Open) -> None:
    with pytest.raises(UnreadableDeliveryError, match="damaged"):
        opened(web_page(*([HEADER, (f"A{n}", "张三", "1")] for n in range(201))))
