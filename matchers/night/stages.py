"""The stages by which records are linked to people, in order; each sees only what the ones before left over.

A stage is frozen: a name, the reason its links carry, and a query in `sql/` that proposes pairs of a record and a
person (`record`, `person_id`, `rank` of the names' agreement, `doubtful`). What is proposed is decided alike for every
stage: the best rank wins, and two people on it are left to a person.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from engines.connection import Connection
from matchers.columns import filled, require_columns
from matchers.identity.id_faults import one_fault_candidates
from matchers.identity.levels import level_name, name_rank
from matchers.identity.name_book import add_names
from matchers.queries import number, query
from matchers.reasons import LinkReason

RECORD_COLUMNS = ("role", "row_key", "delivery_id", "id_number", "id_verdict", "name", "former_name")
"""What the stages read of a record: `id_number` cleaned, `id_verdict` its verdict, `former_name` may be null."""
TOLD_COLUMNS = {
    "birth_date": "DATE",
    "sex": "VARCHAR",
    "division": "VARCHAR",
    "address": "VARCHAR",
    "phone": "VARCHAR",
    "household": "VARCHAR",
    "relatives": "VARCHAR[]",
}
"""What the weighing reads besides, where a record has it. household: the sender's own key of a group that lives
together; relatives: the numbers of parents, spouse or guardian that the record gives."""


@dataclass(frozen=True)
class Stage:
    """One stage: its name is also that of its query."""

    name: str
    reason: LinkReason
    meaning: str


STAGES: tuple[Stage, ...] = (
    Stage("exact", LinkReason.EXACT, "equal sound numbers, compatible names"),
    Stage("upgraded", LinkReason.UPGRADED, "equal once 15 digits are made 18, compatible names"),
    Stage("repaired", LinkReason.REPAIRED, "one fault between the numbers, equal names"),
    Stage("conflict", LinkReason.CONFLICT, "equal sound numbers, incompatible names"),
    Stage("unnamed", LinkReason.UNNAMED, "equal sound numbers, no name on the record"),
)


@dataclass(frozen=True)
class Linked:
    """Where the links of one information type are.

    links: table of `type, role, row_key, delivery_id, person_id, reason, weight, probability, name_level`, at most one
    row a record. possible: the same columns, several rows a record, for a person to judge. counts: records by reason.
    """

    links: str
    possible: str
    counts: dict[LinkReason, int]


def link_records(con: Connection, records: str, name: str, *, of_several_types: bool = False) -> Linked:
    """Link the records of one information type to the people made ready by `matchers.night.people`.

    `records` names a relation of `RECORD_COLUMNS`, one row a record and role, as of the night. It may hold
    several types that tell each other no former names: then it says in a column `type` which; else that is `name`.
    Replaces the tables `links_<name>` and `possible_<name>`. `weight` and `probability` are null: these stages do not
    weigh. What they leave over is kept for `matchers.night.weighing`; `TOLD_COLUMNS` that the relation has go with it.
    """
    require_columns(con, records, RECORD_COLUMNS)
    told = filled(con, records, TOLD_COLUMNS)
    of_type = "type" if of_several_types else f"'{name}' AS type"
    asked = f"(SELECT {of_type}, {', '.join(RECORD_COLUMNS)}, {told} FROM {records})"
    con.execute(query("night/reach", records=asked))
    _propose_numbers(con)
    add_names(con, "SELECT name FROM record_name")
    for stage in STAGES:
        _run(con, stage)
    con.execute(query("night/left_over", name_rank=name_rank("r", "p")))
    _learn_former_names(con)
    return _publish(con, name)


def _propose_numbers(con: Connection) -> None:
    """Make `record_candidate`: what each damaged number among the records may have been, where that is a person's."""
    reader = con.sql(
        "SELECT rowid AS record, id_number FROM reached WHERE id_verdict NOT IN ('sound', 'sound_15')"
    ).to_arrow_reader(1 << 17)
    parts = [pa.schema([("record", pa.int64()), ("candidate", pa.string())]).empty_table()]
    for batch in reader:
        found = one_fault_candidates(batch["id_number"])
        parts.append(pa.table({"record": batch["record"].take(found["index"]), "candidate": found["candidate"]}))
    con.register("proposed_numbers", pa.concat_tables(parts))
    con.execute(
        "CREATE OR REPLACE TEMP TABLE record_candidate AS FROM proposed_numbers"
        " WHERE candidate IN (SELECT number FROM watched_number WHERE NOT short)"
    )
    con.unregister("proposed_numbers")


def _learn_former_names(con: Connection) -> None:
    """What a certain record calls its person's former name is one that other records may still use."""
    before = number(con, "SELECT count(*) FROM watched_name")
    con.execute(query("night/former_names"))
    if number(con, "SELECT count(*) FROM watched_name") > before:
        add_names(con, "SELECT name FROM watched_name")


def _run(con: Connection, stage: Stage) -> None:
    proposal = query(f"night/{stage.name}", name_rank=name_rank("r", "p"))
    con.execute(f"CREATE OR REPLACE TEMP TABLE proposed AS {proposal}")
    con.execute(query("night/decide", reason=stage.reason, ambiguous=_on_a_tie(stage), level_name=level_name("rank")))


def _on_a_tie(stage: Stage) -> LinkReason:
    """What a record that fits several people is called: by the stage's own reason if that links nothing anyway."""
    return stage.reason if stage.reason.possible else LinkReason.AMBIGUOUS


def _publish(con: Connection, name: str) -> Linked:
    possible = ", ".join(f"'{reason}'" for reason in LinkReason if reason.possible)
    linked = Linked(f"links_{name}", f"possible_{name}", _counts(con))
    for table, condition in ((linked.links, "NOT IN"), (linked.possible, "IN")):
        con.execute(query("night/publish", table=table, condition=f"d.reason {condition} ({possible})"))
    for view in ("open_record", "record_key", "record_name"):
        con.execute(f"DROP VIEW {view}")
    for table in ("reached", "record_candidate", "proposed", "decided", "entered", "unlikely_stranger"):
        con.execute(f"DROP TABLE {table}")
    return linked


def _counts(con: Connection) -> dict[LinkReason, int]:
    rows = con.execute("SELECT reason, count(DISTINCT record) FROM decided GROUP BY reason").fetchall()
    return {LinkReason(reason): count for reason, count in rows}
