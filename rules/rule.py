"""A rule: one ``.sql`` file that opens with a YAML header in a comment. The header is checked when it is loaded."""

import json
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import duckdb
from pydantic import Field

from rules.declaration import RuleBookError, parsed_yaml, validated
from schemas.contract import Identifier, Strict, Title

HERE = Path(__file__).parent
REGISTER_VIEW = "membership"
"""The view of all places on the registers; every rule may read it without naming it in ``reads``."""


class Direction(StrEnum):
    """Whom a rule speaks for: it doubts a benefit, protects a family, or draws a control sample."""

    DOUBT = "doubt"
    PROTECT = "protect"
    CONTROL = "control"


class Header(Strict):
    """What a rule says of itself, for caseworkers, lawyers and auditors."""

    id: Identifier
    title: Title
    direction: Direction
    severity: Annotated[int, Field(ge=1, le=3)]
    """3 is the most serious. The SQL may yield another for a single flag in a column ``severity``."""
    reads: tuple[Identifier, ...] = Field(min_length=1)
    """The information types and registers the SQL reads."""
    parameters: tuple[Identifier, ...] = ()
    """The policy parameters the SQL reads."""
    legal_basis: Title
    check_on_visit: Title
    can_be_wrong: Title


class Rule(Header):
    """A rule as loaded: its header, its SQL, and the version that tells one text of it from another."""

    sql: str
    version: str
    """The first 12 hex digits of the SHA-256 of the whole file."""


@cache
def load_rules(folder: Path = HERE) -> tuple[Rule, ...]:
    """Every ``*.sql`` of ``folder`` as a rule, in the order of their names.

    Raises RuleBookError, naming the file, the key and what to do, when a header or the SQL does not hold.
    """
    return tuple(read_rule(file) for file in sorted(folder.glob("*.sql")))


def read_rule(file: Path) -> Rule:
    """One rule from its file; the SQL may read only what the header declares, and must read all of it."""
    text = file.read_text(encoding="utf-8")
    opening, comment, rest = text.partition("/*")
    header_text, closing, sql = rest.partition("*/")
    if opening.strip() or not comment or not closing:
        raise RuleBookError(f"{file}: header: missing: open the file with /* a YAML header */")
    header = validated(Header, parsed_yaml(header_text, file), file)
    if header.id != file.stem:
        raise RuleBookError(f"{file}: id: is {header.id}: make it {file.stem}, as the file is called")
    sql = sql.strip().removesuffix(";")
    _agrees_with_sql(header, sql, file)
    version = sha256(text.encode()).hexdigest()[:12]
    return Rule(**header.model_dump(), sql=sql, version=version)


def _agrees_with_sql(header: Header, sql: str, file: Path) -> None:
    nodes = list(_nodes(_parse_tree(sql, file)))
    own = {entry["key"] for node in nodes for entry in node.get("cte_map", {}).get("map", [])}
    views = {node["table_name"] for node in nodes if node.get("type") == "BASE_TABLE"} - own
    types = {_type_of(view) for view in views} - {REGISTER_VIEW}
    _same("reads", set(header.reads), types, file)
    calls = [node for node in nodes if node.get("function_name") == "policy"]
    names = {call["arguments"][0]["expression"].get("literal", {}).get("text", "(not a literal)") for call in calls}
    _same("parameters", set(header.parameters), names, file)


def _type_of(view: str) -> str:
    return view.removeprefix("linked_").removeprefix("conflict_")


def _same(key: str, declared: set[str], used: set[str], file: Path) -> None:
    if undeclared := sorted(used - declared):
        raise RuleBookError(f"{file}: {key}: the SQL reads {undeclared}, not declared: add them")
    if unused := sorted(declared - used):
        raise RuleBookError(f"{file}: {key}: {unused} are declared and not read by the SQL: remove them")


def _parse_tree(sql: str, file: Path) -> Any:
    with duckdb.connect() as connection:
        found = connection.execute("SELECT json_serialize_sql(?)", [sql]).fetchone()
    tree: dict[str, Any] = json.loads(found[0]) if found else {"error": True}
    if tree["error"]:
        raise RuleBookError(f"{file}: SQL: must be one SELECT: {tree.get('error_message', 'not understood')}")
    statements = tree["statements"]
    if len(statements) != 1:
        raise RuleBookError(f"{file}: SQL: {len(statements)} statements: keep one SELECT")
    return statements[0]


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """Every object of DuckDB's parse tree, however deep."""
    if isinstance(tree, dict):
        yield tree
        tree = list(tree.values())
    if isinstance(tree, list):
        for branch in tree:
            yield from _nodes(branch)


def types_read(rules: Iterable[Rule]) -> frozenset[str]:
    """All types that any of ``rules`` reads, without those behind the register view."""
    return frozenset(name for rule in rules for name in rule.reads)
