"""What the SQL of a rule, a shared view or a macro reads: DuckDB parses it, and everybody asks here.

All is taken from the parse tree. So a comment or a text never counts, whatever it holds; a common table hides a
relation of its name where it can be seen, and nowhere else; and names are the same in whatever case, quoted or not.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import duckdb

POLICY_FUNCTIONS = frozenset({"policy", "policy_on"})
"""How SQL reads a parameter: on the night, and on another day."""
DELIVERED = frozenset({"delivered"})
"""How SQL asks whether a type was delivered, to claim less without it."""
BY_TEXT = frozenset({"query", "query_table"})
"""Functions that read what a text names: what that is, only the run knows."""
NOT_A_LITERAL = "(not a literal)"
HEAD_OF_MACRO = re.compile(r'CREATE\s[^"(]*?MACRO\s+"?(\w+)"?\s*\([^()]*\)\s*AS\s+(TABLE\s)?', re.IGNORECASE)
COMMA = re.compile(rb"\s*,\s*")
NAMING = ("using_columns", "column_name_alias", "aliases", "exclude_list", "qualified_exclude_list", "rename_list")
"""The parts of a tree, beside columns and aliases, whose every text is the name of a column."""
SETS = frozenset({"SET_OPERATION_NODE", "RECURSIVE_CTE_NODE"})

_parsed: dict[str, "Query"] = {}
_with_macros: dict[tuple[str, tuple["Query", ...]], "Query"] = {}
"""Queries that call macros, so that what is found in a tree is found once for whoever asks."""


class QueryError(ValueError):
    """SQL from which it cannot be told what it reads. The message says what to write."""


@dataclass(frozen=True, eq=False)
class Query:
    """One SELECT, or the body of a macro. Two are the same where they are one object."""

    sql: str
    tree: Any
    called: tuple["Query", ...] = ()
    """The macros it calls, with those that they call."""

    @cached_property
    def relations(self) -> Counter[str]:
        """How often it reads each table or view, by itself and through macros."""
        return sum((macro.relations for macro in self.called), Counter(_relations(self.tree, frozenset())))

    @cached_property
    def functions(self) -> frozenset[str]:
        """The functions, macros and operators it calls by itself."""
        return frozenset(node["function_name"] for node in self._nodes if "function_name" in node)

    @cached_property
    def parameters(self) -> frozenset[str]:
        """The policy parameters it reads; ``NOT_A_LITERAL`` among them where one is not named by a mere text."""
        return self._first_arguments(POLICY_FUNCTIONS).union(*(macro.parameters for macro in self.called))

    @cached_property
    def asked_delivered(self) -> frozenset[str]:
        """The types of which it asks whether they were delivered."""
        return self._first_arguments(DELIVERED).union(*(macro.asked_delivered for macro in self.called))

    @cached_property
    def names(self) -> frozenset[str]:
        """Whatever it names that could be a column of what it reads."""
        own = (name for node in self._nodes for name in _names(node))
        return frozenset(own).union(*(macro.names for macro in self.called))

    @cached_property
    def reads_whole(self) -> frozenset[str]:
        """The tables and views of which it needs all columns, those too that it does not name."""
        own_tables = {entry["key"].casefold() for node in self._nodes for entry in _common_tables(node)}
        own = (name for node in self._nodes for name in _read_whole(node))
        return (frozenset(own) - own_tables).union(*(macro.reads_whole for macro in self.called))

    @cached_property
    def yielded(self) -> frozenset[str] | None:
        """The columns it yields, where it names each; None where only what it reads can tell."""
        selects = list(_selects(self.tree["node"]))
        by_name = any(node.get("setop_type") == "UNION_BY_NAME" for node in self._nodes)
        listed = selects[0].get("select_list", [])
        spread = any(one.get("type") == "STAR" or one.get("function_name") == "unnest" for one in _nodes(listed))
        names = frozenset(one["alias"] or (one.get("column_names") or [""])[-1] for one in listed)
        return None if by_name or spread or "" in names else names

    @cached_property
    def computes(self) -> bool:
        """Whether it does more than to pick rows and columns of one relation."""
        return any(map(_computes, self._nodes))

    @cached_property
    def _nodes(self) -> list[dict[str, Any]]:
        return list(_nodes(self.tree))

    def _first_arguments(self, functions: frozenset[str]) -> frozenset[str]:
        calls = (node for node in self._nodes if node.get("function_name") in functions)
        return frozenset(_literal(call) or NOT_A_LITERAL for call in calls)


def read_query(sql: str, macros: Mapping[str, Query] | None = None) -> Query:
    """What a SELECT reads, by itself and through the ``macros`` it calls. Raises QueryError."""
    if sql not in _parsed:
        parse([sql])
    query = _parsed[sql]
    if error := query.tree.get("error"):
        raise QueryError(error)
    if by_text := sorted(query.functions & BY_TEXT):
        raise QueryError(f"{by_text} read what a text names: write the name of the table or view")
    called = tuple(macros[name] for name in sorted(query.functions & macros.keys())) if macros else ()
    return _with_macros.setdefault((sql, called), replace(query, called=called)) if called else query


def parse(texts: Iterable[str]) -> None:
    """Parse all these at once: to open DuckDB takes longer than to read a whole rule book."""
    new = sorted({*texts} - _parsed.keys())
    if not new:
        return
    with duckdb.connect(config={"threads": 1}) as connection:
        found = connection.execute(
            "SELECT sql, json_serialize_sql(sql) FROM (SELECT unnest(?) AS sql)", [new]
        ).fetchall()
    _parsed.update({sql: Query(sql, _only_statement(json.loads(tree))) for sql, tree in found})


def read_macros(text: str) -> dict[str, Query]:
    """What each ``CREATE MACRO`` of a text reads, by the macro's name. Raises QueryError."""
    macros: dict[str, Query] = {}
    for statement in duckdb.extract_statements(text):
        head = HEAD_OF_MACRO.match(statement.query)
        if head is None:
            raise QueryError(f"not understood as a macro: {statement.query[:60]!r}")
        body = statement.query[head.end() :]
        macros[head[1].casefold()] = read_query(body if head[2] else f"SELECT {body}", macros)
    return macros


