"""Healthcare security 医保: the insurance of employees, and settled medical expenses."""

from datetime import timedelta

import polars as pl

from synth.records.maker import Maker, rows

SELF = {"self": ("id_number", "name")}


def employee_insurance(maker: Maker, holders: pl.DataFrame, **fixed: object) -> pl.DataFrame:
    """The active insurance of each holder."""
    count = holders.height
    return rows(
        holders,
        SELF,
        fixed,
        insurance_no="YB" + pl.col("number").cast(pl.String).str.zfill(10),
        employer_name=pl.col("employer_name"),
        employer_uscc=pl.col("employer_uscc"),
        kind=maker.pick(("employed", "retired", "flexible"), count, (7, 2, 1)),
        insured_on=maker.ago(count, 5000, 100),
        stopped_on=pl.lit(None, dtype=pl.Date),
        base=maker.amount(count, 3200, 9000, 10),
        status=pl.lit("active"),
        division=pl.col("division"),
    )


def medical_expense(maker: Maker, holders: pl.DataFrame, settled: pl.Series, **fixed: object) -> pl.DataFrame:
    """One modest settlement a holder, on the day ``settled``."""
    count = holders.height
    total = maker.amount(count, 60, 2400, 0.5)
    own = (total * 0.3).round(2)
    return rows(
        holders,
        SELF,
        fixed,
        settlement_no=maker.serial("JS", count, 11),
        settled_on=settled,
        hospital=maker.organisation(count, ("县人民医院", "中医院", "镇卫生院")),
        visit_kind=maker.pick(("outpatient", "inpatient", "chronic"), count, (7, 2, 1)),
        serious_illness=pl.lit("no"),
        total=total,
        fund_paid=(total - own).round(2),
        assistance_paid=pl.lit(0.0),
        out_of_pocket=own,
        division=pl.col("division"),
        known_from=settled + timedelta(days=1),
    )


def hospital_stay(
    maker: Maker, holders: pl.DataFrame, settled: pl.Series, own: float | pl.Series, fund: float | pl.Series
) -> pl.DataFrame:
    """A stay in hospital of each holder for a serious illness: ``own`` yuan they paid, ``fund`` yuan the fund."""
    return medical_expense(
        maker,
        holders,
        settled,
        serious_illness="yes",
        visit_kind="inpatient",
        total=own + fund,
        fund_paid=fund,
        out_of_pocket=own,
    )
