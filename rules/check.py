"""Check the whole rule book against the catalogue and the policy, without any data: ``hedui rules --check``."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import duckdb
import pyarrow as pa

from engines.embedded import identifier
from rules.claims import judge
from rules.coverage import everything
from rules.declaration import RuleBookError
from rules.find import find_all, show_computed
from rules.materialise import place_once
from rules.policy import Policy
from rules.query import with_policy
from rules.rule import OPTIONAL, YIELDED, Direction, Rule, shared_views, type_of
from rules.run import flags_found, prepare_types
from schemas.contract import Contract

KEPT = (
    ("row_key", pa.string()),
    ("delivery_id", pa.string()),
    ("delivery_date", pa.date32()),
    ("row_number", pa.int64()),
)
"""What the lake keeps of every row beside the contract's columns."""
LINKS = ("type", "role", "row_key", "delivery_id", "person_id", "reason")
MEMBERSHIPS = ("person_id", "scheme", "household_id", "member_id", "type", "row_key")
TEXT = frozenset({"VARCHAR", "NULL"})
NUMBER = re.compile(r"DECIMAL\(.*\)|U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|FLOAT|DOUBLE")
POINTERS = "STRUCT(type VARCHAR, role VARCHAR, row_key VARCHAR, link_reason VARCHAR)[]"


def check_rules(rules: Sequence[Rule], policy: Policy, contracts: Iterable[Contract], night: date) -> list[str]:
    """Every problem of the rule book as of ``night``, each naming the rule or view and what to do; empty when it holds.

    What all name is looked up first. Then all views and rules are bound together on one connection, as a night does,
    over empty types: so a column, a type or a view that is not there shows, and one that is of another kind.
    """
    by_name = {contract.name: contract for contract in contracts}
    problems = _unknown(rules, policy, by_name)
    return problems or _failures(rules, policy, by_name, night)


def unread_types(rules: Iterable[Rule], contracts: Iterable[Contract]) -> list[str]:
    """The information types that no rule reads yet. That is no mistake: a type comes before its rules."""
    read = {name for rule in rules if rule.direction is not Direction.CONTROL for name in rule.reads}
    return sorted(one.name for one in contracts if not (one.is_own or one.as_register) and one.name not in read)


def _unknown(rules: Sequence[Rule], policy: Policy, contracts: Mapping[str, Contract]) -> list[str]:
    problems = []
    for rule in rules:
        problems += [
            f"rule {rule.id}: reads: there is no type {name} in the catalogue: correct the name"
            for name in rule.reads
            if name not in contracts
        ]
        problems += [
            f"rule {rule.id}: parameters: there is no policy file {name}.yaml: write it or correct the name"
            for name in rule.parameters
            if name not in policy.parameters
        ]
    told = [(f"rule {rule.id}", rule.query) for rule in rules]
    told += [(f"shared view {view.id}", view.query) for view in shared_views(rules).values()]
    return problems + [
        f"{who}: reads {relation}, but the type {name} declares no identity, so none of its records is linked to "
        f"anybody: read {name} itself, or declare whom its records speak of"
        for who, query in told
        for relation in sorted(query.relations)
        if (name := type_of(relation)) != relation and name in contracts and not contracts[name].identity
    ]


def _failures(rules: Sequence[Rule], policy: Policy, contracts: Mapping[str, Contract], night: date) -> list[str]:
    failures: list[str] = []
    with duckdb.connect() as connection:
        _empty_night(connection, contracts.values())
        try:
            prepare_types(connection, night, rules, policy, contracts.values())
            place_once(connection, rules, contracts)
            broken = _show_views(connection, rules, contracts, failures)
            sound = [rule for rule in rules if not broken & {view.id for view in rule.views}]
            failed: dict[str, RuleBookError] = {}
            find_all(connection, sound, failed)
            failures += map(str, failed.values())
            for rule in sound:
                failures += _of_other_kinds(connection, rule) if rule.id not in failed else []
            judge(connection, night, sound, contracts, everything(contracts.values()))
            flags_found(connection, sound, policy, contracts)
        except RuleBookError as error:
            failures.append(str(error))
        except duckdb.Error as error:
            failures.append(f"rules/sql: what every rule rests on does not fit the contracts: {error}")
    return failures


def _show_views(
    connection: duckdb.DuckDBPyConnection,
    rules: Sequence[Rule],
    contracts: Mapping[str, Contract],
    failures: list[str],
) -> set[str]:
    """Create the shared views; returns those that cannot be, and adds why to ``failures``."""
    broken: set[str] = set()
    for view in shared_views(rules).values():
        if broken & view.query.relations.keys():
            broken.add(view.id)
            continue
        try:
            show_computed(connection, view, rules, contracts, [])
        except RuleBookError as error:
            readers = ", ".join(rule.id for rule in rules if view in rule.views)
            failures.append(f"{error}\nshared view {view.id}: {readers} read it and could not be looked at")
            broken.add(view.id)
    return broken


def _of_other_kinds(connection: duckdb.DuckDBPyConnection, rule: Rule) -> list[str]:
    """What the rule yields that would have to be converted, which may fail on a night."""
    described = connection.execute(f"DESCRIBE {with_policy(rule.sql)}").fetchall()
    types = {name: kind.replace('"', "") for name, kind, *_ in described}
    wanted = dict.fromkeys(YIELDED, "a text") | {"amount": "a number", "evidence": POINTERS} | OPTIONAL
    return [
        f"rule {rule.id}: yields {name} as {kind}, and it is to be {wanted[name]}: convert it"
        for name, kind in types.items()
        if name in wanted and not _is_of_kind(kind, wanted[name])
    ]


def _is_of_kind(kind: str, wanted: str) -> bool:
    if wanted == "a text":
        return kind in TEXT or kind.startswith("ENUM")
    if wanted == "a number":
        return kind == "NULL" or NUMBER.fullmatch(kind) is not None
    return kind in (wanted, "NULL")


def _empty_night(connection: duckdb.DuckDBPyConnection, contracts: Iterable[Contract]) -> None:
    """Create what a night's connection holds, without any rows."""
    for contract in contracts:
        verdicts = [(f"{identity.id_number}_verdict", pa.string()) for identity in contract.identity]
        extra = [pa.field(name, kind) for name, kind in [*KEPT, *verdicts]]
        _empty_table(connection, contract.name, pa.schema([*contract.arrow_schema, *extra]))
    measures = [pa.field("weight", pa.float64()), pa.field("probability", pa.float64())]
    _empty_table(connection, "links", pa.schema([*(pa.field(name, pa.string()) for name in LINKS), *measures]))
    _empty_table(connection, "person_memberships", pa.schema([(name, pa.string()) for name in MEMBERSHIPS]))


def _empty_table(connection: duckdb.DuckDBPyConnection, name: str, schema: pa.Schema) -> None:
    connection.register("empty", schema.empty_table())
    connection.execute(f"CREATE TABLE {identifier(name)} AS SELECT * FROM empty")
    connection.unregister("empty")
