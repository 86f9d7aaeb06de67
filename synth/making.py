"""All records of one tile of the province: the people, what departments hold of them, the planted cases, the truth."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from schemas.catalogue import Catalogue
from synth.damaging import damaged, in_small_delivery
from synth.everyday.circumstance import live
from synth.everyday.registry import CIRCUMSTANCES
from synth.particulars import with_damaged_particulars
from synth.people import make_people
from synth.rates import load_dirtier_rates, load_rates
from synth.records.any_type import records_of
from synth.records.background import base_records, make_plan
from synth.records.census import take_census
from synth.records.maker import Maker
from synth.scenarios.edits import amended, corrected
from synth.scenarios.planting import Planted, plant_all
from synth.scenarios.registry import SCENARIOS
from synth.schedule import Schedule, make_schedule, months_delivered, year_up_to
from synth.tiles import Tile
from synth.truth import memberships, true_flags, true_links

SHARES = Path(__file__).parent / "records" / "shares.yaml"
YOUNGEST = timedelta(days=45)
"""Everybody is at least so old on the first night, so that no delivery before it holds somebody unborn."""


@dataclass(frozen=True)
class Order:
    """What a province is made from, but for its size."""

    seed: int
    first_night: date
    nights: int
    protected_share: float | None = None
    """Share of the people who live in a household on dibao; None: the real one."""
    full_again: bool = True
    """Full types come again after the first night."""
    everyday: bool = False
    """Innocent families have what such families have (``synth.everyday``), and not only what casts no doubt on them."""
    dirtier: bool = False
    """The records are damaged at the rates of ``rates_dirtier.yaml``."""

    @property
    def last_night(self) -> date:
        """The last of the nights."""
        return self.first_night + timedelta(days=self.nights - 1)

    def schedule(self, catalogue: Catalogue) -> Schedule:
        """Which files arrive when."""
        return make_schedule(catalogue, self.first_night, self.nights, full_again=self.full_again)


@dataclass(frozen=True)
class TileRecords:
    """The rows of every type, with every version of each, and the truth about them."""

    records: Mapping[str, pl.DataFrame]
    links: pl.DataFrame
    flags: pl.DataFrame
    everyday: pl.DataFrame | None = None
    """Whom the circumstances of ``synth.everyday`` happened to, where they were asked for."""


def load_shares() -> dict[str, Any]:
    """How the people come to their records (``records/shares.yaml``)."""
    shares: dict[str, Any] = yaml.safe_load(SHARES.read_text(encoding="utf-8"))
    return shares


def make_tile(order: Order, tile: Tile, catalogue: Catalogue, schedule: Schedule) -> TileRecords:
    """Make everything of one tile. The same arguments give the same rows."""
    rates, shares = load_dirtier_rates() if order.dirtier else load_rates(), load_shares()
    maker = Maker(order.seed, "province", order.first_night, order.last_night, tile)
    people = make_people(tile.people, maker.branch("people").rng, order.first_night - YOUNGEST, rates, tile)
    share = shares["protected_share"] if order.protected_share is None else order.protected_share
    census = take_census(people, maker.branch("census"), shares, share)
    delivered = months_delivered(order.first_night, order.last_night)
    # The records of innocent families reach back over a year. So do everybody's, or whoever has worked for long looks
    # as if the work were new.
    months = year_up_to(delivered[-1]) if order.everyday else delivered
    plan = make_plan(census, catalogue, shares, months, delivered)
    records = base_records(plan, maker)
    for contract in catalogue:
        if contract.name not in records:
            own = maker.branch(f"any type {contract.name}")
            records[contract.name] = records_of(contract, census, own, plan.wanted[contract.name], months[-1])
    planted = plant_all(SCENARIOS, census.people, records, maker, months)
    lived = None
    if order.everyday:
        planted, lived = live(CIRCUMSTANCES, census.people, records, planted, maker.branch("everyday"), months)
    dirty: dict[str, pl.DataFrame] = {}
    for contract in catalogue:
        # Taken out of the base records, so that memory does not hold a type twice.
        whole = _with_planted(contract.name, records.pop(contract.name), planted)
        small = in_small_delivery(whole, contract, order.first_night, order.nights)
        rng = maker.branch(f"damage {contract.name}").rng
        dirty[contract.name] = damaged(whole, contract, census.people, rng, rates, small)
        if order.dirtier:
            rng = maker.branch(f"damage to the particulars of {contract.name}").rng
            dirty[contract.name] = with_damaged_particulars(
                dirty[contract.name], contract, rng, rates.particulars, small
            )
    places = memberships(dirty)
    return TileRecords(
        records=amended(dirty, planted, maker),
        links=true_links(dirty, places, catalogue, schedule),
        flags=true_flags(dirty, places, planted, catalogue, schedule),
        everyday=lived,
    )


def _with_planted(name: str, frame: pl.DataFrame, planted: Planted) -> pl.DataFrame:
    whole = corrected(name, frame, planted.edits)
    if name not in planted.rows:
        return whole
    return pl.concat([whole, planted.rows[name]], how="diagonal_relaxed")
