"""Spark gives what DuckDB gives: each function of the dialect, each rule, each stage of the matchers, row for row."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from engines.lake import Lake
from matchers.night.weighing import weigh_unmatched
from pipelines.deliveries.as_of import show_deliveries
from rules.policy import load_policy
from rules.rule import load_rules
from rules.run import flag_night
from schemas.catalogue import load_catalogue
from tests.engines.spark_for_tests import copied, spark
from tests.matchers.made_registers import link, membership, record, resolve
from tests.matchers.test_pairs import PAIRS
from tests.rules.golden_world import NIGHT, read_cases, world_of_night

pytestmark = [pytest.mark.slow, pytest.mark.spark]
RULES = tuple(rule for rule in load_rules() if rule.direction != "control")
CONTROL = tuple(rule for rule in load_rules() if rule.direction == "control")

ROWS = """
    CREATE OR REPLACE TEMP TABLE sample (n BIGINT, d DATE, born DATE, t VARCHAR, a DECIMAL(18, 2), l VARCHAR[], j JSON);
    INSERT INTO sample VALUES
        (1, DATE '2020-10-31', DATE '2000-02-29', '5.20102E+17', 12.50, ['b', 'a', NULL], '{"x":1.50,"y":"\\":2.50,"}'),
        (2, DATE '2021-02-28', DATE '2001-02-28', '王芳', 0.01, NULL, NULL),
        (3, NULL, NULL, NULL, NULL, [], '{"x":0.00}'),
        (4, DATE '2020-02-29', DATE '1959-03-01', 'ab c', 3.00, ['a'], '{}');
