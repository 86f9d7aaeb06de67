"""Candidate pairs: those that agree on all the keys of at least one blocking rule. Each pair is found once.

A block is all rows with one value of a rule's keys. A block of more pairs than the spec's largest is not opened: its
rows must also agree on the rule's `when_large` keys. What is over the cap even so is left out, and the report says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from engines.connection import Connection
from matchers.queries import number, query
from matchers.weights.field_kinds import FORMER, KINDS
from matchers.weights.spec import BlockingRule, LinkageSpec


@dataclass(frozen=True)
class RuleReport:
    """What one rule gave: pairs it names, pairs no earlier rule had, pairs of its largest block, and what was left out.

    closed_blocks, closed_pairs: blocks over the cap, also by the keys of `when_large`, and their pairs.
    """

    rule: str
    pairs: int
    new_pairs: int
    largest: int
    closed_blocks: int
    closed_pairs: int


@dataclass(frozen=True)
class Side:
    """The rows of one side that may take part: a relation with the columns of a prepared table."""

    left: str
    right: str


def candidate_pairs(con: duckdb.DuckDBPyConnection, spec: LinkageSpec, sides: list[Side]) -> list[RuleReport]:
    """Make the table `candidate` (`left_row`, `right_row`, `rule`: its place from 1), and report on each rule.

    sides: pairs of relations to look between; a pair of rows must not come from two of them. When deduplicating, a pair
    is of two rows, the smaller number left.
    """
    con.execute("CREATE OR REPLACE TEMP TABLE candidate (left_row BIGINT, right_row BIGINT, rule UTINYINT)")
    return [_run(con, spec, rule, place, sides) for place, rule in enumerate(spec.blocking, start=1)]


def _run(
    con: duckdb.DuckDBPyConnection, spec: LinkageSpec, rule: BlockingRule, place: int, sides: list[Side]
) -> RuleReport:
    before = _count(con)
    pairs = largest = closed_blocks = closed_pairs = 0
    for side in sides:
        _block(con, spec, rule.keys, side)
        sizes = block_sizes(con, spec.largest_block)
        _insert(con, spec, place)
        pairs, largest = pairs + sizes.open_pairs, max(largest, sizes.largest)
        if sizes.closed_blocks and rule.when_large:
            sizes = _open_large(con, spec, rule, place, side)
            pairs += sizes.open_pairs
        closed_blocks, closed_pairs = closed_blocks + sizes.closed_blocks, closed_pairs + sizes.closed_pairs
    return RuleReport(_text(rule), pairs, _count(con) - before, largest, closed_blocks, closed_pairs)


def _text(rule: BlockingRule) -> str:
    text = " + ".join(rule.keys)
    return f"{text} (large: + {' + '.join(rule.when_large)})" if rule.when_large else text


def _count(con: duckdb.DuckDBPyConnection) -> int:
    return number(con, "SELECT count(*) FROM candidate")


def _keyed(spec: LinkageSpec, keys: tuple[str, ...], relation: str, side: str) -> str:
    """SQL for (`row`, `k`): the text of all keys together, a row for each value of a key that holds several."""
    columns, conditions = [], []
    for place, text in enumerate(keys):
        expression = spec.key(text)
        name = expression.left_field if side == "left" else expression.right_field
        key = expression.left_key if side == "left" else expression.right_key
        columns.append(f"{_values(spec, name, key)} AS k{place}")
        conditions.append(f"k{place} IS NOT NULL")
    joined = " || chr(31) || ".join(f"k{place}::VARCHAR" for place in range(len(keys)))
    inner = f"SELECT row, {', '.join(columns)} FROM {relation}"
    return f"SELECT row, {joined} AS k FROM ({inner}) WHERE {' AND '.join(conditions)}"


def _values(spec: LinkageSpec, name: str, key: str) -> str:
    """SQL for a key's value; a row each where there are several, as of a name that was another before."""
    one = spec.fields[name]
    if key in KINDS[one.kind].lists:
        return f"unnest({name}.{key})"
    if one.former is not None:
        return f"unnest(list_distinct([{name}.{key}, {name}{FORMER}.{key}]))"
    return f"{name}.{key}"


def keys_of_rules(spec: LinkageSpec) -> dict[str, set[str]]:
    """The keys of each field that the blocking rules read."""
    found: dict[str, set[str]] = {}
    for rule in spec.blocking:
        for text in (*rule.keys, *rule.when_large):
            key = spec.key(text)
            for name, one in ((key.left_field, key.left_key), (key.right_field, key.right_key)):
                found.setdefault(name, set()).add(one)
                if spec.fields[name].former is not None:
                    found.setdefault(name + FORMER, set()).add(one)
    return found


def _block(con: duckdb.DuckDBPyConnection, spec: LinkageSpec, keys: tuple[str, ...], side: Side) -> None:
    con.execute(
        query(
            "weights/block",
            left=_keyed(spec, keys, side.left, "left"),
            right=_keyed(spec, keys, side.right, "right"),
            pairs="nl * (nl - 1) // 2" if spec.task == "dedupe" and _symmetric(spec, keys) else "nl * nr",
        )
    )


def _symmetric(spec: LinkageSpec, keys: tuple[str, ...]) -> bool:
    return all("=" not in spec.key(text).text for text in keys)


@dataclass(frozen=True)
class BlockSizes:
    """How many pairs a rule's blocks make, and what the cap leaves closed."""

    open_pairs: int
    largest: int
    closed_blocks: int
    closed_pairs: int


def block_sizes(con: Connection, cap: int) -> BlockSizes:
    """Of the blocks that `weights/block` has just made."""
    rows = con.execute(
        "SELECT coalesce(sum(pairs) FILTER (pairs <= $cap), 0), coalesce(max(pairs), 0),"
        " count(*) FILTER (pairs > $cap), coalesce(sum(pairs) FILTER (pairs > $cap), 0) FROM block_size",
        {"cap": cap},
    ).fetchall()
    return BlockSizes(*(int(value) for value in rows[0]))


def _insert(con: duckdb.DuckDBPyConnection, spec: LinkageSpec, place: int) -> None:
    dedupe = spec.task == "dedupe"
    con.execute(
        query(
            "weights/candidates",
            # Across two fields (surname with given name) a pair of one table shows up either way round.
            left_row="least(l.row, r.row)" if dedupe else "l.row",
            right_row="greatest(l.row, r.row)" if dedupe else "r.row",
            distinct="l.row <> r.row" if dedupe else "TRUE",
            rule=str(place),
            largest=str(spec.largest_block),
        )
    )


def _open_large(
    con: duckdb.DuckDBPyConnection, spec: LinkageSpec, rule: BlockingRule, place: int, side: Side
) -> BlockSizes:
    """Add the pairs of the blocks over the cap that agree on the `when_large` keys too, under the same cap."""
    for name in ("left", "right"):
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE large_row_{name} AS SELECT DISTINCT row FROM block_{name}"
            f" JOIN block_size AS size USING (k) WHERE size.pairs > {spec.largest_block}"
        )
    narrowed = Side(
        f"(FROM {side.left} WHERE row IN (FROM large_row_left))",
        f"(FROM {side.right} WHERE row IN (FROM large_row_right))",
    )
    _block(con, spec, rule.keys + rule.when_large, narrowed)
    _insert(con, spec, place)
    return block_sizes(con, spec.largest_block)
