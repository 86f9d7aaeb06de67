"""A circumstance of innocent families, and how the households it happens to are chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl
import yaml

from synth.records.background import Records
from synth.records.maker import Maker
from synth.scenarios.planting import Planted, candidates_of
from synth.scenarios.scenario import Edit, Plant, Scene

SHARES = Path(__file__).parent / "shares.yaml"
LIVED = {"circumstance": pl.String, "household": pl.String, "member": pl.String}
"""Whom which circumstance happened to."""
Part = Literal["income", "belongings", "family", "papers"]


@dataclass(frozen=True)
class Circumstance:
    """Something that happens to a share of the households with somebody in them who is ``who``.

    How large the share is, and where it comes from, says ``shares.yaml`` under the ``name``. A household has at most
    one circumstance of each part of life, so that two harmless ones do not add up to something else.
    """

    name: str
    part: Part
    who: pl.Expr
    happens: Plant


def load_shares() -> dict[str, float]:
    """The share of each circumstance, by its name."""
    told: dict[str, dict[str, float]] = yaml.safe_load(SHARES.read_text(encoding="utf-8"))
    return {name: one["share"] for name, one in told.items()}


def live(
    circumstances: Sequence[Circumstance],
    everybody: pl.DataFrame,
    records: Records,
    planted: Planted,
    maker: Maker,
    months: list[date],
) -> tuple[Planted, pl.DataFrame]:
    """The planted cases, and beside them what happens to the other households on dibao; and to whom it happened.

    Nothing is to be expected of it: ``cases`` stays as it is. The frame is of the schema ``LIVED``.
    """
    people = candidates_of("dibao", everybody, records, maker.branch("pool"))
    people = people.filter(~pl.col("household_no").is_in(planted.cases["household"].implode()))
    shares = load_shares()
    used: dict[Part, pl.Series] = {}
    rows: dict[str, list[pl.DataFrame]] = {name: [frame] for name, frame in planted.rows.items()}
    edits: list[Edit] = list(planted.edits)
    lived = [pl.DataFrame(schema=LIVED)]
    for one in circumstances:
        own = maker.branch(one.name)
        taken = used.get(one.part, pl.Series([], dtype=pl.String))
        fit = people.filter(one.who & ~pl.col("household_no").is_in(taken.implode()))
        fit = fit.unique("household_no", keep="first", maintain_order=True)
        targets = own.chance(fit, shares[one.name])
        if not targets.height:
            continue
        used[one.part] = pl.concat([taken, targets["household_no"]])
        # Counted down from -1: no number of a planted case.
        numbered = targets.with_columns(plant=pl.Series(-1 - np.arange(targets.height, dtype=np.int32)))
        done = one.happens(Scene(own, numbered, everybody, people, numbered.clear(), months))
        for name, frame in done.rows.items():
            rows.setdefault(name, []).append(frame.with_columns(plant=pl.lit(None, dtype=pl.Int32)))
        edits += done.edits
        lived.append(targets.select(circumstance=pl.lit(one.name), household="household_no", member="member_no"))
    return Planted(_joined(rows), edits, planted.cases), pl.concat(lived)


def _joined(rows: Mapping[str, list[pl.DataFrame]]) -> Records:
    return {name: pl.concat(frames, how="diagonal_relaxed") for name, frames in rows.items()}
