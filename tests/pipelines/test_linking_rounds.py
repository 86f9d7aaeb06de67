"""What the two rounds of a night link, the protected first; and that records which are read once lose nothing by it."""

import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from matchers.night.people import OF_A_ROUND, forget_people, resolve_people
from matchers.night.prefilter import prefilter_records
from matchers.night.stages import link_records
from matchers.night.watched_numbers import BODY
from matchers.night.weighing import weigh_unmatched
from pipelines import link
from pipelines.progress import Progress
from rules.book import load_rule_book
from rules.rule import HERE
from tests.matchers.made_registers import fifteen, number, other_digit
from tests.pipelines.made_register import Row, Rows, by_type, few_types, shown

pytestmark = pytest.mark.slow
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


WANG, OTHER_WANG = number("19700101", 11), number("19880505", 13)


def test_a_record_is_linked_in_the_round_of_its_person() -> None:
    connection = night(
        by_type(
            [
                dibao("h1", **person("王建国", WANG, "1970-01-01")),
                poor("p1", **person("李强", OTHER_WANG, "1988-05-05")),
                certificate("of the protected", "王建国", WANG),
                certificate("of the near-poor", "李强", OTHER_WANG),
                certificate("a stranger's", "王建国", number("19700101", 99)),
            ]
        )
    )
    assert links(connection, "disability_certificate") == [
        ("of the near-poor", "exact", "registered_poor"),
        ("of the protected", "exact", "dibao"),
    ]


def test_the_near_poor_are_linked_to_what_rules_ask_about_them_alone() -> None:
    """And a record is none of them that tells a former name, which one that is asked about may still use."""
    connection = night(
        by_type(
            [
                dibao("h1", **person("王建国", WANG, "1970-01-01")),
                poor("p1", **person("李强", OTHER_WANG, "1988-05-05")),
                vehicle("of the protected", "王建国", WANG),
                vehicle("of the near-poor", "李强", OTHER_WANG),
                vehicle("misspelt", "李墙", OTHER_WANG),
                registered("settled", **person("李强", OTHER_WANG, "1988-05-05")),
                registered("renamed", **person("李强", OTHER_WANG, "1988-05-05", former_name="赵小军")),
                certificate("by the former name", "赵小军", OTHER_WANG),
            ]
        )
    )
    assert links(connection, "motor_vehicle") == [("of the protected", "exact", "dibao")]
    assert links(connection, "household_register") == [("renamed", "exact", "registered_poor")]
    assert links(connection, "disability_certificate") == [("by the former name", "exact", "registered_poor")]


def test_the_rules_ask_four_types_about_the_near_poor() -> None:
    assert {"cremation", "death_cancellation", "disability_certificate", "medical_expense"} == ASKED


