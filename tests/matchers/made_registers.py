"""Small registers and records for the tests of linking, with numbers that no county issues."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa

from matchers.identity.id_numbers import check_characters, clean, values, verdicts
from matchers.night.people import MEMBERSHIP_COLUMNS, resolve_people
from matchers.night.prefilter import RECORD_COLUMNS
from matchers.night.stages import Linked, link_records


def number(born: str, sequence: int, division: str = "529901") -> str:
    """A sound number of 18 characters."""
    body = f"{division}{born}{sequence:03d}"
    digits = values(np.frombuffer(body.encode(), dtype=np.uint8).reshape(1, 17))
    return body + bytes(check_characters(digits)).decode()


def fifteen(sound: str) -> str:
    """The old form of a number of the 1900s."""
    return sound[:6] + sound[8:17]


def other_digit(sound: str, place: int) -> str:
    """The number with one digit wrong."""
    return sound[:place] + str((int(sound[place]) + 1) % 10) + sound[place + 1 :]


def _judged(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> pa.Table:
    cleaned = clean(pa.array([row["id_number"] for row in rows], pa.string()))
    judged = {"id_number": cleaned, "id_verdict": verdicts(cleaned).cast(pa.string())}
    return pa.table(
        {
            column: judged[column] if column in judged else pa.array([row.get(column) for row in rows], pa.string())
            for column in columns
        }
    )


def membership(
    household: str,
    id_number: str | None,
    name: str,
    former_name: str | None = None,
    birth_date: str | None = None,
    sex: str | None = None,
    scheme: str = "dibao",
) -> dict[str, Any]:
    """A household's only member on a register."""
    return {
        "scheme": scheme,
        "household_id": household,
        "member_id": "1",
        "type": f"{scheme}_roster",
        "row_key": f"{household}|1",
        "id_number": id_number,
        "name": name,
        "former_name": former_name,
        "birth_date": birth_date,
        "sex": sex,
        "division": "529901001001",
    }


def record(
    row_key: str,
    id_number: str | None,
    name: str | None,
    former_name: str | None = None,
    birth_date: str | None = None,
    sex: str | None = None,
    role: str = "self",
) -> dict[str, Any]:
    """A record of another department."""
    return {
        "role": role,
        "row_key": row_key,
        "delivery_id": "d1",
        "id_number": id_number,
        "name": name,
        "former_name": former_name,
        "birth_date": birth_date,
        "sex": sex,
    }


def resolve(con: duckdb.DuckDBPyConnection, memberships: Sequence[dict[str, Any]], *, later: bool = False) -> None:
    """Resolve the memberships into people, in `con`; later: those of a later round."""
    con.register("made_memberships", _judged(memberships, MEMBERSHIP_COLUMNS))
    resolve_people(con, "made_memberships", later=later)
    con.unregister("made_memberships")


def link(con: duckdb.DuckDBPyConnection, records: Sequence[dict[str, Any]]) -> Linked:
    """Link the records to the people resolved in `con`."""
    con.register("made_records", _judged(records, (*RECORD_COLUMNS, "birth_date", "sex")))
    linked = link_records(con, "made_records", "made")
    con.unregister("made_records")
    return linked


def person_of(con: duckdb.DuckDBPyConnection, household: str) -> int:
    """The person_id of a household's only member."""
    rows = con.execute("SELECT person_id FROM person_memberships WHERE household_id = ?", [household]).fetchall()
    assert len(rows) == 1
    return int(rows[0][0])
