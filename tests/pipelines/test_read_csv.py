"""What a delivery's bytes say, whatever the encoding, the line ends and the sizes of what is read at a time."""

import csv
import io
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.intake import cut_cells, quotation, read_csv
from pipelines.intake.header import read_columns
from pipelines.intake.land import UnreadableDeliveryError
from pipelines.intake.layout import Layout
from pipelines.intake.parse_block import parse
from pipelines.intake.read_csv import raw_blocks, read_records
from pipelines.intake.separators import SEPARATORS, Separator
from schemas.contract import Contract
from tests.pipelines.read_by_character import Read, read_by_character

often = settings(max_examples=int(os.environ.get("HEDUI_EXAMPLES", "100")), deadline=None)
"""HEDUI_EXAMPLES=100000 runs these properties as often, by hand."""


def read(
    path: Path,
    content: bytes,
    encoding: str = "utf-8",
    *,
    strict: bool = False,
    cells: int = 2,
    separator: str = ",",
    first_line: int = 2,
) -> Read:
    path.write_bytes(content)
    layout = Layout(cells, separator=Separator(separator, encoding), first_line=first_line)
    rows: dict[int, tuple[str, ...]] = {}
    broken: dict[int, str] = {}
    for raw in raw_blocks(path, layout):
        block = parse(raw, encoding, strict=strict)
        *columns, numbers = (column.to_pylist() for column in block.cells.columns)
        rows |= dict(zip(numbers, zip(*columns, strict=True), strict=True))
        broken |= {row["line_number"]: row["rule"] for row in block.broken.to_pylist()}
    return rows, broken


@pytest.fixture(scope="module", autouse=True)
def small_blocks() -> Iterator[None]:
    """As small as one reading, since making room for a block takes longer than to read what these tests write."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(read_csv, "BLOCK", read_csv.READ)
        yield


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("csv") / "delivery.csv"


def test_a_row_keeps_the_number_of_its_line(path: Path) -> None:
    rows, broken = read(path, b"a,b\r\n1,2\r\n\r\n3,4\r\n")
    assert rows == {2: ("1", "2"), 4: ("3", "4")}
    assert broken == {}


def test_a_line_with_too_few_or_too_many_fields_is_set_apart(path: Path) -> None:
    rows, broken = read(path, 'a,b\n1\n2,3\n4,5,6\n"1,2",x,y\n"1,2",甲\n7,8'.encode())
    assert rows == {3: ("2", "3"), 6: ("1,2", "甲"), 7: ("7", "8")}
    assert broken == {2: "field_count", 4: "field_count", 5: "field_count"}


def test_an_open_quotation_does_not_swallow_the_lines_after_it(path: Path) -> None:
    rows, broken = read(path, '甲,乙\n1,"贵阳\n"二,三",四\n5,6\n'.encode())
    assert rows == {3: ("二,三", "四"), 4: ("5", "6")}
    assert broken == {2: "open_quotation"}


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ('a,"b ""c"" d"', ("a", 'b "c" d')),
        ('12" rim,5"', ('12" rim', '5"')),
        ('"阳光"小区,x', ("阳光小区", "x")),
        ('"a"b"c,x', ('ab"c', "x")),
        ('"","""', None),
        ('a","', None),
        ('"a,b" ,x', ("a,b ", "x")),
        (' "a,b"', (' "a', 'b"')),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_quotation_begins_where_a_cell_does_and_ends_before_the_separator(
    path: Path, line: str, cells: tuple[str, ...] | None, encoding: str
) -> None:
    rows, broken = read(path, f"x,y\n1,2\n{line}\n3,4\n".encode(encoding), encoding, strict=True)
    assert rows.get(3) == cells
    assert broken == ({} if cells else {3: "open_quotation"})
    assert (rows[2], rows[4]) == (("1", "2"), ("3", "4"))


