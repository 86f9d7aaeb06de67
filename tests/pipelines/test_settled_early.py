"""Records that are settled or dropped early lose nothing by it, and what a round made is gone when the next begins."""

from collections.abc import Callable
from typing import Any

import duckdb
import pytest

from matchers.night.people import OF_A_ROUND, forget_people, resolve_people
from matchers.night.prefilter import prefilter_records
from matchers.night.stages import link_records
from matchers.night.watched_numbers import BODY
from matchers.night.weighing import weigh_unmatched
from pipelines import link
from tests.pipelines.linked_night import ASKED, night
from tests.pipelines.made_register import few_types, shown
from tests.pipelines.small_province import Province

pytestmark = pytest.mark.slow


def told_by(connection: duckdb.DuckDBPyConnection) -> dict[str, list[Any]]:
    tables = ("links", "possible_links", "person_memberships")
    return {table: connection.execute(f"SELECT * FROM {table} ORDER BY ALL").fetchall() for table in tables}


def every_record_goes_through_the_stages(con: Any, records: str, name: str | None, later: str) -> None:
    """Search for every number, under no name, in all rounds: then none is settled by number, and none is dropped."""
    con.execute("CREATE OR REPLACE TABLE registered_number AS FROM searched_number")
    con.execute(
        "CREATE OR REPLACE TABLE searched_number AS SELECT DISTINCT body, FALSE AS later, NULL::VARCHAR AS name"
        f" FROM (SELECT body FROM searched_number UNION ALL SELECT {BODY} FROM {records}) WHERE body IS NOT NULL"
    )
    prefilter_records(con, records, name, later)
    # The stages look there for whose number is nobody's on the registers.
    con.execute("CREATE OR REPLACE TABLE searched_number AS FROM registered_number")


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
