"""What is told of headers that nobody agreed to: what they most likely are, and never somebody's data."""

import csv
import gzip
import io
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.catalogue import load_catalogue
from schemas.header_words import end_of, header_words, is_made_of_words, pieces_of
from schemas.nearest_header import known_headers, may_be_shown, nearest, nearest_of_all, resembled
from synth.facts import read_facts

SAMPLE = Path("data/sample/inbox")
VEHICLES = load_catalogue()["motor_vehicle"]


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("车主证件号码", "owner_id"),
        ("所有人姓名", "owner_name"),
        ("住址", "address"),
        ("车辆种类", "vehicle_kind"),
        ("注册时间", "first_registered_on"),
        ("XM", "owner_name"),
        ("号牌号", "plate_number"),
    ],
)
def test_an_unknown_header_is_likened_to_the_column_it_means(header: str, column: str) -> None:
    near = nearest(header, ((VEHICLES, one) for one in VEHICLES.columns))
    assert near is not None
    assert near.column.name == column


@pytest.mark.parametrize("header", ["车主电话", "购车价格", "备注", "年检日期", "抵押状态"])
def test_a_header_is_not_likened_to_a_column_of_something_else(header: str) -> None:
    """Half of 车主电话 is the owner's name, but it holds a telephone number, and there is no such column."""
    assert nearest(header, ((VEHICLES, one) for one in VEHICLES.columns)) is None


def test_the_catalogue_tells_what_the_contract_does_not() -> None:
    near = nearest_of_all("车主电话")
    assert near is not None
    assert (near.header, near.column.name) == ("联系电话", "phone")


def test_headers_tell_whose_they_are() -> None:
    best = resembled(["备注", *(column.header for column in VEHICLES.columns[:12])])[0]
    assert (best.contract.name, best.known, best.of) == ("motor_vehicle", 12, 13)


def test_a_header_is_cut_into_its_words() -> None:
    assert [piece.word.en if piece.word else piece.text for piece in pieces_of("用水农户联系电话2")] == [
        "use", "水", "farmer", "phone"
    ]  # fmt: skip
    assert is_made_of_words("车主电话(必填)")
    assert not is_made_of_words("车主电话(王芳)")


def test_what_is_longer_than_any_header_is_not_looked_at_as_one() -> None:
    assert may_be_shown(["户主姓名", "户主姓名" * 20_000]) == [True, False]


def test_no_word_that_a_header_may_end_in_is_short() -> None:
    """A single character may be the last one of anybody's name."""
    assert [word.zh for word in header_words().values() if word.meaning and len(word.zh) < 2] == []


def test_most_agreed_headers_say_by_their_words_what_they_hold() -> None:
    columns = [(header, its) for header, of in known_headers().items() for _, its in of if header != its.name]
    told = [(end.meaning, column.meaning) for header, column in columns if (end := end_of(header)) and not end.vague]
    assert len(told) > 400
    assert sum(said is meant for said, meant in told) / len(told) > 0.95


@cache
def _records() -> list[list[str]]:
    """The first records of a file of each type."""
    records: list[list[str]] = []
    for folder in sorted(SAMPLE.glob("*/*")):
        file = min(folder.glob("*/*.csv*"))
        content = file.read_bytes()
        content = gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("gb18030", "replace")
        records += list(csv.reader(io.StringIO(text)))[1:40]
    return records


def test_no_cell_of_a_record_is_shown_in_the_header_s_place() -> None:
    shown = {cell for record in _records() for cell in record if may_be_shown([cell])[0]}
    assert shown == set()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_cell_of_a_record_is_shown_beside_real_headers(data: st.DataObject) -> None:
    record = data.draw(st.sampled_from(_records()))
    headers = data.draw(st.lists(st.sampled_from(VEHICLES.columns).map(lambda column: column.header), max_size=6))
    line = data.draw(st.permutations([*record, *headers]))
    glued = [headers[-1] + record[0], *record[1:]] if headers else record
    for cells in (line, glued):
        assert [cell for cell, may in zip(cells, may_be_shown(cells), strict=True) if may and cell in record] == []


@given(st.data())
def test_no_name_is_made_of_the_words_of_headers(data: st.DataObject) -> None:
    surname = data.draw(st.sampled_from(read_facts("surnames")["surname"].to_list()))
    characters = sorted({character for word in header_words() for character in word if character > "一"})
    given_name = data.draw(st.lists(st.sampled_from(characters), min_size=1, max_size=2).map("".join))
    assert not is_made_of_words(surname + given_name) or surname + given_name in header_words()


def test_a_long_cell_is_no_header_and_takes_no_time() -> None:
    assert may_be_shown(["车主电话" * 200_000, "车主电话"]) == [False, True]
