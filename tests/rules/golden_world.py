"""Turns the households of ``tests/households/*.yaml`` into what a night's rules see, and runs the rules over them.

All cases of one night share one DuckDB world, so that a case that leaks into another shows. Serial numbers and company
codes are therefore prefixed with the case; everything a case does not state is filled from the contract.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import yaml

from pipelines.link import asked_of_the_near_poor, link_night
from pipelines.progress import Progress
from rules.book import load_rule_book
from rules.policy import load_policy
from rules.rule import Rule, load_rules, types_read
from rules.run import Judged, judge_night
from schemas.catalogue import load_catalogue
from schemas.column import Column, Meaning
from schemas.contract import Contract
from schemas.declaration import LOADER
from schemas.listed import register_of, registers_of
from tests.rules.what_was_seen import seen_of, village_of

HOUSEHOLDS = Path(__file__).parents[1] / "households"
NIGHT = date(2020, 10, 31)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
REGISTERS = frozenset(register.name for register in registers_of(load_catalogue()))
SHOWN_AS_WRITTEN = {"plate_number"}
"""Serials that the rules compare with what a household declared: they keep no prefix."""

Facts = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One golden household: what is known of it and the flags it must get."""

    id: str
    content: Facts

    @property
    def night(self) -> date:
        night: date = self.content.get("night", NIGHT)
        return night


@cache
def read_cases() -> list[Case]:
    """Every golden household, read once for all who ask; none of them changes what a case holds."""
    cases = []
    for file in sorted(HOUSEHOLDS.glob("*.yaml")):
        cases += [Case(f"{file.stem}.{entry['case']}", entry) for entry in yaml.load(file.read_text("utf-8"), LOADER)]  # noqa: S506 (a safe loader)
    repeated = [name for name, times in Counter(case.id for case in cases).items() if times > 1]
    assert not repeated, f"cases of the same name: {repeated}"
    return cases


def flags_of_night(cases: list[Case], night: date, rules: tuple[Rule, ...] | None = None) -> pa.Table:
    """The flags of all ``cases`` in one world. Household ids are ``<case>/<household>``, members ``<person>``.

    The rules are all but the control sample, which draws from the whole world.
    """
    return judged_on_night(cases, night, rules).flags


def judged_on_night(cases: list[Case], night: date, rules: tuple[Rule, ...] | None = None) -> Judged:
    """The same, with what could not be checked."""
    with world_of_night(cases, night) as connection:
        return judged_in(connection, cases, night, rules)


def judged_in(
    world: duckdb.DuckDBPyConnection, cases: list[Case], night: date, rules: tuple[Rule, ...] | None = None
) -> Judged:
    """The same in the world of these cases, which stays as it is: to make one takes seconds."""
    rules = rules or tuple(rule for rule in load_rules() if rule.direction != "control")
    return judge_night(world, night, rules, load_policy(), seen=seen_of({case.id: case.content for case in cases}))


def world_of_night(cases: list[Case], night: date) -> duckdb.DuckDBPyConnection:
    """A connection that holds all ``cases`` as one world."""
    world = World(night)
    for case in cases:
        world.add(case)
    connection = duckdb.connect()
    world.write(connection, types_read(load_rules()) | REGISTERS)
    if world.matched:
        _match(connection, world)
    return connection


def _match(connection: duckdb.DuckDBPyConnection, world: "World") -> None:
    """Let the matchers say who is who in the cases that leave it to them, of whom only rows are known yet."""
    catalogue = load_catalogue()
    with duckdb.connect() as own:
        world.write_rows(own, {contract.name for contract in catalogue}, world.matched)
        link_night(own, catalogue, asked_of_the_near_poor(load_rule_book(), catalogue), Progress())
        person = "'m' || person_id AS person_id"
        links = own.sql(f"SELECT * EXCLUDE (name_level) REPLACE ({person}) FROM links").to_arrow_table()
        places = own.sql(f"SELECT * REPLACE ({person}) FROM person_memberships").to_arrow_table()
    for table, found in (("links", links), ("person_memberships", places)):
        connection.register("found", found)
        connection.execute(f"INSERT INTO {table} BY NAME FROM found")
        connection.unregister("found")


