"""Closed cases that a night must open again, because it says something no decision has seen."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from review.models import AuditEntry, Case, CaseState
from review.statements import run

CASES_A_BATCH = 500


def reopen(cursor: CursorWrapper, night: date, actor: str) -> int:
    """Open again every closed case with an open flag that no decision on it has seen; the number of cases.

    A flag has been seen when its evidence_hash is the one that any of the case's decisions holds for it: what a person
    once closed stays closed, even when older evidence comes back after newer. The case lists what is new, and the audit
    log gets a line a case.
    """
    run(cursor, "unseen")
    new: dict[int, list[dict[str, str]]] = defaultdict(list)
    for case_id, flag_id, rule, known in cursor.fetchall():
        new[case_id].append({"flag_id": flag_id, "rule": rule, "new": "evidence" if known else "flag"})
    reopened = list(Case.objects.filter(pk__in=new)) if new else []
    for case in reopened:
        case.state = CaseState.OPEN
        case.reopened_night = night
        case.reopened_because = new[case.pk]
        case.last_changed_night = max(case.last_changed_night, night)
    changed = ["state", "reopened_night", "reopened_because", "last_changed_night"]
    Case.objects.bulk_update(reopened, changed, batch_size=CASES_A_BATCH)
    AuditEntry.objects.bulk_create([_entry(case, night, actor) for case in reopened], batch_size=CASES_A_BATCH)
    return len(reopened)


def _entry(case: Case, night: date, actor: str) -> AuditEntry:
    detail: dict[str, Any] = {"case_no": case.case_no, "night": str(night), "because": case.reopened_because}
    return AuditEntry(at=timezone.now(), actor=actor, action="case.reopened", detail=detail)
