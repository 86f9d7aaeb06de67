"""Each file of the night's SQL says at its head what it reads and makes; parsed, it reads and makes just that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from string import Template

import pytest
import sqlglot
from sqlglot import exp

from matchers.night.table_map import README, SQL, Header, NoHeaderError, header_of, headers, steps, with_map

FILES = sorted(SQL.glob("*.sql"))
GIVEN = "given_"
OF_WEIGHTS = {"compared", "scored"}
"""What `matchers.weights` makes under a name that it is told."""
RESERVED = {"rows", "condition"}


def parsed(text: str) -> Header:
    """What the statements of a file read, make and add to."""
    names = {name: f"{GIVEN}{name}" for name in Template(text).get_identifiers()}
    reads: list[str] = []
    makes: list[str] = []
    adds: list[str] = []
    dropped: set[str] = set()
    for statement in sqlglot.parse(Template(text).substitute(names), dialect="duckdb"):
        if statement is None or isinstance(statement, exp.Semicolon):
            continue
        into = statement.this if isinstance(statement, exp.Create | exp.Insert | exp.Delete) else None
        target = into.find(exp.Table) if into is not None else None
        if isinstance(statement, exp.Drop):
            dropped.update(table.name for table in statement.find_all(exp.Table))
            continue
        reads += [name for name in tables_of(statement, target) if name not in makes]
        if isinstance(statement, exp.Create):
            makes.append(said(target))
        elif target is not None:
            adds.append(said(target))
        else:
            makes.append("rows" if isinstance(statement, exp.Query) else "condition")
    made = unique(name for name in makes if name not in dropped)
    return Header(unique(reads), made, unique(name for name in adds if name not in made))


def tables_of(statement: exp.Expr, target: exp.Expr | None) -> list[str]:
    parts = {cte.alias for cte in statement.find_all(exp.CTE)}
    found = (table for table in statement.find_all(exp.Table, bfs=False) if table is not target and table.name)
    return [said(table) for table in found if table.name not in parts]


def said(table: exp.Expr | None) -> str:
    name = table.name if table is not None else ""
    return f"${name.removeprefix(GIVEN)}" if name.startswith(GIVEN) else name


def unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_header_says_what_the_sql_reads_and_makes(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert header_of(text) == parsed(text)


@pytest.mark.parametrize("text", ["", "-- reads: a\nSELECT 1", "SELECT 1\n-- reads: a\n-- makes: rows\n"])
def test_sql_without_a_header_is_refused(text: str) -> None:
    with pytest.raises(NoHeaderError):
        header_of(text)


def test_a_name_that_is_read_but_not_said_shows() -> None:
    text = "CREATE TABLE a AS WITH own AS (FROM b) SELECT * FROM own JOIN $c USING (k); INSERT INTO d FROM a;"
    assert parsed(text) == Header(("$c", "b"), ("a",), ("d",))


def test_every_file_is_run_by_a_part_of_the_night() -> None:
    run = {step.name for step in steps()}
    assert [name for name in headers() if f"[{name}.sql](night/sql/{name}.sql)" not in run] == []


def test_one_name_is_one_table() -> None:
    """A table is made in one place; only who reads it first may make it anew, with fewer rows or changed ones."""
    fresh = [
        name
        for step in steps()
        for name in step.header.makes
        if name not in {*step.header.reads, *RESERVED} and not name.startswith("$")
    ]
    assert sorted(name for name, count in Counter(fresh).items() if count > 1) == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_no_part_of_a_query_is_called_like_a_table(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    names = {name: f"{GIVEN}{name}" for name in Template(text).get_identifiers()}
    statements = sqlglot.parse(Template(text).substitute(names), dialect="duckdb")
    parts = {cte.alias for statement in statements if statement for cte in statement.find_all(exp.CTE)}
    assert parts & {name for step in steps() for name in step.header.makes} == set()


def test_a_table_is_made_before_it_is_read() -> None:
    """In the order of the calls; what the caller or `matchers.weights` makes apart."""
    made = set(OF_WEIGHTS)
    for step in steps():
        early = {name for name in step.header.reads if not name.startswith("$")} - made
        assert not early, f"{step.name} reads {early} before anything makes it"
        made.update(step.header.makes)


def test_the_map_in_the_readme_is_of_today() -> None:
    readme = README.read_text(encoding="utf-8")
    assert with_map(readme) == readme, "run `python -m matchers.night.table_map`"