class World:
    """Rows of every type, links and memberships of one night."""

    def __init__(self, night: date) -> None:
        self.night = night
        self.rows: dict[str, list[Facts]] = defaultdict(list)
        self.links: list[Facts] = []
        self.memberships: list[Facts] = []
        self.matched: dict[str, list[Facts]] = defaultdict(list)
        self.numbers = count(1)
        self.seen: dict[tuple[str, date], str] = {}

    def add(self, case: Case) -> None:
        people: dict[str, Facts] = {}
        for key, facts in case.content["people"].items():
            people[key] = self._person(case, key, facts, people)
        protected = set(case.content.get("tekun", {}))
        for household, facts in case.content.get("dibao", {}).items():
            members = _members(facts)
            protected |= members.keys()
            for position, (member, own) in enumerate(members.items()):
                shared = {key: value for key, value in facts.items() if key != "members"}
                relation = "head" if position == 0 else "other"
                place = {"household_no": household, "member_no": member}
                row = {
                    **DIBAO,
                    "division": village_of(case.id, case.content),
                    "relation_to_head": relation,
                    **place,
                    **shared,
                    **own,
                }
                self._enrol(case, "dibao_roster", "dibao", household, people[member], row)
        for person, own in case.content.get("tekun", {}).items():
            row = {**TEKUN, "division": village_of(case.id, case.content), **(own or {}), "person_no": person}
            self._enrol(case, "tekun_roster", "tekun", person, people[person], row)
        for household, facts in case.content.get("registered_poor", {}).items():
            for position, (member, own) in enumerate(_members(facts).items()):
                relation = "head" if position == 0 else "other"
                place = {"household_no": household, "person_no": member, "division": village_of(case.id, case.content)}
                row = {**POOR, "relation_to_head": relation, **place, **own}
                link = row.pop("link", "exact" if member in protected else "none")
                person = people[member]
                if link == "none":
                    self._enrol(case, "registered_poor", "registered_poor", household, person, row)
                elif link == "conflict":
                    apart = {**person, "id": person["id"] + "*"}
                    self._enrol(case, "registered_poor", "registered_poor", household, apart, row)
                    self._link("registered_poor", "self", self.rows["registered_poor"][-1], person["id"], link)
                else:
                    self._record(case, "registered_poor", row | {"self": member, "link": link}, people)
        for name, records in case.content.get("held", {}).items():
            for record in records:
                self._record(case, name, dict(record), people)

    def write(self, connection: duckdb.DuckDBPyConnection, types: set[str] | frozenset[str]) -> None:
        self.write_rows(connection, types | self.rows.keys(), self.rows)
        text = ["type", "role", "row_key", "delivery_id", "person_id", "reason", "contradiction"]
        measures = [pa.field("weight", pa.float64()), pa.field("probability", pa.float64())]
        _table(connection, "links", self.links, pa.schema([*(pa.field(name, pa.string()) for name in text), *measures]))
        text = ["person_id", "scheme", "household_id", "member_id", "type", "row_key"]
        _table(connection, "person_memberships", self.memberships, pa.schema([(name, pa.string()) for name in text]))

    def write_rows(
        self, connection: duckdb.DuckDBPyConnection, types: set[str] | frozenset[str], rows: dict[str, list[Facts]]
    ) -> None:
        catalogue = load_catalogue()
        for name in sorted(types):
            contract = catalogue[name]
            extra = [("row_key", pa.string()), ("delivery_id", pa.string()), ("delivery_date", pa.date32())]
            verdicts = [(f"{identity.id_number}_verdict", pa.string()) for identity in contract.identity]
            fields = [*contract.arrow_schema, *(pa.field(*pair) for pair in [*extra, ("row_number", pa.int64())])]
            schema = pa.schema([*fields, *(pa.field(*pair) for pair in verdicts)])
            _table(connection, name, rows.get(name, []), schema)

    def _person(self, case: Case, key: str, facts: Facts, people: dict[str, Facts]) -> Facts:
        known = (facts["name"], facts["born"])
        other = self.seen.setdefault(known, case.id)
        assert other == case.id, f"{case.id}: {known} is in {other} too: give another name or birth date"
        sex = str(facts.get("sex", 1))
        sequence = next(self.numbers)
        number = facts.get("number", _id_number(facts["born"], sequence * 2 + (sex == "1")))
        if "number_of" in facts:
            number = people[facts["number_of"]]["number"]
        return {
            "id": f"{case.id}/{key}",
            "name": facts["name"],
            "born": facts["born"],
            "sex": sex,
            "number": number,
            "verdict": facts.get("verdict", "sound" if number else "blank"),
        }

    def _enrol(self, case: Case, name: str, scheme: str, household: str, person: Facts, row: Facts) -> None:
        """A place on a register: the row, and the person's membership."""
        identity = {"id_number": person["number"], "name": person["name"], "sex": person["sex"]}
        row = identity | {"birth_date": person["born"], "id_number_verdict": person["verdict"]} | row
        contract = load_catalogue()[name]
        filled = self._fill(case, contract, row)
        member = filled[register_of(contract).member]
        household_id = filled["person_no"] if name == "tekun_roster" else f"{case.id}/{household}"
        if _by_matching(case):
            return
        self.memberships.append(
            {
                "person_id": person["id"],
                "scheme": scheme,
                "household_id": household_id,
                "member_id": member,
                "type": name,
                "row_key": filled["row_key"],
            }
        )

    def _record(self, case: Case, name: str, record: Facts, people: dict[str, Facts]) -> None:
        """A department's record: ``<role>: <person>`` says whose it is, ``link`` how the matchers linked it."""
        contract = load_catalogue()[name]
        link = record.pop("link", "exact")
        owners = {}
        for identity in contract.identity:
            if identity.role in record and identity.role not in {column.name for column in contract.columns}:
                named = record.pop(identity.role)
                whose = [people[key] for key in (named if isinstance(named, list) else [named])]
                owners[identity.role] = [person["id"] for person in whose]
                person = whose[0]
                stated = {
                    identity.id_number: person["number"],
                    identity.name: person["name"],
                    f"{identity.id_number}_verdict": person["verdict"],
                }
                record = stated | record
        filled = self._fill(case, contract, record)
        for role, linked in owners.items() if not _by_matching(case) else ():
            for person_id in linked if link != "none" else []:
                self._link(name, role, filled, person_id, link)

    def _link(self, name: str, role: str, row: Facts, person_id: str, reason: str) -> None:
        self.links.append(
            {
                "type": name,
                "role": role,
                "row_key": row["row_key"],
                "delivery_id": row["delivery_id"],
                "person_id": person_id,
                "reason": reason,
            }
        )

    def _fill(self, case: Case, contract: Contract, stated: Facts) -> Facts:
        number = next(self.numbers)
        verdicts = {f"{identity.id_number}_verdict" for identity in contract.identity}
        unknown = stated.keys() - {column.name for column in contract.columns} - verdicts
        assert not unknown, f"{case.id}: {contract.name} has no columns {sorted(unknown)}"
        row = {column.name: _value(case, column, stated, number) for column in contract.columns}
        row |= dict.fromkeys(verdicts, "blank") | {key: value for key, value in stated.items() if key in verdicts}
        key = "|".join(str(row[name]) for name in contract.key)
        row |= {"row_key": key, "delivery_id": f"{contract.name}@{self.night}", "delivery_date": self.night}
        row["row_number"] = len(self.rows[contract.name]) + 1
        self.rows[contract.name].append(row)
        if _by_matching(case):
            self.matched[contract.name].append(row)
        return row


