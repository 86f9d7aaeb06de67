"""Every condition of every rule matters: with any one of them taken out, some golden household gets other flags."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from rules.rule import Rule, load_rules
from tests.rules.golden_world import flags_of_night, read_cases

LEAST_CAUGHT = 0.95
SAID = ("household_id", "member_id", "record_key", "severity", "amount", "link_reason", "evidence_hash")


def parsed(sql: str) -> Any:
    with duckdb.connect() as connection:
        return json.loads(connection.execute("SELECT json_serialize_sql(?)", [sql]).fetchall()[0][0])


def written(tree: Any) -> str:
    with duckdb.connect() as connection:
        return str(connection.execute("SELECT json_deserialize_sql(?)", [json.dumps(tree)]).fetchall()[0][0])


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


def mutants(rule: Rule) -> Iterator[tuple[str, str]]:
    """The rule's SQL with one condition taken out, and that condition."""
    for position in range(len(list(conditions(parsed(rule.sql))))):
        tree = parsed(rule.sql)
        holder, key = list(conditions(tree))[position]
        removed = json.dumps(holder[key])
        if isinstance(holder, list):
            del holder[key]
        else:
            holder[key] = None
        yield removed, written(tree)


@cache
def nights() -> dict[Any, list[Any]]:
    cases = read_cases()
    return {night: [case for case in cases if case.night == night] for night in sorted({case.night for case in cases})}


def flags(rule: Rule) -> list[Any]:
    tables = [flags_of_night(cases, night, (rule,)).select(SAID) for night, cases in nights().items()]
    return list(pa.concat_tables(tables).to_pylist())


@pytest.mark.slow
def test_a_condition_taken_out_changes_some_golden_household() -> None:
    caught, survived = 0, []
    for rule in load_rules():
        expected = flags(rule)
        for removed, sql in mutants(rule):
            if flags(rule.model_copy(update={"sql": sql})) != expected:
                caught += 1
            else:
                survived.append(f"{rule.id}: {removed[:400]}")
    share = caught / (caught + len(survived))
    assert caught + len(survived) > 50
    assert share >= LEAST_CAUGHT, f"{share:.1%} caught; not caught:\n" + "\n".join(survived)
