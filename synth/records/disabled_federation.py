"""The disabled persons' federation 残联: disability certificates."""

from datetime import timedelta

import polars as pl

from synth.records.maker import Maker, rows


def disability_certificate(maker: Maker, holders: pl.DataFrame, **fixed: object) -> pl.DataFrame:
    """The valid certificate of each holder, of the level and kind in their ``disability`` columns."""
    count = holders.height
    issued = pl.max_horizontal(maker.ago(count, 2500, 200), pl.col("birth_date") + timedelta(days=60))
    return rows(
        holders,
        {"self": ("id_number", "name")},
        fixed,
        record_no=maker.serial("CJ", count),
        certificate_no=pl.col("id_number") + pl.col("disability_kind"),
        sex=pl.col("sex"),
        birth_date=pl.col("birth_date"),
        kind=pl.col("disability_kind"),
        level=pl.col("disability"),
        issued_on=issued,
        valid_until=issued.dt.offset_by("10y"),
        status=pl.lit("valid"),
        guardian_name=pl.coalesce("spouse_name", "mother_name", "father_name"),
        guardian_id=pl.coalesce("spouse_id_number", "mother_id_number", "father_id_number"),
        address=pl.col("address"),
        division=pl.col("division"),
    )
