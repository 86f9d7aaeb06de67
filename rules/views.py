"""What rule SQL sees: people joined to the records linked to them, and the macros that give date, policy and masks.

``prepare_views`` expects on the connection, for every type, a table or view ``<type>`` with the contract's columns,
``delivery_id``, ``delivery_date``, ``row_number``, ``<id column>_verdict`` and ``row_key``; and the tables
``links(type, role, row_key, delivery_id, person_id, reason, weight, probability)`` and
``person_memberships(person_id, scheme, household_id, member_id, type, row_key)``.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from engines.connection import Connection
from rules.declaration import RuleBookError
from rules.policy import Parameter, Policy, Unit, Value
from schemas.contract import Contract
from schemas.link_reasons import ACCEPTED, Claim, LinkReason, Reason, reasons_claiming, reasons_perhaps_theirs
from schemas.listed import listed_sql, register_of, registers_of
from schemas.masks import masks_sql
from schemas.register import People

SQL = Path(__file__).parent / "sql"
VIEWS: Mapping[str, Callable[[], tuple[Reason, ...]]] = {
    "linked": partial(reasons_claiming, *ACCEPTED),
    "perhaps": reasons_perhaps_theirs,
    "conflict": partial(reasons_claiming, Claim.CONFLICT),
    "lead": partial(reasons_claiming, Claim.LEAD),
}
"""The views of a type, each with what tells the reasons of the links in it: that its records are the person's, that
they may well be, that number and person cannot both be right, or that the person has another number there."""
BY_MONTH = "by_month_"
"""What the view of a type with periods is called that has a row for each month; its linked views are made of it."""
PLACED = ("row_key", "name", "id_number", "id_verdict", "sex", "birth_date", "division", "status")
"""What a place on a register says of who is there."""
ADDED = frozenset({"person_id", "scheme", "household_id", "member_id", "role", "link_reason", "evidence"})
"""Columns of a linked view beside the record's own; a record's column of the same name becomes ``own_<name>``."""


def prepare_views(connection: Connection, contracts: Iterable[Contract]) -> None:
    """Create ``place``, ``membership`` and ``decided``; what else is made of places, ``show_on_places`` creates."""
    registers = registers_of(contracts)
    if not registers:
        raise RuleBookError("no contract declares a register: the rules cannot tell whom they are about")
    places = "UNION ALL\n".join(map(_places, registers))
    connection.execute(f"CREATE OR REPLACE TEMP VIEW place AS\n{places}")
    decided = (SQL / "decided.sql").read_text(encoding="utf-8")
    connection.execute(decided.format(listed=listed_sql(registers, ("scheme", "household_id", "decided_on"))))
    _show_membership(connection, registers)


def show_linked(connection: Connection, contract: Contract, read: Collection[str], links: str = "placed_link") -> None:
    """Create those of the ``VIEWS`` of one type that are ``read``, over the table or view ``links``."""
    for prefix, reasons in VIEWS.items():
        if (view := f"{prefix}_{contract.name}") in read:
            connection.execute(_linked_view(contract, view, quoted(reasons()), links))


def show_on_places(connection: Connection, contracts: Mapping[str, Contract], read: Collection[str]) -> None:
    """Create what is made of places over the view ``place`` as it is now: ``membership``, and linked views ``read``."""
    connection.execute((SQL / "placed_link.sql").read_text(encoding="utf-8"))
    for contract in contracts.values():
        if contract.period:
            by_month = contract.period.by_month_sql(contract.name)
            connection.execute(f"CREATE OR REPLACE TEMP VIEW {BY_MONTH}{contract.name} AS\n{by_month}")
        if contract.identity:
            show_linked(connection, contract, read)
    _show_membership(connection, registers_of(contracts.values()))


def _show_membership(connection: Connection, registers: Sequence[Contract]) -> None:
    roles = " ".join(f"WHEN '{one.name}' THEN '{one.identity[0].role}'" for one in registers)
    sql = (SQL / "membership.sql").read_text(encoding="utf-8")
    connection.execute(sql.format(roles=roles, sound=LinkReason.EXACT, sound_15=LinkReason.UPGRADED))


def prepare_macros(connection: Connection, night: date, policy: Policy, missing: Collection[str] = ()) -> None:
    """Create the macros of ``sql/macros.sql``, for which ``missing`` types are not delivered, and two a parameter.

    ``policy_<name>(division)`` is the value on the night, ``policy_on_<name>(division, day)`` that on another day.
    """
    connection.execute(macros_sql(night, policy.province, missing))
    for parameter in policy:
        looked_up = _lookup_sql(parameter, night)
        connection.execute(f"CREATE OR REPLACE TEMP MACRO policy_{parameter.name}(division) AS {looked_up}")
        dated = _dated_lookup_sql(parameter)
        connection.execute(f"CREATE OR REPLACE TEMP MACRO policy_on_{parameter.name}(division, day) AS {dated}")


def macros_sql(night: date = date.min, province: str = "", missing: Collection[str] = ()) -> str:
    """The macros that every rule may call, of a night; what they read is the same for all nights."""
    delivered = f"name NOT IN ({quoted(sorted(missing))})" if missing else "true"
    macros = (SQL / "macros.sql").read_text(encoding="utf-8")
    return masks_sql() + macros.format(night=night.isoformat(), province=province, delivered=delivered)


def facts_sql(contract: Contract) -> str:
    """SQL for all that a row ``record`` of the type says, as a struct of the contract's columns in their order."""
    return "{" + ", ".join(f"'{column.name}': record.{column.name}" for column in contract.columns) + "}"