"""
EXPRESSIONS = [
    "a / 7",
    "round(a / 12, 2)",
    "round(a * 1.005 / 3, 2)::DECIMAL(18, 2) || ' yuan'",
    "t IN ['5.20102E+17', '王芳']",
    "t NOT IN ['王芳']",
    "(MAP {'a': 1, 'b': 2})[left(t, 1)]",
    "['x', 'y'][n]",
    "l[2]",
    "date_trunc('month', d)::DATE",
    "(d - to_months(n::INTEGER))::DATE",
    "(d + to_months(1))::DATE",
    "datesub('year', born, d)",
    "strftime(d, '%Y-%m')",
    "try_strptime(strftime(d, '%Y%m%d') || '', '%Y%m%d')::DATE",
    "try_strptime('20200230', '%Y%m%d')::DATE",
    "last_day(d)",
    "regexp_replace(t, '^([0-9])[.]([0-9]+)E[+]?[0-9]+$', '\\1\\2')",
    "regexp_replace(upper(t), '[\\s··]', '', 'g')",
    "regexp_split_to_array(t, '[; ]')",
    "regexp_matches(t, '^[0-9]')",
    "list_sort(list_distinct(list_filter(l, lambda c: c IS NOT NULL)))",
    "flatten([l, NULL, ['z']])",
    "len(list_intersect(l, ['a', 'c']))",
    "list_filter(l, lambda c: c IS NOT NULL)",
    "list_transform(l, lambda c: c || '!')",
    "range(1, n::INTEGER)",
    "{'x': t, 'y': a}",
    "struct_update({'x': t, 'y': a}, x := 'z')",
    "to_json({'t': t, 'd': d, 'a': a, 'n': n})",
    "to_json({'t': t, 'j': j})",
    "json_merge_patch('{}', to_json({'t': t, 'd': d, 'a': a, 'n': n, 'b': t = 'false'}))",
    "sha256(t)",
    "('0x' || left(sha256(t), 15))::BIGINT",
    "concat_ws('|', t, NULL, a)",
    "damerau_levenshtein(coalesce(t, 'x'), 'bac')",
    "d IS DISTINCT FROM born",
    "translate(t, 'ab', 'xy')",
    "string_split(t, '')",
    "len(list_intersect(list_distinct(string_split(t, '')), ['王', '']))",
]
AGGREGATES = [
    "any_value(t)",
    "list(t ORDER BY n DESC)",
    "list(t ORDER BY n)[1]",
    "first(t ORDER BY a DESC, n)",
    "first({'t': t, 'n': n} ORDER BY d DESC, n).n",
    "string_agg(t, ';' ORDER BY a, n)",
    "string_agg(DISTINCT t, '、' ORDER BY t)",
    "arg_max({'left': n}, a)",
    "count(*) FILTER (a > 1)",
    "flatten(list(l ORDER BY n))",
    "to_json(list({'n': n, 'j': j} ORDER BY n))",
    "sum(a) || ''",
    "bool_or(a > 10)",
]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with spark(tmp_path_factory.mktemp("spark")) as connection:
        yield connection


def same(ours: pa.Table, theirs: pa.Table) -> None:
    """The same rows, in any order; floating point to a billionth."""
    assert theirs.column_names == ours.column_names
    assert Counter(map(_row, theirs.to_pylist())) == Counter(map(_row, ours.to_pylist()))


def _row(row: dict[str, Any]) -> str:
    return repr({name: round(value, 9) if isinstance(value, float) else value for name, value in row.items()})


def both(engine: Any, sql: str, *setup: str) -> tuple[pa.Table, pa.Table]:
    with duckdb.connect() as connection:
        for statement in setup:
            connection.execute(statement)
            engine.execute(statement)
        return connection.sql(sql).to_arrow_table(), engine.sql(sql).to_arrow_table()


@pytest.fixture(scope="module")
def expressions(engine: Any) -> tuple[pa.Table, pa.Table]:
    listed = ", ".join(f"{sql} AS e{place}" for place, sql in enumerate(EXPRESSIONS))
    return both(engine, f"SELECT n, {listed} FROM sample ORDER BY n", ROWS)


@pytest.mark.parametrize("place", range(len(EXPRESSIONS)), ids=EXPRESSIONS)
def test_an_expression_means_the_same(expressions: tuple[pa.Table, pa.Table], place: int) -> None:
    ours, theirs = expressions
    assert theirs[f"e{place}"].to_pylist() == ours[f"e{place}"].to_pylist()


@pytest.fixture(scope="module")
def aggregates(engine: Any) -> tuple[pa.Table, pa.Table]:
    listed = ", ".join(f"{sql} AS e{place}" for place, sql in enumerate(AGGREGATES))
    return both(engine, f"SELECT {listed} FROM sample", ROWS)


@pytest.mark.parametrize("place", range(len(AGGREGATES)), ids=AGGREGATES)
def test_an_aggregate_means_the_same(aggregates: tuple[pa.Table, pa.Table], place: int) -> None:
    ours, theirs = aggregates
    assert theirs[f"e{place}"].to_pylist() == ours[f"e{place}"].to_pylist()


QUERIES = [
    "SELECT s.* REPLACE (n + 1 AS n) FROM sample AS s",
    "SELECT n, t FROM sample UNION ALL BY NAME SELECT t, n FROM sample",
    "SELECT * EXCLUDE (l, j) FROM sample SEMI JOIN (SELECT 1 AS n) AS one USING (n)",
    "SELECT * EXCLUDE (l, j) FROM (SELECT 2 AS m, n FROM sample) AS s JOIN sample USING (n) UNION ALL "
    "SELECT 7, n, d, born, t, a FROM sample",
    "SELECT n FROM sample WHERE (n, t) IN (SELECT (n, t) FROM sample WHERE a > 1)",
    "SELECT t, count(*) AS c FROM sample GROUP BY t QUALIFY row_number() OVER (ORDER BY count(DISTINCT n) DESC, t) = 1",
    "SELECT n, unnest(l) AS one FROM sample",
    "SELECT n, unnest([{'x': n, 'y': t}], recursive := true) FROM sample",
    "SELECT n, count(DISTINCT a) OVER (PARTITION BY d) AS c FROM sample",
    "FROM numbered ORDER BY place",
]
NUMBERED = """
    CREATE OR REPLACE TEMP TABLE laid (n BIGINT); INSERT INTO laid SELECT n FROM sample ORDER BY n DESC;
    INSERT INTO laid SELECT n FROM sample ORDER BY n; DELETE FROM laid WHERE n IN (SELECT 4);
    CREATE OR REPLACE TEMP MACRO twice(x) AS 2 * x;
    CREATE OR REPLACE TEMP VIEW numbered AS
    SELECT row_number() OVER (ORDER BY rowid) AS place, twice(n) AS n FROM laid;
