"""Education 教育: who is enrolled where."""

from datetime import date

import polars as pl

from synth.records.maker import Maker, rows

STAGES = ("kindergarten", "primary", "junior", "senior", "vocational", "college", "bachelor", "postgraduate")


def student_enrolment(maker: Maker, holders: pl.DataFrame, **fixed: object) -> pl.DataFrame:
    """The running full-time enrolment of each holder, at the stage their ``age`` (in years) suggests."""
    count = holders.height
    age = pl.col("age")
    either = maker.rng.random(count) < 0.5
    year = maker.first_night.year
    return rows(
        holders,
        {"self": ("id_number", "name")},
        fixed,
        student_no=maker.serial("G", count, 11),
        sex=pl.col("sex"),
        birth_date=pl.col("birth_date"),
        school=maker.organisation(count, ("小学", "中学", "职业学校", "学院")),
        stage=pl.when(age < 6)
        .then(pl.lit("kindergarten"))
        .when(age < 12)
        .then(pl.lit("primary"))
        .when(age < 15)
        .then(pl.lit("junior"))
        .when(age < 18)
        .then(pl.when(pl.Series(either)).then(pl.lit("senior")).otherwise(pl.lit("vocational")))
        .when(age < 22)
        .then(pl.when(pl.Series(either)).then(pl.lit("college")).otherwise(pl.lit("bachelor")))
        .otherwise(pl.lit("postgraduate")),
        full_time=pl.lit("yes"),
        enrolled_on=pl.lit(date(year - 1 - (maker.first_night.month < 9), 9, 1)),
        expected_end=pl.lit(date(year + 2, 6, 30)),
        status=pl.lit("enrolled"),
        guardian_name=pl.coalesce("mother_name", "father_name"),
        guardian_id=pl.coalesce("mother_id_number", "father_id_number"),
        tuition=maker.amount(count, 0, 4000, 100),
        division=pl.col("division"),
    )
