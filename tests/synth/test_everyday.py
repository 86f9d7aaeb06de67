"""Innocent families live as families do: each circumstance happens, to nobody with a planted case, and once a part."""

from datetime import date

import polars as pl
import pytest

from schemas.catalogue import load_catalogue
from synth.everyday.circumstance import load_shares
from synth.everyday.registry import CIRCUMSTANCES
from synth.making import Order, TileRecords, make_tile
from synth.tiles import tiles_of

NIGHT = date(2020, 10, 31)


def make(people: int, *, everyday: bool) -> TileRecords:
    order = Order(20201031, NIGHT, 1, 0.52, everyday=everyday)
    (tile,) = tiles_of(people, people, 1.0)
    catalogue = load_catalogue()
    return make_tile(order, tile, catalogue, order.schedule(catalogue))


@pytest.fixture(scope="module")
def lived() -> TileRecords:
    return make(9_000, everyday=True)


def everyday(made: TileRecords) -> pl.DataFrame:
    assert made.everyday is not None
    return made.everyday


def test_every_circumstance_has_a_share_and_a_source_and_no_share_is_left_over() -> None:
    shares = load_shares()
    assert shares.keys() == {one.name for one in CIRCUMSTANCES}
    assert all(0 < share <= 1 for share in shares.values())


def test_what_is_usual_happens_often_and_what_is_rare_happens(lived: TileRecords) -> None:
    counted = dict(everyday(lived).group_by("circumstance").len().iter_rows())
    assert counted["yearly_subsidy"] > 60
    assert counted["registered_with_parents"] > 30
    assert len(counted) > 0.7 * len(CIRCUMSTANCES)


def test_a_household_has_one_circumstance_of_a_part_of_life_and_no_planted_case(lived: TileRecords) -> None:
    parts = {one.name: one.part for one in CIRCUMSTANCES}
    happened = everyday(lived).with_columns(part=pl.col("circumstance").replace_strict(parts))
    assert happened.select("household", "part").is_duplicated().sum() == 0
    planted = lived.flags.filter("expected", ~pl.col("rule").str.starts_with("identity_"))
    assert not set(happened["household"]) & set(planted["household"])


def test_a_yearly_subsidy_is_paid_once_and_declared_at_a_twelfth_or_left_blank(lived: TileRecords) -> None:
    members = everyday(lived).filter(pl.col("circumstance") == "yearly_subsidy")["member"]
    roster = lived.records["dibao_roster"].filter(pl.col("member_no").is_in(members.implode()))
    paid = lived.records["subsidy_payment"].filter(
        pl.col("programme") == "farmland", pl.col("month") == date(2020, 5, 1)
    )
    told = roster.select("person__member", "declared_income").join(
        paid.select(pl.col("person__self").alias("person__member"), "amount"), on="person__member"
    )
    blank = told["declared_income"].null_count()
    declared = told.drop_nulls("declared_income")
    assert 0.3 < blank / told.height < 0.7
    assert ((declared["declared_income"] * 12 - declared["amount"]).abs() < 0.1).all()


def test_unless_asked_for_nobody_has_any() -> None:
    plain = make(1_000, everyday=False)
    assert plain.everyday is None