"""


@pytest.mark.parametrize("sql", QUERIES)
def test_a_query_means_the_same(engine: Any, sql: str) -> None:
    ours, theirs = both(engine, sql, ROWS, NUMBERED)
    names = [name for name in theirs.column_names if "REPLACE" in sql] or ours.column_names
    same(ours.select(names), theirs)


def test_what_does_not_fit_is_told_as_duckdb_tells_it(engine: Any) -> None:
    with pytest.raises(duckdb.BinderException, match="nobody"):
        engine.sql("SELECT nobody FROM (SELECT 1 AS somebody)")


@pytest.fixture(scope="module")
def flags(engine: Any) -> dict[str, tuple[pa.Table, pa.Table]]:
    """The golden households of the usual night, by all rules in one world, on both engines."""
    found = {}
    with world_of_night([case for case in read_cases() if case.night == NIGHT], NIGHT) as connection:
        copied(connection, engine)
        for name, rules in {"rules": RULES, "control": CONTROL}.items():
            ours = flag_night(connection, NIGHT, rules, load_policy())
            found[name] = ours, flag_night(engine, NIGHT, rules, load_policy())
    return found


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_a_rule_flags_the_same_golden_households(flags: dict[str, tuple[pa.Table, pa.Table]], rule: str) -> None:
    ours, theirs = ([one for one in table.to_pylist() if one["rule"] == rule] for table in flags["rules"])
    assert ours
    assert theirs == ours


def test_the_control_sample_draws_the_same_households(flags: dict[str, tuple[pa.Table, pa.Table]]) -> None:
    ours, theirs = flags["control"]
    assert ours.num_rows > 0
    assert theirs.to_pylist() == ours.to_pylist()


@pytest.fixture(scope="module")
def links(engine: Any) -> dict[str, tuple[pa.Table, pa.Table]]:
    """Every hard pair through all stages, on both engines."""
    found: list[dict[str, pa.Table]] = []
    with duckdb.connect() as connection:
        for one in (connection, engine):
            people = [(f"{i}-{j}", person) for i, pair in enumerate(PAIRS) for j, person in enumerate(pair["roster"])]
            resolve(one, [membership(household, *person) for household, person in people])
            linked = link(one, [record(str(index), *pair["record"]) for index, pair in enumerate(PAIRS)])
            weighed = weigh_unmatched(one)
            tables = {"certain": linked.links, "possible": linked.possible, "weighed": weighed.links}
            tables |= {"left": weighed.possible, "people": "people"}
            found.append({name: one.sql(f"FROM {table}").to_arrow_table() for name, table in tables.items()})
    return {name: (found[0][name], found[1][name]) for name in found[0]}


@pytest.mark.parametrize("table", ["people", "certain", "possible", "weighed", "left"])
def test_the_stages_link_the_same(links: dict[str, tuple[pa.Table, pa.Table]], table: str) -> None:
    same(*links[table])


def test_every_stage_of_the_matchers_had_work(links: dict[str, tuple[pa.Table, pa.Table]]) -> None:
    reasons = {reason for name in links if name != "people" for reason in links[name][0]["reason"].to_pylist()}
    assert reasons >= {"exact", "upgraded", "repaired", "conflict", "unnamed", "ambiguous", "possible"}


def test_a_table_is_files_that_go_with_the_connection(tmp_path: Path) -> None:
    with spark(tmp_path) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS n")
        assert list((tmp_path / "spark").rglob("*.parquet"))
    assert not (tmp_path / "spark").exists()


def test_rows_read_under_an_older_contract_show_the_same(engine: Any, tmp_path: Path) -> None:
    contract, lake = load_catalogue()["cremation"], Lake(tmp_path / "lake")
    for number, left_out in ((1, "funeral_home"), (2, "")):
        rows = {name: [f"K{number}" if name in contract.key else None] for name in contract.arrow_schema.names}
        table = pa.Table.from_pydict(rows, contract.arrow_schema).append_column("row_number", pa.array([2]))
        kept = table.drop_columns(left_out) if left_out else table
        lake.replace(contract.name, {"delivery_date": "2020-10-01", "delivery_id": f"d{number}"}, kept)
    with duckdb.connect() as ours:
        for connection in (ours, engine):
            show_deliveries(connection, lake, contract, ["d1", "d2"])
        query = f"SELECT * FROM {contract.name}"
        same(ours.sql(query).to_arrow_table(), engine.sql(query).to_arrow_table())
