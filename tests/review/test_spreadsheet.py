"""No cell runs in Excel or WPS, and none loses digits."""

import csv
import hashlib
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from review.csv_file import CsvWriter, safe_cell

DANGEROUS = "=+-@＝＋－＠\t\r\n"
nasty_signs = st.sampled_from(DANGEROUS + " '\"，,;|\u3000\ufeff\u200b")
nasty_text = st.text(st.one_of(nasty_signs, st.characters()), max_size=12)
whole_text = st.text(st.one_of(nasty_signs, st.characters(codec="utf-8")), max_size=12)


def written(*rows: list[object]) -> bytes:
    file = io.BytesIO()
    writer = CsvWriter(file)
    for row in rows:
        writer.row(row)
    assert writer.rows == len(rows)
    assert writer.sha256 == hashlib.sha256(file.getvalue()).hexdigest()
    return file.getvalue()


def parsed(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@given(st.lists(nasty_text, min_size=2, max_size=5))
@example(["=1+1", "\ufeff=1+1"])
@example([" \u3000＝cmd", "\r\n@x"])
def test_no_cell_starts_a_formula(cells: list[str]) -> None:
    (row,) = parsed(written(list(cells)))
    assert len(row) == len(cells)
    for cell in row:
        bare = cell.strip().lstrip("\ufeff\u200b\u200c\u200d\u2060\u00ad")
        assert bare[:1] not in set(DANGEROUS)
        assert not set(cell[:1]) & set("\t\r\n ")
        assert "\r" not in cell
        assert "\n" not in cell


@given(st.lists(whole_text.map(safe_cell), min_size=1, max_size=4))
def test_a_safe_cell_is_written_as_it_is(cells: list[str]) -> None:
    assert parsed(written(list(cells))) == ([cells] if cells != [""] else [[""]])


@pytest.mark.parametrize("number", ["529901199001011234", "520102001001", "000123", "5E10", "1.5e3"])
def test_codes_of_digits_stay_text(number: str) -> None:
    assert safe_cell(number) == number + "\t"


@pytest.mark.parametrize(
    "number", ["2", "1234.50", "2020-10-31", "2020-520102-000001", "0", "0.5", "529901********1234"]
)
def test_what_a_spreadsheet_reads_rightly_is_left_alone(number: str) -> None:
    assert safe_cell(number) == number


def test_the_file_is_utf8_with_a_mark_and_crlf() -> None:
    content = written(["中文", 'say "no", please'])
    assert content == '\ufeff中文,"say ""no"", please"\r\n'.encode()


def test_nothing_is_an_empty_cell() -> None:
    assert parsed(written([None, "x"])) == [["", "x"]]
