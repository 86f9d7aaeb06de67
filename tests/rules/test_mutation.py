"""Every condition of every rule matters: with any one taken out, some golden household gets other flags."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import duckdb
import pytest

from rules.policy import load_policy
from rules.query import with_policy
from rules.rule import Rule, SharedView, load_rules, shared_views
from rules.run import SQL, prepare_night
from tests.rules.golden_world import NIGHT as USUAL
from tests.rules.golden_world import Case, read_cases, world_of_night

LEAST_CAUGHT = 0.95
ALL = 1_000_000
MOST_ROWS = 200_000
"""Of a view that grows very large by a mutant not all is kept."""
PARSER = duckdb.connect()


def parsed(sql: str) -> Any:
    return json.loads(PARSER.execute("SELECT json_serialize_sql(?)", [sql]).fetchall()[0][0])


def written(tree: Any) -> str:
    return str(PARSER.execute("SELECT json_deserialize_sql(?)", [json.dumps(tree)]).fetchall()[0][0])


def in_words(removed: str) -> str:
    """A condition that was taken out, as SQL."""
    tree = parsed("SELECT 1 WHERE true")
    tree["statements"][0]["node"]["where_clause"] = json.loads(removed)
    return written(tree).partition(" WHERE ")[2]


def conditions(tree: Any) -> Iterator[tuple[Any, Any]]:
    """Every place that holds a condition of a WHERE or HAVING, or one of several joined by AND or OR."""
    if isinstance(tree, dict):
        for key in ("where_clause", "having"):
            if tree.get(key):
                yield tree, key
        if tree.get("type") in {"CONJUNCTION_AND", "CONJUNCTION_OR"} and len(tree["children"]) > 1:
            yield from ((tree["children"], position) for position in range(len(tree["children"])))
    for branch in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else []:
        yield from conditions(branch)


def mutants(sql: str) -> Iterator[tuple[str, str]]:
    """The SQL with one condition taken out, and that condition."""
    original = parsed(sql)
    for position in range(len(list(conditions(original)))):
        tree = deepcopy(original)
        holder, key = list(conditions(tree))[position]
        removed = json.dumps(holder[key])
        if isinstance(holder, list):
            del holder[key]
        else:
            holder[key] = None
        yield removed, written(tree)


@dataclass(frozen=True)
class Night:
    """A world ready for the rules' SQL, with the rules that its cases are about: their mutants are tried on it."""

    world: duckdb.DuckDBPyConnection
    rules: frozenset[str]
    views: tuple[SharedView, ...]


@cache
def nights() -> dict[date, Night]:
    """A world a night; the night with the most cases, which are about all rules, first.

    What a mutant reads is computed once for all of them.
    """
    cases = read_cases()
    made = {}
    for night, _ in Counter(case.night for case in cases).most_common():
        of_night = [case for case in cases if case.night == night]
        rules = [rule for rule in BOOK if night == USUAL or rule.id in about(of_night)]
        world = world_of_night(of_night, night)
        # What is told in no order comes out in the same one each time: no mutant is caught, or missed, by chance.
        world.execute("SET threads = 1")
        prepare_night(world, night, rules, load_policy())
        views = shared_views(rules)
        keep_views(world, [*rules, *views.values()], list(views))
        # Only control rules look at what was found.
        world.execute((SQL / "found.sql").read_text(encoding="utf-8"))
        made[night] = Night(world, frozenset(rule.id for rule in rules), tuple(views.values()))
    return made


def about(cases: list[Case]) -> set[str]:
    """The rules whose file the cases are in, or which they expect a flag of."""
    return {case.id.partition(".")[0] for case in cases} | {
        flag["rule"] for case in cases for flag in case.content["flags"]
    }


def keep_views(world: duckdb.DuckDBPyConnection, parts: Sequence[Rule | SharedView], views: list[str]) -> None:
    """Put a table behind each view that the rules read."""
    there = world.execute("SELECT view_name FROM duckdb_views() WHERE temporary AND NOT internal").fetchall()
    read = {name for part in parts for name in part.query.relations} - set(views)
    for name in [*sorted(read & {name for (name,) in there}), *views]:
        world.execute(f"CREATE TABLE kept_{name} AS FROM {name}")
        world.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS FROM kept_{name}")


@contextmanager
def replaced(night: Night, view: SharedView, sql: str) -> Iterator[set[str]]:
    """The world with another SQL for a shared view; yields the views that hold other rows by it, itself and others.

    Each is computed once, over the tables of those it reads: where it comes out as it was, what reads it is as it was.
    """
    touched: set[str] = set()
    world = night.world
    try:
        if comes_out_otherwise(world, view.id, sql):
            touched.add(view.id)
        for other in night.views:
            if touched & READ_BY[other.id] and comes_out_otherwise(world, other.id, runnable(other.sql)):
                touched.add(other.id)
        yield touched
    finally:
        for name in touched:
            world.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS FROM kept_{name}")