def hash_sql(contract: Contract) -> str:
    """SQL for the hash of what a row ``record`` of the type says: of its cells that say something, by column.

    Empty cells are left out, so that a column added to the contract changes nothing for rows that do not have it.
    """
    names = sorted(column.name for column in contract.columns)
    said = ", ".join(f"'{name}': record.{name}" for name in names)
    return f"sha256(json_merge_patch('{{}}', to_json({{{said}}})))"


def _linked_view(contract: Contract, view: str, reasons: str, links: str) -> str:
    sql = (SQL / "linked.sql").read_text(encoding="utf-8")
    own = [column.name for column in contract.columns if column.name in ADDED]
    renamed = f" RENAME ({', '.join(f'{name} AS own_{name}' for name in own)})" if own else ""
    evidence = evidence_sql(contract.name, "record.row_key", "link.role", "link.reason")
    rows = BY_MONTH + contract.name if contract.period else contract.name
    return sql.format(
        view=view, type=contract.name, rows=rows, links=links, reasons=reasons, renamed=renamed, evidence=evidence
    )


def quoted(names: Iterable[str]) -> str:
    """Names as a list for SQL."""
    return ", ".join(f"'{name}'" for name in names)


def evidence_sql(
    type_name: str, row_key: str = "row_key", role: str = '"role"', link_reason: str = "link_reason"
) -> str:
    """SQL for what points at a record of a type: the columns given say which, and how it was linked."""
    return f"{{'type': '{type_name}', 'role': {role}, 'row_key': {row_key}, 'link_reason': {link_reason}}}"


def _places(contract: Contract) -> str:
    sql = (SQL / "places.sql").read_text(encoding="utf-8")
    protected = register_of(contract).people is People.PROTECTED
    return sql.format(type=contract.name, protected=protected, listed=listed_sql([contract], PLACED))


def _lookup_sql(parameter: Parameter, night: date) -> str:
    """The value from the longest prefix of ``division`` that has one to the shortest."""
    values = parameter.in_force(night)
    lengths = sorted({len(prefix) for prefix in values}, reverse=True)
    lookups = [f"({_map_sql(parameter, values)})[left(division, {length})]" for length in lengths]
    return f"coalesce({', '.join(lookups)})" if lookups else "NULL"


def _dated_lookup_sql(parameter: Parameter) -> str:
    """The value on ``day``: the lookup of every span between two days on which some value begins or has ended."""
    ended = [dated.to + timedelta(days=1) for dated in parameter.values if dated.to is not None and dated.to < date.max]
    days = sorted({dated.from_ for dated in parameter.values} | set(ended), reverse=True)
    spans = " ".join(f"WHEN day >= DATE '{day}' THEN {_lookup_sql(parameter, day)}" for day in days)
    return f"CASE {spans} END"


def _map_sql(parameter: Parameter, values: dict[str, Value]) -> str:
    entries = ", ".join(f"'{prefix}': {_literal(value)}" for prefix, value in sorted(values.items()))
    kind = "VARCHAR[]" if parameter.unit is Unit.CODES else "DECIMAL(18, 2)"
    return f"MAP {{{entries}}}::MAP(VARCHAR, {kind})"


def _literal(value: Value) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join("'" + code.replace("'", "''") + "'" for code in value) + "]"
    return f"{value}::DECIMAL(18, 2)"
