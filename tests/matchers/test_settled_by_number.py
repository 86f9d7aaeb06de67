"""Most records repeat a place's number and name: the stages are spared them, and would have said exactly the same."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from matchers.night.stages import Linked
from tests.matchers.made_registers import fifteen, link, membership, number, other_digit, person_of, record, resolve

WANG = number("19700101", 11)
Row = dict[str, Any]


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def count(con: duckdb.DuckDBPyConnection, relation: str) -> int:
    return int(con.execute(f"SELECT count(*) FROM {relation}").fetchall()[0][0])


def links_of(con: duckdb.DuckDBPyConnection, linked: Linked) -> tuple[Any, ...]:
    links, possible = (con.execute(f"FROM {one} ORDER BY ALL").fetchall() for one in (linked.links, linked.possible))
    return links, possible, linked.counts


def test_a_record_that_repeats_the_number_and_name_of_one_place_is_settled_by_number(
    con: duckdb.DuckDBPyConnection,
) -> None:
    resolve(con, [membership("h1", WANG, "王芳")])
    linked = link(con, [record("k", WANG, "王芳", role="owner")])
    assert (count(con, "settled_link"), count(con, "prefiltered")) == (1, 0)
    assert con.execute(f"FROM {linked.links}").fetchall() == [
        ("made", "owner", "k", "d1", person_of(con, "h1"), "exact", None, None, "equal", None)
    ]


TWO_PLACES = [membership("h1", WANG, "王芳"), membership("t1", WANG, "王芳", scheme="tekun")]


@pytest.mark.parametrize(
    ("places", "one", "settled"),
    [
        pytest.param([membership("h1", WANG, "王芳")], record("k", WANG, "王芳"), 1, id="settled"),
        pytest.param(TWO_PLACES, record("k", WANG, "王芳"), 0, id="one person, two places"),
        pytest.param(
            [membership("h1", WANG, "王芳"), membership("h2", WANG, "赵敏")],
            record("k", WANG, "王芳"),
            0,
            id="two people, one number",
        ),
        pytest.param([membership("h1", WANG, "王芳")], record("k", WANG, "王芳", "王小芳"), 0, id="a former name too"),
        pytest.param(
            [membership("h1", WANG, "王芳", "王小芳")], record("k", WANG, "王芳"), 1, id="a former name on the register"
        ),
        pytest.param(
            [membership("h1", WANG, "王芳", "王小芳")], record("k", WANG, "王小芳"), 0, id="the former name alone"
        ),
        pytest.param([membership("h1", WANG, "王*")], record("k", WANG, "王*"), 0, id="hidden on both sides"),
        pytest.param([membership("h1", WANG, "王芳")], record("k", WANG, "王*"), 0, id="hidden on the record"),
        pytest.param([membership("h1", WANG, "王芳")], record("k", WANG, "王方"), 0, id="of the same sound"),
        pytest.param([membership("h1", WANG, "王芳")], record("k", WANG, " 王芳"), 0, id="not letter for letter"),
        pytest.param([membership("h1", WANG, "王芳")], record("k", WANG, "赵敏"), 0, id="another name"),
        pytest.param([membership("h1", WANG, "王芳")], record("k", WANG, None), 0, id="no name"),
        pytest.param([membership("h1", WANG, "王芳")], record("k", fifteen(WANG), "王芳"), 0, id="15 digits"),
        pytest.param(
            [membership("h1", fifteen(WANG), "王芳")], record("k", WANG, "王芳"), 0, id="15 digits on the register"
        ),
        pytest.param(
            [membership("h1", WANG, "王芳"), membership("h2", other_digit(WANG, 16), "王芳")],
            record("k", WANG, "王芳"),
            1,
            id="one fault from another's damaged number",
        ),
    ],
)
def test_without_the_short_way_the_stages_say_the_same(
    con: duckdb.DuckDBPyConnection, places: list[Row], one: Row, settled: int
) -> None:
    resolve(con, places)
    short = links_of(con, link(con, [one]))
    assert count(con, "settled_link") == settled
    resolve(con, places)
    con.execute("UPDATE searched_number SET name = NULL")
    assert links_of(con, link(con, [one])) == short
    assert (count(con, "settled_link"), count(con, "prefiltered")) == (0, 1)
    assert short[0] or short[1]


def test_each_type_tells_its_own_settled_links_alone(con: duckdb.DuckDBPyConnection) -> None:
    """Several types may be linked one after the other; none of them tells another's again."""
    resolve(con, [membership("h1", WANG, "王芳")])
    first = con.execute(f"SELECT row_key FROM {link(con, [record('a', WANG, '王芳')]).links}").fetchall()
    second = con.execute(f"SELECT row_key FROM {link(con, [record('b', WANG, '王芳')]).links}").fetchall()
    assert (first, second, count(con, "links_settled")) == ([("a",)], [("b",)], 2)
