"""A rule: one ``.sql`` file that begins with a YAML header in a comment. The header is checked when it is loaded."""

import json
import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import duckdb
from pydantic import Field, field_validator

from rules.declaration import RuleBookError, parsed_yaml, validated
from rules.grounds import Manner, Reads
from schemas.contract import Identifier, Strict, Title

HERE = Path(__file__).parent
SHARED = "shared"
GIVEN_VIEWS = frozenset({"membership", "flagged"})
"""All places on the registers, and what the night's rules have found so far: read without being named in ``reads``."""


POLICY_FUNCTIONS = frozenset({"policy", "policy_on"})
"""How SQL reads a parameter: on the night, and on another day."""
DELIVERED = frozenset({"delivered"})
"""How SQL asks whether a type was delivered, to claim less without it."""
SKIPPED = re.compile(r"""('(?:[^']|'')*'|"(?:[^"]|"")*")|--[^\n]*|/\*.*?\*/""", re.DOTALL)
"""A text or name in quotation marks, which is kept whatever it holds, or a comment."""


class Direction(StrEnum):
    """Whom a rule speaks for: it doubts a benefit, protects a family, or draws a control sample."""

    DOUBT = "doubt"
    PROTECT = "protect"
    CONTROL = "control"


class SharedHeader(Strict):
    """What a shared view says of itself; what it reads through other shared views, those say."""

    id: Identifier
    says: Title
    reads: tuple[Identifier, ...] = ()
    parameters: tuple[Identifier, ...] = ()


class SharedView(SharedHeader):
    """SQL that several rules read, as a view of the name of its file.

    ``reads`` and ``parameters`` include what it reads through other shared views.
    """

    sql: str
    text: str


class Header(Strict):
    """What a rule says of itself, for caseworkers, lawyers and auditors."""

    id: Identifier
    title: Title
    direction: Direction
    severity: Annotated[int, Field(ge=1, le=3)]
    """3 is the most serious. The SQL may yield another for a single flag in a column ``severity``."""
    reads: Annotated[Reads, Field(min_length=1)]
    """The information types and registers the SQL reads, and how."""
    parameters: tuple[Identifier, ...] = ()
    """The policy parameters the SQL reads."""
    legal_basis: Title
    check_on_visit: Title
    can_be_wrong: Title

    @field_validator("reads", mode="before")
    @classmethod
    def _of_a_past_night(cls, reads: Any) -> Any:
        """A mere list, as headers had it once, does not say how."""
        return dict.fromkeys(reads) if isinstance(reads, list) else reads


class Rule(Header):
    """A rule as loaded: its header, its SQL, and the version that tells one text of it from another."""

    sql: str
    text: str
    """The whole of its file."""
    views: tuple[SharedView, ...] = ()
    """The shared views it reads, directly or through another, each after those it reads itself."""
    version: str
    """The first 12 hex digits of the SHA-256 of its file and those of its shared views."""


@cache
def load_rules(folder: Path = HERE) -> tuple[Rule, ...]:
    """Every ``*.sql`` of ``folder`` as a rule, in the order of their names.

    Raises RuleBookError, naming the file, the key and what to do, when a header or the SQL does not hold.
    """
    return tuple(read_rule(file) for file in sorted(folder.glob("*.sql")))


def read_rule(file: Path, *, of_a_past_night: bool = False) -> Rule:
    """One rule from its file; the SQL may read only what the header declares, and must read all of it.

    The shared views it reads are those of the folder ``shared`` beside it. The text ``of_a_past_night`` may list what
    it reads without saying how.
    """
    text, header_text, sql = _split(file)
    header = validated(Header, parsed_yaml(header_text, file), file)
    if (unsaid := sorted(name for name, how in header.reads.items() if how is None)) and not of_a_past_night:
        manners = ", ".join(manner.value for manner in Manner)
        raise RuleBookError(f"{file}: reads: does not say how {unsaid} are read: write `type: ` and one of {manners}")
    views = _agrees_with_sql(header, sql, file, file.parent / SHARED)
    version = sha256("\0".join([text, *(view.text for view in views)]).encode()).hexdigest()[:12]
    return Rule(**header.model_dump(), sql=sql, text=text, views=views, version=version)


