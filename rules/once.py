"""What a night's rules read more than once is computed once, into temporary tables behind the same names.

A view costs its whole price each time a rule reads it. The tables hold only the columns that some rule or shared view
names, in ``SELECT *`` too: a column that no SQL of the night names is not there.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from engines.connection import Connection
from engines.embedded import make_room
from rules.rule import Rule
from rules.views import ACCEPTED, ADDED, CONFLICT, evidence_sql, quoted
from schemas.contract import Contract

SQL = Path(__file__).parent / "sql"
WORD = re.compile(r"\w+")
COMMENT = re.compile(r"--.*")
COMPUTES = frozenset({"join", "group", "union", "qualify", "distinct"})
"""A shared view with none of these words picks from another what is there: that costs no more than reading a table."""
NEEDED = frozenset({"row_key"})
"""Of a linked record, whatever its rules name: its evidence points at it."""


def make_once(connection: Connection, rules: Sequence[Rule], contracts: Mapping[str, Contract]) -> list[str]:
    """Put tables behind the linked and shared views that ``rules`` read more than once; returns the tables.

    The connection holds what ``rules.run.prepare_night`` created, and holds it again once that is called anew.
    """
    views = {view.id: view for rule in rules for view in rule.views}
    texts = {
        **{rule.id: _words(rule.sql) for rule in rules},
        **{name: _words(view.sql) for name, view in views.items()},
    }
    reads = sum(texts.values(), Counter[str]())
    tables = [
        _link_once(connection, contract, reads.keys())
        for name, contract in contracts.items()
        if reads[f"linked_{name}"] + reads[f"conflict_{name}"] > 1
    ]
    computed = [name for name in ("membership", *views) if reads[name] > 1]
    tables += [
        _compute_once(connection, name, _named_by_readers(name, texts))
        for name in computed
        if name not in texts or texts[name].keys() & COMPUTES
    ]
    return tables


def _link_once(connection: Connection, contract: Contract, named: Collection[str]) -> str:
    columns = [
        column
        for column in _columns(connection, contract.name)
        if column in named or f"own_{column}" in named or column in NEEDED
    ]
    renamed = [f"record.{name} AS own_{name}" if name in ADDED else f"record.{name}" for name in columns]
    sql = (SQL / "linked_once.sql").read_text(encoding="utf-8")
    reasons = {f"linked_{contract.name}": ACCEPTED, f"conflict_{contract.name}": CONFLICT}
    every = quoted(reason for of_view in reasons.values() for reason in of_view)
    connection.execute(sql.format(type=contract.name, columns=", ".join(renamed), reasons=every))
    for view, of_view in reasons.items():
        connection.execute(
            f"CREATE OR REPLACE TEMP VIEW {view} AS SELECT *, {evidence_sql(contract.name)} AS evidence "
            f"FROM told_{contract.name} WHERE link_reason IN ({quoted(of_view)})"
        )
    make_room(connection)
    return f"told_{contract.name}"


def _compute_once(connection: Connection, view: str, named: Collection[str]) -> str:
    columns = [column for column in _columns(connection, view) if column in named]
    connection.execute(f"CREATE OR REPLACE TEMP TABLE computed_{view} AS SELECT {', '.join(columns)} FROM {view}")
    connection.execute(f"CREATE OR REPLACE TEMP VIEW {view} AS SELECT * FROM computed_{view}")
    return f"computed_{view}"


def _columns(connection: Connection, name: str) -> Sequence[str]:
    return connection.sql(f"SELECT * FROM {name}").columns


def _named_by_readers(view: str, texts: Mapping[str, Counter[str]]) -> set[str]:
    """The words of every text that reads the view, itself or through others."""
    readers: set[str] = set()
    found = {view}
    while found:
        found = {name for name, words in texts.items() if words.keys() & found} - readers
        readers |= found
    return {word for name in readers for word in texts[name]}


def _words(sql: str) -> Counter[str]:
    return Counter(word.lower() for word in WORD.findall(COMMENT.sub("", sql)))
