"""DuckDB's SQL as Spark's: one reading of every file, for both engines.

The SQL of this project is written for DuckDB. Here it is parsed, calls of macros are replaced by what they stand for,
and what Spark says otherwise is said in Spark's words (``engines.dialect_rewrites``). What only the engine can know,
such as the fields of a struct, is asked of it (``Ask``).
"""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from itertools import takewhile
from typing import ClassVar

import sqlglot
from sqlglot import exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.dialects.spark import Spark
from sqlglot.generators.spark import SparkGenerator

from engines.dialect_parts import in_columns
from engines.dialect_rewrites import REWRITES

Ask = Callable[[str], list[tuple[str, list[str]]]]
"""Given a query in Spark's SQL: its columns, each with the fields of its struct (none for other types)."""


class WrittenForDuckDB(DuckDB):
    """DuckDB's SQL, with the places in lists left as they are written: counted from 1."""

    INDEX_OFFSET = 0


class _Generator(SparkGenerator):
    """sqlglot's Spark, without the detours it takes for older versions (QUALIFY, explode)."""

    TRANSFORMS: ClassVar = {name: how for name, how in SparkGenerator.TRANSFORMS.items() if name is not exp.Select}


class WrittenForSpark(Spark):
    """Spark 4's SQL."""

    Generator = _Generator


@lru_cache(maxsize=1024)
def _parsed(sql: str) -> tuple[exp.Expr, ...]:
    return tuple(one for one in sqlglot.parse(sql, read=WrittenForDuckDB) if one is not None)


def statements(sql: str) -> Iterator[exp.Expr]:
    """The statements of a text written for DuckDB, each a tree of its own that may be changed."""
    for statement in _parsed(sql):
        yield statement.copy()


class Macros:
    """The macros a connection was told of, by name."""

    def __init__(self) -> None:
        """None yet."""
        self._known: dict[str, tuple[list[str], exp.Expr]] = {}

    def remember(self, create: exp.Create) -> None:
        """Keep a macro; its body may call macros told of before."""
        called = create.this
        names = [parameter.name for parameter in called.expressions]
        self._known[called.this.name] = (names, self.spelt_out(create.expression.copy()))

    def spelt_out(self, tree: exp.Expr) -> exp.Expr:
        """The tree with every call of a macro replaced by its body."""
        for call in reversed(list(tree.find_all(exp.Anonymous))):
            found = self._known.get(call.name)
            if found is not None:
                tree = _put(tree, call, exp.paren(_filled(found, call.expressions)))
        return tree


def _filled(macro: tuple[list[str], exp.Expr], values: list[exp.Expr]) -> exp.Expr:
    names, body = macro
    if len(names) != len(values):
        raise ValueError(f"a macro takes {names} and was given {len(values)} values")
    given = dict(zip(names, values, strict=True))
    holder = exp.paren(body.copy(), copy=False)
    for column in list(holder.find_all(exp.Column)):
        if not column.table and column.name in given:
            column.replace(exp.paren(given[column.name].copy()))
    filled: exp.Expr = holder.this
    return filled


def _put(tree: exp.Expr, old: exp.Expr, new: exp.Expr) -> exp.Expr:
    """The tree with one node replaced, which may be the root."""
    if old is tree:
        return new
    old.replace(new)
    return tree


def spark_sql(query: exp.Expr, macros: Macros, ask: Ask, json_columns: frozenset[str]) -> str:
    """A query, parsed by ``statements``, in Spark's SQL.

    json_columns: names of columns that hold JSON as text, which ``to_json`` must not write as a text again.
    """
    tree = macros.spelt_out(query)
    for node in reversed(list(tree.walk())):
        rewrite = REWRITES.get(type(node))
        if rewrite is not None:
            new = rewrite(node, json_columns)
            if new is not node:
                tree = _put(tree, node, new)
    for select in list(tree.find_all(exp.Select)):
        if any(join.args.get("using") for join in select.args.get("joins") or []):
            _spell_stars_out(select, ask)
    for union in list(tree.find_all(exp.Union)):
        if union.args.get("by_name"):
            _by_name(union, ask)
    for call in list(tree.find_all(exp.Anonymous)):
        if call.name.lower() == "struct_update":
            call.replace(_updated(call, ask))
    return text_of(tree)


