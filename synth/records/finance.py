"""Finance 财政: the public payroll, and subsidies paid to people and farmers."""

from datetime import date, timedelta

import polars as pl

from synth.records.human_resources import next_month
from synth.records.maker import Maker, rows

SELF = {"self": ("id_number", "name")}


def fiscal_payroll(maker: Maker, holders: pl.DataFrame, **fixed: object) -> pl.DataFrame:
    """The active post of each holder on the public payroll."""
    count = holders.height
    return rows(
        holders,
        SELF,
        fixed,
        payroll_no=maker.serial("CZ", count),
        employer_name=maker.organisation(count, ("县教育局", "镇人民政府", "县人民医院", "街道办事处")),
        post_kind=maker.pick(("civil_servant", "public_institution", "contract"), count, (3, 5, 2)),
        started_on=maker.ago(count, 8000, 400),
        ended_on=pl.lit(None, dtype=pl.Date),
        status=pl.lit("active"),
        monthly_pay=maker.amount(count, 3200, 8500, 10),
        division=pl.col("division"),
    )


def subsidy_payment(maker: Maker, holders: pl.DataFrame, month: date, **fixed: object) -> pl.DataFrame:
    """One payment a holder in ``month``, of the programme in their ``programme`` column."""
    count = holders.height
    return rows(
        holders,
        SELF,
        fixed,
        payment_no=maker.serial("BT", count, 11),
        programme=pl.col("programme"),
        month=pl.lit(month),
        amount=maker.amount(count, 50, 400, 1),
        paid_on=pl.lit(month + timedelta(days=19)),
        division=pl.col("division"),
        known_from=pl.lit(next_month(month)),
    )
