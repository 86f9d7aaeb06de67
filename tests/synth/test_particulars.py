"""What a province dirtier than the sample has besides: addresses, birth dates and columns written otherwise."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from schemas.catalogue import load_catalogue
from synth.particulars import with_damaged_particulars
from synth.rates import ParticularRates, load_dirtier_rates, load_rates

REGISTER = load_catalogue()["household_register"]
SELF = REGISTER.identity[0].columns()
ROWS = pl.DataFrame(
    {
        SELF["id_number"]: ["529901197708080112"] * 40,
        SELF["name"]: ["卢合一"] * 40,
        SELF["birth_date"]: [date(1977, 8, 8)] * 40,
        SELF["address"]: ["贵州省贵阳市南明区兴隆乡大坝村3组12号"] * 40,
        "identity__self": ["sound"] * 40,
    }
)

EVERYTHING = ParticularRates(short=1.0, varied=1.0, birth_date=1.0, swapped_columns=1.0)


def damaged(rates: ParticularRates, *, spare: bool = False) -> pl.DataFrame:
    whole = pl.Series([spare]).new_from_index(0, ROWS.height)
    return with_damaged_particulars(ROWS, REGISTER, np.random.default_rng(5), rates, whole)


def test_the_sample_has_none_of_it() -> None:
    assert load_rates().particulars == ParticularRates()
    assert damaged(ParticularRates()).equals(ROWS)


def test_rows_that_are_spared_stay_whole() -> None:
    assert damaged(EVERYTHING, spare=True).equals(ROWS)


@pytest.mark.parametrize(
    ("kind", "address"), [("short", "南明区兴隆乡大坝村3组12号"), ("varied", "贵阳市南明区兴隆乡大坝村三组一二")]
)
def test_addresses_are_shortened_and_varied(kind: str, address: str) -> None:
    rows = damaged(ParticularRates(short=float(kind == "short"), varied=float(kind == "varied")))
    written = rows[SELF["address"]].unique().to_list()
    assert len(written) == 1
    assert written[0] in (address, address.replace("南明区", "", 1))
    assert rows["identity__self"].unique().to_list() == ["sound"]


def test_a_birth_date_slips_backwards_by_little_and_the_record_is_hidden() -> None:
    rows = damaged(ParticularRates(birth_date=1.0))
    days = (pl.Series([date(1977, 8, 8)]).item() - rows[SELF["birth_date"]].min()).days
    assert 1 <= days <= 3 * 366
    assert (rows[SELF["birth_date"]] < date(1977, 8, 8)).all()
    assert rows["identity__self"].unique().to_list() == ["hidden"]


def test_name_and_number_change_places() -> None:
    rows = damaged(ParticularRates(swapped_columns=1.0))
    assert rows[SELF["name"]].unique().to_list() == ["529901197708080112"]
    assert rows[SELF["id_number"]].unique().to_list() == ["卢合一"]


def test_the_dirtier_rates_are_the_usual_ones_but_for_more_damage() -> None:
    usual, dirtier = load_rates(), load_dirtier_rates()
    assert dirtier.people == usual.people
    for part in ("id_numbers", "names"):
        before, after = getattr(usual, part).model_dump(), getattr(dirtier, part).model_dump()
        assert all(after[kind] >= rate for kind, rate in before.items())
        assert sum(after.values()) > sum(before.values())
