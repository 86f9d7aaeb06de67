"""What the findings of a night's rules rest on: which can be upheld, which cannot be checked, what speaks against them.

A finding that argues from the absence of a record is upheld only where that type is known in the household's division,
up to the day the claim is about and the days it usually takes until what happened stands in the register. A line or a
cell that nobody could read is a record that nobody has read. Such findings are not checkable tonight: kept with the
reason, and never a flag. What speaks against a finding lowers or silences it, as its rule's header says.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa

from engines.connection import Connection
from rules.coverage import Seen
from rules.grounds import Counted, Effect, Manner
from rules.rule import CONTRADICTS, Rule
from schemas.contract import Contract
from schemas.listed import listed_sql, registers_of, rosters_of

SQL = Path(__file__).parent / "sql"
NAMED = ("scheme", "household_id", "member_id", "name", "id_number", "division", "is_head")
"""What the registers say of the people and households of a finding."""
TABLES = ("person_of_found", "ground", "covered", "not_checkable", "contradicted", "coverage", "unread")
"""What judging leaves on the connection, for the flags to be made of."""
TEXT = pa.string()
NOT_CHECKABLE = pa.schema(
    [
        pa.field("rule", TEXT, nullable=False),
        pa.field("scheme", TEXT, nullable=False),
        pa.field("household_id", TEXT, nullable=False),
        pa.field("member_id", TEXT),
        pa.field("division", TEXT, nullable=False),
        pa.field("type", TEXT, nullable=False),
        pa.field("kind", TEXT, nullable=False),
        pa.field("why_zh", TEXT, nullable=False),
        pa.field("why_en", TEXT, nullable=False),
    ]
)
"""Findings that are no flags, as they cannot be checked tonight: once for each type for want of which.

``kind``: *not_delivered*, *not_fresh*, *unread_line* or *unread_cell*."""


def judge(
    connection: Connection, night: date, rules: Sequence[Rule], contracts: Mapping[str, Contract], seen: Seen
) -> pa.Table:
    """Judge what was ``found``, and leave ``TABLES`` for the flags; returns what is ``NOT_CHECKABLE``."""
    for name, table in (("coverage", seen.coverage), ("unread", seen.unread)):
        connection.register("stated", table)
        connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM stated")
        connection.unregister("stated")
    connection.execute(_sql("ground").format(listed=listed_sql(registers_of(contracts.values()), NAMED)))
    asked = [
        (rule.id, *_titled(contracts[name]), contracts[name].lag_on(night)) for rule in rules for name in absent(rule)
    ]
    judged = [row for rule in rules for row in _judged(rule, contracts)]
    connection.execute(
        _sql("not_checkable").format(
            asked=_values(asked, ("", "", "", "", 0)), judged=_values(judged, ("", "", "", "", "", False))
        )
    )
    connection.execute(_contradicted(rules, contracts))
    columns = ", ".join(NOT_CHECKABLE.names)
    told = connection.sql(f"SELECT DISTINCT {columns} FROM not_checkable ORDER BY ALL").to_arrow_table()
    return told.cast(NOT_CHECKABLE)


def absent(rule: Rule) -> list[str]:
    """The types whose absence tells a rule something."""
    return [name for name, manner in rule.reads.items() if manner is Manner.ABSENCE_TELLS]


def reads_sql(rules: Iterable[Rule]) -> str:
    """Every type each rule reads, and how, as rows of SQL."""
    rows = [(rule.id, name, manner or "") for rule in rules for name, manner in rule.reads.items()]
    return _values(rows, ("", "", ""))


def _judged(rule: Rule, contracts: Mapping[str, Contract]) -> Iterator[tuple[str, str, str, str, str, bool]]:
    """The lines, and the columns, that must have been read for a rule to judge: rule, type, title, column, of whom."""
    rosters = rosters_of(contracts.values())
    types = set(absent(rule))
    if types or rule.counts:
        types |= rosters & set(rule.reads)
    if Counted.INCOME in rule.counts:
        types |= set(rule.reads)
    named = set(rule.query.names).union(*(view.query.names for view in rule.views))
    for name in sorted(types):
        whole = name in rosters or bool(rule.counts)
        # Where a record can but add, what is known stands without it; a line nobody read is a record all the same.
        cells = () if rule.reads.get(name) is Manner.MAY_TELL else contracts[name].columns
        for column in ("", *(one.name for one in cells if one.name in named)):
            yield rule.id, *_titled(contracts[name]), column, whole


def _contradicted(rules: Sequence[Rule], contracts: Mapping[str, Contract]) -> str:
    asked = [(rule.id, view, str(effect)) for rule in rules for view, effect in rule.contradicted_by.items()]
    columns = ", ".join(CONTRADICTS)
    views = sorted({view for _, view, _ in asked})
    nothing = ", ".join(f"NULL::{_kind(name)} AS {name}" for name in CONTRADICTS)
    spoken = [f"SELECT '{view}' AS view, {columns} FROM {view}" for view in views]
    unseen = [
        (rule.id, view.id, *_titled(contracts[name]))
        for rule in rules
        for view in rule.views
        if rule.contradicted_by.get(view.id) is Effect.LOWERS
        for name in view.reads
        if rule.reads[name] is Manner.MAY_TELL
    ]
    return _sql("contradicted").format(
        spoken="\n    UNION ALL\n    ".join(spoken) or f"SELECT '' AS view, {nothing} WHERE false",
        asked=_values(asked, ("", "", "")),
        unseen=_values(unseen, ("", "", "", "", "")),
        lowers=Effect.LOWERS,
    )


def _titled(contract: Contract) -> tuple[str, str, str]:
    return contract.name, contract.title.zh, contract.title.en


def _kind(name: str) -> str:
    if name == "evidence":
        return 'STRUCT(type VARCHAR, "role" VARCHAR, row_key VARCHAR, link_reason VARCHAR)'
    return "DATE" if name == "since" else "VARCHAR"


def _sql(name: str) -> str:
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")


def _values(rows: Sequence[tuple[object, ...]], blank: tuple[object, ...]) -> str:
    """Rows of SQL; where there are none, one that no rule is called by."""
    return ", ".join("(" + ", ".join(map(_literal, row)) + ")" for row in rows or [blank])


def _literal(value: object) -> str:
    if isinstance(value, bool | int):
        return str(value).lower()
    return "'" + str(value).replace("'", "''") + "'"
