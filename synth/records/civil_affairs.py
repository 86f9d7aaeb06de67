"""Civil affairs 民政: the dibao and tekun rosters, marriages, cremations."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from synth.records.census import ADULT
from synth.records.maker import Maker, rows

URBAN_STANDARD, RURAL_STANDARD = 645.0, round(4318 / 12, 2)
"""Yuan a person a month: the provincial averages at the end of October 2020."""
STANDARD = pl.when(pl.col("residence_kind") == "urban").then(URBAN_STANDARD).otherwise(RURAL_STANDARD)
ELDERLY = 60
"""Policy parameter elderly_age."""
SEVERE = pl.col("disability").is_in(["1", "2"])
SEVERE_BY_KIND = (pl.col("disability") == "3") & pl.col("disability_kind").is_in(["5", "6"])
"""Policy parameters severe_disability_levels and severe_by_kind."""


def dibao_roster(maker: Maker, members: pl.DataFrame, shares: dict[str, Any]) -> pl.DataFrame:
    """The sheet of every dibao household, a row a member, in which each person declares what the departments hold.

    Adds to the columns of the contract ``household`` and ``person__member``.
    """
    count = members.height
    part = shares["recipients"]
    grown_child = pl.col("relation").is_in(["son", "daughter"]) & pl.col("age").is_between(23, 55)
    working = grown_child & pl.Series(maker.rng.random(count) < part["not_receiving"])
    ill = pl.col("age").is_between(30, ELDERLY - 1) & pl.Series(maker.rng.random(count) < part["serious_illness"])
    supplement = (
        pl.when(SEVERE | SEVERE_BY_KIND)
        .then(pl.lit("disability"))
        .when(pl.col("age") >= ELDERLY)
        .then(pl.lit("elderly"))
        .when(pl.col("student"))
        .then(pl.lit("student"))
        .when(pl.col("age") < ADULT)
        .then(pl.lit("minor"))
        .when(ill)
        .then(pl.lit("serious_illness"))
        .otherwise(pl.lit("none"))
    )
    household = _household_facts(maker, members, part)
    frame = members.join(household, on="household", how="left", maintain_order="left")
    share = pl.Series(np.round(maker.rng.uniform(0.12, 0.28, count), 2))
    receives = ~working
    return rows(
        frame,
        {"member": ("id_number", "name")},
        {},
        household=pl.col("household"),
        household_no="D" + pl.col("household_number").cast(pl.String).str.zfill(9),
        member_no=("M" + pl.col("number").cast(pl.String).str.zfill(9)),
        sex=pl.col("sex"),
        birth_date=pl.col("birth_date"),
        ethnicity=pl.col("ethnicity"),
        relation_to_head=pl.col("relation"),
        recipient=pl.when(receives).then(pl.lit("yes")).otherwise(pl.lit("no")),
        scheme=pl.col("residence_kind"),
        division=pl.col("division"),
        address=pl.col("address"),
        status=pl.col("household_status"),
        started_on=pl.col("household_started_on"),
        assessed_on=pl.col("household_assessed_on"),
        monthly_amount=(STANDARD * pl.col("size") * pl.col("household_gap")).round(0),
        supplement_kind=pl.when(receives).then(supplement).otherwise(pl.lit("none")),
        supplement_amount=pl.when(receives & (supplement != "none")).then((STANDARD * share).round(2)).otherwise(0.0),
        single_person=pl.lit("no"),
        exit_ends_on=pl.col("household_exit_ends_on"),
        relocated=pl.when(pl.col("resettled")).then(pl.lit("yes")).otherwise(pl.lit("no")),
        marital_status=pl.col("marital_status"),
        declared_employment=pl.when(working)
        .then(pl.lit("flexible"))
        .when(pl.col("student"))
        .then(pl.lit("student"))
        .otherwise(pl.lit("none")),
        declared_income=pl.when(working).then(600.0).otherwise(0.0),
        declared_vehicle=pl.lit(None, dtype=pl.String),
        declared_homes=pl.col("home").is_in(["homestead", "dwelling"]).max().over("household").cast(pl.Int64),
        moved_in_on=pl.col("household_started_on"),
        phone=pl.col("phone"),
    )


def _household_facts(maker: Maker, members: pl.DataFrame, part: dict[str, float]) -> pl.DataFrame:
    households = members.select(pl.col("household").unique(maintain_order=True))
    count = households.height
    night = maker.first_night
    chance = maker.rng.random(count)
    exiting = chance < part["exiting"]
    suspended = ~exiting & (chance < part["exiting"] + part["suspended"])
    return households.select(
        "household",
        household_status=pl.Series(np.select([exiting, suspended], ["exiting", "suspended"], "active")),
        household_started_on=maker.ago(count, 2400, 420),
        household_assessed_on=maker.ago(count, 170, 20),
        household_gap=pl.Series(maker.rng.uniform(0.35, 0.8, count)),
        household_exit_ends_on=pl.when(pl.Series(exiting)).then(
            maker.days(count, night + timedelta(days=62), night + timedelta(days=170))
        ),
    )


def tekun_roster(maker: Maker, holders: pl.DataFrame, **fixed: object) -> pl.DataFrame:
    """The entry of each holder on the register of extreme poverty."""
    count = holders.height
    return rows(
        holders,
        {"self": ("id_number", "name")},
        fixed,
        person_no=maker.serial("T", count),
        sex=pl.col("sex"),
        birth_date=pl.col("birth_date"),
        division=pl.col("division"),
        address=pl.col("address"),
        care_kind=maker.pick(("scattered", "institution"), count, (4, 1)),
        care_level=maker.pick(("full", "partial", "self"), count, (1, 2, 6)),
        monthly_amount=maker.amount(count, 800, 1300, 10),
        started_on=maker.ago(count, 2400, 420),
        ended_on=pl.lit(None, dtype=pl.Date),
        status=pl.lit("active"),
    )


def marriage(maker: Maker, couples: pl.DataFrame, **fixed: object) -> pl.DataFrame:
    """One marriage a husband; his wife is in ``wife_person``, ``wife_id_number`` and ``wife_name``."""
    count = couples.height
    on = maker.days(count, date(2008, 1, 1), maker.first_night - timedelta(days=400))
    return rows(
        couples,
        {"husband": ("husband_id", "husband_name"), "wife": ("wife_id", "wife_name")},
        fixed,
        certificate_no=maker.serial("JH", count),
        kind=pl.lit("marriage"),
        registered_on=on,
        office=maker.organisation(count, ("县民政局婚姻登记处",)),
        division=pl.col("division"),
        known_from=on,
    )


def cremation(maker: Maker, holders: pl.DataFrame, died: pl.Series, **fixed: object) -> pl.DataFrame:
    """The cremation of each holder, two days after the day ``died``."""
    count = holders.height
    cremated = died + timedelta(days=2)
    return rows(
        holders,
        {"self": ("id_number", "name")},
        fixed,
        record_no=maker.serial("HH", count),
        sex=pl.col("sex"),
        birth_date=pl.col("birth_date"),
        death_date=died,
        cremated_on=cremated,
        funeral_home=maker.organisation(count, ("殡仪馆",)),
        division=pl.col("division"),
        known_from=cremated + timedelta(days=1),
    )
