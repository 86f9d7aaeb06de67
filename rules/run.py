"""A night's flags: every rule over the night's views, grouped into one flag for each ground, with its evidence."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from engines.connection import Connection
from rules.accepted import confidences, contradictions_sql, ranked_sql
from rules.claims import TABLES, judge, reads_sql
from rules.coverage import Seen, everything
from rules.declaration import RuleBookError
from rules.find import find_all, show_computed, show_views
from rules.grounds import Effect, lacking
from rules.materialise import place_once
from rules.policy import Policy
from rules.rule import (
    Direction,
    Rule,
    macros,
    shared_views,
    type_of,
    types_read,
)
from rules.views import facts_sql, hash_sql, prepare_macros, prepare_views, show_on_places
from schemas.catalogue import load_catalogue
from schemas.column import MONEY
from schemas.contract import Contract
from schemas.link_reasons import LinkReason
from schemas.listed import registers_of, rosters_of

SQL = Path(__file__).parent / "sql"
TEXT = pa.string()
CONFIDENCE = pa.decimal128(3, 2)
FLAGS = pa.schema(
    [
        pa.field("flag_id", TEXT, nullable=False),
        pa.field("rule", TEXT, nullable=False),
        pa.field("rule_version", TEXT, nullable=False),
        pa.field("policy_version", TEXT, nullable=False),
        pa.field("direction", TEXT, nullable=False),
        pa.field("severity", pa.int32(), nullable=False),
        pa.field("scheme", TEXT, nullable=False),
        pa.field("household_id", TEXT, nullable=False),
        pa.field("member_id", TEXT),
        pa.field("division", TEXT, nullable=False),
        pa.field("head_name", TEXT, nullable=False),
        pa.field("member_name", TEXT),
        pa.field("member_id_number", TEXT),
        pa.field("record_key", TEXT, nullable=False),
        pa.field("period", TEXT),
        pa.field("amount", MONEY),
        pa.field("reason_zh", TEXT, nullable=False),
        pa.field("reason_en", TEXT, nullable=False),
        pa.field("link_reason", TEXT, nullable=False),
        pa.field("confidence", CONFIDENCE, nullable=False),
        pa.field("evidence", TEXT, nullable=False),
        pa.field("evidence_hash", TEXT, nullable=False),
        pa.field("basis", TEXT),
    ]
)
"""The flags of a night: one row a ground. ``amount`` is the monthly benefit at stake in yuan, ``evidence`` is JSON.

``basis`` is JSON too: when the household was last decided on, the day the claim is about, how far every source was
known where the household lives, what spoke against the flag, and whom the rule counted; None of nights before it was
kept.

``link_reason`` and ``confidence`` (0 to 1) are those of the weakest link the flag rests on."""


@dataclass(frozen=True)
class Judged:
    """What came of a night's rules."""

    flags: pa.Table
    """In the schema ``FLAGS``, ordered by rule and ground."""
    not_checkable: pa.Table
    """In the schema ``rules.claims.NOT_CHECKABLE``."""


def flag_night(
    connection: Connection,
    night: date,
    rules: Sequence[Rule],
    policy: Policy,
    contracts: Iterable[Contract] | None = None,
    *,
    missing: Collection[str] = (),
    seen: Seen | None = None,
    failed: dict[str, RuleBookError] | None = None,
) -> pa.Table:
    """The flags alone of ``judge_night``."""
    return judge_night(connection, night, rules, policy, contracts, missing=missing, seen=seen, failed=failed).flags


def judge_night(
    connection: Connection,
    night: date,
    rules: Sequence[Rule],
    policy: Policy,
    contracts: Iterable[Contract] | None = None,
    *,
    missing: Collection[str] = (),
    seen: Seen | None = None,
    failed: dict[str, RuleBookError] | None = None,
) -> Judged:
    """Run ``rules`` for ``night``: its flags, and what could not be checked.

    The connection holds the night's as-of views, ``links`` and ``person_memberships`` (see ``rules.views``);
    ``contracts`` are those of the catalogue unless given. Of ``missing`` types there is no usable delivery, and their
    views have no rows: rules that cannot speak without them are not run (see ``rules.grounds``). What was ``seen`` of
    the others says which findings hold (see ``rules.claims``); without it, all is known everywhere.

    A rule that fails, or reads a type, a column or a parameter that is not there, is told in ``failed``, and the others
    go on; no control sample is then drawn, as nobody knows whom that rule speaks of. Where ``failed`` is not given,
    RuleBookError is raised.
    """
    contracts = list(contracts or load_catalogue())
    rules = [rule for rule in rules if not lacking(rule.reads, missing, rosters_of(contracts))]
    if failed is not None:
        rules = _readable(night, rules, policy, contracts, failed)
    by_name = prepare_types(connection, night, rules, policy, contracts, missing=missing)
    computed = place_once(connection, rules, by_name)
    rules = show_views(
        connection, rules, failed, lambda view: show_computed(connection, view, rules, by_name, computed)
    )
    find_all(connection, rules, failed)
    not_checkable = judge(connection, night, rules, by_name, seen or everything(contracts, missing))
    flags = flags_found(connection, rules, policy, by_name)
    if failed:
        flags = _without_controls(rules, flags, failed)
    tables = [*computed, "found", "shown", *TABLES]
    connection.execute("; ".join(["DROP VIEW flagged", *(f"DROP TABLE {name}" for name in tables)]))
    return Judged(flags, not_checkable)