def test_a_rule_that_reads_the_register_of_the_poor_and_vehicles_has_these_linked_to_them(tmp_path: Path) -> None:
    """Nobody has to be told but the rule book."""
    shutil.copytree(HERE, tmp_path / "rules", ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    rule = (HERE / "vehicle_owned.sql").read_text("utf-8").replace("id: vehicle_owned", "id: poor_with_vehicle")
    reads = rule.replace("motor_vehicle: tells", "motor_vehicle: tells\n  registered_poor: may tell")
    sql = (
        f"{reads.rstrip().removesuffix(';')}\n  AND vehicle.person_id IN (SELECT person_id FROM linked_registered_poor)"
    )
    (tmp_path / "rules" / "poor_with_vehicle.sql").write_text(sql, "utf-8")
    asked = link.asked_of_the_near_poor(load_rule_book(tmp_path / "rules"), few_types())
    assert {"motor_vehicle"} <= asked - ASKED
    rows = by_type(
        [poor("p1", **person("李强", OTHER_WANG, "1988-05-05")), vehicle("of the near-poor", "李强", OTHER_WANG)]
    )
    assert links(night(rows, asked), "motor_vehicle") == [("of the near-poor", "exact", "registered_poor")]


def test_a_registered_poor_person_on_a_roster_is_not_watched_as_near_poor() -> None:
    connection = night(
        by_type(
            [
                dibao("h1", **person("王建国", WANG, "1970-01-01")),
                poor("p1", **person("王建国", WANG, "1970-01-01")),
                vehicle("v", "王建国", WANG),
            ]
        )
    )
    assert links(connection, "registered_poor") == [("p1", "exact", "dibao")]
    assert watched(connection, "registered_poor") == []
    assert links(connection, "motor_vehicle") == [("v", "exact", "dibao")]


def test_one_fault_from_a_rosters_damaged_number_ties_the_registered_poor_and_their_records_to_the_roster() -> None:
    """The number is on no roster and plainly the registered person's, yet it is not the near-poor's."""
    connection = night(
        by_type(
            [
                dibao("h1", **person("王建国", other_digit(WANG, 16), None)),
                poor("p1", **person("王建国", WANG, "1970-01-01")),
                vehicle("v", "王建国", WANG),
            ]
        )
    )
    assert links(connection, "registered_poor") == [("p1", "repaired", "dibao")]
    assert watched(connection, "registered_poor") == []
    assert links(connection, "motor_vehicle") == [("v", "repaired", "dibao")]


def test_a_record_that_is_plainly_the_near_poors_but_linked_to_the_protected_is_linked_once() -> None:
    """The number and the name are a near-poor person's; birth date and home are those of a namesake on a roster."""
    connection = night(
        by_type(
            [
                dibao("h1", **person("王建国", WANG, "1970-01-01")),
                poor("p1", **person("王建国", OTHER_WANG, "1988-05-05", division=VILLAGES[2], address=ELSEWHERE)),
                registered("r", **person("王建国", OTHER_WANG, "1970-01-01")),
                certificate("c", "王建国", OTHER_WANG),
            ]
        )
    )
    assert links(connection, "household_register") == [("r", "probabilistic", "dibao")]
    assert watched(connection, "registered_poor") == ["p1"]
    assert links(connection, "disability_certificate") == [("c", "exact", "registered_poor")]


def test_two_registered_poor_who_share_a_number_are_told_apart_by_name() -> None:
    connection = night(
        by_type(
            [
                poor("p1", **person("王建国", WANG, "1970-01-01")),
                poor("p2", **person("李强", WANG, "1970-01-01")),
                certificate("c", "李强", WANG),
            ]
        )
    )
    found = connection.execute(
        "SELECT p.row_key, l.reason FROM links AS l JOIN person_memberships AS p USING (person_id)"
        " WHERE l.type = 'disability_certificate'"
    ).fetchall()
    assert found == [("p2", "exact")]


SURNAMES, GIVEN = "王李张赵", ("芳", "方", "建国", "健国", "强", "丽", "小军", "晓军", "敏")
BIRTHS = ("1970-01-01", "1970-01-02", "1988-05-05", "1995-12-12")
PEOPLE, RECORDS = 160, 600


class Province:
    """A few people with few names, and what registers and records make of them, wrongly now and then."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self.people = [self._somebody(place) for place in range(PEOPLE)]

    def rows(self) -> Rows:
        """The rosters of some, the register of the poor of others, and records of all."""
        return by_type([*self._places(), *self._records()])

    def _places(self) -> Iterator[tuple[str, Row]]:
        for key, one in enumerate(self.people[: PEOPLE // 2]):
            household, member = str(key // 2), str(key)
            if self._now_and_then(0.4):
                yield "dibao_roster", self._told(one) | {"household_no": household, "member_no": member}
            if self._now_and_then(0.2):
                yield "tekun_roster", self._told(one) | {"person_no": member}
            if self._now_and_then(0.5):
                yield "registered_poor", self._told(one) | {"household_no": household, "person_no": member}

    def _records(self) -> Iterator[tuple[str, Row]]:
        for _ in range(RECORDS):
            one, other = self._told(self._of(self.people)), self._told(self._of(self.people))
            relative = self._of(self.people)["id_number"] if self._now_and_then(0.1) else None
            match self._random.integers(4):
                case 0:
                    former = self._name() if self._now_and_then(0.2) else None
                    kin = {"household_no": str(self._random.integers(40)), "father_id": relative, "former_name": former}
                    yield "household_register", one | kin
                case 1:
                    owned = {"owner_name": one["name"], "owner_id": one["id_number"], "address": one["address"]}
                    yield "motor_vehicle", owned | {"division": one["division"]}
                case 2:
                    wed = {"husband_name": one["name"], "husband_id": one["id_number"]}
                    yield "marriage", wed | {"wife_name": other["name"], "wife_id": other["id_number"]}
                case _:
                    yield "disability_certificate", one | {"guardian_id": relative}

    def _somebody(self, place: int) -> Row:
        born = str(self._of(BIRTHS))
        own = number(born.replace("-", ""), place, str(self._of(VILLAGES))[:6])
        at = {"division": str(self._of(VILLAGES)), "address": f"遵义路{place // 2}号"}
        return {
            "name": self._name(),
            "id_number": own,
            "birth_date": date.fromisoformat(born),
            "sex": "21"[place % 2],
            **at,
        }

    def _told(self, one: Row) -> Row:
        """The person as somebody wrote them down."""
        told = dict(one)
        if self._now_and_then(0.1):
            told["name"] = self._name()
        elif self._now_and_then(0.1):
            told["name"] = one["name"][0] + "*" + one["name"][2:]
        if self._now_and_then(0.1):
            told["birth_date"] = date.fromisoformat(str(self._of(BIRTHS)))
        for detail in ("birth_date", "division", "address"):
            if self._now_and_then(0.1):
                told[detail] = None
        match self._random.integers(20):
            case 0 | 1:
                told["id_number"] = other_digit(one["id_number"], int(self._random.integers(6, 17)))
            case 2:
                told["id_number"] = fifteen(one["id_number"])
            case 3:
                told["id_number"] = self._of(self.people)["id_number"]
            case 4:
                told["id_number"] = None
        return told

    def _name(self) -> str:
        return str(self._of(SURNAMES)) + str(self._of(GIVEN))

    def _now_and_then(self, share: float) -> bool:
        return bool(self._random.random() < share)

    def _of(self, values: Sequence[Any]) -> Any:
        return values[int(self._random.integers(len(values)))]


def told_by(connection: duckdb.DuckDBPyConnection) -> dict[str, list[Any]]:
    tables = ("links", "possible_links", "person_memberships")
    return {table: connection.execute(f"SELECT * FROM {table} ORDER BY ALL").fetchall() for table in tables}


def every_record_goes_through_the_stages(con: Any, records: str, name: str | None, later: str) -> None:
    """Search for every number, under no name, in all rounds: then none is settled by number, and none is dropped."""
    con.execute(
        "CREATE OR REPLACE TABLE searched_number AS SELECT DISTINCT body, FALSE AS later, NULL::VARCHAR AS name"
        f" FROM (SELECT body FROM searched_number UNION ALL SELECT {BODY} FROM {records}) WHERE body IS NOT NULL"
    )
    prefilter_records(con, records, name, later)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_settled_or_dropped_early_is_what_the_stages_would_say(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = Province(seed).rows()
    sizes: list[tuple[int, int]] = []

    def counted(reach: Callable[..., None]) -> Callable[..., None]:
        def reach_and_count(con: duckdb.DuckDBPyConnection, *asked: Any) -> None:
            reach(con, *asked)
            sizes.extend(
                con.execute("SELECT (SELECT count(*) FROM settled_link), count(*) FROM prefiltered").fetchall()
            )

        return reach_and_count

    monkeypatch.setattr(link, "prefilter_records", counted(prefilter_records))
    with night(rows) as quick:
        monkeypatch.setattr(link, "prefilter_records", counted(every_record_goes_through_the_stages))
        with night(rows) as slow:
            (settled, prefiltered), (settled_through, prefiltered_through) = sizes
            assert settled > 40
            assert settled_through == 0
            assert prefiltered_through > settled + prefiltered + 50, "others drop out too"
            found = told_by(quick)
            assert {"exact", "upgraded", "repaired", "conflict"} <= {link[5] for link in found["links"]}
            assert found == told_by(slow)


def test_what_a_round_has_made_is_gone_when_the_next_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    """A province's second round has more people than the first: it needs the room."""
    made: list[set[str]] = []

    def tables(con: duckdb.DuckDBPyConnection) -> set[str]:
        return {name for (name,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()}

    def forget(con: duckdb.DuckDBPyConnection) -> None:
        made.append(tables(con))
        forget_people(con)

    monkeypatch.setattr(link, "forget_people", forget)
    with night(Province(0).rows()) as connection:
        assert [set(OF_A_ROUND) - of_round for of_round in made] == [set(), set()]
        assert tables(connection) & {*OF_A_ROUND, "prefiltered", "searched_number"} == {"person_memberships"}


@pytest.mark.parametrize("seed", range(2))
def test_types_linked_one_after_the_other_are_linked_as_in_a_night_of_one_round(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For whoever links a type alone: the records are read once a type, and not once a night."""
    rows = Province(seed).rows()
    monkeypatch.setattr(link, "ROUNDS", (link.FIRST,))
    with night(rows) as together, shown(rows) as apart:
        apart.execute((link.SQL / "empty_links.sql").read_text(encoding="utf-8"))
        link.show_listed(apart, few_types(), link.FIRST)
        resolve_people(apart, f"listed_{link.FIRST}")
        for contract in link.linkable(few_types()):
            if link.records_linked(link.FIRST, contract, ASKED):
                apart.execute(f"CREATE OR REPLACE TEMP VIEW record AS {link.records_of(contract)}")
                linked = link_records(apart, "record", contract.name)
                apart.execute(f"INSERT INTO reasoned_links BY NAME FROM {linked.links}")
                assert sum(linked.counts.values()) > 0
        weighed = weigh_unmatched(apart, "household_register")
        apart.execute(f"INSERT INTO reasoned_links BY NAME FROM {weighed.links}")
        found = [
            one.execute(f"SELECT * FROM {table} ORDER BY ALL").fetchall()
            for one, table in ((together, "links"), (apart, "reasoned_links"))
        ]
        assert len(found[0]) > 100
        assert found[0] == found[1]