def test_a_line_end_inside_a_quotation_belongs_to_the_cell(path: Path) -> None:
    content = 'x,y\r\n"某镇\r\n\r\n三组,""12""号",5\r\n1,2\r\n'.encode()
    rows, broken = read(path, content)
    assert rows == {2: ('某镇\n\n三组,"12"号', "5"), 5: ("1", "2")}
    assert broken == {}
    assert read_records(path, "utf-8", Layout(2), np.array([2, 5])).to_pylist() == [
        '"某镇\r\n\r\n三组,""12""号",5',
        "1,2",
    ]


def test_a_forgotten_quotation_mark_takes_no_row_for_text(path: Path) -> None:
    """The marks of lines 2 and 4 would make one record of two cells, but line 3 is a row."""
    rows, broken = read(path, b'x,y\n1,"2\n3,4\n5",6\n7,8\n')
    assert rows == {3: ("3", "4"), 4: ('5"', "6"), 5: ("7", "8")}
    assert broken == {2: "open_quotation"}


def test_a_record_over_several_lines_is_no_longer_than_a_line_may_be(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = b'x,y\n1,"2\n3"\n4,5\n'
    monkeypatch.setattr(quotation, "LONGEST_RECORD", 8)
    assert read(path, content)[0] == {2: ("1", "2\n3"), 4: ("4", "5")}
    monkeypatch.setattr(quotation, "LONGEST_RECORD", 7)
    assert read(path, content) == ({4: ("4", "5")}, {2: "open_quotation", 3: "field_count"})


def test_a_header_cell_may_hold_a_line_end(path: Path, contract: Contract) -> None:
    path.write_bytes('"金额\r\n(元)",发放\r\n流水号,备注\r\n"发放\r\n流水号",姓名,住址\r\nA1,2,3\r\n'.encode("gb18030"))
    header = read_columns(path, "gb18030", contract)
    assert header.cells == ("发放\n流水号", "姓名", "住址")
    assert [line.number for line in header.above] == [1, 2, 3]
    assert header.layout.first_line == 6


def test_bytes_that_do_not_decode_are_marked_in_their_own_cell_only(path: Path) -> None:
    rows, _ = read(path, b"a,b\n\xff\xfe,1\n2,3\n")
    assert rows == {2: ("\ufffd\ufffd", "1"), 3: ("2", "3")}


@pytest.mark.parametrize("cut", [b"\x81", b"\x81\x30", b"\x81\x30\x81"])
def test_a_character_cut_short_takes_no_line_end_with_it(path: Path, cut: bytes) -> None:
    """The first bytes of a character of four in GB18030."""
    rows, broken = read(path, b"a,b\n1,2" + cut + b"\n" + cut + b",4\n5,6" + cut, "gb18030")
    assert rows.keys() == {2, 3, 4}
    assert (rows[2][0], rows[3][1], rows[4][0]) == ("1", "4", "5")
    assert broken == {}


def test_a_byte_order_mark_further_down_is_a_line_like_others(path: Path) -> None:
    rows, broken = read(path, b"\xef\xbb\xbfa,b\n\xef\xbb\xbf\n1,2\n", "utf-8-sig")
    assert (rows, broken) == ({3: ("1", "2")}, {2: "field_count"})


def test_set_apart_lines_are_read_back_as_they_came(path: Path) -> None:
    path.write_bytes('甲,乙\n1,"贵阳\n3,4\n5\n'.encode())
    assert read_records(path, "utf-8", Layout(2), np.array([2, 4])).to_pylist() == ['1,"贵阳', "5"]


@pytest.mark.parametrize("content", [b"\n1,2\n", b"20201031,1\n", b"1.5,2\n", b"a" + b"," * 5000])
def test_a_file_without_a_header_is_refused(path: Path, contract: Contract, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(UnreadableDeliveryError) as refused:
        read_columns(path, "utf-8", contract)
    assert refused.value.expectation == "header_present"


LIMIT = quotation.LONGEST_RECORD


@pytest.mark.parametrize(
    ("content", "expectation"),
    [
        (b"x" * (LIMIT + 1), "line_length"),
        (b"a,b\n1,2\n1," + b"x" * LIMIT, "line_length"),
        (b"a,b\n1,2\n1," + b"x" * LIMIT + b"\n3,4\n", "line_length"),
        (b"a,b\n1," + b"x" * (32 << 20) + b"\n", "line_length"),
        (b"a,b\n1,2\n" + b"\n" * (read_csv.LONGEST_BLANK_RUN + 1) + b"1,2\n", "blank_run"),
        (b"a,b\n" + b"\0" * (read_csv.LONGEST_BLANK_RUN + 1) + b"\n1,2\n", "blank_run"),
        (b"a,b\r1,2\r3,4\r", "line_ends"),
        (b"a,b\r" + b"1,2\r" * LIMIT, "line_ends"),
    ],
)
def test_what_no_table_holds_is_refused_with_the_reason(path: Path, content: bytes, expectation: str) -> None:
    path.write_bytes(content)
    with pytest.raises(UnreadableDeliveryError) as refused:
        sum(parse(raw, "utf-8").cells.num_rows for raw in raw_blocks(path, Layout(2)))
    assert refused.value.expectation == expectation


def test_the_longest_line_and_the_longest_blank_run_are_read(path: Path) -> None:
    longest = b"1," + b"x" * (LIMIT - 3) + b"\n"
    rows, _ = read(path, b"a,b\n" + longest + b"\n" * (read_csv.LONGEST_BLANK_RUN - 1) + b"3,4\n")
    assert [len(cells[1]) for cells in rows.values()] == [LIMIT - 3, 1]


def test_a_block_holds_no_more_lines_than_memory_is_meant_for(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_csv, "MOST_LINES", 10)
    monkeypatch.setattr(read_csv, "READ", 8)
    monkeypatch.setattr(quotation, "LONGEST_RECORD", 8)
    path.write_bytes(b"a,b\n" + b"1,2\n" * 100)
    sizes = [len(raw.ends) for raw in raw_blocks(path, Layout(2))]
    assert sum(sizes) == 100
    assert max(sizes) <= 12


LINES = st.lists(st.text(alphabet='ab,"\r 甲\u3400\u00e9\U0002a6d6', max_size=8), max_size=12)
"""Characters of one, two and four bytes in GB18030."""


@often
@given(st.lists(st.text(alphabet='ab,"\r 甲', max_size=8), max_size=12))
def test_every_line_that_is_not_blank_is_a_row_or_set_apart_or_within_a_row(path: Path, lines: list[str]) -> None:
    rows, broken = read(path, "\n".join(["x,y", *lines]).encode())
    came = [number for number, line in enumerate(lines, start=2) if line.removesuffix("\r")]
    within = {number + more for number, cells in rows.items() for more in range(1, 1 + "".join(cells).count("\n"))}
    assert not rows.keys() & broken.keys()
    assert not within & (rows.keys() | broken.keys())
    assert set(came) <= rows.keys() | broken.keys() | within


@often
@given(LINES)
@example(["a", 'a","', ",", ""])
def test_lines_are_cut_alike_however_many_are_cut_at_a_time(path: Path, lines: list[str]) -> None:
    content = "\n".join(["x,y", *lines]).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cut_cells, "AT_A_TIME", 1)
        piecemeal = read(path, content)
    assert piecemeal == read(path, content)


@often
@given(LINES)
@example(['a","\u00e9'])
@example([',a","'])
def test_cells_are_decoded_as_their_lines_would_be(path: Path, lines: list[str]) -> None:
    text = "\n".join(["x,y", *lines])
    assert read(path, text.encode("gb18030"), "gb18030", strict=True) == read(path, text.encode())


@often
@given(
    lines=st.lists(
        st.text(alphabet='a,,"""\r甲\U0002a6d6亅|', max_size=7) | st.sampled_from(["a,b", '"a","b"', '"a,b",c']),
        max_size=12,
    ),
    separator=st.sampled_from(SEPARATORS),
    line_end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
    cells=st.integers(1, 4),
    block=st.sampled_from([1, 7, 30, read_csv.READ]),
    most_lines=st.sampled_from([1, 3, read_csv.MOST_LINES]),
    longest=st.sampled_from([12, 40, LIMIT]),
)
def test_a_delivery_says_what_a_reader_of_one_character_after_the_other_finds(
    path: Path,
    lines: list[str],
    separator: str,
    line_end: str,
    encoding: str,
    cells: int,
    block: int,
    most_lines: int,
    longest: int,
) -> None:
    """The second byte of 亅 in GB18030 is that of the vertical bar."""
    text = line_end.join(lines).replace(",", separator)
    stands_for = Separator(separator, encoding)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("BLOCK", block), ("READ", min(block, 5)), ("MOST_LINES", most_lines)):
            patch.setattr(read_csv, name, value)
        patch.setattr(quotation, "LONGEST_RECORD", longest)

        def size(some: str) -> int:
            return len(some.replace(separator, stands_for.octet.decode()).encode(encoding.removesuffix("-sig")))

        expected = read_by_character(text, cells, longest, size, separator)
        content = ("x" + line_end + text).encode(encoding)
        if expected is None:
            with pytest.raises(UnreadableDeliveryError):
                read(path, content, encoding, strict=True, cells=cells, separator=separator)
        else:
            assert read(path, content, encoding, strict=True, cells=cells, separator=separator) == expected


