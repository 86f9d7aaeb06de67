"""Why a record is linked to a person: each comparison with both values, its level, its weight and the total so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import duckdb
import numpy as np

from matchers.columns import filled
from matchers.identity.levels import NAME_LEVELS
from matchers.night.comparison_inputs import book_names, prepare_places, prepare_records, prepare_sides
from matchers.night.comparisons import COMPARED
from matchers.night.fingerprints import fingerprint
from matchers.night.pairs import pair_everybody, start_blocks
from matchers.night.people import OPTIONAL_MEMBERSHIP_COLUMNS, resolve_people
from matchers.night.prefilter import OPTIONAL_RECORD_COLUMNS, RECORD_COLUMNS
from matchers.night.province_model import ProvinceModel, load_province
from matchers.night.weighing import count_names
from matchers.queries import query
from matchers.weights.compare import compare_pairs, pattern_counts
from matchers.weights.comparisons import Comparison
from matchers.weights.score import score_pairs
from schemas.link_reasons import LinkReason

NUMBER_BITS = float(np.log2(46_000_000))
"""What an equal sound number weighs: one in the whole population has it."""
_BY_NUMBER = {LinkReason.CONFLICT, LinkReason.RENAMED, LinkReason.CONTRADICTED}
"""Reasons of records with the person's number that say something else than the person's register."""
_NUMBER_SETTLES = {LinkReason.EXACT, LinkReason.UPGRADED, LinkReason.UNNAMED, *_BY_NUMBER}
_TITLES = {
    "prior": ("事先", "before comparing"),
    "number": ("身份证号", "ID number"),
    "name": ("姓名", "name"),
    "birth": ("出生日期", "birth date"),
    "sex": ("性别", "sex"),
    "place": ("住址", "where they live"),
    "phone": ("电话", "telephone"),
    "frequency": ("姓名的少见程度", "how rare the name is"),
}


Shown: TypeAlias = Callable[[str, str], str]
"""What may be seen of a value: the field it is compared in and the value itself."""


def hidden(_field: str, _value: str) -> str:
    """Nothing of any value."""
    return ""


@dataclass(frozen=True)
class Step:
    """One comparison: what it is, the record's value and the person's, the level, bits, and the total so far."""

    field: str
    title_zh: str
    title_en: str
    record: str
    person: str
    level_zh: str
    level_en: str
    weight: float
    total: float


@dataclass(frozen=True)
class Explanation:
    """The steps of one link, in order; the last total is its weight."""

    reason: LinkReason
    steps: tuple[Step, ...]


def explain(
    con: duckdb.DuckDBPyConnection,
    record: str,
    memberships: str,
    reason: LinkReason,
    *,
    people: int,
    population: str | None = None,
    borrowed_number: bool = False,
    shown: Shown = hidden,
    model: ProvinceModel | None = None,
) -> Explanation:
    """Explain the link of the one row of `record` to the one person of `memberships`, on a connection of its own.

    record, memberships: relations as for `link_records` and `resolve_people`. people: how many are watched.
    population: as for `weigh_unmatched`. borrowed_number: the record's number is somebody else's, and so was not
    compared. shown: what may be seen of a field's value; by itself nothing is.
    """
    model = model or load_province()
    _prepare(con, record, memberships, population, "conflict" if borrowed_number else "unnumbered")
    weights = model.weights_in_household() if reason is LinkReason.HOUSEHOLD else model.weights_among(people)
    compare_pairs(con, COMPARED, "explained_pair", "compared")
    score_pairs(con, weights, COMPARED, pattern_counts(con, COMPARED, "compared"), "compared")
    lived = f"SELECT {filled(con, record, OPTIONAL_RECORD_COLUMNS)} FROM {record}"
    optional = filled(con, memberships, OPTIONAL_MEMBERSHIP_COLUMNS)
    homes = f"SELECT scheme, household_id, member_id, {optional} FROM {memberships}"
    found = con.execute(query("night/explained", lived=lived, homes=homes)).fetchall()
    if not found:
        raise ValueError("the record or the person has no readable name; there is nothing to compare")
    weight, places, left, right = found[0]
    steps = [("prior", "", "", ("", ""), weights.prior_bits)]
    for one, levels in zip(COMPARED, weights.weights, strict=True):
        label, bits = _label(one, places[one.field]), float(levels[places[one.field]])
        if one.field == "number" and reason in _NUMBER_SETTLES:
            label, bits = _said_of_number(reason, places), NUMBER_BITS
            weight += bits - float(levels[places[one.field]])
        steps.append((one.field, left[one.field] or "", right[one.field] or "", label, bits))
    rarity = weight - sum(step[-1] for step in steps)
    steps.insert(2, ("frequency", "", "", ("", ""), rarity))
    return Explanation(reason, _running(steps, shown))


def _prepare(con: duckdb.DuckDBPyConnection, record: str, memberships: str, population: str | None, entry: str) -> None:
    resolve_people(con, memberships)
    optional = filled(con, record, OPTIONAL_RECORD_COLUMNS)
    needed = ", ".join(RECORD_COLUMNS)
    one = f"SELECT '' AS type, '{entry}' AS entry, {needed}, {optional} FROM {record}"
    con.execute(f"INSERT INTO unmatched BY NAME SELECT * REPLACE ({fingerprint('address')} AS address) FROM ({one})")
    book_names(con)
    start_blocks(con)
    prepare_places(con, everybody=True)
    prepare_records(con)
    prepare_sides(con, everybody=True)
    count_names(con, population)
    pair_everybody(con)


def _label(one: Comparison, place: int) -> tuple[str, str]:
    return one.label(place), one.label(place, "en")


def _said_of_number(reason: LinkReason, places: dict[str, int]) -> tuple[str, str]:
    """What the number settles; and, under one number, what does not agree with the person."""
    differ = {
        "name": not 1 <= places["name"] <= len(NAME_LEVELS),
        "birth": places["birth"] > 1,
        "sex": places["sex"] > 1,
    }
    fields = [_TITLES[field] for field, differs in differ.items() if differs]
    if reason not in _BY_NUMBER or not fields:
        return reason.zh, reason.en
    zh, en = "、".join(title for title, _ in fields), ", ".join(title for _, title in fields)
    return f"号码一致，但{zh}不符", f"same sound number, but these do not agree: {en}"


def _running(steps: list[tuple[str, str, str, tuple[str, str], float]], shown: Shown) -> tuple[Step, ...]:
    found, total = [], 0.0
    for field, record, person, (zh, en), weight in steps:
        total += weight
        values = shown(field, record), shown(field, person)
        found.append(Step(field, *_TITLES[field], *values, zh, en, round(weight, 2), round(total, 2)))
    return tuple(found)
