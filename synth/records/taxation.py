"""Taxation 税务: declared income, and what businesses invoiced."""

from datetime import date, timedelta

import polars as pl

from synth.records.human_resources import next_month
from synth.records.maker import Maker, rows


def income_tax(maker: Maker, holders: pl.DataFrame, month: date, **fixed: object) -> pl.DataFrame:
    """The wages each holder was declared to have in ``month``."""
    count = holders.height
    return rows(
        holders,
        {"self": ("id_number", "name")},
        fixed,
        declaration_no=maker.serial("GS", count, 11),
        month=pl.lit(month),
        income_kind=maker.pick(("wages", "labour"), count, (9, 1)),
        income=maker.amount(count, 2500, 12000, 10),
        tax=maker.amount(count, 0, 300, 1),
        withholding_agent=pl.col("employer_name"),
        agent_uscc=pl.col("employer_uscc"),
        declared_on=pl.lit(next_month(month) + timedelta(days=9)),
        division=pl.col("division"),
        known_from=pl.lit(next_month(month)),
    )


def business_turnover(maker: Maker, holders: pl.DataFrame, month: date, **fixed: object) -> pl.DataFrame:
    """What the business of each holder (``uscc``, ``business_name``) invoiced in ``month``."""
    count = holders.height
    invoiced = maker.amount(count, 3000, 80_000, 10)
    return rows(
        holders,
        {"responsible": ("responsible_id", "responsible_name")},
        fixed,
        uscc=pl.col("uscc"),
        taxpayer_name=pl.col("business_name"),
        month=pl.lit(month),
        invoiced=invoiced,
        declared=invoiced,
        division=pl.col("division"),
        known_from=pl.lit(next_month(month)),
    )
