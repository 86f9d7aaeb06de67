"""Poverty relief 扶贫: the registered poor, relocation out of poor places, welfare posts."""

import polars as pl

from synth.records.maker import Maker, rows

SELF = {"self": ("id_number", "name")}


def registered_poor(maker: Maker, holders: pl.DataFrame, **fixed: object) -> pl.DataFrame:
    """The entry of each holder, present and lifted out of poverty unless ``fixed`` says otherwise."""
    count = holders.height
    return rows(
        holders,
        SELF,
        fixed,
        household_no="J" + pl.col("household_number").cast(pl.String).str.zfill(9),
        person_no=maker.serial("J", count, 10),
        sex=pl.col("sex"),
        birth_date=pl.col("birth_date"),
        relation_to_head=pl.col("relation"),
        division=pl.col("division"),
        address=pl.col("address"),
        poverty_status=pl.lit("lifted"),
        registered_on=maker.ago(count, 2500, 1500),
        health=pl.lit("healthy"),
        labour=pl.when(pl.col("age").is_between(16, 60)).then(pl.lit("normal")).otherwise(pl.lit("none")),
        household_size=pl.col("size"),
        per_head_income=maker.amount(count, 6000, 14000, 10),
        resident_status=pl.lit("present"),
        phone=pl.col("phone"),
    )


def relocation(maker: Maker, holders: pl.DataFrame, **fixed: object) -> pl.DataFrame:
    """The relocation of each holder to a site in the same county, without urban dibao."""
    count = holders.height
    return rows(
        holders,
        SELF,
        fixed,
        household_no="Q" + pl.col("household_number").cast(pl.String).str.zfill(9),
        person_no=maker.serial("Q", count, 10),
        from_division=pl.col("division"),
        to_division=pl.col("division"),
        site_name=maker.organisation(count, ("移民安置点", "新区安置点")),
        moved_in_on=maker.ago(count, 1400, 500),
        home_area=pl.col("size").cast(pl.Float64) * 20,
        old_home_demolished=maker.pick(("yes", "no"), count, (8, 2)),
        urban_dibao_on=pl.lit(None, dtype=pl.Date),
        buffer_months=pl.lit(None, dtype=pl.Int64),
    )


def welfare_post(maker: Maker, holders: pl.DataFrame, **fixed: object) -> pl.DataFrame:
    """One running welfare post a holder."""
    count = holders.height
    return rows(
        holders,
        SELF,
        fixed,
        record_no=maker.serial("GY", count),
        kind=maker.pick(("welfare_post", "industry_support"), count, (3, 1)),
        post_name=maker.pick(("护林员", "保洁员", "护路员", "水管员"), count),
        employer=maker.organisation(count, ("村民委员会", "乡人民政府")),
        started_on=maker.ago(count, 700, 40),
        ended_on=pl.lit(None, dtype=pl.Date),
        monthly_amount=maker.amount(count, 400, 800, 50),
        division=pl.col("division"),
    )