def _by_matching(case: Case) -> bool:
    """Whether the matchers say whose the rows of a case are; else the case does."""
    return bool(case.content.get("identity") == "matched")


DIBAO = {
    "status": "active",
    "recipient": "yes",
    "scheme": "rural",
    "monthly_amount": "500",
    "assessed_on": date(2020, 1, 15),
    "started_on": date(2018, 1, 1),
    "single_person": "no",
    "relocated": "no",
    "supplement_amount": "60",
}
TEKUN = {"status": "active", "monthly_amount": "900"}
POOR = {"poverty_status": "poor", "resident_status": "present"}


def _members(facts: Facts) -> dict[str, Facts]:
    """Members as a list of people, or as a mapping from person to what the register says of them alone."""
    members = facts["members"]
    return {member: {} for member in members} if isinstance(members, list) else {k: v or {} for k, v in members.items()}


def _value(case: Case, column: Column, stated: Facts, number: int) -> Any:
    if column.name in stated:
        value = stated[column.name]
        if isinstance(value, bool):
            value = "yes" if value else "no"
        if column.codes:
            assert value is None or str(value) in column.codes, f"{case.id}: {column.name} has no code {value!r}"
        if column.meaning is Meaning.ORGANISATION_CODE and value:
            # Its first letter tells who registered the organisation, and stays in front.
            return f"{value[0]}{case.id}/{value[1:]}"
        own = column.meaning is Meaning.SERIAL and column.name not in SHOWN_AS_WRITTEN
        return f"{case.id}/{value}" if own else value
    if not column.required:
        return None
    match column.meaning:
        case Meaning.CODE:
            return next(iter(column.codes))
        case Meaning.DATE | Meaning.MONTH:
            return date(2019, 1, 1)
        case Meaning.AMOUNT | Meaning.QUANTITY | Meaning.COUNT:
            return 0
        case Meaning.DIVISION:
            return village_of(case.id, case.content)
        case _:
            return f"{column.header}{number}"


def _id_number(born: date, sequence: int) -> str:
    """A sound number with an issuing code reserved for invented data; an odd sequence is a man's."""
    body = f"{529901 + sequence // 1000}{born:%Y%m%d}{sequence % 1000:03d}"
    rest = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11
    return body + "10X98765432"[rest]


def _table(connection: duckdb.DuckDBPyConnection, name: str, rows: list[Facts], schema: pa.Schema) -> None:
    text = pa.schema([pa.field(field.name, pa.string()) for field in schema])
    plain = [{key: None if value is None else str(value) for key, value in row.items()} for row in rows]
    connection.register("plain", pa.Table.from_pylist(plain, schema=text))
    typed = pa.schema(schema).empty_table()
    connection.register("typed", typed)
    connection.execute(f"CREATE TABLE {name} AS SELECT * FROM typed")
    connection.execute(f"INSERT INTO {name} SELECT * FROM plain")
    connection.unregister("plain")
    connection.unregister("typed")
