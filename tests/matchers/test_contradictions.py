"""Whatever links a record, it never contradicts the person in a stated birth date and sex at once."""

from __future__ import annotations

from itertools import product
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matchers.night.weighing import weigh_unmatched
from matchers.tables.link_tables import link_tables
from matchers.weights.spec import LinkageSpec, parse_spec
from schemas.link_reasons import LinkReason
from tests.matchers.made_registers import fifteen, link, membership, number, other_digit, person_of, record, resolve

NAMES = ("张伟", "张玮", "张*")
BIRTHS = (None, "1975-03-02", "1938-06-01")
SEXES = (None, "1", "2", "9")
STATED = tuple(product(NAMES, BIRTHS, SEXES))
ACCEPTED = [reason.value for reason in LinkReason if reason.accepted]
CONTRADICTION = "l.birth_date <> r.birth_date AND l.sex <> r.sex AND l.sex IN ('1', '2') AND r.sex IN ('1', '2')"


def as_delivered(sound: str, way: int) -> str | None:
    """The number as it is, in its old form, with one fault, or not at all."""
    return (sound, fifteen(sound), other_digit(sound, 3), None)[way]


def test_no_link_of_a_night_contradicts_a_stated_birth_date_and_sex() -> None:
    """Every way to state them on both sides, with the number whole, old, damaged and missing."""
    con, people, records = duckdb.connect(), [], []
    for place, (person, told) in enumerate(product(STATED, STATED)):
        way, sequence, division = place % 4, place % 1000, 529901 + place // 1000
        sound = number("19750302", sequence, str(division))
        people.append(
            {**membership(f"h{place}", sound, person[0], None, person[1], person[2]), "address": f"{place}号"}
        )
        records.append(
            {**record(f"h{place}", as_delivered(sound, way), told[0], None, told[1], told[2]), "address": place}
        )
    resolve(con, people)
    con.register("stated", pa.Table.from_pylist(records))
    found = [link(con, records).links]
    found.append(weigh_unmatched(con).links)
    claimed = con.execute(
        f"SELECT reason, count(*) FROM ({' UNION ALL BY NAME '.join(f'FROM {one}' for one in found)}) AS k"
        f" WHERE reason IN {tuple(ACCEPTED)} GROUP BY reason"
    ).fetchall()
    assert {reason for reason, _ in claimed} >= {"exact", "upgraded", "repaired"}
    links = " UNION ALL BY NAME ".join(f"FROM {one}" for one in found)
    contradicted = con.execute(
        f"SELECT k.reason, l.name, l.birth_date, l.sex, r.name, r.birth_date, r.sex FROM ({links}) AS k"
        " JOIN stated AS l USING (row_key) JOIN person_memberships AS p USING (person_id)"
        " JOIN (SELECT person_id, name, birth_date::VARCHAR AS birth_date, sex FROM person_memberships) AS r"
        f" USING (person_id) WHERE k.reason IN {tuple(ACCEPTED)} AND {CONTRADICTION}"
    ).fetchall()
    assert contradicted == []


PLACES = st.lists(
    st.tuples(st.sampled_from((*NAMES, "张强")), st.sampled_from(BIRTHS), st.sampled_from(SEXES)), max_size=5
)


@settings(max_examples=12, deadline=None)
@given(PLACES)
def test_nobody_is_two_who_cannot_be_one(places: list[tuple[str, str | None, str | None]]) -> None:
    """No person has places that contradict each other, nor two clear names that do not agree; also through a third."""
    con, shared = duckdb.connect(), number("19750302", 12)
    resolve(con, [membership(f"h{at}", shared, name, None, born, sex) for at, (name, born, sex) in enumerate(places)])
    torn = con.execute(
        "SELECT l.household_id, r.household_id FROM person_memberships AS l JOIN person_memberships AS r"
        f" USING (person_id) WHERE {CONTRADICTION} OR (l.name = '张强' AND r.name IN ('张伟', '张玮'))"
    ).fetchall()
    assert torn == []


def test_a_hidden_name_joins_no_two_others() -> None:
    con, shared = duckdb.connect(), number("19750302", 12)
    resolve(con, [membership(f"h{at}", shared, name) for at, name in enumerate(("张伟", "张*", "张强", "张玮"))])
    people = [person_of(con, f"h{at}") for at in range(4)]
    assert people[0] == people[3]
    assert len(set(people)) == 3


def test_a_hidden_name_is_the_only_one_it_fits() -> None:
    con, shared = duckdb.connect(), number("19750302", 12)
    resolve(con, [membership(f"h{at}", shared, name) for at, name in enumerate(("张伟", "张*", "李强"))])
    assert person_of(con, "h0") == person_of(con, "h1") != person_of(con, "h2")


def spec(**changes: Any) -> LinkageSpec:
    return parse_spec(
        {
            "id": "id",
            "fields": {
                "id_number": {"kind": "id_number"},
                "name": {"kind": "han_name"},
                "birth_date": {"kind": "date", "from_number": "id_number"},
                "sex": {"kind": "code"},
            },
            "blocking": [["name.pinyin"], ["birth_date"]],
            "comparisons": [{"field": name} for name in ("id_number", "name", "birth_date", "sex")],
            "thresholds": {"match": 0.9, "possible": 0.2, "margin": 0},
            **changes,
        },
        "x",
    )


