"""Closed cases that a night must open again, because it says something no decision has seen."""

import json
from collections import defaultdict
from datetime import date
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from review.audit import chain
from review.case_life.effects import reopened as as_reopened
from review.case_life.records import CaseStep
from review.models import CLOSED_STATES, Case
from review.sql_files import run_sql

CASES_A_BATCH = 500
ACTION = "reopen"
WRITTEN = [
    "state",
    "version",
    "visited_on",
    "county_closed_at",
    "province_closed_at",
    "reopened_night",
    "reopened_because",
    "last_changed_night",
]


def reopen(cursor: CursorWrapper, night: date, actor: str) -> int:
    """Open again every closed case with an open flag that no decision on it has seen; the number of cases.

    A flag has been seen when its evidence_hash is the one that any of the case's decisions holds for it: what a person
    once closed stays closed, even when older evidence comes back after newer. A case on which a decision stands but
    which is not closed yet is left to its people: it cannot be closed over evidence nobody has seen. The case lists
    what is new, and its history and the audit log get a line each.
    """
    run_sql(cursor, "find_unseen_flags")
    new: dict[int, list[dict[str, str]]] = defaultdict(list)
    for case_id, flag_id, rule, known in cursor.fetchall():
        new[case_id].append({"flag_id": flag_id, "rule": rule, "new": "evidence" if known else "flag"})
    # Locked in order, and looked at again: a person may have reopened one of them meanwhile.
    closed = Case.objects.filter(pk__in=new, state__in=CLOSED_STATES) if new else Case.objects.none()
    reopened = list(closed.select_for_update().order_by("pk"))
    steps = [_reopened(case, night, actor, new[case.pk]) for case in reopened]
    _write(cursor, reopened)
    CaseStep.objects.bulk_create(steps, batch_size=CASES_A_BATCH)
    chain.append(*(_line(case, night, actor) for case in reopened))
    return len(reopened)


def _write(cursor: CursorWrapper, reopened: list[Case]) -> None:
    """All at once: bulk_update would make one CASE of every column and case, and take ten times as long."""
    fields = [field for field in Case._meta.concrete_fields if field.name in WRITTEN]
    if connection.vendor == "postgresql":
        changes = ", ".join(f"{field.column} = r.{field.column}" for field in fields)
        rows = [
            {"id": case.pk, **{field.column: getattr(case, field.attname) for field in fields}} for case in reopened
        ]
        cursor.execute(
            f"UPDATE review_case SET {changes} FROM jsonb_populate_recordset(NULL::review_case, %s) AS r "
            "WHERE r.id = review_case.id",
            [json.dumps(rows, default=str)],
        )
        return
    changes = ", ".join(f"{field.column} = %s" for field in fields)
    values = [
        (*(field.get_db_prep_save(getattr(case, field.attname), connection) for field in fields), case.pk)
        for case in reopened
    ]
    cursor.executemany(f"UPDATE review_case SET {changes} WHERE id = %s", values)


def _reopened(case: Case, night: date, actor: str, because: list[dict[str, str]]) -> CaseStep:
    before = case.state
    as_reopened(case)
    case.version += 1
    case.reopened_night = night
    case.reopened_because = because
    case.last_changed_night = max(case.last_changed_night, night)
    return CaseStep(
        case=case,
        version=case.version,
        at=timezone.now(),
        actor=actor,
        action=ACTION,
        from_state=before,
        to_state=case.state,
        detail={"night": str(night), "because": because},
    )


def _line(case: Case, night: date, actor: str) -> chain.Line:
    detail: dict[str, Any] = {"case_no": case.case_no, "night": str(night), "because": case.reopened_because}
    return chain.Line(actor, "case.reopened", detail, case.division)
