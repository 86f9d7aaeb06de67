"""Who is who in the province before any record is made: the protected, the registered poor, the dead, all others."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from synth.records.maker import Maker

ADULT, OLD = 18, 60
KIN = ("father", "mother", "spouse")


@dataclass(frozen=True)
class Census:
    """The people, one row each, ordered by ``person`` (0 to n-1), with what follows from where and how they live.

    Added to the columns of ``make_people``: ``age`` (whole years at the first night), ``size`` of the household,
    ``head`` (person), ``<kin>_name`` and ``<kin>_id_number``, ``disability`` (level "1" to "4" or null),
    ``disability_kind`` (which a certificate states), ``namesake`` (a person of the same name outside the protected
    households, or null), ``student``, ``home`` (what a dibao household lives in, in its head's row), ``resettled``
    (moved into urban dibao), and ``standing``: dibao, tekun, poor (registered, of an unprotected household), dead or
    free.
    """

    people: pl.DataFrame

    def of(self, *standings: str) -> pl.DataFrame:
        """The people of these standings."""
        return self.people.filter(pl.col("standing").is_in(list(standings)))


def take_census(people: pl.DataFrame, maker: Maker, shares: dict[str, Any], protected_share: float) -> Census:
    """Give every household a standing, rename the namesakes, and add what follows. ``protected_share`` is of people."""
    people = people.sort("person")
    if not (people["person"] == pl.Series(np.arange(people.height))).all():
        raise ValueError("people: person must run from 0 without gaps")
    households = _households(people, maker.first_night)
    standing = _standing_of_households(households, maker, shares, protected_share, people.height)
    people = people.join(standing, on="household", how="left", maintain_order="left").with_columns(
        age=_age("birth_date", maker.first_night)
    )
    people = _name_namesakes(_let_some_die(people, maker), maker, shares["namesakes"])
    people = _with_disability(_with_kin(people), maker, shares["recipients"]["disabled"])
    return Census(_with_home(_with_enrolment(people, maker), maker, shares["recipients"]))


def _age(column: str, day: date) -> pl.Expr:
    born = pl.col(column)
    # A month is an 8-bit number: a hundred times it would overflow.
    had_birthday = (born.dt.month().cast(pl.Int32) * 100 + born.dt.day()) <= day.month * 100 + day.day
    return (day.year - born.dt.year() - (~had_birthday).cast(pl.Int32)).cast(pl.Int32)


def _households(people: pl.DataFrame, day: date) -> pl.DataFrame:
    return (
        people.group_by("household", maintain_order=True)
        .agg(
            size=pl.len().cast(pl.Int64),
            head=pl.col("person").filter(pl.col("relation") == "head").first(),
            oldest=_age("birth_date", day).max(),
            youngest=_age("birth_date", day).min(),
        )
        .with_columns(head=pl.col("head"))
    )


def _standing_of_households(
    households: pl.DataFrame, maker: Maker, shares: dict[str, Any], protected_share: float, people: int
) -> pl.DataFrame:
    """Households in random order: dibao until their share of people is reached, then registered poor, then tekun.

    Tekun are people over 60 who live alone.
    """
    order = households.sample(fraction=1, shuffle=True, seed=int(maker.rng.integers(2**31)))
    wanted = people * protected_share
    running = np.cumsum(order["size"].to_numpy())
    dibao = running <= wanted
    poor_people = people * POOR_SHARE - wanted * shares["recipients"]["also_registered_poor"]
    poor = ~dibao & (running <= wanted + max(poor_people, people * 0.04))
    alone = ((order["size"] == 1) & (order["oldest"] > OLD)).to_numpy() & ~dibao & ~poor
    tekun = alone & (np.cumsum(alone) <= max(2, round(wanted * shares["tekun_share"])))
    standing = np.select([dibao, poor, tekun], ["dibao", "poor", "tekun"], "free")
    return order.select("household", "size", "head", "oldest", "youngest", standing=pl.Series(standing))


def _let_some_die(people: pl.DataFrame, maker: Maker) -> pl.DataFrame:
    """About 8 in 1,000 people, grown-ups of free households, died within the last year (300,000 of 38.5 million)."""
    may = (people["standing"] == "free") & (people["age"] > 45) & (people["relation"] != "head")
    chance = min(1.0, DEATH_SHARE * people.height / max(1, may.to_numpy().sum()))
    dead = may & pl.Series(maker.rng.random(people.height) < chance)
    return people.with_columns(standing=pl.when(dead).then(pl.lit("dead")).otherwise("standing"))


def _name_namesakes(people: pl.DataFrame, maker: Maker, share: float) -> pl.DataFrame:
    """Rename some grown-ups outside the protected households after people on dibao of their sex."""
    grown = people.select("person", "sex", "name", "surname", "standing", "former_name").filter(people["age"] >= ADULT)
    named = grown.filter(pl.col("standing") == "dibao")
    others = grown.filter(pl.col("standing").is_in(["free", "dead"]))
    wanted = min(max(60, round(named.height * share)), named.height // 4, others.height // 4)
    pairs = []
    for sex in ("1", "2"):
        models = named.filter(pl.col("sex") == sex)
        bearers = others.filter(pl.col("sex") == sex)
        count = min(wanted // 2, models.height, bearers.height)
        chosen = models[np.sort(maker.rng.choice(models.height, count, replace=False))]
        bearer = bearers[np.sort(maker.rng.choice(bearers.height, count, replace=False))]
        pairs.append(chosen.select("person", "name", "surname").with_columns(namesake=bearer["person"]))
    pair = pl.concat(pairs)
    renamed = pair.select(
        pl.col("namesake").alias("person"), pl.col("name").alias("new"), pl.col("surname").alias("new_surname")
    )
    return (
        people.join(renamed, on="person", how="left", maintain_order="left")
        .with_columns(
            name=pl.coalesce("new", "name"),
            surname=pl.coalesce("new_surname", "surname"),
            former_name=pl.when(pl.col("new").is_null()).then("former_name"),
        )
        .drop("new", "new_surname")
        .join(pair.select("person", "namesake"), on="person", how="left", maintain_order="left")
    )


def _with_kin(people: pl.DataFrame) -> pl.DataFrame:
    named = {}
    for kin in KIN:
        named[f"{kin}_name"] = people["name"].gather(people[kin])
        named[f"{kin}_id_number"] = people["id_number"].gather(people[kin])
    return people.with_columns(**named)


def _with_disability(people: pl.DataFrame, maker: Maker, share: float) -> pl.DataFrame:
    """Levels of disability: a tenth of the people on dibao, 4% of others; nobody registered poor and unprotected has
    level 1 or 2, for such people are planted."""
    count = people.height
    chance = pl.Series(maker.rng.random(count))
    level = maker.pick(("1", "2", "3", "4"), count, (1, 2, 3, 4))
    mild = maker.pick(("3", "4"), count)
    has = (people["age"] >= 3) & (chance < pl.when(pl.col("standing") == "dibao").then(share).otherwise(0.04))
    return people.with_columns(
        disability=pl.when(has & (pl.col("standing") != "dead")).then(
            pl.when(pl.col("standing") == "poor").then(mild).otherwise(level)
        ),
        disability_kind=maker.pick([str(kind) for kind in range(1, 8)], count),
    )


def _with_enrolment(people: pl.DataFrame, maker: Maker) -> pl.DataFrame:
    """Everybody of 6 to 15 is at school; many of 3 to 5, and of 16 to 22, are too."""
    age = pl.col("age")
    chance = pl.when(age.is_between(6, 15)).then(1.0).when(age.is_between(3, 5)).then(0.8).otherwise(0.6)
    may = age.is_between(3, 22) & (pl.col("marital_status") == "single") & (pl.col("standing") != "dead")
    young = pl.col("relation").is_in(["son", "daughter", "grandchild"])
    return people.with_columns(student=may & young & (pl.Series(maker.rng.random(people.height)) < chance))


def _with_home(people: pl.DataFrame, maker: Maker, part: dict[str, float]) -> pl.DataFrame:
    """What a dibao household lives in, in its head's row, as far as a department knows it: a homestead, a dwelling, a
    public rental, or nothing ("")."""
    draw, moved = (pl.Series(maker.rng.random(people.height)) for _ in range(2))
    urban, heads = pl.col("residence_kind") == "urban", pl.col("relation") == "head"
    mine = heads & (pl.col("standing") == "dibao")
    return people.with_columns(
        home=pl.when(mine & ~urban & (draw < part["homestead"]))
        .then(pl.lit("homestead"))
        .when(mine & urban & (draw < part["dwelling"]))
        .then(pl.lit("dwelling"))
        .when(mine & urban & (draw < part["dwelling"] + part["public_rental"]))
        .then(pl.lit("public_rental"))
        .otherwise(pl.lit("")),
        resettled=mine & urban & (moved < part["relocated"]),
    ).with_columns(pl.col("resettled").max().over("household"))


POOR_SHARE = 7_840_100 / 38_500_000
DEATH_SHARE = 300_000 / 38_500_000
