"""A night's flags compared with the truth: what should be found, what was found, and what is unexplained.

A flag answers a line of the truth that names the same rule and household and, where both name one, the same member.
"""

from collections.abc import Collection
from datetime import date

import polars as pl

CERTAIN = ("sound", "upgraded", "repairable")
"""The identities that the certain stages of linking can see. What is ``hidden`` they cannot be expected to."""


def holding(truth: pl.DataFrame, night: date, rules: Collection[str]) -> pl.DataFrame:
    """The lines of ``truth/flags.parquet`` that hold on a night for these rules."""
    return truth.filter(
        pl.col("night") <= night, pl.col("until").is_null() | (pl.col("until") >= night), pl.col("rule").is_in(rules)
    )


def answered(truth: pl.DataFrame, flags: pl.DataFrame) -> pl.DataFrame:
    """The lines of the truth that a flag answers. ``flags`` has rule, household_id and member_id."""
    grounds = flags.select("rule", household="household_id", flagged="member_id").unique()
    met = truth.with_row_index().join(grounds, on=["rule", "household"])
    same = _same_member("member", "flagged")
    return met.filter(same).unique("index", maintain_order=True).sort("index").drop("index", "flagged")


def unanswered(truth: pl.DataFrame, flags: pl.DataFrame) -> pl.DataFrame:
    """The lines of the truth that no flag answers."""
    return truth.join(answered(truth, flags), on=truth.columns, how="anti", nulls_equal=True)


def unexplained(flags: pl.DataFrame, truth: pl.DataFrame) -> pl.DataFrame:
    """The flags that answer no line of the truth that expects one."""
    cases = truth.filter(pl.col("expected")).select("rule", household_id="household", planted="member")
    numbered = flags.with_row_index()
    met = numbered.join(cases, on=["rule", "household_id"]).filter(_same_member("member_id", "planted"))
    return numbered.join(met, on="index", how="anti").drop("index")


def _same_member(one: str, other: str) -> pl.Expr:
    return pl.col(one).is_null() | pl.col(other).is_null() | (pl.col(one) == pl.col(other))
