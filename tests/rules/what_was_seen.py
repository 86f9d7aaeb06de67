"""What golden households say of what was delivered and read. All of it everywhere, unless a case says otherwise:

    delivered: {student_enrolment: 2020-10-02, marriage: false}   # known up to a day; not delivered at all
    unread:                                                        # a line in quarantine; a cell of a kept line
      - {type: dibao_roster, household: H1}
      - {type: medical_expense, household: H1, member: head, column: paid_by_patient}

What was delivered is so for a division: a case that says it lies in a village of its own.
"""

from hashlib import sha256
from typing import Any

import pyarrow as pa

from rules.coverage import COVERAGE, UNREAD, Seen, everything
from schemas.catalogue import load_catalogue

VILLAGE = "520102001001"
Facts = dict[str, Any]


def seen_of(cases: dict[str, Facts]) -> Seen:
    """What was delivered where, and what of it nobody could read, as the cases say it."""
    stated = [
        {"type": name, "division": village_of(case, content), "until": until or None}
        for case, content in cases.items()
        for name, until in content.get("delivered", {}).items()
    ]
    unread = [
        {
            "type": one["type"],
            "scheme": one.get("scheme", "dibao"),
            "household_id": f"{case}/{one['household']}",
            "member_id": f"{case}/{one['member']}" if "member" in one else None,
            "column_name": one.get("column"),
        }
        for case, content in cases.items()
        for one in content.get("unread", [])
    ]
    unknown = {row["type"] for row in [*stated, *unread]} - load_catalogue().contracts.keys()
    assert not unknown, f"there are no types {sorted(unknown)}"
    usual = everything(load_catalogue())
    return Seen(
        pa.concat_tables([usual.coverage, pa.Table.from_pylist(stated, schema=COVERAGE)]),
        pa.Table.from_pylist(unread, schema=UNREAD),
    )


def village_of(case: str, content: Facts) -> str:
    """Where a case's households live unless they say: where not all was delivered, in a village of their own."""
    if "delivered" not in content:
        return VILLAGE
    return f"5201029{int(sha256(case.encode()).hexdigest()[:8], 16) % 100_000:05d}"