@cache
def read_shared(file: Path) -> tuple[SharedView, ...]:
    """A shared view from its file, after the ones it reads."""
    text, header_text, sql = _split(file)
    header = validated(SharedHeader, parsed_yaml(header_text, file), file)
    views = _agrees_with_sql(header, sql, file, file.parent)
    reads = set(header.reads).union(*(view.reads for view in views))
    parameters = set(header.parameters).union(*(view.parameters for view in views))
    everything = {"reads": tuple(sorted(reads)), "parameters": tuple(sorted(parameters))}
    return (*views, SharedView(**header.model_dump() | everything, sql=sql, text=text))


def _split(file: Path) -> tuple[str, str, str]:
    """The whole text of a file, its header and its SQL."""
    text = file.read_text(encoding="utf-8")
    opening, comment, rest = text.partition("/*")
    header, closing, sql = rest.partition("*/")
    if opening.strip() or not comment or not closing:
        raise RuleBookError(f"{file}: header: missing: begin the file with /* a YAML header */")
    return text, header, sql.strip().removesuffix(";")


def _agrees_with_sql(
    header: Header | SharedHeader, sql: str, file: Path, shared_folder: Path
) -> tuple[SharedView, ...]:
    """Refuse a header that does not say what the SQL reads; return the shared views the SQL reads."""
    if header.id != file.stem:
        raise RuleBookError(f"{file}: id: is {header.id}: make it {file.stem}, as the file is called")
    nodes = list(_nodes(_parse_tree(sql, file)))
    own = {entry["key"] for node in nodes for entry in node.get("cte_map", {}).get("map", [])}
    names = {node["table_name"] for node in nodes if node.get("type") == "BASE_TABLE"} - own - GIVEN_VIEWS
    shared = {name: shared_folder / f"{name}.sql" for name in sorted(names)}
    views = {view.id: view for name in shared if shared[name].exists() for view in read_shared(shared[name])}
    # A rule declares all it reads, for whoever reads it alone; a shared view what it adds to the views it reads.
    told = views.values() if isinstance(header, Header) else ()
    types = {_type_of(name) for name in names - views.keys()}
    _same("reads", set(header.reads), types.union(*(view.reads for view in told)), file)
    parameters = set(_first_arguments(nodes, POLICY_FUNCTIONS))
    _same("parameters", set(header.parameters), parameters.union(*(view.parameters for view in told)), file)
    if unread := sorted(set(_first_arguments(nodes, DELIVERED)) - set(header.reads)):
        raise RuleBookError(f"{file}: reads: the SQL asks whether {unread} were delivered, not declared: add them")
    return tuple(views.values())


def _first_arguments(nodes: Iterable[dict[str, Any]], functions: frozenset[str]) -> Iterator[str]:
    for node in nodes:
        if node.get("function_name") in functions:
            yield node["arguments"][0]["expression"].get("literal", {}).get("text", "(not a literal)")


def without_comments(sql: str) -> str:
    """The SQL alone: ``--`` and ``/*`` begin no comment within quotation marks."""
    return SKIPPED.sub(lambda found: found[1] or " ", sql)


def _type_of(view: str) -> str:
    return view.removeprefix("linked_").removeprefix("conflict_")


def _same(key: str, declared: set[str], used: set[str], file: Path) -> None:
    if undeclared := sorted(used - declared):
        raise RuleBookError(f"{file}: {key}: the SQL reads {undeclared}, not declared: add them")
    if unused := sorted(declared - used):
        raise RuleBookError(f"{file}: {key}: {unused} are declared and not read by the SQL: remove them")


def _parse_tree(sql: str, file: Path) -> Any:
    tree: dict[str, Any] = json.loads(_serialized(sql))
    if tree["error"]:
        raise RuleBookError(f"{file}: SQL: must be one SELECT: {tree.get('error_message', 'not understood')}")
    statements = tree["statements"]
    if len(statements) != 1:
        raise RuleBookError(f"{file}: SQL: {len(statements)} statements: keep one SELECT")
    return statements[0]


@cache
def _serialized(sql: str) -> str:
    """DuckDB's parse tree. A night reads each text twice, in the book and as it keeps it; opening DuckDB costs."""
    with duckdb.connect() as connection:
        found = connection.execute("SELECT json_serialize_sql(?)", [sql]).fetchone()
    return str(found[0]) if found else '{"error": true}'


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
