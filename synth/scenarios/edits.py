"""Carry out what planted cases change in entries that are there already, and the small changes of later nights."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

import polars as pl

from synth.records.maker import Maker
from synth.scenarios.planting import Planted
from synth.scenarios.scenario import Edit

REASSESSED = 0.001
"""Share of the dibao households that are assessed anew each night."""


def corrected(name: str, frame: pl.DataFrame, edits: Iterable[Edit]) -> pl.DataFrame:
    """The rows of type ``name`` after the edits that hold from the beginning."""
    for edit in edits:
        if edit.type == name and edit.known_from is None:
            hit = pl.col(f"person__{edit.role}").is_in(edit.values["person"].implode())
            frame = frame.filter(~hit) if edit.drop else _changed(frame, edit)
    return frame


def amended(records: Mapping[str, pl.DataFrame], planted: Planted, maker: Maker) -> dict[str, pl.DataFrame]:
    """The records with a further version of every row that changes on a later night, known from that night on."""
    versions = dict(records)
    for edit in planted.edits:
        if edit.known_from is not None:
            frame = records[edit.type]
            hit = frame.filter(pl.col(f"person__{edit.role}").is_in(edit.values["person"].implode()))
            newer = _changed(hit, edit).with_columns(known_from=pl.lit(edit.known_from))
            versions[edit.type] = pl.concat([versions[edit.type], newer])
    versions["dibao_roster"] = pl.concat(
        [versions["dibao_roster"], *_assessed_anew(records["dibao_roster"], planted, maker)]
    )
    return versions


def _changed(frame: pl.DataFrame, edit: Edit) -> pl.DataFrame:
    role = f"person__{edit.role}"
    columns = [name for name in edit.values.columns if name not in {"person", "plant"}]
    new = edit.values.select(
        pl.col("person").alias(role), pl.lit(True).alias("_hit"), *(pl.col(c).alias(f"_{c}") for c in columns)
    )
    joined = frame.join(new.unique(role, keep="first", maintain_order=True), on=role, how="left", maintain_order="left")
    changed = [
        pl.when(pl.col("_hit")).then(pl.col(f"_{name}")).otherwise(name).cast(frame.schema[name]).alias(name)
        for name in columns
    ]
    return joined.with_columns(changed).select(frame.columns)


def _assessed_anew(roster: pl.DataFrame, planted: Planted, maker: Maker) -> Iterable[pl.DataFrame]:
    """Households without a planted case whose benefit changes by a little, some each night after the first."""
    quiet = roster.filter(
        (pl.col("status") == "active") & ~pl.col("household_no").is_in(planted.cases["household"].implode())
    )
    households = quiet.select(pl.col("household_no").unique(maintain_order=True))
    nights = (maker.last_night - maker.first_night).days
    a_night = max(2, round(REASSESSED * households.height))
    chosen = maker.branch("assessed anew").choose(households, a_night * nights)["household_no"]
    for night in range(1, nights + 1):
        day = maker.first_night + timedelta(days=night)
        tonight = chosen.slice((night - 1) * a_night, a_night)
        yield quiet.filter(pl.col("household_no").is_in(tonight.implode())).with_columns(
            assessed_on=pl.lit(day - timedelta(days=1)),
            monthly_amount=pl.col("monthly_amount") + 12.0,
            known_from=pl.lit(day),
        )
