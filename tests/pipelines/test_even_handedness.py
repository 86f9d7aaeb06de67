"""The report on even-handedness: known nights give known rates, and what is too small to show cannot be worked out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.reporting.even_handedness.comparing import compare
from pipelines.reporting.even_handedness.counting import Count, band_names, count_groups
from pipelines.reporting.even_handedness.disclosure import shown_groups
from pipelines.reporting.even_handedness.report import as_report, summary, write_report
from pipelines.reporting.even_handedness.settings import Settings, SettingsError, load_settings
from review.proportion import proportion
from rules.check import check_rules
from rules.policy import load_policy
from rules.rule import load_rules
from schemas.catalogue import load_catalogue
from schemas.listed import registers_of
from schemas.register import People

NIGHT = date(2020, 10, 31)
SETTINGS = Settings(least_shown=20, false_discovery=0.05, age_bands=(18, 40, 60, 80))
TYPES = ("dibao_roster", "tekun_roster", "household_register", "disability_certificate")
ROSTERS = registers_of(load_catalogue(), People.PROTECTED)
FLAG = pa.schema([(name, pa.string()) for name in ("scheme", "household_id", "member_id", "direction")])
DECIDED = FLAG.append(pa.field("confirmed", pa.bool_()))
Rows = list[dict[str, Any]]


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """A night of two dibao households and one tekun person."""
    with duckdb.connect() as opened:
        for name in TYPES:
            columns = ", ".join(
                f"{column.name} {'DATE' if column.name == 'birth_date' else 'VARCHAR'}"
                for column in load_catalogue()[name].columns
            )
            opened.execute(f"CREATE TABLE {name} ({columns}, row_key VARCHAR, delivery_id VARCHAR)")
        opened.execute(
            "CREATE TABLE links (type VARCHAR, row_key VARCHAR, delivery_id VARCHAR, person_id VARCHAR, reason VARCHAR)"
        )
        opened.execute(
            "CREATE TABLE person_memberships "
            "(person_id VARCHAR, scheme VARCHAR, household_id VARCHAR, member_id VARCHAR)"
        )
        opened.execute(
            "INSERT INTO dibao_roster (household_no, member_no, status, sex, birth_date, ethnicity, division, scheme,"
            " relation_to_head) VALUES"
            " ('H1', 'a', 'active', '1', '1980-11-01', '01', '520102001001', 'urban', 'head'),"
            " ('H1', 'b', 'active', '2', '2002-11-01', '06', '520102001001', 'urban', 'daughter'),"
            " ('H2', 'c', 'active', NULL, NULL, NULL, '520103001001', 'rural', 'head'),"
            " ('H3', 'd', 'suspended', '1', '1950-01-01', '01', '520103001001', 'rural', 'head')"
        )
        opened.execute(
            "INSERT INTO tekun_roster (person_no, status, sex, birth_date, division) VALUES"
            " ('T1', 'active', '2', '1940-10-31', '520103001001')"
        )
        opened.execute(
            "INSERT INTO household_register (row_key, delivery_id, sex, birth_date, ethnicity, residence_kind) VALUES"
            " ('r1', 'd1', '2', '1960-10-31', '06', 'rural')"
        )
        opened.execute(
            "INSERT INTO disability_certificate (row_key, delivery_id, level, status) VALUES ('k1', 'd1', '2', 'valid')"
        )
        opened.execute(
            "INSERT INTO links VALUES ('household_register', 'r1', 'd1', 'pc', 'exact'),"
            " ('disability_certificate', 'k1', 'd1', 'pb', 'exact'),"
            " ('disability_certificate', 'k1', 'd1', 'pc', 'conflict')"
        )
        opened.execute("INSERT INTO person_memberships VALUES ('pc', 'dibao', 'H2', 'c'), ('pb', 'dibao', 'H1', 'b')")
        yield opened


def flags(*rows: tuple[str, str, str | None, str]) -> pa.Table:
    return pa.Table.from_pylist([dict(zip(FLAG.names, row, strict=True)) for row in rows], schema=FLAG)


def decided(*rows: tuple[str, str, str | None, str, bool]) -> pa.Table:
    return pa.Table.from_pylist([dict(zip(DECIDED.names, row, strict=True)) for row in rows], schema=DECIDED)


def counted(
    connection: duckdb.DuckDBPyConnection, tonight: pa.Table, of_people: pa.Table, measure: str
) -> dict[tuple[str, str], tuple[int, int]]:
    counts = count_groups(connection, ROSTERS, NIGHT, tonight, of_people, SETTINGS.age_bands)
    return {(one.attribute, one.group): (one.count, one.of) for one in counts if one.measure == measure}


def test_everybody_who_is_paid_is_counted_once_in_each_attribute(connection: duckdb.DuckDBPyConnection) -> None:
    counts = counted(connection, flags(), decided(), "alert")
    assert counts == {
        ("all", "all"): (0, 4),
        ("sex", "1"): (0, 1),
        ("sex", "2"): (0, 3),
        ("age", "0-17"): (0, 1),
        ("age", "18-39"): (0, 1),
        ("age", "60-79"): (0, 1),
        ("age", "80+"): (0, 1),
        ("disability", "none"): (0, 3),
        ("disability", "severe"): (0, 1),
        ("ethnicity", "01"): (0, 1),
        ("ethnicity", "06"): (0, 2),
        ("ethnicity", "unknown"): (0, 1),
        ("area", "rural"): (0, 1),
        ("area", "unknown"): (0, 1),
        ("area", "urban"): (0, 2),
        ("county", "520102"): (0, 2),
        ("county", "520103"): (0, 2),
    }


def test_a_doubt_counts_for_whom_it_names_else_for_the_head(connection: duckdb.DuckDBPyConnection) -> None:
    tonight = flags(
        ("dibao", "H1", "b", "doubt"),
        ("dibao", "H1", "b", "doubt"),
        ("dibao", "H2", None, "doubt"),
        ("tekun", "T1", "T1", "protect"),
        ("dibao", "H3", "d", "doubt"),
    )
    counts = counted(connection, tonight, decided(), "alert")
    assert counts["all", "all"] == (2, 4)
    assert (counts["sex", "1"], counts["sex", "2"]) == ((0, 1), (2, 3))


def test_the_control_sample_is_held_to_the_households_it_is_drawn_from(connection: duckdb.DuckDBPyConnection) -> None:
    tonight = flags(("dibao", "H1", None, "control"), ("dibao", "H2", "c", "protect"))
    counts = counted(connection, tonight, decided(), "control")
    assert counts["all", "all"] == (1, 1)
    assert (counts["county", "520102"], counts["sex", "1"]) == ((1, 1), (1, 1))


def test_confirmation_is_of_decided_flags_alone(connection: duckdb.DuckDBPyConnection) -> None:
    people = decided(
        ("dibao", "H1", "b", "doubt", True),
        ("dibao", "H1", None, "doubt", False),
        ("dibao", "gone", "x", "doubt", True),
        ("dibao", "H2", "c", "protect", True),
        ("dibao", "H3", None, "control", True),
    )
    counts = counted(connection, flags(), people, "confirmed")
    assert counts["all", "all"] == (2, 3)
    assert (counts["sex", "1"], counts["sex", "2"], counts["sex", "unknown"]) == ((0, 1), (1, 1), (1, 1))
    assert counted(connection, flags(), people, "control_found")["age", "60-79"] == (1, 1)


def test_nothing_of_it_stays_where_a_rule_could_read_it(connection: duckdb.DuckDBPyConnection) -> None:
    before = connection.execute("SELECT table_name FROM information_schema.tables ORDER BY ALL").fetchall()
    count_groups(connection, ROSTERS, NIGHT, flags(), decided(), SETTINGS.age_bands)
    assert connection.execute("SELECT table_name FROM information_schema.tables ORDER BY ALL").fetchall() == before
    for name in ("night_flags", "decided_flags", "person", "described"):
        with pytest.raises(duckdb.CatalogException):
            connection.execute(f"FROM {name}")


@pytest.mark.parametrize("name", ["decided_flags", "night_flags", "person", "review_decision", "review_evenhandedness"])
def test_a_rule_that_asks_for_it_is_refused(name: str) -> None:
    nosy = load_rules()[0].model_copy(update={"sql": f"SELECT * FROM {name}"})
    (problem,) = check_rules([nosy], load_policy(), load_catalogue(), NIGHT)
    assert "does not fit the views" in problem
    assert f"Table with name {name} does not exist" in problem


def test_wilsons_interval() -> None:
    """The textbook case of 15 in 100 (Newcombe 1998 gives formula and tables)."""
    found = proportion(15, 100)
    assert (found.rate, round(found.low or 0, 4), round(found.high or 0, 4)) == (0.15, 0.0931, 0.2328)
    assert proportion(0, 0).rate is None
    with pytest.raises(ValueError, match="k"):
        proportion(3, 2)


@given(st.dictionaries(st.text(min_size=1, max_size=2), st.integers(1, 60), min_size=1, max_size=8), st.integers(2, 30))
def test_no_group_left_out_can_be_worked_out(sizes: dict[str, int], least: int) -> None:
    shown = shown_groups(sizes, least)
    hidden = sizes.keys() - shown
    assert all(sizes[group] >= least for group in shown)
    if hidden and shown:
        assert len(hidden) > 1
        assert sum(sizes[group] for group in hidden) >= least


def test_as_much_is_shown_as_may_be() -> None:
    assert shown_groups({"a": 20, "b": 300}, 20) == {"a", "b"}
    assert shown_groups({"a": 19, "b": 30, "c": 300}, 20) == {"c"}
    assert shown_groups({"a": 15, "b": 16, "c": 300}, 20) == {"c"}
    assert shown_groups({"a": 4, "b": 5, "c": 30, "d": 300}, 20) == {"d"}
    assert shown_groups({"a": 5, "b": 300}, 20) == set()


def made_counts(**groups: tuple[int, int]) -> list[Count]:
    whole = Count("alert", "all", "all", sum(one for one, _ in groups.values()), sum(of for _, of in groups.values()))
    return [whole, *(Count("alert", "county", name, *sizes) for name, sizes in groups.items())]


def test_a_group_beyond_chance_is_marked_and_one_within_it_is_not() -> None:
    rates = compare(made_counts(a=(30, 1000), b=(28, 1000), c=(90, 1000), d=(31, 1000)), SETTINGS)
    assert {one.group: one.differs for one in rates if one.attribute == "county"} == {
        "a": "lower",
        "b": "lower",
        "c": "higher",
        "d": "lower",
    }
    even = compare(made_counts(a=(30, 1000), b=(28, 1000), c=(36, 1000)), SETTINGS)
    assert {one.differs for one in even} == {None}


def test_among_many_even_groups_a_chance_outlier_is_not_marked() -> None:
    groups = {f"c{number:02}": (10, 1000) for number in range(60)} | {"odd": (19, 1000)}
    rates = compare(made_counts(**groups), SETTINGS)
    assert proportion(19, 1000).low > 0.0102  # type: ignore[operator]
    assert [one.group for one in rates if one.differs] == []


def test_what_is_not_shown_is_nowhere_in_what_is_written(tmp_path: Path) -> None:
    rates = compare(made_counts(**{"520102": (7, 13), "520103": (5, 37), "520111": (60, 971)}), SETTINGS)
    report = as_report(NIGHT, rates, load_catalogue(), SETTINGS)
    write_report(tmp_path, report)
    shown = {
        group["group"]: group["shown"] and (group["shown"]["count"], group["shown"]["of"])
        for attribute in report["measures"][0]["attributes"]
        for group in attribute["groups"]
    }
    assert shown == {"all": (72, 1021), "520102": None, "520103": None, "520111": (60, 971)}
    assert summary(report)["too_few"] == 2
    page = (tmp_path / "even_handedness.html").read_text(encoding="utf-8")
    assert page.count("too few to show") == 2
    assert "<svg" in page
    assert "http" not in page.replace("http://www.w3.org", "")
    assert "7 / 13" not in page
    assert json.loads((tmp_path / "even_handedness.json").read_text(encoding="utf-8")) == report


def test_nothing_is_shown_of_fewer_people_than_the_floor(tmp_path: Path) -> None:
    rates = compare(made_counts(a=(1, 10), b=(2, 9)), SETTINGS)
    assert [one.proportion for one in rates] == [None, None, None]
    write_report(tmp_path, as_report(NIGHT, rates, load_catalogue(), SETTINGS))
    assert "2 / 9" not in (tmp_path / "even_handedness.html").read_text(encoding="utf-8")


def test_bands_and_settings(tmp_path: Path) -> None:
    assert band_names((18, 40, 60, 80)) == ["0-17", "18-39", "40-59", "60-79", "80+"]
    assert load_settings().least_shown >= 10
    wrong = tmp_path / "settings.yaml"
    wrong.write_text("least_shown: 1\nfalse_discovery: 0.05\nage_bands: [18]\n")
    with pytest.raises(SettingsError, match="least_shown"):
        load_settings(wrong)
