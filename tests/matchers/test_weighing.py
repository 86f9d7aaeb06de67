"""What the costly stages link, what they leave to a person, and how a link is explained."""

from __future__ import annotations

from typing import Any

import duckdb
import pyarrow as pa
import pytest

from matchers.identity.id_numbers import clean, verdicts
from matchers.identity.name_book import add_names
from matchers.night import comparison_inputs as sides
from matchers.night.explain import explain
from matchers.night.people import MEMBERSHIP_COLUMNS, OPTIONAL_MEMBERSHIP_COLUMNS, resolve_people
from matchers.night.prefilter import OPTIONAL_RECORD_COLUMNS, RECORD_COLUMNS
from matchers.night.province_model import load_province
from matchers.night.stages import link_records
from matchers.night.waterfall import waterfall
from matchers.night.weighing import count_names, weigh_unmatched
from pipelines.past.explain import masked
from schemas.link_reasons import LinkReason
from tests.matchers.made_registers import membership, number, other_digit, record

VILLAGE, ELSEWHERE = "520102021003", "520526124210"
HOME, NEXT_DOOR = "南明区遵义路3组12号", "南明区遵义路3组13号"
WANG = number("19700101", 11)
SON = number("19951212", 13)


@pytest.fixture(autouse=True, params=[1, sides.PORTION], ids=["one_by_one", "together"])
def portion(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything below holds however many records are compared at a time."""
    monkeypatch.setattr(sides, "PORTION", request.param)


def person(household: str, id_number: str | None, name: str, born: str, **told: Any) -> dict[str, Any]:
    at = {"birth_date": born, "sex": "1", "division": VILLAGE, "address": HOME}
    return {**membership(household, id_number, name), **at, **told}


def _table(rows: list[dict[str, Any]], columns: tuple[str, ...], kinds: dict[str, str]) -> pa.Table:
    cleaned = clean(pa.array([row["id_number"] for row in rows], pa.string()))
    judged = {"id_number": cleaned, "id_verdict": verdicts(cleaned).cast(pa.string())}
    types = {"VARCHAR[]": pa.list_(pa.string())}
    return pa.table(
        {
            name: judged[name]
            if name in judged
            else pa.array([r.get(name) for r in rows], types.get(kind, pa.string()))
            for name, kind in {**dict.fromkeys(columns, "VARCHAR"), **kinds}.items()
        }
    )


def weigh(people: list[dict[str, Any]], records: list[dict[str, Any]], population: list[tuple[str, str, str]]) -> Any:
    """Link the records by all stages; gives the connection, with `links_weighed` and `possible_weighed`."""
    con = duckdb.connect()
    con.register("made_places", _table(people, MEMBERSHIP_COLUMNS, OPTIONAL_MEMBERSHIP_COLUMNS))
    con.register("made_records", _table(records, RECORD_COLUMNS, OPTIONAL_RECORD_COLUMNS))
    con.execute("CREATE TABLE population (name VARCHAR, birth_date DATE, division VARCHAR)")
    con.executemany("INSERT INTO population VALUES (?, ?::DATE, ?)", population)
    con.execute("INSERT INTO population SELECT '无名' || range, DATE '1960-01-01', '520000000000' FROM range(5000)")
    resolve_people(con, "made_places")
    link_records(con, "made_records", "made")
    weigh_unmatched(con, "population")
    return con


def linked(con: duckdb.DuckDBPyConnection) -> dict[str, tuple[str, str]]:
    rows = con.execute(
        "SELECT l.row_key, p.household_id, l.reason FROM links_weighed AS l"
        " JOIN person_memberships AS p USING (person_id)"
    ).fetchall()
    return {key: (household, reason) for key, household, reason in rows}


POPULATION = [("王建国", "1970-01-01", VILLAGE), ("王小军", "1995-12-12", VILLAGE)]


def test_a_missing_number_is_made_up_for_by_name_birth_date_and_address() -> None:
    con = weigh(
        [person("h1", WANG, "王建国", "1970-01-01")],
        [
            {**record("all agrees", None, "王建国"), "birth_date": "1970-01-01", "division": VILLAGE, "address": HOME},
            {**record("another", None, "李建国"), "birth_date": "1970-01-01", "division": VILLAGE, "address": HOME},
            {**record("born later", None, "王建国"), "birth_date": "1988-05-05", "division": ELSEWHERE},
        ],
        POPULATION,
    )
    assert linked(con) == {"all agrees": ("h1", "probabilistic")}


def test_a_sound_number_that_is_nobodys_meets_only_people_without_one() -> None:
    told = {"birth_date": "1970-01-01", "division": VILLAGE, "address": HOME}
    con = weigh(
        [person("h1", None, "王建国", "1970-01-01"), person("h2", SON, "王小军", "1995-12-12", address=NEXT_DOOR)],
        [
            {**record("his own", WANG, "王建国"), **told},
            {**record("namesake", number("19951212", 77), "王小军"), "birth_date": "1995-12-12", "division": VILLAGE},
        ],
        POPULATION,
    )
    assert linked(con) == {"his own": ("h1", "probabilistic")}


@pytest.mark.parametrize(
    ("name", "issued_in", "division", "unmatched"),
    [
        ("王建国", "529902", None, 1),
        ("王健国", "529902", ELSEWHERE, 1),
        ("王丽", VILLAGE[:6], None, 1),
        ("王丽", "529902", VILLAGE, 1),
        ("王丽", "529902", None, 0),
        ("王丽", "529902", ELSEWHERE, 0),
        ("李建国", VILLAGE[:6], VILLAGE, 0),
    ],
)
def test_whoever_shares_birth_date_and_surname_is_weighed_if_the_county_or_the_name_agrees_too(
    name: str, issued_in: str, division: str | None, unmatched: int
) -> None:
    con = weigh(
        [person("h1", None, "王建国", "1970-01-01")],
        [{**record("a", number("19700101", 55, issued_in), name), "division": division}],
        POPULATION,
    )
    assert con.execute("SELECT count(*) FROM prefiltered").fetchone() == (unmatched,)
    assert con.execute("SELECT count(*) FROM unmatched").fetchone() == (unmatched,)


def test_records_numbered_with_gaps_are_taken_in_no_more_portions_than_they_fill(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Spark numbers the rows of each of its partitions from another power of two."""
    monkeypatch.setattr(sides, "PORTION", 2)
    with duckdb.connect() as con:
        con.execute("CREATE TABLE unmatched AS SELECT range AS n FROM range(10)")
        con.execute("DELETE FROM unmatched WHERE n BETWEEN 3 AND 7")
        assert list(sides.portions(con)) == [range(2), range(2, 4), range(8, 10)]
        con.execute("DELETE FROM unmatched")
        assert list(sides.portions(con)) == [range(2)]


def test_how_common_a_name_is_does_not_depend_on_what_other_names_are_in_the_book() -> None:
    def bits(*names: str) -> list[tuple[float]]:
        with duckdb.connect() as con:
            con.execute(
                "CREATE TABLE population AS SELECT unnest(['王芳', '王芳', '王方', '李强', '李*', '张伟']) AS name"
            )
            add_names(con, f"SELECT unnest({list(names)}) AS name")
            count_names(con, "population")
            return con.execute("SELECT bits FROM frequency_name_clear WHERE value = '王芳'").fetchall()

    assert len(bits("王芳")) == 1
    assert bits("王芳", "王方", "李强", "張偉", "王*", "赵敏") == bits("王芳")


def test_two_sound_numbers_for_one_person_are_left_to_a_person() -> None:
    told = {"birth_date": "1970-01-01", "division": VILLAGE, "address": HOME}
    con = weigh(
        [person("h1", None, "王建国", "1970-01-01")],
        [{**record("a", WANG, "王建国"), **told}, {**record("b", number("19700101", 33), "王建国"), **told}],
        POPULATION,
    )
    assert linked(con) == {}
    reasons = con.execute("SELECT DISTINCT row_key, reason FROM possible_weighed ORDER BY 1").fetchall()
    assert reasons == [("a", "ambiguous"), ("b", "ambiguous")]


@pytest.mark.parametrize(
    ("neighbours", "expected"),
    [([], {"thin": ("h1", "probabilistic")}), ([("王建国", "1950-02-02", VILLAGE)], {})],
    ids=["the only one of that name", "a namesake in the village"],
)
def test_name_and_village_tell_only_where_nobody_else_is_called_so(
    neighbours: list[tuple[str, str, str]], expected: dict[str, tuple[str, str]]
) -> None:
    con = weigh(
        [person("h1", WANG, "王建国", "1970-01-01")],
        [{**record("thin", None, "王建国"), "division": VILLAGE}],
        POPULATION + neighbours,
    )
    assert linked(con) == expected


def test_twins_are_not_taken_for_one_another() -> None:
    con = weigh(
        [person("h1", WANG, "王浩豪", "1970-01-01")],
        [{**record("twin", other_digit(WANG, 16), "王浩泽"), "birth_date": "1970-01-01", "division": ELSEWHERE}],
        POPULATION,
    )
    assert linked(con) == {}


@pytest.mark.parametrize("registered", [True, False], ids=["whose number is on a register", "whose number is on none"])
def test_anothers_number_that_contradicts_the_records_own_birth_date_is_weighed_as_damaged(*, registered: bool) -> None:
    """All else is his, and the number is a stranger's, whom no household ties to him."""
    strangers = number("19500221", 453)
    others = (
        [person("h2", strangers, "赵敏", "1950-02-21", division=ELSEWHERE, address=NEXT_DOOR)] if registered else []
    )
    told = {"birth_date": "1970-01-01", "sex": "1", "division": VILLAGE, "address": HOME}
    con = weigh(
        [person("h1", WANG, "王建国", "1970-01-01"), *others],
        [{**record("his", strangers, "王建国"), **told}, {**record("sister's", strangers, "王建华"), **told}],
        POPULATION,
    )
    assert linked(con) == {"his": ("h1", "probabilistic")}


def test_a_relatives_number_leads_to_the_household_and_stays_a_conflict() -> None:
    father = person("h1", WANG, "王建国", "1970-01-01")
    son = {**person("h1", SON, "王小军", "1995-12-12"), "member_id": "2", "row_key": "h1|2"}
    con = weigh([father, son], [{**record("car", WANG, "王小军"), "division": VILLAGE, "address": HOME}], POPULATION)
    found = con.execute(
        "SELECT p.member_id, l.reason FROM links_weighed AS l JOIN person_memberships AS p USING (person_id)"
    )
    assert found.fetchall() == [("2", "household")]
    assert con.execute("SELECT reason FROM links_made").fetchall() == [("conflict",)]


def test_a_former_name_told_by_one_type_is_known_to_the_next() -> None:
    con = duckdb.connect()
    con.register(
        "made_places",
        _table([person("h1", WANG, "王建国", "1970-01-01")], MEMBERSHIP_COLUMNS, OPTIONAL_MEMBERSHIP_COLUMNS),
    )
    resolve_people(con, "made_places")
    for name, row in (("register", record("r", WANG, "王海", "王建国")), ("later", record("k", WANG, "王海"))):
        con.register(f"made_{name}", _table([row], RECORD_COLUMNS, OPTIONAL_RECORD_COLUMNS))
        link_records(con, f"made_{name}", name)
    assert con.execute("SELECT row_key, reason FROM links_later").fetchall() == [("k", "exact")]


def test_the_frozen_model_says_how_it_was_measured() -> None:
    model = load_province()
    assert model.measured["all"].precision >= 0.998
    by_field = {one.field: {level.name: level.weight for level in one.levels} for one in model.weights.comparisons}
    assert by_field["name"]["equal"] > by_field["name"]["homophone"] > by_field["name"]["one_character"] > 0
    assert by_field["birth"]["equal"] > 10
    assert by_field["birth"]["else"] < 0
    assert by_field["place"]["address"] > by_field["place"]["village"] > by_field["place"]["else"]


@pytest.mark.parametrize("reason", [LinkReason.PROBABILISTIC, LinkReason.HOUSEHOLD, LinkReason.EXACT])
def test_an_explanation_adds_up_and_hides_who_it_is(reason: LinkReason) -> None:
    con = duckdb.connect()
    con.register(
        "place", _table([person("h1", WANG, "王建国", "1970-01-01")], MEMBERSHIP_COLUMNS, OPTIONAL_MEMBERSHIP_COLUMNS)
    )
    given = WANG if reason is LinkReason.EXACT else None
    told = {"birth_date": "1970-01-01", "division": VILLAGE, "address": HOME}
    con.register("one", _table([{**record("k", given, "王建国"), **told}], RECORD_COLUMNS, OPTIONAL_RECORD_COLUMNS))
    found = explain(con, "one", "place", reason, people=70_000, shown=masked)
    assert found.steps[-1].total == pytest.approx(sum(step.weight for step in found.steps), abs=0.1)
    assert found.steps[-1].total > 10
    assert {step.field for step in found.steps} >= {"prior", "name", "number", "birth", "place"}
    (place,) = [step for step in found.steps if step.field == "place"]
    assert place.level_en == "same address"
    assert place.record == place.person == masked("place", HOME)
    text = " ".join(step.record + step.person for step in found.steps)
    assert "王建国" not in text
    assert WANG not in text
    drawn = waterfall(found)
    assert drawn.startswith("<svg")
    assert reason.zh in drawn
    assert "王建国" not in drawn


@pytest.mark.parametrize(
    ("name", "born", "sex", "said"),
    [
        ("王建国", "1938-06-01", "2", "号码一致，但出生日期、性别不符"),
        ("王健国", "1938-06-01", "2", "号码一致，但出生日期、性别不符"),
        ("赵敏", None, None, "号码一致，但姓名不符"),
        ("王**", "1938-06-01", "1", "号码一致，但出生日期不符"),
    ],
)
def test_a_conflict_is_explained_by_what_does_not_agree(
    name: str, born: str | None, sex: str | None, said: str
) -> None:
    con = duckdb.connect()
    con.register(
        "place", _table([person("h1", WANG, "王建国", "1970-01-01")], MEMBERSHIP_COLUMNS, OPTIONAL_MEMBERSHIP_COLUMNS)
    )
    con.register("one", _table([record("k", WANG, name, None, born, sex)], RECORD_COLUMNS, OPTIONAL_RECORD_COLUMNS))
    found = explain(con, "one", "place", LinkReason.CONFLICT, people=70_000, shown=masked)
    assert [step.level_zh for step in found.steps if step.field == "number"] == [said]


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("number", WANG, WANG[:6] + "*" * 12),
        ("name", "欧阳春来", "欧阳**"),
        ("birth", "19700101", "1970"),
        ("sex", "男", "男"),
        ("prior", "", ""),
        ("not_yet_compared", "王建国", "****"),
    ],
)
def test_values_are_masked(field: str, value: str, shown: str) -> None:
    assert masked(field, value) == shown