def prepare_night(
    connection: Connection,
    night: date,
    rules: Sequence[Rule],
    policy: Policy,
    contracts: Iterable[Contract] | None = None,
    *,
    missing: Collection[str] = (),
) -> dict[str, Contract]:
    """Create all that the SQL of ``rules`` reads (see ``flag_night``); returns the contracts by name."""
    by_name = prepare_types(connection, night, rules, policy, contracts, missing=missing)
    read = {name for one in (*rules, *shared_views(rules).values()) for name in one.query.relations}
    show_on_places(connection, by_name, read)
    show_views(connection, rules)
    return by_name


def prepare_types(
    connection: Connection,
    night: date,
    rules: Sequence[Rule],
    policy: Policy,
    contracts: Iterable[Contract] | None = None,
    *,
    missing: Collection[str] = (),
) -> dict[str, Contract]:
    """Create what all that ``rules`` read is made of (then ``show_on_places`` or ``place_once``); contracts by name."""
    by_name = {contract.name: contract for contract in contracts or load_catalogue()}
    of_macros = {type_of(name) for macro in macros().values() for name in macro.relations} & by_name.keys()
    needed = types_read(rules) | {one.name for one in registers_of(by_name.values())} | of_macros
    _require_types(connection, night, needed, by_name)
    _require_parameters(night, rules, policy)
    prepare_views(connection, [by_name[name] for name in sorted(needed)])
    prepare_macros(connection, night, policy, missing)
    return by_name


def _readable(
    night: date,
    rules: Sequence[Rule],
    policy: Policy,
    contracts: Iterable[Contract],
    failed: dict[str, RuleBookError],
) -> list[Rule]:
    """The rules whose types and parameters are all there."""
    known = {contract.name for contract in contracts}
    readable = []
    for rule in rules:
        if unknown := sorted(set(rule.reads) - known):
            failed[rule.id] = RuleBookError(f"rule {rule.id}: reads {unknown}, which the catalogue does not have")
            continue
        try:
            _require_parameters(night, [rule], policy)
        except RuleBookError as error:
            failed[rule.id] = error
        else:
            readable.append(rule)
    return readable


def _without_controls(rules: Sequence[Rule], flags: pa.Table, failed: dict[str, RuleBookError]) -> pa.Table:
    """The flags but for the control sample: the people it was drawn from may be those of a rule that failed."""
    for rule in rules:
        if rule.direction is Direction.CONTROL and rule.id not in failed:
            others = ", ".join(sorted(failed))
            failed[rule.id] = RuleBookError(f"rule {rule.id}: no sample is drawn, as {others} could not be run")
    return flags.filter(pc.not_equal(flags["direction"], str(Direction.CONTROL)))


def flags_found(
    connection: Connection, rules: Sequence[Rule], policy: Policy, contracts: Mapping[str, Contract]
) -> pa.Table:
    """What was judged as flags (schema ``FLAGS``), with what the records they rest on say."""
    for name in _types_found(connection):
        sql = (SQL / "shown.sql").read_text(encoding="utf-8")
        connection.execute(sql.format(type=name, hash=hash_sql(contracts[name]), facts=facts_sql(contracts[name])))
    sql = (SQL / "flags.sql").read_text(encoding="utf-8")
    sql = sql.format(
        policy_version=policy.version,
        ranked=ranked_sql(policy),
        by_weight=LinkReason.PROBABILISTIC,
        # The links of a night before do not tell what contradicts.
        contradiction="contradiction" if "contradiction" in connection.sql("FROM links").columns else "NULL::VARCHAR",
        contradictions=contradictions_sql(),
        reads=reads_sql(rules),
        silences=Effect.SILENCES,
        lowers=Effect.LOWERS,
    )
    return connection.sql(sql).to_arrow_table().cast(FLAGS)


def _require_types(connection: Connection, night: date, needed: Collection[str], contracts: Collection[str]) -> None:
    tables = {name for (name,) in connection.execute("SHOW TABLES").fetchall()}
    if missing := sorted(name for name in needed if name not in tables or name not in contracts):
        raise RuleBookError(
            f"the rules read {missing}, which have no as-of view on {night}: deliver them or leave those rules out"
        )


def _require_parameters(night: date, rules: Sequence[Rule], policy: Policy) -> None:
    for name in sorted({*confidences(policy), *(name for rule in rules for name in rule.parameters)}):
        policy.value(name, policy.province, night)


def _types_found(connection: Connection) -> list[str]:
    pointed = "SELECT unnest(evidence, recursive := true) FROM found"
    rows = connection.execute(f"SELECT DISTINCT type FROM ({pointed}) ORDER BY type").fetchall()
    return [name for (name,) in rows]
