"""Masks show what a person needs to recognise a case, and no more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.masking import mask_id_number, mask_name, mask_text


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("529901199001011234", "529901********1234"),
        ("52990119900101123X", "529901********123X"),
        ("529901900101123", "529901******123"),
        ("5299011990010112", "****************"),
        ("", ""),
    ],
)
def test_an_id_number(number: str, masked: str) -> None:
    assert mask_id_number(number) == masked


@given(st.text(max_size=40))
def test_a_mask_keeps_the_length_and_never_the_birth_date(number: str) -> None:
    masked = mask_id_number(number)
    assert len(masked) == len(number)
    assert set(masked[6:12]) <= {"*"}


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


def test_a_sentence() -> None:
    said = "李四(52990119900101123x)与王五、529901900101123同名；行哈希 a529901199001011234b 不变"
    assert mask_text(said, "李四", "王五") == (
        "李*(529901********123x)与王*、529901******123同名；行哈希 a529901199001011234b 不变"
    )


def test_a_name_of_one_sign_does_not_eat_the_sentence() -> None:
    assert mask_text("王某名下有车", "王", "") == "王某名下有车"
