"""Policy files: dated, by division, unit-checked; a mistake names file, key and fix."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from rules.declaration import RuleBookError
from rules.policy import PROVINCE, load_policy

NIGHT = date(2020, 10, 31)
STANDARD = """
name: {name}
title: {{zh: 标准, en: Standard}}
unit: {unit}
description: {{zh: 说明, en: A standard}}
values:
{values}
"""


def write(folder: Path, name: str, unit: str, *values: str) -> Path:
    lines = "\n".join(f"  - {{{value}, reference: a document}}" for value in values)
    (folder / f"{name}.yaml").write_text(STANDARD.format(name=name, unit=unit, values=lines), "utf-8")
    return folder


def test_the_reported_standards_are_loaded_with_their_units() -> None:
    policy = load_policy()
    assert policy.value("urban_standard_monthly", "520102001001", NIGHT) == 645
    assert policy.value("rural_standard_yearly", "520102001001", NIGHT) == 4318
    assert policy["urban_standard_monthly"].unit == "yuan_per_person_month"
    assert policy["rural_standard_yearly"].unit == "yuan_per_person_year"


@pytest.mark.parametrize(("day", "months"), [(date(2022, 10, 19), 12), (date(2022, 10, 20), 6)])
def test_the_notice_of_2022_shortens_the_longest_buffers_from_its_day(day: date, months: int) -> None:
    assert load_policy().value("exit_buffer_flexible_months", PROVINCE, day) == months
    assert load_policy().value("relocation_buffer_most_months", PROVINCE, day) == 12, "it speaks of employment"
    assert load_policy().value("exit_buffer_public_months", PROVINCE, day) == 3


def test_every_assumed_or_cited_value_says_where_it_comes_from() -> None:
    assert all(dated.reference.strip() for parameter in load_policy() for dated in parameter.values)
    assumed = load_policy()["enterprise_contribution_limit"].values[0].reference
    assert assumed.startswith("assumed")


def test_the_longest_division_prefix_wins(tmp_path: Path) -> None:
    values = [
        f'from: 2020-01-01, division: "{division}", value: {value}'
        for division, value in [("52", 600), ("5201", 700), ("520102", 750), ("520102001", 800)]
    ]
    policy = load_policy(write(tmp_path, "a_monthly", "yuan_per_person_month", *values))
    expected = {"520102001001": 800, "520102002001": 750, "520103001001": 700, "520203001001": 600, "52": 600}
    assert {code: policy.value("a_monthly", code, NIGHT) for code in expected} == expected


def test_a_county_value_that_has_not_begun_leaves_the_provinces(tmp_path: Path) -> None:
    values = ["from: 2020-01-01, value: 600", 'from: 2020-11-01, division: "520102", value: "750.55"']
    policy = load_policy(write(tmp_path, "a_monthly", "yuan_per_person_month", *values))
    assert policy.value("a_monthly", "520102001", date(2020, 10, 31)) == 600
    assert policy.value("a_monthly", "520102001", date(2020, 11, 1)) == Decimal("750.55")


def test_before_its_first_day_a_parameter_has_no_value() -> None:
    with pytest.raises(RuleBookError, match="urban_standard_monthly: no value on 2019-12-31"):
        load_policy().value("urban_standard_monthly", PROVINCE, date(2019, 12, 31))


@pytest.mark.parametrize(
    ("name", "unit", "values", "message"),
    [
        ("a_monthly", "yuan_per_person_year", ["from: 2020-01-01, value: 1"], "by its name in yuan_per_person_month"),
        ("a_yearly", "yuan_per_person_month", ["from: 2020-01-01, value: 1"], "by its name in yuan_per_person_year"),
        ("a", "yuan", ["from: 2020-01-01, to: 2019-12-31, value: 1"], "to 2019-12-31 is before from 2020-01-01"),
        ("a", "yuan", ["from: 2020-01-01, to: 2020-06-30, value: 1", "from: 2020-06-30, value: 2"], "two values hold"),
        ("a", "yuan", ["from: 2020-01-01, value: [A]"], "unit codes takes a list"),
        ("a", "codes", ["from: 2020-01-01, value: 3"], "unit codes takes a list"),
        ("a", "month", ['from: 2020-01-01, value: "1.5"'], "not a whole number of month"),
        ("a", "yuan", ["from: 2020-01-01, value: -1"], "values.0.value"),
        ("a", "yuan", ["from: 2020-01-01, value: 1, dvision: 52"], "dvision: unknown key"),
        ("a", "yuan", ['from: 2020-01-01, value: 1, division: "520"'], "values.0.division"),
        ("a", "furlong", ["from: 2020-01-01, value: 1"], "unit"),
    ],
)
def test_a_mistake_names_file_key_and_fix(
    tmp_path: Path, name: str, unit: str, values: list[str], message: str
) -> None:
    with pytest.raises(RuleBookError, match=message) as caught:
        load_policy(write(tmp_path, name, unit, *values))
    assert f"{name}.yaml" in str(caught.value)


def test_values_that_touch_but_do_not_overlap_are_accepted(tmp_path: Path) -> None:
    values = ["from: 2020-01-01, to: 2020-06-30, value: 1", "from: 2020-07-01, value: 2"]
    policy = load_policy(write(tmp_path, "a", "yuan", *values))
    assert [policy.value("a", "52", day) for day in (date(2020, 6, 30), date(2020, 7, 1))] == [1, 2]


def test_the_version_changes_with_any_file(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    one = load_policy(write(tmp_path / "one", "a", "yuan", "from: 2020-01-01, value: 1"))
    two = load_policy(write(tmp_path / "two", "a", "yuan", "from: 2020-01-01, value: 2"))
    assert one.version != two.version


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleBookError, match="no policy files"):
        load_policy(tmp_path)
