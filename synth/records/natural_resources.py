"""Natural resources 自然资源: who holds which real estate, and what changed hands."""

from datetime import timedelta

import polars as pl

from synth.records.maker import Maker, rows


def real_estate(maker: Maker, holders: pl.DataFrame, **fixed: object) -> pl.DataFrame:
    """One unit a holder, wholly theirs: a commodity dwelling unless ``fixed`` says otherwise."""
    count = holders.height
    since = maker.ago(count, 5000, 400)
    return rows(
        holders,
        {"owner": ("owner_id", "owner_name")},
        fixed,
        certificate_no=maker.serial("黔不动产权", count),
        owner_no=pl.lit("1"),
        share=pl.lit(100.0),
        unit_no=maker.serial("DY", count, 10),
        address=pl.col("address"),
        use=pl.lit("dwelling"),
        nature=pl.lit("commodity"),
        area=maker.amount(count, 45, 140, 0.5),
        registered_on=since,
        status=pl.lit("current"),
        status_date=since,
        division=pl.col("division"),
        known_from=since + timedelta(days=3),
    )


def real_estate_transfer(maker: Maker, holders: pl.DataFrame, transferred: pl.Series, **fixed: object) -> pl.DataFrame:
    """One completed sale to each holder; holders carry the seller as ``seller_person``, ``_id_number``, ``_name``."""
    count = holders.height
    return rows(
        holders,
        {"buyer": ("buyer_id", "buyer_name"), "seller": ("seller_id", "seller_name")},
        fixed,
        transfer_no=maker.serial("ZY", count),
        unit_no=maker.serial("DY", count, 10),
        address=pl.col("address"),
        price=maker.amount(count, 150_000, 900_000, 1000),
        use=pl.lit("dwelling"),
        nature=pl.lit("commodity"),
        area=maker.amount(count, 45, 140, 0.5),
        transferred_on=transferred,
        kind=pl.lit("sale"),
        status=pl.lit("completed"),
        division=pl.col("division"),
        known_from=transferred + timedelta(days=1),
    )
