"""What a rule's SQL reads is told by DuckDB's parser: never by how a text, a comment or a name looks."""

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.query import NOT_A_LITERAL, QueryError, read_macros, read_query, with_policy
from rules.rule import macros
from rules.views import macros_sql

MACROS = read_macros(
    """-- What macros read, their callers read. CREATE MACRO none() AS 1;
    CREATE TEMP MACRO dead(person) AS EXISTS (FROM linked_cremation WHERE person_id = person);
    CREATE OR REPLACE MACRO gone(person) AS dead(person) OR delivered('marriage'); -- and this reads nothing
    CREATE MACRO cars(least) AS TABLE SELECT * FROM motor_vehicle WHERE share >= policy('car_share', division);"""
)


@pytest.mark.parametrize(
    ("sql", "relations"),
    [
        ("SELECT ' -- ' || name FROM cremation -- FROM marriage", {"cremation": 1}),
        ("SELECT '/* ' FROM cremation /* FROM marriage */ JOIN u USING (x) -- */", {"cremation": 1, "u": 1}),
        ("SELECT 'it''s FROM marriage' FROM \"Cremation\" AS marriage", {"cremation": 1}),
        ("SELECT $$ FROM marriage $$, marriage.x FROM cremation AS marriage", {"cremation": 1}),
        ("FROM cremation AS a, cremation AS b", {"cremation": 2}),
        ("SELECT (SELECT max(x) FROM u) FROM cremation WHERE y IN (FROM v)", {"u": 1, "cremation": 1, "v": 1}),
        ("WITH a AS (FROM cremation), b AS (FROM a) FROM b JOIN A USING (x)", {"cremation": 1}),
        # A common table hides the type of its name from those who see it, and from nobody else.
        ("FROM cremation WHERE x IN (WITH cremation AS (SELECT 1 AS x) FROM cremation)", {"cremation": 1}),
        ("WITH cremation AS (FROM cremation) FROM cremation", {"cremation": 1}),
        ("WITH a AS (FROM b), b AS (SELECT 1) FROM a", {"b": 1}),
        ("WITH cremation AS (SELECT 1) FROM main.cremation", {"cremation": 1}),
        ("WITH RECURSIVE a AS (FROM cremation UNION ALL FROM a WHERE x < 9) FROM a", {"cremation": 1}),
        ("WITH u AS (SELECT 1) FROM (WITH x AS (FROM u) FROM x), LATERAL (FROM cremation)", {"cremation": 1}),
        ("SELECT dead(person_id) FROM membership", {"membership": 1, "linked_cremation": 1}),
        ("SELECT GONE(person_id) FROM membership", {"membership": 1, "linked_cremation": 1}),
        ("FROM cars(50) JOIN cremation USING (x)", {"motor_vehicle": 1, "cremation": 1}),
        ("SELECT 'dead(1)' AS dead, dead FROM membership", {"membership": 1}),
    ],
)  # fmt: skip
def test_the_tables_a_query_reads(sql: str, relations: dict[str, int]) -> None:
    assert read_query(sql, MACROS).relations == relations


@pytest.mark.parametrize(
    ("sql", "parameters", "asked"),
    [
        ("SELECT policy('a', d), POLICY_ON ( 'b' , d, day), ' policy(''c'', d)' -- policy('e', d)", {"a", "b"}, set()),
        ("SELECT policy(name, d)", {NOT_A_LITERAL}, set()),
        ("SELECT CASE WHEN delivered('marriage') THEN 1 END", set(), {"marriage"}),
        ("SELECT gone(x) FROM cars(1)", {"car_share"}, {"marriage"}),
    ],
)
def test_the_parameters_and_deliveries_a_query_asks_for(sql: str, parameters: set[str], asked: set[str]) -> None:
    query = read_query(sql, MACROS)
    assert query.parameters == parameters
    assert query.asked_delivered == asked


