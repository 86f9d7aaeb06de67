"""The stages by which records are linked to people, in order; each sees only what the ones before did not link.

A stage is frozen: a name, the reason its links carry, and a query in `sql/` that proposes pairs of a record and a
person (`record`, `person_id`, `rank` of the names' agreement, `doubtful`). What is proposed is decided alike for every
stage: the best rank wins, and two people on it are left to a person.
"""

from __future__ import annotations

from dataclasses import dataclass

from engines.connection import Connection
from matchers.identity.levels import Variant, level_name, name_rank, rank_of
from matchers.identity.name_book import add_names
from matchers.identity.papers import other_birth_on, paper_key
from matchers.night.contradiction import (
    BIRTH_AND_SEX,
    HIDDEN,
    born,
    contradicts,
    other_birth,
    other_sex,
    other_year,
    sex,
    slipped_birth,
)
from matchers.night.prefilter import prefilter_records
from matchers.night.watched_numbers import BODY, watch_numbers
from matchers.queries import number, query
from schemas.link_reasons import Claim, Contradiction, LinkReason, sql_list


@dataclass(frozen=True)
class Stage:
    """One stage: its name is also that of its query."""

    name: str
    reason: LinkReason
    meaning: str


STAGES: tuple[Stage, ...] = (
    Stage("exact", LinkReason.EXACT, "equal sound numbers, compatible names, no contradiction"),
    Stage("upgraded", LinkReason.UPGRADED, "equal once 15 digits are made 18, the rest as for exact"),
    Stage("repaired", LinkReason.REPAIRED, "one fault between the numbers, equal names"),
    Stage("paper", LinkReason.PAPER, "the same paper of another kind, compatible names, no contradiction"),
    Stage("contradicted", LinkReason.CONTRADICTED, "equal sound numbers, compatible names, one particular contradicts"),
    Stage("renamed", LinkReason.RENAMED, "equal sound numbers, surname, birth date and county, another given name"),
    Stage("conflict", LinkReason.CONFLICT, "equal sound numbers, incompatible names or too much that contradicts"),
    Stage("renumbered", LinkReason.RENUMBERED, "two sound numbers, the same name, birth date and village"),
    Stage("unnamed", LinkReason.UNNAMED, "equal sound numbers, no name on the record"),
)


_STATED, _KNOWN = ("o.born", "o.sex"), ("o.known_born", "o.known_sex")
_CONTRADICTIONS = {
    "contradicts": contradicts("w", *_STATED),
    "other_year": other_year("w", _STATED[0]),
    "known_contradicts": contradicts("w", *_KNOWN),
    "known_other_year": other_year("w", _KNOWN[0]),
    "other_birth": other_birth("w", _STATED[0]),
    "slipped_birth": slipped_birth("w", _STATED[0]),
    "other_sex": other_sex("w", _STATED[1]),
    "candidate_contradicts": contradicts("c", *_KNOWN),
    "candidate_other_birth": other_birth("c", _STATED[0]),
    "candidate_other_sex": other_sex("c", _STATED[1]),
    "other_birth_on_paper": other_birth_on("o.id_number", _STATED[0]),
    "renumbered_other_sex": other_sex("w", "m.sex"),
    "paper_key": paper_key("id_number"),
    "stated_born": born("birth_date"),
    "stated_sex": sex("sex"),
    "hidden": HIDDEN,
    "variant": str(rank_of(Variant)),
    **{f"by_{one.value}": one.value for one in Contradiction},
}
"""SQL for how a record `o` and a person, `w` or `c`, contradict each other: see `same_number.sql`."""


@dataclass(frozen=True)
class Linked:
    """Where the links of some records are, but for those settled by number, which `matchers.night.prefilter` keeps.

    links: table of `type, role, row_key, delivery_id, person_id, reason, weight, probability, name_level,
    contradiction`, at most one row a record. possible: the same columns, several rows a record, for a person to judge.
    counts: records by reason.
    """

    links: str
    possible: str
    counts: dict[LinkReason, int]


