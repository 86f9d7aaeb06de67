"""Market regulation 市场监管: firms and those who run or own them, individual businesses, co-operative members."""

from datetime import timedelta

import polars as pl

from synth.records.maker import Maker, rows

INDUSTRIES = ("批发和零售业", "建筑业", "住宿和餐饮业", "交通运输业", "农林牧渔业", "制造业", "居民服务业")
FIRMS = ("商贸有限公司", "建筑工程有限公司", "农业发展有限公司", "物流有限公司", "科技有限公司")
SHOPS = ("小吃店", "便利店", "理发店", "百货店", "汽修店", "粉馆")
COOPERATIVES = ("种植专业合作社", "养殖专业合作社", "茶叶专业合作社")


def enterprise_representative(maker: Maker, holders: pl.DataFrame, **fixed: object) -> pl.DataFrame:
    """One active firm a holder, whose legal representative the holder is."""
    count = holders.height
    since = maker.ago(count, 4000, 30)
    return rows(
        holders,
        {"representative": ("representative_id", "representative_name")},
        fixed,
        uscc=maker.uscc("91", count),
        enterprise_name=maker.organisation(count, FIRMS),
        enterprise_kind=maker.pick(("limited", "sole", "partnership", "branch"), count, (7, 1, 1, 1)),
        registered_capital=maker.amount(count, 100_000, 5_000_000, 10_000),
        established_on=since,
        status=pl.lit("active"),
        status_date=since,
        address=pl.col("address"),
        division=pl.col("division"),
        industry=maker.pick(INDUSTRIES, count),
        known_from=since + timedelta(days=3),
    )


def enterprise_shareholder(maker: Maker, holders: pl.DataFrame, **fixed: object) -> pl.DataFrame:
    """One stake a holder, of more than 50,000 yuan and at least a fifth of an active firm."""
    count = holders.height
    since = maker.ago(count, 4000, 30)
    return rows(
        holders,
        {"shareholder": ("shareholder_id", "shareholder_name")},
        fixed,
        uscc=maker.uscc("91", count),
        shareholder_no=pl.lit("1"),
        enterprise_name=maker.organisation(count, FIRMS),
        contribution=maker.amount(count, 100_000, 2_000_000, 10_000),
        share=maker.amount(count, 20, 100, 1),
        contributed_on=since,
        status=pl.lit("active"),
        status_date=since,
        division=pl.col("division"),
        known_from=since + timedelta(days=3),
    )


def individual_business(maker: Maker, holders: pl.DataFrame, **fixed: object) -> pl.DataFrame:
    """One ordinary, active individual business a holder."""
    count = holders.height
    since = maker.ago(count, 4000, 30)
    return rows(
        holders,
        {"operator": ("operator_id", "operator_name")},
        fixed,
        uscc=maker.uscc("92", count),
        business_name=maker.organisation(count, SHOPS),
        established_on=since,
        status=pl.lit("active"),
        status_date=since,
        kind=pl.lit("ordinary"),
        business_scope=maker.pick(("餐饮服务", "日用百货零售", "理发服务", "汽车维修"), count),
        address=pl.col("address"),
        division=pl.col("division"),
        known_from=since + timedelta(days=3),
    )


def farmer_cooperative(maker: Maker, holders: pl.DataFrame, **fixed: object) -> pl.DataFrame:
    """One ordinary membership a holder; twenty members share a co-operative."""
    count = holders.height
    place = pl.Series(maker.rng.permutation(count) if count else [], dtype=pl.Int64)
    size = max(1, count // 20)
    codes, names = maker.uscc("93", size), maker.organisation(size, COOPERATIVES)
    joined = maker.ago(count, 2500, 60)
    return rows(
        holders,
        {"member": ("member_id", "member_name")},
        fixed,
        uscc=codes.gather(place % size),
        member_no=pl.col("number").cast(pl.String).str.zfill(9),
        cooperative_name=names.gather(place % size),
        role=pl.lit("member"),
        contribution=maker.amount(count, 100, 3000, 100),
        joined_on=joined,
        status=pl.lit("active"),
        status_date=joined,
        division=pl.col("division"),
    )
