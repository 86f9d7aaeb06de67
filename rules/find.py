"""What a night's rules find: their shared views, created and computed, and each rule run over them into ``found``.

A view or a rule that fails takes with it only what reads it.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import duckdb

from engines.connection import Connection
from rules.accepted import NO_REASON, rests_on_accepted
from rules.declaration import RuleBookError
from rules.materialise import view_once
from rules.query import read_query, with_policy
from rules.rule import OPTIONAL, SEVERITY, YIELDED, Direction, Rule, SharedView, shared_views
from schemas.contract import Contract
from schemas.link_reasons import reasons_of_flags

SQL = Path(__file__).parent / "sql"


def show_views(
    connection: Connection,
    rules: Sequence[Rule],
    failed: dict[str, RuleBookError] | None = None,
    show: Callable[[SharedView], None] | None = None,
) -> list[Rule]:
    """Create the shared views that ``rules`` read, by ``show`` if given; returns the rules that can be run over them.

    A view that cannot be created fails the rules that read it (``failed``, or RuleBookError where that is not given).
    """
    broken: dict[str, RuleBookError] = {}
    for view in shared_views(rules).values():
        if on := broken.keys() & view.query.relations.keys():
            broken[view.id] = broken[min(on)]
            continue
        try:
            show(view) if show else show_shared(connection, view)
        except RuleBookError as error:
            if failed is None:
                raise
            broken[view.id] = error
    return _spared(rules, broken, failed)


def show_shared(connection: Connection, view: SharedView) -> None:
    """Create one shared view over those it reads. Raises RuleBookError where it does not fit them."""
    try:
        connection.execute(f"CREATE OR REPLACE TEMP VIEW {view.id} AS {with_policy(view.sql)}")
    except duckdb.Error as error:
        raise RuleBookError(f"shared view {view.id}: the SQL does not fit what it reads: {error}") from error


def show_computed(
    connection: Connection,
    view: SharedView,
    rules: Sequence[Rule],
    contracts: Mapping[str, Contract],
    computed: list[str],
) -> None:
    """Create one shared view, and compute it where ``rules`` read it more than once; its table joins ``computed``.

    Raises RuleBookError where it does not fit what it reads, or fails.
    """
    show_shared(connection, view)
    if table := view_once(connection, view.id, rules, contracts):
        computed.append(table)


def find_all(connection: Connection, rules: Sequence[Rule], failed: dict[str, RuleBookError] | None = None) -> None:
    """Put what ``rules`` find over the night's views into ``found``.

    A rule that fails is told in ``failed``, and the others go on; where that is not given, RuleBookError is raised.
    """
    connection.execute((SQL / "found.sql").read_text(encoding="utf-8"))
    for rule in sorted(rules, key=lambda rule: rule.direction is Direction.CONTROL):
        try:
            _find(connection, rule)
        except RuleBookError as error:
            if failed is None:
                raise
            failed[rule.id] = error


def _spared(
    rules: Sequence[Rule], broken: Mapping[str, RuleBookError], failed: dict[str, RuleBookError] | None
) -> list[Rule]:
    """The rules that read none of the shared views ``broken``; the others are told in ``failed``."""
    spared = []
    for rule in rules:
        on = [view.id for view in rule.views if view.id in broken]
        if on and failed is not None:
            failed[rule.id] = RuleBookError(f"rule {rule.id}: {broken[on[0]]}")
        else:
            spared.append(rule)
    return spared


def _find(connection: Connection, rule: Rule) -> None:
    """Run one rule into ``found``. What DuckDB says of a value is not repeated: it may be somebody's."""
    sql = with_policy(rule.sql)
    try:
        # To ask DuckDB takes as long again as to run the rule over few households.
        columns = read_query(sql).yielded
        if columns is None or not columns.issuperset(YIELDED):
            columns = frozenset(connection.sql(sql).columns)
        if missing := sorted(set(YIELDED) - columns):
            raise RuleBookError(f"rule {rule.id}: the SQL does not yield {missing}: add them")
        severity = f"coalesce({SEVERITY}, {rule.severity})" if SEVERITY in columns else str(rule.severity)
        further = [name if name in columns else f"NULL::{kind}" for name, kind in OPTIONAL.items() if name != SEVERITY]
        connection.execute(
            f"INSERT INTO found SELECT '{rule.id}', '{rule.version}', '{rule.direction}', {severity}, "
            # On lines of its own: the SQL may end with a comment.
            f"{', '.join([*YIELDED, *further])} FROM (\n{sql}\n) WHERE {rests_on_accepted(rule)}"
        )
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException) as error:
        raise RuleBookError(f"rule {rule.id}: the SQL does not fit the views: {error}") from error
    except duckdb.Error as error:
        if NO_REASON in str(error):
            raise RuleBookError(
                f"rule {rule.id}: evidence: {NO_REASON}: take the evidence of the views, or name one of"
                f" {', '.join(reasons_of_flags())}"
            ) from None
        raise RuleBookError(f"rule {rule.id}: failed while it ran ({type(error).__name__}): run it by hand") from None