def link_records(con: Connection, records: str, name: str) -> Linked:
    """Link the records of one information type to the people of `matchers.night.people`, those settled by number too.

    For one type and one round; a night prefilters the records of all types at once and runs the stages itself. See
    `prefilter_records` for `records`. Replaces the tables `links_<name>` and `possible_<name>`.
    """
    before = number(con, "SELECT max(source) FROM link_source")
    prefilter_records(con, records, name)
    linked = run_stages(con, name)
    settled = f"FROM links_settled WHERE source > {before}"
    con.execute(f"INSERT INTO {linked.links} BY NAME SELECT * EXCLUDE (source) {settled}")
    found = number(con, f"SELECT count(*) {settled}")
    counts = {LinkReason.EXACT: found + linked.counts.get(LinkReason.EXACT, 0)} if found else {}
    return Linked(linked.links, linked.possible, linked.counts | counts)


def run_stages(con: Connection, name: str, records: str = "TRUE") -> Linked:
    """Link the prefiltered records that are not linked yet to the people made ready, by all stages.

    records: SQL for those meant, of types that tell each other no former names. Replaces the tables `links_<name>` and
    `possible_<name>`. `weight` and `probability` are null: these stages do not weigh. What they leave unmatched is kept
    for `matchers.night.weighing`.
    """
    con.execute(query("night/open_records", records=records, body=BODY, **BIRTH_AND_SEX))
    watch_numbers(con, f"SELECT {BODY} AS body FROM prefiltered UNION ALL SELECT body FROM record_candidate")
    con.execute(query("night/same_number", name_rank=name_rank("r", "p"), **_CONTRADICTIONS))
    for stage in STAGES:
        _run(con, stage)
    con.execute(query("night/unmatched", name_rank=name_rank("r", "p")))
    _learn_former_names(con)
    return _publish(con, name)


def _learn_former_names(con: Connection) -> None:
    """What a certain record calls its person's former name is one that other records may still use."""
    before = number(con, "SELECT count(*) FROM watched_name")
    con.execute(query("night/former_names"))
    if number(con, "SELECT count(*) FROM watched_name") > before:
        add_names(con, "SELECT name FROM watched_name")


def _run(con: Connection, stage: Stage) -> None:
    proposal = query(f"night/{stage.name}", **_CONTRADICTIONS, name_rank=name_rank("r", "p"))
    con.execute(f"CREATE OR REPLACE TEMP TABLE proposed AS {proposal}")
    con.execute(
        query("night/decide", reason=stage.reason, ambiguous=_when_several_fit(stage), level_name=level_name("rank"))
    )


def _when_several_fit(stage: Stage) -> LinkReason:
    """What a record that fits several people is called: by the stage's own reason if that links nothing anyway."""
    return stage.reason if stage.reason.possible else LinkReason.AMBIGUOUS


def _publish(con: Connection, name: str) -> Linked:
    possible = sql_list(Claim.QUESTION)
    linked = Linked(f"links_{name}", f"possible_{name}", _counts(con))
    for table, condition in ((linked.links, "NOT IN"), (linked.possible, "IN")):
        con.execute(query("night/publish", table=table, condition=f"d.reason {condition} ({possible})"))
    con.execute(f"INSERT INTO linked_record SELECT DISTINCT record FROM decided WHERE reason NOT IN ({possible})")
    for view in ("open_number", "open_record", "record_key", "record_name", "unlinked_record"):
        con.execute(f"DROP VIEW {view}")
    for table in (
        "proposed",
        "decided",
        "weighable",
        "unlikely_unregistered",
        "same_number",
        "elsewhere",
        "compatible",
    ):
        con.execute(f"DROP TABLE {table}")
    return linked


def _counts(con: Connection) -> dict[LinkReason, int]:
    rows = con.execute("SELECT reason, count(DISTINCT record) FROM decided GROUP BY reason").fetchall()
    return {LinkReason(reason): count for reason, count in rows}
