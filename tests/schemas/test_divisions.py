"""Division codes: the reference is whole, and abolished codes find their successors."""

import pytest

from schemas.divisions import (
    PREFIX_LENGTHS,
    Level,
    divisions_table,
    full_name,
    is_known,
    level_of,
    load_divisions,
    load_successors,
    name_of,
    padded,
    parents,
    prefix,
    successor,
)


def test_the_reference_is_whole() -> None:
    divisions = load_divisions().values()
    sizes = {level: sum(division.level is level for division in divisions) for level in Level}
    assert sizes == {
        Level.PROVINCE: 1,
        Level.CITY: 9,
        Level.COUNTY: 88,
        Level.TOWNSHIP: 1510,
        Level.VILLAGE: 17964,
    }


def test_every_division_lies_in_its_parent_and_has_the_level_its_digits_say() -> None:
    for division in load_divisions().values():
        assert level_of(division.code) is division.level
        above = parents(division.code)
        assert division.parent_code == (above[-1] if above else None)
        assert all(is_known(code) for code in above)
        assert len(prefix(division.code)) == PREFIX_LENGTHS[division.level]


def test_names_from_the_province_down() -> None:
    assert name_of("520102000000") == "南明区"
    assert full_name("520102016001") == "贵州省贵阳市南明区新华路街道纪念塔社区"
    assert name_of("529901000000") is None
    assert full_name("529901000000") == ""


def test_a_code_tells_its_level_and_its_parents_even_when_unknown() -> None:
    assert level_of("522401000000") is Level.COUNTY
    assert prefix("522401000000") == "522401"
    assert padded("522401") == "522401000000"
    assert parents("520102016001") == ["520000000000", "520100000000", "520102000000", "520102016000"]
    assert parents("520000000000") == []


@pytest.mark.parametrize("wrong", ["", "520102", "52010201600A", "５２０１０２０００００0", "5201020160011"])
def test_what_is_not_a_code_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="give its 12 digits"):
        level_of(wrong)


def test_successors_are_known_and_the_abolished_are_not() -> None:
    assert len(load_successors()) >= 40
    for old, new in load_successors().items():
        assert not is_known(old), old
        assert is_known(new), new
        assert level_of(old) is level_of(new)


@pytest.mark.parametrize(
    ("old", "name"),
    [
        ("520114000000", "花溪区"),
        ("522201000000", "碧江区"),
        ("522230000000", "万山区"),
        ("522401000000", "七星关区"),
        ("522423000000", "黔西市"),
        ("520522000000", "黔西市"),
        ("522427000000", "威宁彝族回族苗族自治县"),
        ("520221000000", "水城区"),
        ("520222000000", "盘州市"),
        ("520321000000", "播州区"),
        ("522121000000", "播州区"),
        ("520421000000", "平坝区"),
        ("522322000000", "兴仁市"),
        ("522200000000", "铜仁市"),
    ],
)
def test_an_abolished_code_finds_its_successor(old: str, name: str) -> None:
    assert name_of(successor(old)) == name


def test_below_an_abolished_county_the_last_digits_are_kept_where_they_still_mean_something() -> None:
    township = next(code for code in load_divisions() if code.startswith("520304") and level_of(code) is Level.TOWNSHIP)
    village = next(
        code for code in load_divisions() if code.startswith(township[:9]) and level_of(code) is Level.VILLAGE
    )
    assert successor(f"520321{township[6:]}") == township
    assert successor(f"520321{village[6:]}") == village
    assert successor(f"520321{township[6:9]}999") == township
    assert successor("520321000000") == "520304000000"


def test_a_township_that_the_new_county_does_not_have_leaves_the_county_open() -> None:
    assert successor("520321999000") == "520300000000"


@pytest.mark.parametrize("code", ["520102000000", "529901000000", "110101000000", "", "5201"])
def test_a_code_that_stands_or_cannot_be_placed_stays(code: str) -> None:
    assert successor(code) == code


def test_a_county_lost_with_its_prefecture_falls_to_the_city() -> None:
    assert successor("522299000000") == "520600000000"


def test_the_table_for_sql_has_every_division() -> None:
    table = divisions_table()
    assert table.num_rows == len(load_divisions())
    assert table.column_names == ["code", "name", "level", "parent_code", "prefix"]
    assert table.column("parent_code").null_count == 1
