"""Planting: choose households for every scenario, make their records, and note what is to be expected."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from synth.records.background import Records
from synth.records.maker import Maker
from synth.scenarios.scenario import Edit, Pool, Scenario, Scene

LEAST = 6
"""Cases of each scenario in a small province, as far as it has households that fit."""
SHARE = 0.0012
"""Cases of each scenario to protected households in a large one."""
REGISTERS: dict[Pool, tuple[str, str, str, str]] = {
    "dibao": ("dibao_roster", "member", "household_no", "member_no"),
    "tekun": ("tekun_roster", "self", "person_no", "person_no"),
    "poor": ("registered_poor", "self", "household_no", "person_no"),
}
"""Pool: its register, the role there, and the columns for household and member."""
NEWBORN = timedelta(days=85)
SCHEMES: dict[Pool, str] = {"dibao": "dibao", "tekun": "tekun", "poor": "registered_poor"}


@dataclass(frozen=True)
class Planted:
    """All cases: rows by type, edits, and one row a case in ``cases``.

    ``cases`` has plant, rule, scenario, expected, scheme, household, member (null for the whole household), person,
    needs_all, until (date or null).
    """

    rows: Records
    edits: list[Edit]
    cases: pl.DataFrame


def plant_all(
    scenarios: Sequence[Scenario], everybody: pl.DataFrame, records: Records, maker: Maker, months: list[date]
) -> Planted:
    """Give every scenario its own households, at most one scenario a household."""
    pools = {pool: candidates_of(pool, everybody, records, maker.branch(f"pool {pool}")) for pool in REGISTERS}
    used: dict[Pool, pl.Series] = {pool: pl.Series([], dtype=pl.String) for pool in REGISTERS}
    rows: dict[str, list[pl.DataFrame]] = {}
    edits: list[Edit] = []
    cases: list[pl.DataFrame] = []
    planted = 0
    # Whoever few people fit chooses first.
    for scenario in sorted(scenarios, key=lambda one: one.name != "identity_invalid.infant"):
        candidates = pools[scenario.pool]
        free = candidates.filter(scenario.who & ~pl.col("household_no").is_in(used[scenario.pool].implode()))
        wanted = max(LEAST, round(SHARE * candidates["household_no"].n_unique()))
        chosen = free.unique("household_no", keep="first", maintain_order=True).head(wanted * (1 + scenario.with_host))
        hosts = chosen[chosen.height // 2 : chosen.height // 2 * 2] if scenario.with_host else chosen.clear()
        targets = chosen.head(hosts.height) if scenario.with_host else chosen
        if not targets.height:
            continue
        targets = targets.with_columns(plant=pl.Series(np.arange(planted, planted + targets.height, dtype=np.int32)))
        planted += targets.height
        scene = Scene(maker.branch(scenario.name), targets, everybody, candidates, hosts, months)
        done = scenario.plant(scene)
        for name, frame in done.rows.items():
            rows.setdefault(name, []).append(frame)
        edits += done.edits
        used[scenario.pool] = pl.concat([used[scenario.pool], chosen["household_no"]])
        cases.append(_expectations(scenario, targets, maker.first_night))
        if done.also_at is not None:
            cases.append(cases[-1].drop("household", "member").join(done.also_at, on="plant", maintain_order="left"))
    return Planted(
        {name: pl.concat(frames, how="diagonal") for name, frames in rows.items()},
        edits,
        pl.concat(cases, how="diagonal"),
    )


def candidates_of(pool: Pool, everybody: pl.DataFrame, records: Records, maker: Maker) -> pl.DataFrame:
    """The people on the register of the pool, households in random order; of dibao, active households only."""
    register, role, household, member = REGISTERS[pool]
    entries = records[register]
    known = {f"person__{role}", household, member}
    kept = [name for name in entries.columns if name in known or (pool == "dibao" and name not in everybody.columns)]
    people = everybody.filter(pl.col("standing") == pool).drop("household_no", strict=False)
    entry = entries.select(kept).drop("household", "plant", "known_from", strict=False)
    entry = entry.with_columns(household_no=pl.col(household), member_no=pl.col(member))
    candidates = people.join(entry, left_on="person", right_on=f"person__{role}", how="inner", maintain_order="left")
    if pool == "dibao":
        candidates = candidates.filter(pl.col("status") == "active")
    newborn = pl.col("birth_date") > maker.first_night - NEWBORN
    return _shuffled_by_household(
        candidates.with_columns(*_household_facts(recipients=pool == "dibao"), newborn=newborn), maker
    )


def _household_facts(*, recipients: bool) -> list[pl.Expr]:
    """What a scenario asks of the household: its home, how many are grown or receive, any student or disabled member.

    Only the dibao roster tells ``recipients`` from others.
    """
    of_household = {
        "heads_home": pl.col("home").max(),
        "adults": (pl.col("age") >= 18).sum(),
        "receiving": (pl.col("recipient") == "yes").sum() if recipients else pl.lit(0),
        "any_student": pl.col("student").any(),
        "any_disabled": pl.col("disability").is_not_null().any(),
    }
    return [expr.over("household_no").alias(name) for name, expr in of_household.items()]


def _shuffled_by_household(candidates: pl.DataFrame, maker: Maker) -> pl.DataFrame:
    households = candidates.select(pl.col("household_no").unique(maintain_order=True))
    place = pl.Series(maker.rng.permutation(households.height))
    placed = candidates.join(households.with_columns(place=place), on="household_no", maintain_order="left")
    return placed.sort("place", maintain_order=True).drop("place")


def _expectations(scenario: Scenario, targets: pl.DataFrame, first_night: date) -> pl.DataFrame:
    month_end = (first_night.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    until = month_end if scenario.this_month_only else None
    if scenario.nights is not None:
        until = first_night + timedelta(days=scenario.nights - 1)
    member = pl.lit(None, dtype=pl.String) if scenario.whole_household else pl.col("member_no")
    return pl.concat(
        targets.select(
            "plant",
            rule=pl.lit(rule),
            scenario=pl.lit(scenario.name),
            expected=pl.lit(scenario.expected),
            scheme=pl.lit(SCHEMES[scenario.pool]),
            household="household_no",
            member=member,
            person="person",
            needs_all=pl.lit(scenario.needs_all),
            until=pl.lit(until, dtype=pl.Date),
        )
        for rule in (scenario.rule, *scenario.also)
    )
