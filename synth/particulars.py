"""What departments write of people beside number and name, written otherwise: for a province dirtier than the sample.

Addresses are shortened and varied, birth dates slip, and in some rows name and number stand in each other's column.
"""

import numpy as np
import polars as pl

from schemas.contract import Contract
from synth.rates import ParticularRates

LONGEST_SLIP = 3
"""Years, months or days by which a birth date is wrong, at most."""
NUMERALS = ("零", "一", "二", "三", "四", "五", "六", "七", "八", "九")


def with_damaged_particulars(
    frame: pl.DataFrame, contract: Contract, rng: np.random.Generator, rates: ParticularRates, spare: pl.Series
) -> pl.DataFrame:
    """The rows with damage at these rates; rows flagged in ``spare`` stay whole. What is so damaged is hidden.

    The frame has the columns ``identity__<role>`` that ``synth.damaging`` adds.
    """
    whole = spare.to_numpy()
    for identity in contract.identity:
        columns, hidden = identity.columns(), f"identity__{identity.role}"
        if address := columns.get("address"):
            shortened, varied = (~whole & (rng.random(frame.height) < rate) for rate in (rates.short, rates.varied))
            written = pl.when(shortened).then(_short(address)).when(varied).then(_varied(address))
            frame = frame.with_columns(written.otherwise(pl.col(address)).alias(address))
        born = columns.get("birth_date")
        if born and frame.schema[born] == pl.Date:
            wrong = ~whole & (rng.random(frame.height) < rates.birth_date)
            unit, by = rng.integers(0, 3, frame.height), rng.integers(1, LONGEST_SLIP + 1, frame.height)
            slipped = pl.coalesce(
                pl.when(pl.Series(unit == place)).then(
                    pl.col(born).dt.offset_by(pl.lit(pl.Series(by).cast(pl.String) + suffix))
                )
                for place, suffix in enumerate(("y", "mo", "d"))
            )
            # Backwards from today, so that nobody is born after the record.
            frame = frame.with_columns(
                pl.when(wrong)
                .then(2 * pl.col(born).cast(pl.Int32) - slipped.cast(pl.Int32))
                .otherwise(pl.col(born).cast(pl.Int32))
                .cast(pl.Date)
                .alias(born),
                pl.when(wrong).then(pl.lit("hidden")).otherwise(pl.col(hidden)).alias(hidden),
            )
        number, name = pl.col(identity.id_number), pl.col(identity.name)
        swapped = ~whole & (rng.random(frame.height) < rates.swapped_columns)
        told = swapped & (frame[identity.id_number].is_not_null() & frame[identity.name].is_not_null()).to_numpy()
        frame = frame.with_columns(
            pl.when(told).then(name).otherwise(number).alias(identity.id_number),
            pl.when(told).then(number).otherwise(name).alias(identity.name),
            pl.when(told).then(pl.lit("hidden")).otherwise(pl.col(hidden)).alias(hidden),
        )
    return frame


def _short(address: str) -> pl.Expr:
    """Without province and city, as within one county: 某县某镇某村三组 to 某镇某村三组."""
    return pl.col(address).str.replace("^.*?[县区市]", "")


def _varied(address: str) -> pl.Expr:
    """With other numerals and without the signs of a house: 3组12号 to 三组一二."""
    return (
        pl.col(address)
        .str.replace("^贵州省", "")
        .str.replace("号$", "")
        .str.replace_many([str(digit) for digit in range(10)], list(NUMERALS))
    )