def text_of(tree: exp.Expr) -> str:
    """A tree that is Spark's already, as text."""
    return tree.sql(dialect=WrittenForSpark)


def filled_in(tree: exp.Expr, parameters: Mapping[str, object]) -> exp.Expr:
    """The tree with each ``$name`` replaced by its value."""
    for place in list(tree.find_all(exp.Placeholder)):
        place.replace(exp.convert(parameters[place.name]))
    return tree


def _by_name(union: exp.Union, ask: Ask) -> None:
    """Spark unites by place: the right side's columns are named in the order of the left one's."""
    left = [name for name, _ in ask(_within(union.this))]
    union.set("expression", exp.select(*map(in_columns, left)).from_(union.expression.subquery("by_name")))
    union.set("by_name", False)


def _spell_stars_out(select: exp.Select, ask: Ask) -> None:
    """``*`` over JOIN ... USING: Spark puts the columns joined on first, DuckDB leaves each where it stands."""
    if not any(_is_star(one) for one in select.expressions):
        return
    joins = [(join.this, join) for join in select.args["joins"]]
    sources = [(select.args["from_"].this, None), *joins]
    listed: list[exp.Expr] = []
    for one in select.expressions:
        if not _is_star(one):
            listed.append(one)
            continue
        wanted = one.table if isinstance(one, exp.Column) else ""
        left_out = {gone.name for gone in (one.this if isinstance(one, exp.Column) else one).args.get("except_") or []}
        for source, join in sources:
            if (wanted and source.alias_or_name != wanted) or (join is not None and join.kind in ("SEMI", "ANTI")):
                continue
            shared = {key.name for key in (join.args.get("using") or [])} if join is not None and not wanted else set()
            for name, _ in ask(_within(exp.select("*").from_(source.copy()), select)):
                if name not in shared | left_out:
                    table = (source.alias_or_name or None) if wanted or not _is_key(name, joins) else None
                    listed.append(exp.column(exp.to_identifier(name, quoted=True), table))
    select.set("expressions", listed)


def _is_star(one: exp.Expr) -> bool:
    return isinstance(one, exp.Star) or (isinstance(one, exp.Column) and isinstance(one.this, exp.Star))


def _is_key(name: str, joins: list[tuple[exp.Expr, exp.Join]]) -> bool:
    return any(key.name == name for _, join in joins for key in join.args.get("using") or [])


def _updated(call: exp.Anonymous, ask: Ask) -> exp.Expr:
    """``struct_update``: the struct packed again, with the fields that change."""
    struct, *changes = call.expressions
    changed = {change.this.name: change.expression for change in changes}
    select = call.find_ancestor(exp.Select)
    if select is None:
        raise ValueError("struct_update stands in no SELECT")
    alone = select.copy()
    alone.set("expressions", [exp.alias_(struct.copy(), "struct")])
    for clause in ("where", "group", "having", "qualify", "order", "distinct"):
        alone.set(clause, None)
    ((_, fields),) = ask(_within(alone, select))
    packed = [changed.get(name, exp.Dot(this=struct.copy(), expression=exp.to_identifier(name))) for name in fields]
    names = [exp.Literal.string(name) for name in fields]
    pairs = [part for pair in zip(names, packed, strict=True) for part in pair]
    return exp.Anonymous(this="named_struct", expressions=pairs)


def _within(query: exp.Expr, place: exp.Expr | None = None) -> str:
    """The text of a query with the common tables of the statements around ``place`` (without it, around the query)."""
    tables: list[exp.Expr] = []
    around = place if place is not None else query.parent
    while around is not None:
        if isinstance(around, exp.Query) and around.args.get("with_"):
            # A common table sees those before it.
            before = takewhile(lambda cte: not _inside(place or query, cte), around.args["with_"].expressions)
            tables = [cte.copy() for cte in before] + tables
        around = around.parent
    alone = query.copy()
    if own_with := alone.args.get("with_"):
        tables = [cte.copy() for cte in own_with.expressions if cte.alias not in {one.alias for one in tables}] + tables
    if tables:
        alone.set("with_", exp.With(expressions=tables))
    return text_of(alone)


def _inside(node: exp.Expr, tree: exp.Expr) -> bool:
    around: exp.Expr | None = node
    while around is not None and around is not tree:
        around = around.parent
    return around is tree
