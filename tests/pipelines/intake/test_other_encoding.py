"""Lines pasted into a file from one in another encoding are read as what they say, and no other line is."""

import os
from itertools import zip_longest
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.intake.land import detect_encoding
from pipelines.intake.other_encoding import is_in_other
from tests.pipelines.conftest import Deliver, csv_of

HEADER = ("发放流水号", "姓名", "住址")
NAMES = ["王芳", "李国强", "欧阳明", "覃秀花", "张䶮", "闫镕", "买买提·艾力"]
ENCODINGS = ["utf-8", "gb18030"]
often = settings(
    max_examples=int(os.environ.get("HEDUI_EXAMPLES", "40")),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def lines_of(rows: list[tuple[str, str, str]]) -> list[str]:
    return csv_of(HEADER, *rows).decode().splitlines(keepends=True)


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", NAMES)
def test_lines_of_the_other_encoding_are_read_in_it(deliver: Deliver, encoding: str, name: str) -> None:
    rows = [(f"A{n}", "张三", f"某村{n}组") for n in range(20)]
    pasted = [(f"B{n}", name, "花溪区某镇某村三组") for n in range(3)]
    (other,) = (one for one in ENCODINGS if one != encoding)
    content = csv_of(HEADER, *rows, encoding=encoding) + "".join(lines_of(pasted)[1:]).encode(other)
    delivered = deliver(content + "A99,李四,\r\n".encode(encoding))
    assert delivered.quarantine == []
    assert [row["name"] for row in delivered.rows] == [*["张三"] * 20, *[name] * 3, "李四"]
    assert {row["address"] for row in delivered.rows[20:23]} == {"花溪区某镇某村三组"}


def test_a_name_of_two_characters_is_enough(deliver: Deliver) -> None:
    content = csv_of(HEADER, *((f"A{n}", "张三", "") for n in range(20)), encoding="gb18030")
    delivered = deliver(content + "贵B1,王芳,\r\n贵B2,李国强,\r\n".encode())
    assert [row["name"] for row in delivered.rows[20:]] == ["王芳", "李国强"]
    assert delivered.rows[20]["payment_no"] == "贵B1"
    assert delivered.quarantine == []


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_line_of_the_other_encoding_is_set_apart_as_it_reads(deliver: Deliver, encoding: str) -> None:
    (other,) = (one for one in ENCODINGS if one != encoding)
    content = csv_of(HEADER, *((f"A{n}", "张三", "某村") for n in range(20)), encoding=encoding)
    delivered = deliver(content + "B1,,花溪区某镇某村\r\nB2,王芳,花溪区,某镇某村\r\n".encode(other))
    assert [(row["rule"], row["raw"]) for row in delivered.quarantine] == [
        ("required", "B1,,花溪区某镇某村"),
        ("field_count", "B2,王芳,花溪区,某镇某村"),
    ]


@often
@given(st.lists(st.tuples(st.sampled_from(NAMES), st.booleans()), min_size=1, max_size=12), st.sampled_from(ENCODINGS))
def test_whichever_lines_were_pasted_in_every_row_says_what_it_said(
    deliver: Deliver, drawn: list[tuple[str, bool]], encoding: str
) -> None:
    (other,) = (one for one in ENCODINGS if one != encoding)
    rows = [(f"A{n}", name, "花溪区某镇某村三组") for n, (name, _) in enumerate(drawn)]
    header, *lines = lines_of(rows)
    own = [f"C{n},张三,花溪区某镇某村四组\r\n" for n in range(len(drawn) + 1)]
    pasted = [line.encode(other if foreign else encoding) for line, (_, foreign) in zip(lines, drawn, strict=True)]
    pairs = zip_longest((line.encode(encoding) for line in own), pasted, fillvalue=b"")
    delivered = deliver(header.encode(encoding) + b"".join(line for pair in pairs for line in pair))
    found = {str(row["payment_no"]): row["name"] for row in delivered.rows}
    assert delivered.quarantine == []
    assert {number: name for number, name in found.items() if number[0] == "A"} == {row[0]: row[1] for row in rows}


@often
@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5) | st.sampled_from("a1,贵县·"), max_size=30))
def test_what_is_written_in_the_file_s_own_encoding_is_never_taken_for_another(text: str) -> None:
    assert not is_in_other(text.encode("gb18030"), "gb18030")


@pytest.mark.parametrize("text", ["王芳", "李国强,花溪区", "张䶮,某镇"])
def test_utf8_cut_short_or_damaged_is_not_taken_for_gb18030(text: str) -> None:
    whole = text.encode()
    damaged = [whole[:at] + whole[at + 1 :] for at in range(len(whole))]
    damaged += [whole[:at] + b"\xc4" + whole[at + 1 :] for at in range(len(whole))]
    assert not [one for one in damaged if is_in_other(one, "utf-8")]


TWO = "姓名,证件号码\n"


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ((TWO + "王芳,1\n" * 50).encode() + b"\xff,2\n", "utf-8"),
        (TWO.encode()[:3] + b"\xd5" + (TWO + "王芳,1\n" * 50).encode()[3:], "utf-8"),
        ((TWO + "王芳,1\n" * 50).encode() + "李国强,2\n".encode("gb18030") * 3, "utf-8"),
        (b"".join("王小芳".encode()[:8] + b",1\n" for _ in range(50)), "utf-8"),
        ((TWO + "王芳,1\n" * 50).encode("gb18030") + "李国强,2\n".encode() * 3, "gb18030"),
        ((TWO + "王芳,1\n" * 50).encode("gb18030") + b"\xff\xff,2\n", "gb18030"),
        (b"a,b\n" + b"1,2\n" * (1 << 19) + "王芳,1\n".encode("gb18030") * 5, "gb18030"),
    ],
)
def test_most_characters_tell_the_encoding(tmp_path: Path, content: bytes, encoding: str) -> None:
    path = tmp_path / "payment.csv"
    path.write_bytes(content)
    assert detect_encoding(path) == encoding
