"""Nights made by hand: flags in the shape rules hand them over, and a look at what became of them."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
from django.apps import apps
from django.db import connection

from review.models import AuditEntry, AuditHead, Case, Decision, Evidence, Flag, FlagEvent, Night

FIRST = date(2020, 10, 29)
SECOND = date(2020, 10, 30)
THIRD = date(2020, 10, 31)
FOURTH = date(2020, 11, 1)
SUMMARY: dict[str, Any] = {
    "versions": {"policy": "2020.1"},
    "counts": {"linked": 12},
    "types": {"motor_vehicle": {"state": "fresh"}},
}
SCHEMA = pa.schema(
    [
        *((name, pa.string()) for name in ("flag_id", "rule", "rule_version", "policy_version", "direction")),
        ("severity", pa.int32()),
        *((name, pa.string()) for name in ("scheme", "household_id", "member_id", "division", "head_name")),
        *((name, pa.string()) for name in ("member_name", "member_id_number", "record_key", "period")),
        ("amount", pa.decimal128(18, 2)),
        *((name, pa.string()) for name in ("reason_zh", "reason_en", "link_reason")),
        ("confidence", pa.decimal128(3, 2)),
        *((name, pa.string()) for name in ("evidence", "evidence_hash", "basis")),
    ]
)


BASIS = {
    "decided_on": "2020-01-15",
    "claim_on": "2020-01-15",
    "sources": [{"type": "motor_vehicle", "how": "tells", "until": "2020-10-28"}],
    "contradictions": [],
    "counted": [],
}
"""What each of these flags rests on."""


def json_line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def digest(*values: str) -> str:
    return hashlib.sha256("|".join(values).encode()).hexdigest()


def flag(
    household: str = "H1", record: str = "1", *, row: str = "as first seen", delivery: str = "d1", **other: Any
) -> dict[str, Any]:
    """One flag. ``row`` stands for the content of the record it rests on, ``delivery`` for the file that brought it."""
    rule = other.get("rule", "vehicle_owned")
    evidence = [
        {
            "type": "motor_vehicle",
            "role": "owner",
            "row_key": f"{record}|02",
            "delivery_id": delivery,
            "delivery_date": "2020-10-28",
            "row_number": 7,
            "link_reason": "exact",
            "row_hash": digest(row),
            "facts": {"brand": "五菱", "plate_number": "贵A·***45"},
        }
    ]
    return {
        "flag_id": digest(rule, household, record)[:32],
        "rule": rule,
        "rule_version": "1",
        "policy_version": "2020.1",
        "direction": "doubt",
        "severity": 2,
        "scheme": "dibao",
        "household_id": household,
        "member_id": f"{household}-1",
        "division": "520102001001",
        "head_name": "张三",
        "member_name": "李四",
        "member_id_number": "529901199001011234",
        "record_key": f"motor_vehicle:{record}|02",
        "period": None,
        "amount": Decimal("1234.50"),
        "reason_zh": f"名下有车（{row}）",
        "reason_en": f"holds a vehicle ({row})",
        "link_reason": "exact",
        "confidence": Decimal("1.00"),
        "evidence": json.dumps(evidence, ensure_ascii=False),
        "evidence_hash": digest(record, row),
        "basis": json.dumps(BASIS),
    } | other


def table(*flags: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(flags), schema=SCHEMA)


def everything() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table the nights write, in a fixed order."""
    models = (Night, Case, Flag, FlagEvent, Evidence, Decision, AuditEntry)
    return {model.__name__: [dict(row) for row in model._default_manager.order_by("pk").values()] for model in models}


def empty_tables() -> None:
    """Nobody may empty the audit log: its guard is taken down for the moment by who owns the database."""
    ours = [model for model in apps.get_models() if model.__module__.startswith("review.")]
    names = [model._meta.db_table for model in ours if model is not AuditHead]
    with connection.constraint_checks_disabled(), connection.cursor() as cursor, audit_unguarded():
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(names)} RESTART IDENTITY CASCADE")
        else:
            for name in names:
                cursor.execute(f"DELETE FROM {name}")
        AuditHead.objects.update(number=0, seal="")


@contextmanager
def audit_unguarded() -> Iterator[None]:
    """As someone with the database's own keys may do by hand."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE review_auditentry DISABLE TRIGGER USER")
            yield
            cursor.execute("ALTER TABLE review_auditentry ENABLE TRIGGER USER")
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit%'")
            triggers = cursor.fetchall()
            for name, _sql in triggers:
                cursor.execute(f"DROP TRIGGER {name}")
            yield
            for _name, sql in triggers:
                cursor.execute(sql)
