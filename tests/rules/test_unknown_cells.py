"""Unknown is not no: a cell that nobody could read raises no doubt about a family, and stops no rule.

Every golden household is copied once for each required cell that one of its records has, without that cell, and once
without any of the cells that may be empty. All copies are one world; serials, names, numbers and townships are told
apart, so that no copy speaks of another.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import pytest

from engines.embedded import identifier
from rules.policy import load_policy
from rules.rule import load_rules, types_read
from rules.run import flag_night
from schemas.catalogue import load_catalogue
from schemas.column import Column, Meaning
from schemas.contract import Contract
from tests.rules.golden_world import NIGHT, REGISTERS, SHOWN_AS_WRITTEN, World, read_cases

RULES = tuple(rule for rule in load_rules() if rule.direction != "control")
WORDS = " ".join(part.sql for rule in RULES for part in (rule, *rule.views))
TOLD_APART = {
    Meaning.SERIAL: "copy || ':' || {}",
    Meaning.ORGANISATION_CODE: "copy || ':' || {}",
    Meaning.PERSON_NAME: "copy || ':' || {}",
    Meaning.ID_NUMBER: "CASE WHEN length({0}) >= 15 THEN lpad(copy, 6, '0') || substr({0}, 7) ELSE {0} END",
    Meaning.DIVISION: "left({0}, 6) || lpad(copy, 3, '0') || substr({0}, 10)",
}
"""How what is equal in two copies is told apart, by the meaning of a column."""


EMPTY = "without optional cells"


@dataclass(frozen=True)
class Unread:
    """A column whose cells are empty in one copy."""

    copy: str
    type: str
    column: str


def unread_cells(contract: Contract) -> list[Unread]:
    """The cells of a type that the rules speak of and that set no row apart.

    An empty cell of an optional column may be an answer (no end, nothing declared): all of them are left out at once.
    """
    telling = {name for identity in contract.identity for name in (*identity.columns().values(), *identity.relatives)}
    return [
        Unread(f"{contract.name}.{column.name}" if column.required else EMPTY, contract.name, column.name)
        for column in contract.columns
        if column.name not in telling.union(contract.key) and column.name in WORDS and column.unlisted is None
    ]


@pytest.fixture(scope="module")
def world() -> Iterator[duckdb.DuckDBPyConnection]:
    """The golden households of the ordinary night, each row with the case it is of."""
    world = World(NIGHT)
    case_of: dict[str, list[str]] = defaultdict(list)
    for case in read_cases():
        if case.night == NIGHT and case.content.get("identity") != "matched":
            world.add(case)
            for name, rows in world.rows.items():
                case_of[name] += [case.id] * (len(rows) - len(case_of[name]))
    connection = duckdb.connect()
    world.write(connection, types_read(RULES) | REGISTERS)
    connection.execute("CREATE TABLE of_case (type VARCHAR, row_number BIGINT, golden VARCHAR)")
    for name, cases in case_of.items():
        connection.execute(
            "INSERT INTO of_case SELECT ?, row, golden FROM (SELECT unnest(?) AS golden, unnest(?) AS row)",
            [name, cases, list(range(1, len(cases) + 1))],
        )
    yield connection
    connection.close()


def copy(connection: duckdb.DuckDBPyConnection, cells: list[Unread]) -> list[str]:
    """Copy every case once whole (copy 0), and once for each of the cells that its records have; the copies' names."""
    catalogue = load_catalogue()
    places = {name: place for place, name in enumerate(dict.fromkeys(["", *(cell.copy for cell in cells)]))}
    connection.execute("CREATE TABLE copied (golden VARCHAR, copy VARCHAR)")
    connection.execute("INSERT INTO copied SELECT DISTINCT golden, '0' FROM of_case")
    for cell in cells:
        connection.execute(
            f"INSERT INTO copied SELECT DISTINCT golden, '{places[cell.copy]}' FROM of_case "
            f"JOIN {cell.type} USING (row_number) "
            f"WHERE type = '{cell.type}' AND {identifier(cell.column)} IS NOT NULL"
        )
    connection.execute("CREATE OR REPLACE TABLE copied AS SELECT DISTINCT * FROM copied")
    for (name,) in connection.execute("SELECT DISTINCT type FROM of_case").fetchall():
        contract = catalogue[name]
        columns = ", ".join(f"{_told_apart(one)} AS {identifier(one.name)}" for one in contract.columns)
        connection.execute(
            f"CREATE OR REPLACE TABLE {name} AS SELECT record.* REPLACE ({columns}, "
            f"copy || ':' || row_key AS row_key) FROM {name} AS record JOIN of_case USING (row_number) "
            f"JOIN copied USING (golden) WHERE type = '{name}'"
        )
        for cell in cells:
            if cell.type == name:
                lacking = f"starts_with(row_key, '{places[cell.copy]}:')"
                connection.execute(f"UPDATE {name} SET {identifier(cell.column)} = NULL WHERE {lacking}")
    for name, renamed in (("links", ["row_key"]), ("person_memberships", ["row_key", "household_id", "member_id"])):
        told = ", ".join(f"copy || ':' || {column} AS {column}" for column in [*renamed, "person_id"])
        connection.execute(
            f"CREATE OR REPLACE TABLE {name} AS SELECT one.* REPLACE ({told}) FROM {name} AS one "
            "JOIN copied ON starts_with(person_id, golden || '/')"
        )
    return list(places)


def _told_apart(column: Column) -> str:
    name = identifier(column.name)
    if column.name in SHOWN_AS_WRITTEN or column.meaning not in TOLD_APART:
        return name
    return TOLD_APART[column.meaning].format(name)


@pytest.mark.slow
def test_a_cell_nobody_could_read_raises_no_doubt(world: duckdb.DuckDBPyConnection) -> None:
    types = types_read(RULES) | REGISTERS
    cells = [cell for contract in load_catalogue() if contract.name in types for cell in unread_cells(contract)]
    copies = copy(world, cells)
    flags = flag_night(world, NIGHT, RULES, load_policy()).to_pylist()
    grounds = defaultdict(set)
    for flag in flags:
        if flag["direction"] == "doubt":
            number, _, household = flag["household_id"].partition(":")
            told = f"{flag['member_id']} {flag['record_key']}".replace(f"{number}:", "")
            grounds[int(number)].add((flag["rule"], household, told))
    raised = {
        (copies[number], rule, household)
        for number, found in grounds.items()
        for rule, household, _ in found - grounds[0]
        if copies[number] != EMPTY
    }
    assert len(grounds[0]) > 150
    assert len(copies) > 40
    assert sorted(raised) == []
