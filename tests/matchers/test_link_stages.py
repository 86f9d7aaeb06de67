"""What each stage links, in which order, and what it leaves to a person."""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pytest

from matchers.columns import MissingColumnsError
from matchers.night.stages import STAGES, link_records
from schemas.link_reasons import LinkReason
from tests.matchers.made_registers import fifteen, link, membership, number, other_digit, person_of, record, resolve

WANG = number("19700101", 11)
LI = number("19800202", 12)


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def reasons(con: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    return dict(con.execute(f"SELECT row_key, reason FROM {table}").fetchall())


def test_each_stage_links_what_is_its_own(con: duckdb.DuckDBPyConnection) -> None:
    resolve(con, [membership("h1", WANG, "王芳"), membership("h2", other_digit(LI, 9), "李强")])
    linked = link(
        con,
        [
            record("exact", WANG, "王芳"),
            record("upgraded", fifteen(WANG), "王方"),
            record("repaired", other_digit(WANG, 16), "王芳"),
            record("repaired on the register", LI, "李强"),
            record("contradicted", WANG, "王芳", None, "1970-10-01"),
            record("conflict", WANG, "赵敏"),
            record("unnamed", WANG, None),
            record("stranger", number("19700101", 99), "王芳"),
            record("blank", None, "王芳"),
        ],
    )
    assert reasons(con, linked.links) == {
        "exact": "exact",
        "upgraded": "upgraded",
        "repaired": "repaired",
        "repaired on the register": "repaired",
        "contradicted": "contradicted",
        "conflict": "conflict",
    }
    assert reasons(con, linked.possible) == {"unnamed": "unnamed"}
    assert linked.counts == {
        LinkReason.EXACT: 1,
        LinkReason.UPGRADED: 1,
        LinkReason.REPAIRED: 2,
        LinkReason.CONTRADICTED: 1,
        LinkReason.CONFLICT: 1,
        LinkReason.UNNAMED: 1,
    }


def test_links_have_the_columns_agreed(con: duckdb.DuckDBPyConnection) -> None:
    resolve(con, [membership("h1", WANG, "王芳")])
    linked = link(con, [record("k", WANG, "王芳", role="owner")])
    rows = con.execute(f"FROM {linked.links}")
    assert [column[0] for column in rows.description or []] == [
        "type",
        "role",
        "row_key",
        "delivery_id",
        "person_id",
        "reason",
        "weight",
        "probability",
        "name_level",
        "contradiction",
    ]
    assert rows.fetchall() == [("made", "owner", "k", "d1", person_of(con, "h1"), "exact", None, None, "equal", None)]


def test_an_earlier_stage_keeps_what_it_linked(con: duckdb.DuckDBPyConnection) -> None:
    """A sound number that is one person's is not taken for another's damaged one."""
    near = other_digit(LI, 16)
    resolve(con, [membership("h1", LI, "李强"), membership("h2", near, "李强")])
    linked = link(con, [record("k", LI, "李强")])
    assert con.execute(f"SELECT person_id, reason FROM {linked.links}").fetchall() == [(person_of(con, "h1"), "exact")]


def test_a_repair_goes_before_a_conflict(con: duckdb.DuckDBPyConnection) -> None:
    """The number is another's by name, and one fault from the namesake's damaged one."""
    resolve(con, [membership("h1", LI, "赵敏"), membership("h2", other_digit(LI, 16), "李强")])
    linked = link(con, [record("k", LI, "李强")])
    assert con.execute(f"SELECT person_id, reason FROM {linked.links}").fetchall() == [
        (person_of(con, "h2"), "repaired")
    ]


def test_two_people_on_the_best_level_are_left_to_a_person(con: duckdb.DuckDBPyConnection) -> None:
    resolve(con, [membership("h1", WANG, "张小三"), membership("h2", WANG, "张大三")])
    linked = link(con, [record("k", WANG, "张*三")])
    assert reasons(con, linked.links) == {}
    kept = con.execute(f"SELECT person_id, reason FROM {linked.possible} ORDER BY person_id").fetchall()
    assert kept == sorted((person_of(con, household), "ambiguous") for household in ("h1", "h2"))


def test_two_namesakes_do_not_share_a_damaged_number(con: duckdb.DuckDBPyConnection) -> None:
    """Two people of the records could be the one on the register: neither is claimed."""
    first = number("19700101", 11)
    damaged = other_digit(first, 16)
    second = number("19700101", 13)
    while not (one_digit_apart := sum(a != b for a, b in zip(second, damaged, strict=True)) == 1):
        second = number(second[6:14], int(second[14:17]) + 1)
    assert one_digit_apart
    resolve(con, [membership("h1", damaged, "王芳")])
    linked = link(con, [record("a", first, "王芳"), record("b", second, "王芳")])
    assert reasons(con, linked.links) == {}
    assert reasons(con, linked.possible) == {"a": "ambiguous", "b": "ambiguous"}


def test_several_records_of_one_person_are_all_repaired(con: duckdb.DuckDBPyConnection) -> None:
    resolve(con, [membership("h1", other_digit(WANG, 15), "王芳")])
    linked = link(con, [record("a", WANG, "王芳"), record("b", WANG, "王芳")])
    assert reasons(con, linked.links) == {"a": "repaired", "b": "repaired"}


def test_a_person_with_two_memberships_gets_one_link(con: duckdb.DuckDBPyConnection) -> None:
    resolve(con, [membership("h1", WANG, "王芳"), membership("t1", WANG, "王方", scheme="tekun")])
    linked = link(con, [record("k", WANG, "王方")])
    assert con.execute(f"SELECT person_id, reason, name_level FROM {linked.links}").fetchall() == [
        (person_of(con, "t1"), "exact", "equal")
    ]


def test_a_record_is_linked_to_one_person_at_most(con: duckdb.DuckDBPyConnection) -> None:
    resolve(con, [membership("h1", WANG, "王芳"), membership("h2", WANG, "李强"), membership("h3", WANG, "赵敏")])
    linked = link(con, [record("a", WANG, "孙丽"), record("b", WANG, "赵敏")])
    assert con.execute(f"SELECT row_key, count(*) FROM {linked.links} GROUP BY ALL ORDER BY ALL").fetchall() == [
        ("a", 1),
        ("b", 1),
    ]


def test_roles_of_one_record_are_linked_apart(con: duckdb.DuckDBPyConnection) -> None:
    resolve(con, [membership("h1", WANG, "王芳"), membership("h2", LI, "李强")])
    linked = link(con, [record("k", WANG, "王芳", role="buyer"), record("k", LI, "李强", role="seller")])
    assert con.execute(f"SELECT role, person_id FROM {linked.links} ORDER BY role").fetchall() == [
        ("buyer", person_of(con, "h1")),
        ("seller", person_of(con, "h2")),
    ]


def test_linking_again_gives_the_same(con: duckdb.DuckDBPyConnection) -> None:
    resolve(con, [membership("h1", WANG, "王芳"), membership("h2", LI, "李强")])
    records = [record("a", WANG, "王芳"), record("b", LI, "赵敏"), record("c", other_digit(LI, 3), "李强")]
    first = con.execute(f"FROM {link(con, records).links}").fetchall()
    assert con.execute(f"FROM {link(con, records[::-1]).links}").fetchall() == first
    assert len(first) == 3


def test_no_records_give_no_links(con: duckdb.DuckDBPyConnection) -> None:
    resolve(con, [membership("h1", WANG, "王芳")])
    linked = link(con, [])
    assert (reasons(con, linked.links), reasons(con, linked.possible), linked.counts) == ({}, {}, {})


def test_a_relation_without_a_needed_column_is_refused(con: duckdb.DuckDBPyConnection) -> None:
    resolve(con, [membership("h1", WANG, "王芳")])
    con.register("records", pa.table({"role": pa.array([], pa.string()), "row_key": pa.array([], pa.string())}))
    with pytest.raises(
        MissingColumnsError, match="records: lacks the columns delivery_id, id_number, id_verdict, name"
    ):
        link_records(con, "records", "made")


def test_every_reason_is_labelled_and_every_stage_has_its_own() -> None:
    assert all(reason.zh and reason.en for reason in LinkReason)
    assert len({stage.reason for stage in STAGES}) == len(STAGES)
    assert {reason for reason in LinkReason if reason.certain} == {"exact", "upgraded", "repaired", "paper"}
    assert not any(reason.certain and reason.possible for reason in LinkReason)


HERSELF = {"name": "熊萍", "birth_date": "1977-08-08", "sex": "2"}
XIONG = number("19770808", 12)
HOME, NEAR, FAR = "529901001001", "529902003004", "520300001001"


def of_xiong(register: dict[str, str | None], **stated: str | None) -> tuple[str, str | None]:
    """The reason and the contradiction of a record with her number; what is not given is as on the register."""
    con, listed = duckdb.connect(), HERSELF | {"division": HOME} | register
    resolve(con, [{**membership("h1", XIONG, "x"), **listed}])
    con.register("one", pa.Table.from_pylist([{**record("k", XIONG, "x"), **listed, **stated, "id_verdict": "sound"}]))
    linked = link_records(con, "one", "made")
    ((reason, contradiction),) = con.execute(f"SELECT reason, contradiction FROM {linked.links}").fetchall()
    return reason, contradiction


@pytest.mark.parametrize(
    ("stated", "found"),
    [
        ({}, ("exact", None)),
        ({"division": FAR}, ("exact", None)),
        ({"birth_date": None, "sex": None, "division": FAR}, ("exact", None)),
        ({"birth_date": "1957-08-08"}, ("contradicted", "birth_date")),
        ({"birth_date": "1957-08-08", "division": FAR}, ("contradicted", "birth_date")),
        ({"birth_date": "2015-02-21"}, ("contradicted", "birth_date")),
        ({"birth_date": "2015-02-21", "division": NEAR}, ("contradicted", "birth_date")),
        ({"birth_date": "2015-02-21", "division": FAR}, ("conflict", None)),
        ({"sex": "1"}, ("contradicted", "sex")),
        ({"birth_date": "1957-08-08", "sex": "1"}, ("conflict", None)),
        ({"name": "熊*"}, ("exact", None)),
        ({"name": "熊*", "division": FAR}, ("contradicted", "place")),
        ({"name": "熊*", "birth_date": "1977-08-18"}, ("contradicted", "birth_date")),
        ({"name": "熊*", "birth_date": "1977-09-18"}, ("conflict", None)),
        ({"name": "熊*", "sex": "1"}, ("conflict", None)),
        ({"name": "熊娟"}, ("renamed", None)),
        ({"name": "熊娟", "division": FAR}, ("conflict", None)),
        ({"name": "熊娟", "birth_date": None}, ("conflict", None)),
        ({"name": "李萍"}, ("conflict", None)),
    ],
)
def test_what_a_record_states_against_its_number_is_weighed_with_what_else_agrees(
    stated: dict[str, str | None], found: tuple[str, str | None]
) -> None:
    assert of_xiong({}, **stated) == found


def test_a_register_that_states_nothing_is_contradicted_by_what_its_number_says() -> None:
    assert of_xiong({"birth_date": None, "sex": None}, birth_date="1957-08-08") == ("contradicted", "birth_date")
    assert of_xiong({"birth_date": None, "sex": None}, sex="1") == ("contradicted", "sex")


def test_register_and_record_that_agree_against_the_number_do_not_contradict_each_other() -> None:
    assert of_xiong({"birth_date": "1977-08-18"}) == ("exact", None)


def test_a_contradicted_record_leaves_a_clean_one_alone() -> None:
    """Two people with one number: each has his own record, and a stranger's slip contests neither."""
    con = duckdb.connect()
    resolve(
        con, [{**membership("h1", XIONG, "x"), **HERSELF}, membership("h2", XIONG, "李志顺", None, "1990-01-01", "1")]
    )
    linked = link(
        con,
        [
            {**record("hers", XIONG, "x"), **HERSELF},
            record("his", XIONG, "李志顺", None, "1990-01-01", "1"),
            record("slip", XIONG, "熊萍", None, "1977-08-18", "2"),
            record("nobody's", XIONG, "赵敏", None, "1950-01-01", "1"),
        ],
    )
    people = dict(con.execute(f"SELECT row_key, person_id FROM {linked.links}").fetchall())
    assert reasons(con, linked.links) == {
        "hers": "exact",
        "his": "exact",
        "slip": "contradicted",
        "nobody's": "conflict",
    }
    assert people["hers"] == people["slip"] == person_of(con, "h1") != people["his"] == person_of(con, "h2")
