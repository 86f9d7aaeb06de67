"""Where the invented households live: real villages of Guizhou, weighted by where people live."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

import schemas
from synth.facts import read_facts
from synth.rates import PeopleRates
from synth.tiles import Tile

REFERENCE = Path(schemas.__file__).parent / "reference"
FIRST_RURAL_VILLAGE = 200
"""The last three digits of a division code: up to 199 residents' committees, from 200 villagers' (GB/T 10114)."""


@dataclass(frozen=True)
class Villages:
    """The villages in use, in the order of their codes. All arrays have one element a village."""

    code: pl.Series
    """12 digits."""
    address: pl.Series
    """From the province down to the village, in words."""
    city: NDArray[np.str_]
    """4 digits."""
    county: NDArray[np.int64]
    """0 to 87, in the order of the county codes."""
    urban: NDArray[np.bool_]
    nationality: NDArray[np.str_]
    """The nationality most of the village belongs to."""
    weight: NDArray[np.float64]
    """Share of the households."""


def choose_villages(tile: Tile, rng: np.random.Generator, rates: PeopleRates) -> Villages:
    """Choose about one village for every ``people_a_village`` people, the likelier the more people live there.

    Tiles share the villages out among them in the order of their codes, so that each has as many people's. A part of a
    province is as dense as all of it: neighbours and namesakes are as many.
    """
    known, weight = _of_tile(tile, rates.urban)
    count = min(max(tile.people // rates.people_a_village, 12), len(known))
    chosen = np.sort(rng.choice(len(known), size=count, replace=False, p=weight))
    used = known[chosen]
    city = used["city"].to_numpy().astype("U4")
    urban = used["urban"].to_numpy()
    nationality = np.empty(count, dtype="U2")
    for one in np.unique(city):
        here = np.flatnonzero(city == one)
        codes, shares = nationality_shares(str(one))
        nationality[here] = rng.choice(codes, size=len(here), p=shares)
    # The choice already favours the larger; what is left is how villages of a kind differ in size.
    size = rng.lognormal(0.0, 0.5, count)
    for kind, share in ((urban, rates.urban), (~urban, 1 - rates.urban)):
        if kind.any():
            size[kind] *= share / size[kind].sum()
    return Villages(
        used["code"], used["address"], city, used["county"].to_numpy(), urban, nationality, size / size.sum()
    )


@cache
def nationality_shares(city: str) -> tuple[NDArray[np.str_], NDArray[np.float64]]:
    """Nationalities (GB 3304 codes) and their shares in a city, which add up to 1; Han take what the others leave."""
    facts = read_facts("nationalities", share=pl.Float64, times=pl.Float64)
    residents = dict(read_facts("cities", residents=pl.Float64).select("city", "residents").iter_rows())
    whole = sum(residents.values())
    shares = {}
    for code, share, cities, times in facts.select("code", "share", "cities", "times").iter_rows():
        favoured = sum(residents[one] for one in cities.split()) / whole
        # Chosen so that the share over the whole province stays what the census says.
        usual = share / 100 / (favoured * times + 1 - favoured)
        shares[code] = usual * (times if city in cities.split() else 1)
    shares["01"] = max(0.05, 1 - sum(share for code, share in shares.items() if code != "01"))
    values = np.array(list(shares.values()))
    return np.array(list(shares), dtype="U2"), values / values.sum()


def _of_tile(tile: Tile, urban: float) -> tuple[pl.DataFrame, NDArray[np.float64]]:
    known = _known_villages()
    weight = _weights(known, urban)
    if tile.alone:
        return known, weight
    first, end = np.searchsorted(np.cumsum(weight), tile.stretch)
    return known[int(first) : int(end)], weight[first:end] / weight[first:end].sum()


@cache
def _known_villages() -> pl.DataFrame:
    villages = pl.read_csv(REFERENCE / "guizhou_villages.csv.gz", infer_schema=False)
    divisions = pl.read_csv(REFERENCE / "guizhou_divisions.csv", infer_schema=False)
    counties = divisions.filter(pl.col("level") == "county")["code"].sort().str.head(6)
    named = divisions.select("code", above="name")
    short = pl.col("name").str.replace("(村民|社区居民|居民)委员会$", "").str.replace("(村|社区)?$", "")
    urban = pl.col("code").str.tail(3).cast(pl.Int64) < FIRST_RURAL_VILLAGE
    frame = villages.with_columns(
        city=pl.col("code").str.head(4),
        county=pl.col("code").str.head(6),
        urban=urban,
        village=short + pl.when(urban).then(pl.lit("社区")).otherwise(pl.lit("村")),
        city_code=pl.col("code").str.head(4) + "00000000",
        county_code=pl.col("code").str.head(6) + "000000",
    ).sort("code")
    for level in ("city_code", "county_code", "township_code"):
        frame = frame.join(named, left_on=level, right_on="code", how="left", maintain_order="left").rename(
            {"above": f"{level}_name"}
        )
    return frame.with_columns(
        county=pl.col("county").replace_strict(counties, range(len(counties)), return_dtype=pl.Int64),
        address=pl.lit("贵州省")
        + pl.concat_str("city_code_name", "county_code_name", "township_code_name", "village", ignore_nulls=True),
    ).select("code", "city", "county", "urban", "address")


def _weights(known: pl.DataFrame, urban: float) -> NDArray[np.float64]:
    cities = read_facts("cities", residents=pl.Float64)
    weighted = known.join(cities, on="city", how="left", maintain_order="left").with_columns(
        weight=pl.col("residents")
        * pl.when(pl.col("urban")).then(urban).otherwise(1 - urban)
        / pl.len().over("city", "urban")
    )
    weight = weighted["weight"].to_numpy()
    return np.asarray(weight / weight.sum(), dtype=np.float64)
