"""A damaged line is set apart whole and never takes its neighbours with it."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines import cut_cells
from pipelines.land import UnreadableDeliveryError
from pipelines.read_csv import parse, raw_blocks, read_header, read_lines


def read(
    path: Path, content: bytes, encoding: str = "utf-8", *, strict: bool = False
) -> tuple[dict[int, tuple[str, ...]], dict[int, str]]:
    path.write_bytes(content)
    rows: dict[int, tuple[str, ...]] = {}
    broken: dict[int, str] = {}
    for raw in raw_blocks(path):
        block = parse(raw, encoding, 2, strict=strict)
        *cells, numbers = (column.to_pylist() for column in block.cells.columns)
        rows |= dict(zip(numbers, zip(*cells, strict=True), strict=True))
        broken |= {row["line_number"]: row["rule"] for row in block.broken.to_pylist()}
    return rows, broken


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("csv") / "delivery.csv"


def test_a_row_keeps_the_number_of_its_line(path: Path) -> None:
    rows, broken = read(path, b"a,b\r\n1,2\r\n\r\n3,4\r\n")
    assert rows == {2: ("1", "2"), 4: ("3", "4")}
    assert broken == {}


def test_a_line_with_too_few_or_too_many_fields_is_set_apart(path: Path) -> None:
    rows, broken = read(path, b"a,b\n1\n2,3\n4,5,6\n7,8")
    assert rows == {3: ("2", "3"), 5: ("7", "8")}
    assert broken == {2: "field_count", 4: "field_count"}


def test_an_open_quotation_does_not_swallow_the_lines_after_it(path: Path) -> None:
    rows, broken = read(path, '甲,乙\n1,"贵阳\n"二,三",四\n5,6\n'.encode())
    assert rows == {3: ("二,三", "四"), 4: ("5", "6")}
    assert broken == {2: "open_quotation"}


def test_bytes_that_do_not_decode_are_marked_in_their_own_row_only(path: Path) -> None:
    rows, _ = read(path, b"a,b\n\xff\xfe,1\n2,3\n")
    assert rows[3] == ("2", "3")
    assert "\ufffd" in rows[2][0]


def test_set_apart_lines_are_read_back_as_they_came(path: Path) -> None:
    path.write_bytes('甲,乙\n1,"贵阳\n3,4\n5\n'.encode())
    assert read_lines(path, "utf-8", np.array([2, 4])).to_pylist() == ['1,"贵阳', "5"]


@pytest.mark.parametrize("content", [b"\n1,2\n", b"20201031,1\n", b"1.5,2\n"])
def test_a_file_without_a_header_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(UnreadableDeliveryError, match="header"):
        read_header(path, "utf-8")


@given(st.lists(st.text(alphabet='ab,"\r 甲', max_size=8), max_size=12))
def test_every_line_that_is_not_blank_is_a_row_or_set_apart(path: Path, lines: list[str]) -> None:
    content = "\n".join(["x,y", *lines]).encode()
    rows, broken = read(path, content)
    came = {number for number, line in enumerate(lines, start=2) if line.removesuffix("\r")}
    assert rows.keys() | broken.keys() == came
    assert not rows.keys() & broken.keys()


def test_a_quotation_left_open_in_the_last_line_is_seen_though_the_marks_are_even(path: Path) -> None:
    rows, broken = read(path, b'x,y\na,b\na","c\n')
    assert rows == {2: ("a", "b")}
    assert broken == {3: "open_quotation"}


LINES = st.lists(st.text(alphabet='ab,"\r 甲\u3400\u00e9\U0002a6d6', max_size=8), max_size=12)
"""Characters of one, two and four bytes in GB18030."""


@given(LINES)
def test_lines_are_cut_alike_however_many_are_cut_at_a_time(path: Path, lines: list[str]) -> None:
    content = "\n".join(["x,y", *lines]).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cut_cells, "AT_A_TIME", 1)
        piecemeal = read(path, content)
    assert piecemeal == read(path, content)


@given(LINES)
@example(['a","\u00e9'])
def test_cells_are_decoded_as_their_lines_would_be(path: Path, lines: list[str]) -> None:
    text = "\n".join(["x,y", *lines])
    assert read(path, text.encode("gb18030"), "gb18030", strict=True) == read(path, text.encode())


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
