"""Records of a type that nobody wrote a generator for: any contract is enough."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from schemas.catalogue import load_catalogue
from schemas.column import Meaning
from schemas.contract import Contract
from synth.making import load_shares
from synth.people import make_people
from synth.rates import load_rates
from synth.records.any_type import records_of
from synth.records.census import Census, take_census
from synth.records.maker import Maker
from synth.tiles import tiles_of

FIRST = date(2020, 10, 29)


@pytest.fixture(scope="module")
def maker() -> Maker:
    (tile,) = tiles_of(1500, 1500, 1.0)
    return Maker(7, "any", FIRST, FIRST, tile)


@pytest.fixture(scope="module")
def census(maker: Maker) -> Census:
    people = make_people(1500, np.random.default_rng(3), FIRST, load_rates())
    return take_census(people, maker, load_shares(), 0.1)


@pytest.mark.parametrize("contract", list(load_catalogue()), ids=lambda contract: contract.name)
def test_a_contract_alone_makes_records(contract: Contract, maker: Maker, census: Census) -> None:
    made = records_of(contract, census, maker, 100, date(2020, 9, 1))
    assert made.height == 100
    free = census.of("free")["id_number"].implode()
    for identity in contract.identity:
        assert made[f"person__{identity.role}"].null_count() == 0
        assert made[identity.id_number].is_in(free).all()
    for column in contract.columns:
        if column.required:
            assert made[column.name].null_count() < made.height, column.name
        if column.meaning is Meaning.CODE:
            assert made[column.name].is_in(list(column.codes)).all()
    dates = [column.name for column in contract.columns if made[column.name].dtype == pl.Date]
    assert all((made[name] <= FIRST).fill_null(value=True).all() for name in dates)