def comes_out_otherwise(world: duckdb.DuckDBPyConnection, name: str, sql: str) -> bool:
    """Compute a view by another SQL, and let it be read if its rows differ."""
    world.execute(f"CREATE OR REPLACE TABLE other_{name} AS SELECT * FROM ({sql}) LIMIT {MOST_ROWS}")
    differ = (
        f"(FROM kept_{name} EXCEPT ALL FROM other_{name}) UNION ALL (FROM other_{name} EXCEPT ALL FROM kept_{name})"
    )
    if not world.execute(f"{differ} LIMIT 1").fetchall():
        return False
    world.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS FROM other_{name}")
    return True


@cache
def runnable(sql: str) -> str:
    return with_policy(sql)


def said(sql: str, night: date, most: int = ALL) -> list[str]:
    """What the SQL of a rule yields on a night, in no order, so many rows at most; or the error it stops with."""
    try:
        return sorted(map(str, nights()[night].world.execute(sql).fetchmany(most)))
    except duckdb.Error as error:
        return [type(error).__name__]


@cache
def expected(sql: str, night: date) -> list[str]:
    return said(sql, night)


def is_caught(rule: Rule, sql: str) -> bool:
    return any(differs(runnable(rule.sql), sql, night) for night, made in nights().items() if rule.id in made.rules)


def differs(original: str, sql: str, night: date) -> bool:
    """Whether the SQL yields something else than the original; of a yield that grows very large not all is read."""
    before = expected(original, night)
    return said(sql, night, len(before) + 1) != before


@dataclass(frozen=True)
class Told:
    """The SQL of what a rule finds, or of what speaks against that, with what it reads."""

    rule: str
    sql: str
    reads: frozenset[str]


def told_by(rule: Rule) -> Iterator[Told]:
    found = runnable(rule.sql)
    yield Told(rule.id, found, frozenset(rule.query.relations))
    for view in rule.contradicted_by:
        # A finding without a day of its ground, or of a whole household, is spoken against all the same.
        undated = "SELECT NULL::VARCHAR AS member_id, NULL::DATE AS ground_on WHERE false"
        against = (
            f"SELECT spoken.* FROM ({undated} UNION ALL BY NAME FROM (\n{found}\n)) AS found "
            f"JOIN {view} AS spoken USING (scheme, household_id) "
            "WHERE coalesce(spoken.member_id = found.member_id, true) "
            "AND coalesce(spoken.since >= found.ground_on, true)"
        )
        yield Told(rule.id, against, frozenset({*rule.query.relations, view}))


def view_is_caught(view: SharedView, sql: str, told: list[Told]) -> bool:
    """Whether some of ``told`` comes out otherwise; the one that does is asked first of the next mutant."""
    for day, night in nights().items():
        if view.id not in {one.id for one in night.views}:
            continue
        asked = [one for one in told if one.rule in night.rules]
        for one in asked:
            # Before the view is replaced: what is expected is kept for all mutants.
            expected(one.sql, day)
        try:
            with replaced(night, view, sql) as touched:
                for one in asked:
                    if touched & one.reads and differs(one.sql, one.sql, day):
                        told.remove(one)
                        told.insert(0, one)
                        return True
        except duckdb.Error:
            return True
    return False


def readers(view: SharedView) -> list[Told]:
    """What reads a view, itself or through others."""
    through = {view.id}
    for other in VIEWS.values():
        if through & READ_BY[other.id]:
            through.add(other.id)
    return [one for one in TOLD if through & one.reads]


BOOK = [rule for rule in load_rules() if rule.direction != "control"]
VIEWS = shared_views(BOOK)
"""In the order in which they may read one another."""
TOLD = [told for rule in BOOK for told in told_by(rule)]
READ_BY = {view.id: view.query.relations.keys() for view in VIEWS.values()}


@pytest.mark.slow
def test_a_condition_taken_out_changes_some_golden_household() -> None:
    caught, survived = 0, []
    for rule in BOOK:
        for removed, sql in mutants(runnable(rule.sql)):
            caught += (hit := is_caught(rule, sql))
            survived += [] if hit else [f"{rule.id}: {in_words(removed)}"]
    for view in VIEWS.values():
        told = readers(view)
        for removed, sql in mutants(runnable(view.sql)):
            caught += (hit := view_is_caught(view, sql, told))
            survived += [] if hit else [f"{view.id}: {in_words(removed)}"]
    share = caught / (caught + len(survived))
    assert caught + len(survived) > 250
    assert share >= LEAST_CAUGHT, f"{share:.1%} caught; not caught:\n" + "\n".join(survived)
