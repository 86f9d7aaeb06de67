"""Masks show what a person needs to recognise a record, and no more; what a value means decides its mask."""

from datetime import date

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.catalogue import load_catalogue
from schemas.column import Meaning
from schemas.contract import Contract
from schemas.masks import (
    COMPOUND_SURNAMES,
    HIDDEN_WHOLE,
    MASKS,
    SQL_MASKS,
    mask_household_no,
    mask_id_number,
    mask_name,
    mask_phone,
    mask_serial,
    mask_value,
    masks_sql,
)
from tests.review.made_family import ENOUGH, HEAD, PHONE, SON, numbers_left, sound

CONNECTION = duckdb.connect()
CONNECTION.execute(masks_sql())
PERSONAL = frozenset({Meaning.ID_NUMBER, Meaning.PERSON_NAME, Meaning.PHONE, Meaning.ADDRESS, Meaning.SERIAL})
ANYTHING = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs", "Cn"]), max_size=40)
# What stands in such columns, and what only nearly does.
SIGNS = st.text(st.sampled_from("0123456789Xx贵Aa字第-( )①９·.\u3000\n"), max_size=40)
NAMES = st.builds(
    str.__add__, st.sampled_from(["", "王", *sorted(COMPOUND_SURNAMES)]), st.text("春来·•．. a", max_size=6)
)
PLATES = st.from_regex(r"[贵京Q][A-Za-z0][ ·-]?[0-9A-Za-z]{3,7}[学警]?[ \n]?", fullmatch=True)
NUMBERS = st.from_regex(r"[0-9]{13,19}[Xx]?|[GT]?[0-9]{6}-?[0-9]{8}-?[0-9]{3}[0-9X]", fullmatch=True)


@pytest.mark.slow
@given(st.lists(ANYTHING | SIGNS | NAMES | PLATES | NUMBERS, min_size=1, max_size=100))
@settings(max_examples=60, deadline=None)
def test_sql_leaves_of_a_value_what_python_leaves(values: list[str]) -> None:
    for meaning, macro in SQL_MASKS.items():
        query = f"SELECT list_transform(?::VARCHAR[], lambda value: {macro}(value))"
        ((masked,),) = CONNECTION.execute(query, [values]).fetchall()
        assert dict(zip(values, masked, strict=True)) == {value: MASKS[meaning](value) for value in values}


def test_a_mask_is_decided_for_every_meaning() -> None:
    assert MASKS.keys() == set(Meaning)


def test_of_what_has_no_meaning_nothing_is_shown() -> None:
    assert mask_value(None, "周大山") == HIDDEN_WHOLE


@pytest.mark.parametrize("contract", load_catalogue().contracts.values(), ids=lambda contract: contract.name)
def test_whatever_its_column_is_called_a_personal_value_is_not_shown_whole(contract: Contract) -> None:
    for column in contract.columns:
        if column.meaning in PERSONAL:
            for value in (HEAD, PHONE, "欧阳大山之子小山", "云山县西街八号三单元"):
                assert mask_value(column.meaning, value) != value, column.name
    for name in (identity.birth_date for identity in contract.identity if identity.birth_date):
        assert mask_value(contract.column(name).meaning, "1956-08-14", born=True) == "1956"


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("529901199001011234", "529901************"),
        ("52990119900101123X", "529901************"),
        ("529901900101123", "529901*********"),
        ("5299011990010112", "****************"),
        ("", ""),
    ],
)
def test_an_id_number(number: str, masked: str) -> None:
    assert mask_id_number(number) == masked


@pytest.mark.slow
@given(st.dates(date(1910, 1, 1), date(2020, 12, 31)), st.integers(0, 999))
def test_with_year_and_sex_known_a_masked_number_is_one_of_very_many(born: date, place: int) -> None:
    number = sound(f"529901{born:%Y%m%d}{place:03d}")
    assert numbers_left(mask_id_number(number), born.year, None, number[16]) > 100 * ENOUGH
    # What used to be shown, beside the year, and beside the day.
    assert numbers_left(number[:6] + "********" + number[14:], born.year, None, number[16]) < ENOUGH
    assert numbers_left(number[:6] + "********" + number[14:], born.year, born, number[16]) == 1


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("张三丰", "张**"),
        ("欧阳娜娜", "欧阳**"),
        ("欧阳修", "欧阳*"),
        ("欧阳", "欧*"),
        ("阿依·买买提", "阿*·***"),
        ("张", "*"),
        ("", ""),
    ],
)
def test_a_name(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    ("serial", "masked"),
    [
        ("HH000000098", "****0098"),
        ("12", "****"),
        ("贵A8F3K2", "贵A****2"),
        (f"G{SON}", HIDDEN_WHOLE),
        (f"{SON}42", HIDDEN_WHOLE),
        (f"{SON[:6]}-{SON[6:14]}-{SON[14:]}", HIDDEN_WHOLE),
    ],
)
def test_a_serial_number(serial: str, masked: str) -> None:
    assert mask_serial(serial) == masked


def test_offices_find_a_household_by_its_number_unless_it_is_a_persons() -> None:
    assert mask_household_no("D000000133") == "D000000133"
    assert mask_household_no(f"T{SON}") == HIDDEN_WHOLE


def test_telephones() -> None:
    assert (mask_phone(PHONE), mask_phone("8224567")) == ("13*******45", "*******")
