"""The whole invented province: people, their records, the planted cases, the dirt, the files, and the truth."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import yaml

from schemas.catalogue import Catalogue, load_catalogue
from synth.damaging import damaged, in_small_delivery
from synth.people import make_people
from synth.rates import load_rates
from synth.records.background import base_records, make_plan
from synth.records.census import take_census
from synth.records.maker import Maker
from synth.scenarios.edits import amended, corrected
from synth.scenarios.planting import Planted, plant_all
from synth.scenarios.registry import SCENARIOS
from synth.schedule import Schedule, make_schedule, months_delivered
from synth.shipping import ship
from synth.truth import memberships, true_flags, true_links

SHARES = Path(__file__).parent / "records" / "shares.yaml"
YOUNGEST = timedelta(days=45)
"""Everybody is at least so old on the first night, so that no delivery before it holds somebody unborn."""
WRITERS = 2


def build(
    population: int, seed: int, from_date: date, nights: int, out: Path, protected_share: float | None = None
) -> None:
    """Invent a province of ``population`` people and write what arrives in the ``nights`` nights from ``from_date`` on.

    Writes ``out/inbox/<department>/<type>/<received>/...`` and ``out/truth/links.parquet`` and ``flags.parquet``.
    ``protected_share`` is the share of the people who live in a household on dibao (by default the real one, from
    ``records/shares.yaml``). The same arguments write the same bytes.
    Raises FileExistsError when ``out`` holds a delivery already.
    """
    catalogue, rates = load_catalogue(), load_rates()
    shares: dict[str, Any] = yaml.safe_load(SHARES.read_text(encoding="utf-8"))
    last = from_date + timedelta(days=nights - 1)
    maker = Maker(seed, "province", from_date, last)
    people = make_people(population, maker.branch("people").rng, from_date - YOUNGEST, rates)
    share = shares["protected_share"] if protected_share is None else protected_share
    census = take_census(people, maker.branch("census"), shares, share)
    months = months_delivered(from_date, last)
    records = base_records(make_plan(census, catalogue, shares, months), maker)
    planted = plant_all(SCENARIOS, census.people, records, maker, months)
    schedule = make_schedule(catalogue, from_date, nights)
    whole = _with_planted(records, planted)
    dirty = {
        contract.name: damaged(
            whole[contract.name],
            contract,
            census.people,
            maker.branch(f"damage {contract.name}").rng,
            rates,
            in_small_delivery(whole[contract.name], contract, from_date, nights),
        )
        for contract in catalogue
    }
    places = memberships(dirty)
    truth = out / "truth"
    truth.mkdir(parents=True, exist_ok=True)
    true_links(dirty, places, catalogue, schedule).write_parquet(truth / "links.parquet", compression="zstd")
    true_flags(dirty, places, planted, catalogue, schedule).write_parquet(truth / "flags.parquet", compression="zstd")
    _ship_all(amended(dirty, planted, maker), catalogue, schedule, seed, out / "inbox")


def _with_planted(records: Mapping[str, pl.DataFrame], planted: Planted) -> dict[str, pl.DataFrame]:
    whole = {}
    for name, frame in records.items():
        whole[name] = corrected(name, frame, planted.edits)
        if name in planted.rows:
            whole[name] = pl.concat([whole[name], planted.rows[name]], how="diagonal_relaxed")
    return whole


def _ship_all(
    records: Mapping[str, pl.DataFrame], catalogue: Catalogue, schedule: Schedule, seed: int, inbox: Path
) -> None:
    """Write every file. Each has its own generator, so the order in which threads write them does not matter."""
    with ThreadPoolExecutor(WRITERS) as pool:
        jobs = [
            pool.submit(ship, records[one.type], catalogue[one.type], one, _generator(seed, place), inbox)
            for place, one in enumerate(schedule.shipments)
        ]
        for job in jobs:
            job.result()


def _generator(seed: int, place: int) -> np.random.Generator:
    return np.random.default_rng([seed, 7, place])