def linked(
    left: list[tuple[Any, ...]], right: list[tuple[Any, ...]], **changes: Any
) -> tuple[dict[tuple[str, str], str], list[str]]:
    """Reasons by pair, and the warnings; rows are of id, number, name, birth date and sex."""
    con = duckdb.connect()
    columns = pa.schema([(name, pa.string()) for name in ("id", "id_number", "name", "birth_date", "sex")])
    for name, rows in (("left_rows", left), ("right_rows", right)):
        told = [dict(zip(columns.names, row, strict=True)) for row in rows]
        con.register(name, pa.Table.from_pylist(told, schema=columns))
    one_table = changes.get("task") == "dedupe"
    result = link_tables(con, "left_rows", None if one_table else "right_rows", spec(**changes))
    rows = con.execute("SELECT left_id, right_id, reason FROM links").fetchall()
    return {(left_id, right_id): reason for left_id, right_id, reason in rows}, result.warnings


XIONG = number("19770808", 12)
HERSELF = (XIONG, "熊萍", "1977-08-08", "女")


@pytest.mark.parametrize("cardinality", ["one_to_one", "many_to_one", "one_to_many", "many_to_many"])
def test_a_strangers_slip_contests_no_clean_link(cardinality: str) -> None:
    """Of two rows with her number one is she in every column; the other is a man of another name, or a hidden one."""
    for name in ("李志顺", "熊*"):
        found, _ = linked(
            [("a", *HERSELF)], [("b1", *HERSELF), ("b2", XIONG, name, "1990-01-01", "男")], cardinality=cardinality
        )
        assert found == {("a", "b1"): "exact", ("a", "b2"): "conflict"}


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ((XIONG, "熊萍", "2015-02-21", "男"), "conflict"),
        ((XIONG, "熊*", "2015-02-21", "女"), "conflict"),
        ((XIONG, "熊萍", "2015-02-21", None), "exact"),
        ((XIONG, "熊萍", "1977-08-08", "M"), "exact"),
        ((XIONG, "熊萍", "1977", "1"), "exact"),
        ((fifteen(XIONG), "熊萍", "2015-02-21", "1"), "conflict"),
        ((other_digit(XIONG, 3), "熊萍", "1967-08-08", "F"), "repaired"),
    ],
)
def test_two_rows_that_contradict_each_other_are_in_conflict(other: tuple[Any, ...], reason: str) -> None:
    assert linked([("a", *HERSELF)], [("b", *other)])[0] == {("a", "b"): reason}
    # What a row does not state, its number tells.
    assert linked([("a", XIONG, "熊萍", None, None)], [("b", *other)])[0] == {("a", "b"): reason}


def test_no_link_of_two_tables_contradicts_a_stated_birth_date_and_sex() -> None:
    rows: tuple[list[Any], list[Any]] = [], []
    for place, (one, other) in enumerate(product(STATED, STATED)):
        sound = number("19750302", place % 1000, str(529901 + place // 1000))
        rows[0].append((f"r{place}", sound, *one))
        rows[1].append((f"r{place}", as_delivered(sound, place % 4), *other))
    found, _ = linked(*rows, cardinality="many_to_many", blocking=[["id_number.tail"]])
    sides = [{row[0]: row for row in side} for side in rows]
    accepted = [(sides[0][one], sides[1][other]) for (one, other), reason in found.items() if reason in ACCEPTED]
    assert len(accepted) > 500
    known = ("1", "2")
    assert not [
        pair
        for pair in accepted
        for one, other in [pair]
        if one[3] and other[3] and one[3] != other[3] and one[4] in known and other[4] in known and one[4] != other[4]
    ]


def test_a_hidden_name_joins_no_two_rows_of_one_table() -> None:
    rows = [("a", XIONG, "张伟", None, None), ("b", XIONG, "张*", None, None), ("c", XIONG, "张强", None, None)]
    found, _ = linked(rows, [], task="dedupe")
    assert found == {("a", "b"): "ambiguous", ("b", "c"): "ambiguous", ("a", "c"): "conflict"}


@pytest.mark.parametrize("right", [[("b", *HERSELF)], []], ids=["numbers settle every pair", "an empty table"])
def test_nothing_to_learn_is_no_error(right: list[tuple[Any, ...]]) -> None:
    found, warnings = linked([("a", *HERSELF)], right)
    assert found == {("a", row[0]): "exact" for row in right}
    assert len(warnings) == 1
    assert "nothing to weigh" in warnings[0]


def test_pairs_that_teach_nothing_are_told_of_and_not_weighed() -> None:
    """A single pair without a number is left over: it stays out, and what numbers settle is written all the same."""
    found, warnings = linked(
        [("a", *HERSELF), ("c", None, "王芳", None, None)], [("b", *HERSELF), ("d", None, "王芳", None, None)]
    )
    assert found == {("a", "b"): "exact"}
    assert warnings[0].startswith("1 candidate pairs were not weighed")