def with_policy(sql: str) -> str:
    """``sql`` with every call of a parameter by name as a call of its own macro: DuckDB binds it fast.

    By name it is ``policy('name', division)``, or ``policy_on('name', division, day)``. Raises QueryError.
    """
    text = sql.encode()
    query = read_query(sql)
    calls = [node for node in _nodes(query.tree) if node.get("function_name") in POLICY_FUNCTIONS and _literal(node)]
    for call in sorted(calls, key=lambda node: -int(node["query_location"])):
        name = call["arguments"][0]["expression"]
        if comma := COMMA.match(text, name["query_location"] + name["query_location_length"]):
            macro = f"{call['function_name']}_{_literal(call)}("
            text = text[: call["query_location"]] + macro.encode() + text[comma.end() :]
    return text.decode()


def _only_statement(found: dict[str, Any]) -> dict[str, Any]:
    """The tree of the one SELECT of a text; or what is wrong with the text, as its ``error``."""
    if found["error"]:
        return {"error": f"must be one SELECT: {found.get('error_message', 'not understood')}"}
    statements: list[dict[str, Any]] = found["statements"]
    return statements[0] if len(statements) == 1 else {"error": f"{len(statements)} statements: keep one SELECT"}


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every object of a parse tree, however deep, from the top."""
    ahead = [tree]
    while ahead:
        branch = ahead.pop()
        if isinstance(branch, dict):
            yield branch
            ahead.extend(reversed(branch.values()))
        elif isinstance(branch, list):
            ahead.extend(reversed(branch))


def _branches(tree: Any) -> Iterable[Any]:
    if isinstance(tree, dict):
        return tree.values()
    return tree if isinstance(tree, list) else ()


def _relations(tree: Any, hidden: frozenset[str]) -> Iterator[str]:
    """The tables and views that a tree reads, but for the common tables ``hidden`` around it and its own."""
    if not isinstance(tree, dict):
        for branch in _branches(tree):
            yield from _relations(branch, hidden)
        return
    if tree.get("type") == "BASE_TABLE":
        name = tree["table_name"].casefold()
        if tree["schema_name"] or name not in hidden:
            yield name
    # A common table sees those before it, and not itself: its own name there is that of a relation.
    for table in _common_tables(tree):
        yield from _relations(table["value"], hidden)
        hidden |= {table["key"].casefold()}
    for part, branch in tree.items():
        if part != "cte_map":
            itself = {tree["cte_name"].casefold()} if part == "right" and "cte_name" in tree else frozenset()
            yield from _relations(branch, hidden | itself)


def _common_tables(node: dict[str, Any]) -> list[dict[str, Any]]:
    tables: list[dict[str, Any]] = node.get("cte_map", {}).get("map", [])
    return tables


def _literal(call: dict[str, Any]) -> str | None:
    """The text that is the first argument of a call, if it is one."""
    first = call["arguments"][0]["expression"] if call["arguments"] else {}
    literal = first.get("literal", {})
    return str(literal["text"]) if literal.get("kind") == "STRING" else None


def _names(node: dict[str, Any]) -> Iterator[str]:
    told = [node[part] for part in ("alias", "column_names", *NAMING) if node.get(part)]
    told += [entry.get("key") for entry in node.get("replace_list", []) if isinstance(entry, dict)]
    # Most nodes name nothing, and there are very many.
    if told:
        yield from (text.casefold() for text in _texts(told))


def _texts(tree: Any) -> Iterator[str]:
    if isinstance(tree, str):
        yield tree
    for branch in _branches(tree):
        yield from _texts(branch)


def _read_whole(node: dict[str, Any]) -> Iterator[str]:
    """``COLUMNS(…)`` and NATURAL JOIN pick columns themselves; DISTINCT compares all of ``*``, a set lines them up."""
    if node.get("ref_type") == "NATURAL":
        yield from _relations(node, frozenset())
    distinct = any(one["type"] == "DISTINCT_MODIFIER" for one in node.get("modifiers", []))
    by_place = node.get("type") in SETS and node.get("setop_type") != "UNION_BY_NAME"
    for select in _selects(node) if distinct or by_place else [node]:
        stars = [one for one in select.get("select_list", []) if one["type"] == "STAR"]
        picked = any(one.get("columns") is True for one in _nodes(select.get("select_list")))
        if picked or (stars and select is not node) or (stars and distinct):
            yield from _of_star(select["from_table"])


def _of_star(table: dict[str, Any]) -> Iterator[str]:
    """The relations whose columns are in ``*``: not those that SEMI and ANTI JOIN look into."""
    if table["type"] != "JOIN":
        yield from _relations(table, frozenset())
        return
    yield from _of_star(table["left"])
    if table["join_type"] not in ("SEMI", "ANTI"):
        yield from _of_star(table["right"])


def _selects(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The SELECTs whose rows a set takes together, or the SELECT itself."""
    if node.get("type") not in SETS:
        yield node
        return
    for side in (node.get("left"), node.get("right"), *node.get("children", [])):
        yield from _selects(side) if side else ()


def _computes(node: dict[str, Any]) -> bool:
    return bool(
        node.get("type") in SETS | {"JOIN", "DISTINCT_MODIFIER"}
        or node.get("group_expressions")
        or node.get("qualify")
        or node.get("aggregate_handling") == "FORCE_AGGREGATES"
    )
