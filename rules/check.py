"""Check the whole rule book against the catalogue and the policy, without any data: ``hedui rules --check``."""

from collections.abc import Iterable, Sequence
from datetime import date

import duckdb
import pyarrow as pa

from rules.declaration import RuleBookError
from rules.policy import Policy
from rules.rule import Direction, Rule
from rules.run import flag_night
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


def check_rules(
    rules: Sequence[Rule], policy: Policy, contracts: Iterable[Contract], night: date, *, whole_book: bool = True
) -> list[str]:
    """Every problem of the rule book as of ``night``, each naming the rule and what to do; empty when it holds.

    Every rule is run over empty types, so that a column that is not there shows. Of the ``whole_book`` it is asked
    besides that every information type is read by some rule.
    """
    by_name = {contract.name: contract for contract in contracts}
    problems = []
    for rule in rules:
        problems += [
            f"rule {rule.id}: reads: there is no type {name} in the catalogue: correct the name"
            for name in rule.reads
            if name not in by_name
        ]
        problems += [
            f"rule {rule.id}: parameters: there is no policy file {name}.yaml: write it or correct the name"
            for name in rule.parameters
            if name not in policy.parameters
        ]
    if whole_book:
        read = {name for rule in rules if rule.direction is not Direction.CONTROL for name in rule.reads}
        unread = sorted(name for name, contract in by_name.items() if not contract.is_register and name not in read)
        problems += [
            f"type {name}: no rule reads it: write one, or remove the type from the catalogue" for name in unread
        ]
    return problems or _failures(rules, policy, list(by_name.values()), night)


def _failures(rules: Sequence[Rule], policy: Policy, contracts: list[Contract], night: date) -> list[str]:
    failures = []
    with duckdb.connect() as connection:
        for contract in contracts:
            verdicts = [(f"{identity.id_number}_verdict", pa.string()) for identity in contract.identity]
            extra = [pa.field(name, kind) for name, kind in [*KEPT, *verdicts]]
            _empty_table(connection, contract.name, pa.schema([*contract.arrow_schema, *extra]))
        measures = [pa.field("weight", pa.float64()), pa.field("probability", pa.float64())]
        _empty_table(connection, "links", pa.schema([*(pa.field(name, pa.string()) for name in LINKS), *measures]))
        _empty_table(connection, "person_memberships", pa.schema([(name, pa.string()) for name in MEMBERSHIPS]))
        for rule in rules:
            try:
                flag_night(connection, night, [rule], policy, contracts)
            except RuleBookError as error:
                failures.append(str(error))
    return failures


def _empty_table(connection: duckdb.DuckDBPyConnection, name: str, schema: pa.Schema) -> None:
    connection.register("empty", schema.empty_table())
    connection.execute(f"CREATE TABLE {name} AS SELECT * FROM empty")
    connection.unregister("empty")