@pytest.mark.parametrize(
    ("sql", "whole"),
    [
        ("SELECT * FROM v", set()),
        ("SELECT * FROM v UNION ALL BY NAME SELECT * FROM w", set()),
        ("SELECT * FROM v UNION ALL SELECT * FROM w", {"v", "w"}),
        ("SELECT DISTINCT v.* FROM v ANTI JOIN w USING (x)", {"v"}),
        ("SELECT a FROM v NATURAL JOIN w", {"v", "w"}),
        ("SELECT max(COLUMNS('amount_.*')) FROM v", {"v"}),
        ("WITH c AS (SELECT a FROM v) SELECT *, 1 FROM c UNION ALL SELECT *, 2 FROM c", set()),
    ],
)
def test_of_which_tables_a_query_needs_columns_it_does_not_name(sql: str, whole: set[str]) -> None:
    assert read_query(sql).reads_whole == whole


def test_the_columns_a_query_names() -> None:
    sql = "SELECT a.\"B c\", struct.field AS d, ' e ' FROM t AS a JOIN u USING (F) -- g\nWHERE max(H) > 1"
    assert read_query(sql).names - {""} == {"a", "b c", "struct", "field", "d", "f", "h"}


@pytest.mark.parametrize(
    ("sql", "yielded"),
    [
        ("SELECT a, b.c, 1 AS d FROM v", {"a", "c", "d"}),
        ("WITH q AS (SELECT * FROM v) SELECT a FROM q UNION ALL SELECT b FROM w", {"a"}),
        ("SELECT a, * FROM v", None),
        ("SELECT a, v.* FROM v", None),
        ("FROM v", None),
        ("SELECT a, COLUMNS('b.*')::VARCHAR AS c FROM v", None),
        ("SELECT unnest(a, recursive := true) AS b FROM v", None),
        ("SELECT a FROM v UNION ALL BY NAME SELECT b FROM w", None),
        ("SELECT a, b + 1 FROM v", None),
    ],
)
def test_which_columns_a_query_says_itself_that_it_yields(sql: str, yielded: set[str] | None) -> None:
    assert read_query(sql).yielded == yielded


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("SELEC 1", "must be one SELECT"),
        ("DELETE FROM cremation", "must be one SELECT"),
        ("SELECT 1; SELECT 2", "2 statements"),
        ("FROM query_table('cremation')", "write the name of the table"),
        ("FROM query('FROM cremation')", "write the name of the table"),
    ],
)
def test_what_cannot_be_told_is_refused(sql: str, said: str) -> None:
    with pytest.raises(QueryError, match=said):
        read_query(sql)


@pytest.mark.parametrize(
    ("sql", "bound"),
    [
        ("SELECT policy('a', d)", "SELECT policy_a(d)"),
        ("SELECT \"Policy\" ( 'a' , policy_on('b', d, day)) AS 名", "SELECT policy_a(policy_on_b(d, day)) AS 名"),
        (
            "SELECT '县 policy(''a'', d)', policy('a', d) -- policy('a', d)",
            "SELECT '县 policy(''a'', d)', policy_a(d) -- policy('a', d)",
        ),
        ("SELECT policy(name, d)", "SELECT policy(name, d)"),
    ],
)
def test_a_parameter_is_called_by_its_own_macro(sql: str, bound: str) -> None:
    assert with_policy(sql) == bound


@pytest.mark.slow
@given(st.text(), st.text())
def test_no_text_and_no_comment_counts(text: str, comment: str) -> None:
    quoted = text.replace("\0", "").replace("'", "''")
    told = comment.replace("\0", "").replace("\n", " ").replace("\r", " ")
    query = read_query(f"SELECT '{quoted}' AS said, a FROM cremation -- {told}\nWHERE policy('p', b) > 1", MACROS)
    assert query.relations == {"cremation": 1}
    assert query.parameters == {"p"}
    assert query.names - {""} == {"said", "a", "b"}


def test_every_macro_of_a_night_is_known() -> None:
    with duckdb.connect() as connection:
        connection.execute(macros_sql())
        made = connection.execute("SELECT function_name FROM duckdb_functions() WHERE NOT internal").fetchall()
    assert {name for (name,) in made} == macros().keys()
