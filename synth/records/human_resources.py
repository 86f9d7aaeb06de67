"""Human resources 人社: pension contributions and benefits, unemployment benefits, employment."""

from datetime import date, timedelta

import polars as pl

from synth.records.maker import Maker, rows

SELF = {"self": ("id_number", "name")}
EMPLOYERS = ("商贸有限公司", "建筑工程有限公司", "物流有限公司", "科技有限公司", "服饰有限公司")


def pension_contribution(maker: Maker, holders: pl.DataFrame, month: date, **fixed: object) -> pl.DataFrame:
    """The paid contribution of each holder for ``month``."""
    count = holders.height
    base = maker.amount(count, 3200, 9000, 10)
    return rows(
        holders,
        SELF,
        fixed,
        insurance_no="YL" + pl.col("number").cast(pl.String).str.zfill(10),
        month=pl.lit(month),
        employer_name=pl.col("employer_name"),
        employer_uscc=pl.col("employer_uscc"),
        insurance_kind=maker.pick(("employee", "flexible"), count, (9, 1)),
        base=base,
        personal_amount=(base * 0.08).round(2),
        status=pl.lit("paid"),
        division=pl.col("division"),
        known_from=pl.lit(next_month(month)),
    )


def pension_benefit(maker: Maker, holders: pl.DataFrame, month: date, **fixed: object) -> pl.DataFrame:
    """The benefit of each holder for ``month``: the basic one of residents, which does not count as income."""
    count = holders.height
    return rows(
        holders,
        SELF,
        fixed,
        insurance_no="YD" + pl.col("number").cast(pl.String).str.zfill(10),
        month=pl.lit(month),
        benefit_kind=pl.lit("resident_basic"),
        amount=maker.amount(count, 98, 130, 1),
        paid_on=pl.lit(month + timedelta(days=9)),
        status=pl.lit("paid"),
        division=pl.col("division"),
        known_from=pl.lit(next_month(month)),
    )


def unemployment_benefit(maker: Maker, holders: pl.DataFrame, month: date, **fixed: object) -> pl.DataFrame:
    """The unemployment benefit of each holder for ``month``."""
    count = holders.height
    return rows(
        holders,
        SELF,
        fixed,
        insurance_no="SY" + pl.col("number").cast(pl.String).str.zfill(10),
        month=pl.lit(month),
        amount=maker.amount(count, 1250, 1450, 10),
        started_on=pl.lit(month - timedelta(days=60)),
        ended_on=pl.lit(month + timedelta(days=200)),
        division=pl.col("division"),
        known_from=pl.lit(next_month(month)),
    )


def employment_registration(maker: Maker, holders: pl.DataFrame, **fixed: object) -> pl.DataFrame:
    """One running job a holder, with a private employer of the province."""
    count = holders.height
    since = maker.ago(count, 2500, 20)
    return rows(
        holders,
        SELF,
        fixed,
        registration_no=maker.serial("JY", count, 10),
        employer_name=pl.col("employer_name"),
        employer_uscc=pl.col("employer_uscc"),
        employment_kind=pl.lit("private"),
        started_on=since,
        ended_on=pl.lit(None, dtype=pl.Date),
        monthly_wage=maker.amount(count, 2200, 6500, 100),
        outside_province=pl.lit("no"),
        registered_on=since + timedelta(days=10),
        division=pl.col("division"),
        known_from=since + timedelta(days=12),
    )


def employed(maker: Maker, holders: pl.DataFrame) -> pl.DataFrame:
    """The holders with an employer each; some thirty people share one."""
    size = max(1, holders.height // 30)
    codes, names = maker.uscc("91", size), maker.organisation(size, EMPLOYERS)
    place = pl.Series(maker.rng.integers(0, size, holders.height))
    return holders.with_columns(employer_name=names.gather(place), employer_uscc=codes.gather(place))


def next_month(month: date) -> date:
    """The first day of the month after that of ``month``."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
