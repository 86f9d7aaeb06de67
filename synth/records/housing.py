"""Housing 住建: presale contracts, the housing fund, public rental housing."""

from datetime import date, timedelta

import polars as pl

from synth.records.human_resources import next_month
from synth.records.maker import Maker, rows


def presale_contract(maker: Maker, holders: pl.DataFrame, signed: pl.Series, **fixed: object) -> pl.DataFrame:
    """One filed contract for a commodity dwelling a holder, signed on the day ``signed``."""
    count = holders.height
    return rows(
        holders,
        {"buyer": ("buyer_id", "buyer_name")},
        fixed,
        contract_no=maker.serial("YS", count),
        buyer_no=pl.lit("1"),
        project_name=maker.organisation(count, ("花园", "新城", "公馆")),
        developer=maker.organisation(count, ("房地产开发有限公司",)),
        address=pl.col("address"),
        area=maker.amount(count, 70, 140, 0.5),
        total_price=maker.amount(count, 250_000, 1_200_000, 1000),
        use=pl.lit("dwelling"),
        nature=pl.lit("commodity"),
        signed_on=signed,
        status=pl.lit("filed"),
        status_date=signed,
        division=pl.col("division"),
        known_from=signed + timedelta(days=1),
    )


def housing_fund(maker: Maker, holders: pl.DataFrame, month: date, **fixed: object) -> pl.DataFrame:
    """The contribution of each holder for ``month``."""
    count = holders.height
    base = maker.amount(count, 2500, 9000, 10)
    return rows(
        holders,
        {"self": ("id_number", "name")},
        fixed,
        account_no="GJJ" + pl.col("number").cast(pl.String).str.zfill(9),
        month=pl.lit(month),
        employer_name=pl.col("employer_name"),
        employer_uscc=pl.col("employer_uscc"),
        base=base,
        amount=(base * 0.1).round(2),
        status=pl.lit("paying"),
        division=pl.col("division"),
        known_from=pl.lit(next_month(month)),
    )


def public_rental(maker: Maker, holders: pl.DataFrame, **fixed: object) -> pl.DataFrame:
    """One running tenancy a holder."""
    count = holders.height
    return rows(
        holders,
        {"tenant": ("tenant_id", "tenant_name")},
        fixed,
        contract_no=maker.serial("GZ", count),
        address=pl.col("address"),
        area=maker.amount(count, 30, 60, 0.5),
        monthly_rent=maker.amount(count, 40, 300, 10),
        started_on=maker.ago(count, 1400, 60),
        ended_on=pl.lit(None, dtype=pl.Date),
        kind=maker.pick(("physical", "subsidy"), count, (4, 1)),
        status=pl.lit("active"),
        division=pl.col("division"),
    )
