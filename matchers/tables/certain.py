"""The stages that need no model, for any two tables with an identity number: equal, upgraded, repaired, conflicting.

The nightly run has its own, for people and the names of registers (`matchers.night.stages`); these are the same rules
over prepared tables.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from matchers.identity.id_faults import one_fault_candidates
from matchers.queries import query
from matchers.tables.contradiction import contradicts, names_agree, other_year_under_a_hidden_name
from matchers.tables.prepare_tables import Wanted, keys_read, prepare_rows, together
from matchers.weights.blocking import Side
from matchers.weights.field_kinds import Kind
from matchers.weights.spec import LinkageSpec
from schemas.link_reasons import LinkReason

LATIN_NAMES_AGREE = 0.85
"""Jaro-Winkler similarity from which two names in letters are compatible under one number."""


def link_by_number(con: duckdb.DuckDBPyConnection, spec: LinkageSpec) -> None:
    """Make `certain` (`left_row`, `right_row`, `reason`) from the tables read; empty without an id_number.

    Only rows whose number the other side has too, or may have, are prepared for it: `prepared_left`, `prepared_right`.
    """
    con.execute("CREATE OR REPLACE TEMP TABLE certain (left_row BIGINT, right_row BIGINT, reason VARCHAR)")
    number = spec.first_of(Kind.ID_NUMBER)
    if number is None:
        return
    _propose(con, number)
    compatible, equal, nameless = _names(spec)
    filled = query(
        "tables/certain",
        number=number,
        compatible=compatible,
        equal_name=equal,
        nameless=nameless,
        ordered="l.row < r.row" if spec.task == "dedupe" else "TRUE",
        contradicts=contradicts(spec),
        other_year=other_year_under_a_hidden_name(spec),
        **_sounds(spec),
        right_end="right_row" if spec.task == "dedupe" else "-right_row",
        contested=_contested(spec),
        left_row="least(left_row, right_row)" if spec.task == "dedupe" else "left_row",
        right_row="greatest(left_row, right_row)" if spec.task == "dedupe" else "right_row",
        settled_left=_settled(spec, "left"),
        settled_right=_settled(spec, "right"),
    )
    wanted = together(spec, keys_read(spec, [filled]), {number: ("value", "number", "sound")})
    for side in ("left", "right"):
        con.execute(
            query("tables/shared_numbers", number=number, side=side, other="left" if side == "right" else "right")
        )
        prepare_rows(con, spec, side, f"prepared_{side}", rows=f"FROM shared_number_{side}", wanted=wanted)
    con.execute(filled)


def open_sides(con: duckdb.DuckDBPyConnection, spec: LinkageSpec, wanted: Wanted) -> list[Side]:
    """What the model may still look between, its rows prepared with the keys that are `wanted`.

    Rows not linked by number, at least one of the two without a sound one of its own: two sound and different numbers
    are two people, however alike they look. A number that tells another birth date than its own row is somebody
    else's. Who is only in conflict is not linked: another's slip must not hide whose row it is.
    """
    number = spec.first_of(Kind.ID_NUMBER)
    if number is None:
        for side in ("left", "right"):
            prepare_rows(con, spec, side, f"open_{side}", wanted=wanted)
        return [Side("open_left", "open_right")]
    wanted = together(spec, wanted, {number: ("sound", "other_birth")})
    for side in ("left", "right"):
        rows = f"SELECT row FROM raw_{side} WHERE row NOT IN ({_settled(spec, side)})"
        prepare_rows(con, spec, side, f"open_{side}", rows=rows, wanted=wanted)
        sound = f"coalesce({number}.sound AND NOT {number}.other_birth, FALSE)"
        con.execute(f"CREATE OR REPLACE TEMP VIEW sound_{side} AS FROM open_{side} WHERE {sound}")
        con.execute(f"CREATE OR REPLACE TEMP VIEW unsound_{side} AS FROM open_{side} WHERE NOT {sound}")
    return [Side("unsound_left", "open_right"), Side("sound_left", "unsound_right")]


def _settled(spec: LinkageSpec, side: str) -> str:
    other_may_share = {"left": ("one_to_many", "many_to_many"), "right": ("many_to_one", "many_to_many")}
    if spec.task == "dedupe" or spec.cardinality in other_may_share[side]:
        return "SELECT NULL::BIGINT WHERE FALSE"
    return f"SELECT {side}_row FROM certain WHERE reason <> '{LinkReason.CONFLICT}'"


def _contested(spec: LinkageSpec) -> str:
    """SQL for whether a row that may have one partner has several it may be linked to."""
    if spec.task == "dedupe":
        return "FALSE"
    several = {
        "left": "count(*) OVER (PARTITION BY left_row) > 1",
        "right": "count(*) OVER (PARTITION BY right_row) > 1",
    }
    sides = {"one_to_one": ("left", "right"), "many_to_one": ("left",), "one_to_many": ("right",), "many_to_many": ()}
    return " OR ".join(several[side] for side in sides[spec.cardinality]) or "FALSE"


def _names(spec: LinkageSpec) -> tuple[str, str, str]:
    """SQL for: the names are compatible; they are equal; one is missing."""
    han, latin = spec.first_of(Kind.HAN_NAME), spec.first_of(Kind.LATIN_NAME)
    if han is not None:
        missing = f"l.{han}.normal IS NULL OR r.{han}.normal IS NULL"
        return names_agree(spec, han), f"l.{han}.clear = r.{han}.clear", missing
    if latin is not None:
        similar = f"jaro_winkler_similarity(l.{latin}.compact, r.{latin}.compact) >= {LATIN_NAMES_AGREE}"
        return similar, f"l.{latin}.value = r.{latin}.value", f"l.{latin} IS NULL OR r.{latin} IS NULL"
    return "TRUE", "TRUE", "FALSE"


def _sounds(spec: LinkageSpec) -> dict[str, str]:
    """SQL for how the names sound; null where a part is hidden. Names in letters hide nothing."""
    han = spec.first_of(Kind.HAN_NAME)
    return {
        f"{side}_sound": f"{alias}.{han}.pinyin" if han else "''" for side, alias in (("left", "l"), ("right", "r"))
    }


def _propose(con: duckdb.DuckDBPyConnection, number: str) -> None:
    """Make `proposed_number` (`value`, `candidate`): what each damaged number of either table may have been."""
    damaged = con.sql(
        f"SELECT cleaned AS value FROM numbers_left_{number} WHERE upgraded IS NULL"
        f" UNION SELECT cleaned FROM numbers_right_{number} WHERE upgraded IS NULL ORDER BY 1"
    ).to_arrow_table()["value"]
    found = one_fault_candidates(damaged)
    con.register("found_number", pa.table({"value": damaged.take(found["index"]), "candidate": found["candidate"]}))
    con.execute("CREATE OR REPLACE TEMP TABLE proposed_number AS FROM found_number")
    con.unregister("found_number")