@often
@given(
    st.lists(st.lists(st.text(alphabet='ab,"\n 甲', max_size=6), min_size=3, max_size=3), max_size=6),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
)
def test_what_a_writer_of_csv_wrote_is_read_as_it_was(
    path: Path, rows: list[list[str]], line_end: str, quoting: int
) -> None:
    """But for rows over several lines of which one within would be a row by itself: it may have been swallowed."""
    kept = [row for row in rows if not _holds_a_row(_written([row], quoting))]
    found, broken = read(path, _written([["x", "y", "z"], *kept], quoting, line_end).encode(), cells=3)
    assert list(found.values()) == [tuple(row) for row in kept]
    assert broken == {}


def _written(rows: list[list[str]], quoting: int, line_end: str = "\n") -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator=line_end, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    return text.getvalue()


def _holds_a_row(record: str) -> bool:
    return any(len(cells) == 3 for line in record.splitlines()[1:-1] for cells in csv.reader([line]))


@often
@given(st.lists(st.binary(max_size=6), max_size=6))
def test_what_gb18030_does_not_explain_is_seen_before_and_after_cutting(path: Path, cells: list[bytes]) -> None:
    lines = [cell.replace(b"\n", b"") + b"," + cell.replace(b"\n", b"")[::-1] for cell in cells]
    content = b"x,y\n" + b"\n".join(lines)
    try:
        (b"\n".join(lines) + b"\n").decode("gb18030")
    except UnicodeDecodeError:
        with pytest.raises(UnicodeDecodeError):
            read(path, content, "gb18030", strict=True)
    else:
        assert read(path, content, "gb18030", strict=True) == read(path, content, "gb18030")


@often
@given(st.lists(st.binary(max_size=8), max_size=8), st.sampled_from(["utf-8", "gb18030"]))
def test_no_bytes_lose_a_line_or_take_their_neighbour_along(path: Path, lines: list[bytes], encoding: str) -> None:
    plain = [line.translate(None, b'\n\r"') for line in lines]
    rows, broken = read(path, b"x,y\n" + b"\n".join(plain), encoding)
    assert rows.keys() | broken.keys() == {number for number, line in enumerate(plain, start=2) if line}
    assert {number for number, line in enumerate(plain, start=2) if line.count(b",") == 1} == rows.keys()
