"""A night's two rounds of linking over a few rows of the registers and sources."""

from collections.abc import Collection
from datetime import date
from typing import Any

import duckdb

from pipelines import link
from pipelines.progress import Progress
from rules.book import load_rule_book
from tests.pipelines.made_register import Row, Rows, few_types, shown

VILLAGES = ("529901001001", "529901001002", "529902003004")
HOME, ELSEWHERE = "南明区遵义路3组12号", "花溪区清溪路7组1号"
ASKED = link.asked_of_the_near_poor(load_rule_book(), few_types())


def night(rows: Rows, asked: Collection[str] = ASKED) -> duckdb.DuckDBPyConnection:
    """Link both rounds of a night with these rows."""
    connection = shown(rows)
    link.link_night(connection, few_types(), asked, Progress())
    return connection


def links(connection: duckdb.DuckDBPyConnection, name: str) -> list[tuple[str, str, str]]:
    """Of a type: the records' keys, the reasons, and the schemes of the places of the people they are linked to."""
    return connection.execute(
        "SELECT DISTINCT l.row_key, l.reason, p.scheme FROM links AS l JOIN person_memberships AS p USING (person_id)"
        " WHERE l.type = ? ORDER BY ALL",
        [name],
    ).fetchall()


def watched(connection: duckdb.DuckDBPyConnection, scheme: str) -> list[str]:
    found = connection.execute("SELECT row_key FROM person_memberships WHERE scheme = ? ORDER BY ALL", [scheme])
    return [key for (key,) in found.fetchall()]


def person(name: str, id_number: str | None, born: str | None, **told: Any) -> Row:
    """What a register tells of a person."""
    at = {"division": VILLAGES[0], "address": HOME, "sex": "1"}
    return {"name": name, "id_number": id_number, "birth_date": born and date.fromisoformat(born), **at, **told}


def dibao(key: str, **told: Any) -> tuple[str, Row]:
    return "dibao_roster", {"row_key": key, "household_no": key, "member_no": "1", **told}


def poor(key: str, **told: Any) -> tuple[str, Row]:
    return "registered_poor", {"row_key": key, "household_no": key, "person_no": key, **told}


def registered(key: str, **told: Any) -> tuple[str, Row]:
    return "household_register", {"row_key": key, "household_no": key, **told}


def certificate(key: str, name: str, id_number: str | None, **told: Any) -> tuple[str, Row]:
    return "disability_certificate", {"row_key": key, "name": name, "id_number": id_number, **told}


def vehicle(key: str, name: str, id_number: str | None, **told: Any) -> tuple[str, Row]:
    return "motor_vehicle", {"row_key": key, "owner_name": name, "owner_id": id_number, **told}
