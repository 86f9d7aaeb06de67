"""What a night's rules read more than once is computed once, into tables behind the same names.

A view costs its whole price each time a rule reads it. The linked views pay it, as a rule asks for few of their columns
and rows: to keep all that is linked takes far more memory than finding those again takes time. Only who the people are
is found once, for all types with few links. The tables hold only the columns that some rule or shared view names, in
``SELECT *`` too: one that no SQL of the night names is not there (but see ``Query.reads_whole``).
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import duckdb

from engines.connection import Connection
from engines.embedded import identifier, make_room
from rules.declaration import RuleBookError
from rules.query import Query
from rules.rule import CONTRADICTS, OPTIONAL, YIELDED, Rule, shared_views
from rules.views import VIEWS, quoted, show_linked, show_on_places
from schemas.contract import Contract

SQL = Path(__file__).parent / "sql"
FEW = 0.1
"""A type has few links where they are fewer than this share of the places on the registers."""
PLACED = frozenset({"type", "row_key", "verdict", "person_id", "scheme", "household_id", "member_id"})
"""What the evidence of a place on a register is made of (membership.sql), and who has it (placed_link.sql)."""


def place_once(connection: Connection, rules: Sequence[Rule], contracts: Mapping[str, Contract]) -> list[str]:
    """Put tables behind ``place`` and the links of types with few of them; returns the tables.

    The connection holds what ``rules.run.prepare_types`` created, and holds it again once that is called anew.
    """
    queries = _queries(rules)
    named = PLACED | _named_by_readers(connection, "membership", queries)
    tables = [_compute_once(connection, "place", named)]
    reads = _reads(queries)
    show_on_places(connection, contracts, reads)
    return tables + _place_few(connection, contracts, reads)


def view_once(
    connection: Connection, view: str, rules: Sequence[Rule], contracts: Mapping[str, Contract]
) -> str | None:
    """Put a table behind a shared view that ``rules`` read more than once; returns the table, if it was worth one.

    Asked view by view, as they are created: what reads it is then bound to its table, and not to all that it reads.
    Raises RuleBookError where it fails.
    """
    queries = _queries(rules)
    query = queries[view]
    times = sum(one.relations[view] for one in queries.values())
    if times < 2 or not (query.computes or query.relations.keys() & contracts.keys()):
        return None
    named = {*YIELDED, *OPTIONAL, *CONTRADICTS} | _named_by_readers(connection, view, queries)
    return _compute_once(connection, view, named)


def _queries(rules: Sequence[Rule]) -> dict[str, Query]:
    return {rule.id: rule.query for rule in rules} | {name: view.query for name, view in shared_views(rules).items()}


def _reads(queries: Mapping[str, Query]) -> Counter[str]:
    return sum((query.relations for query in queries.values()), Counter[str]())


def _place_few(connection: Connection, contracts: Mapping[str, Contract], reads: Counter[str]) -> list[str]:
    """Put one table behind the linked views of all types with few links: most types, and those most rules read.

    The people of those links are then found among all places once, and not for every rule; and DuckDB, which cannot
    tell how many links of a file are of one type, sees that they are few and begins with them.
    """
    found = connection.execute((SQL / "few_links.sql").read_text(encoding="utf-8").format(share=FEW)).fetchall()
    few = [name for (name,) in found if any(reads[f"{prefix}_{name}"] for prefix in VIEWS)]
    if not few:
        return []
    connection.execute(
        f"CREATE OR REPLACE TABLE few_placed_link AS SELECT * FROM placed_link WHERE type IN ({quoted(few)})"
    )
    for name in few:
        show_linked(connection, contracts[name], reads, "few_placed_link")
    return ["few_placed_link"]


def _compute_once(connection: Connection, view: str, named: Collection[str]) -> str:
    columns = [column for column in _columns(connection, view) if column.casefold() in named]
    listed = ", ".join(map(identifier, columns))
    try:
        connection.execute(f"CREATE OR REPLACE TABLE computed_{view} AS SELECT {listed} FROM {view}")
    except duckdb.Error as error:
        # What DuckDB says of a value is not repeated: it may be somebody's.
        raise RuleBookError(f"view {view}: failed while it ran ({type(error).__name__}): run it by hand") from None
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {view} AS SELECT * FROM computed_{view}")
    make_room(connection)
    return f"computed_{view}"


def _columns(connection: Connection, name: str) -> Sequence[str]:
    return connection.sql(f"SELECT * FROM {name}").columns


def _named_by_readers(connection: Connection, view: str, queries: Mapping[str, Query]) -> set[str]:
    """The columns that those name who read the view, themselves or through others; or all it has."""
    readers: set[str] = set()
    found = {view}
    while found:
        found = {name for name, query in queries.items() if query.relations.keys() & found} - readers
        readers |= found
    named = {name for reader in readers for name in queries[reader].names}
    whole = {name for reader in readers for name in queries[reader].reads_whole}
    return named | {column.casefold() for column in _columns(connection, view)} if view in whole else named
