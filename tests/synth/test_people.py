import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from matchers.identity import id_numbers
from schemas.divisions import is_known, name_of
from synth.people import make_people
from synth.rates import load_rates

pytestmark = pytest.mark.slow

AS_OF = date(2020, 10, 31)
ROOT = Path(__file__).parents[2]


def invent(population: int, seed: int = 7) -> pl.DataFrame:
    return make_people(population, np.random.default_rng(seed), AS_OF, load_rates())


@pytest.fixture(scope="module")
def people() -> pl.DataFrame:
    return invent(60_000)


def with_kin(people: pl.DataFrame, kin: str) -> pl.DataFrame:
    """Those who have that kin, with the kin's columns as ``<column>_<kin>``."""
    other = people.select("name", "surname", "sex", "birth_date", "household", of="spouse", number="person")
    return people.join(other, left_on=kin, right_on="number", suffix=f"_{kin}")


def years(later: str, earlier: str) -> pl.Expr:
    return (pl.col(later) - pl.col(earlier)).dt.total_days() / 365.2425


@pytest.mark.parametrize("population", [1, 2, 61, 1000])
def test_there_are_exactly_as_many_people_as_asked_for(population: int) -> None:
    people = invent(population)
    assert people["person"].to_list() == list(range(population))
    kin = people.select(pl.concat_list("father", "mother", "spouse").explode().drop_nulls())
    assert kin.filter(~pl.nth(0).is_between(0, population - 1)).is_empty()


def test_nobody_cannot_be_invented() -> None:
    with pytest.raises(ValueError, match="population"):
        invent(0)


def test_numbers_are_sound_unique_reserved_and_tell_birth_and_sex(people: pl.DataFrame) -> None:
    numbers = people["id_number"]
    assert numbers.n_unique() == people.height
    assert set(id_numbers.verdicts(numbers.to_arrow()).cast("string").to_pylist()) == {"sound"}
    assert people.filter(~numbers.str.head(6).cast(pl.Int64).is_between(529901, 529988)).is_empty()
    assert (numbers.str.slice(6, 8) == people["birth_date"].dt.strftime("%Y%m%d")).all()
    odd = numbers.str.slice(16, 1).cast(pl.Int64) % 2 == 1
    assert (odd == (people["sex"] == "1")).all()


def test_issuing_codes_spread_over_the_counties(people: pl.DataFrame) -> None:
    assert people["id_number"].str.head(6).n_unique() == 88


def test_the_same_seed_gives_the_same_people_whatever_the_threads_and_hash_order() -> None:
    program = (
        "from tests.synth.test_people import invent; import hashlib;"
        "print(hashlib.sha256(invent(3000).write_csv().encode()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "POLARS_MAX_THREADS": threads, "PYTHONHASHSEED": threads},
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for threads in ("1", "2")
    }
    assert len(digests) == 1
    assert not invent(3000).equals(invent(3000, seed=8))


def test_each_household_has_one_head_and_one_village(people: pl.DataFrame) -> None:
    homes = people.group_by("household").agg(
        heads=(pl.col("relation") == "head").sum(), villages=pl.col("division").n_unique(), size=pl.len()
    )
    assert homes.filter((pl.col("heads") != 1) | (pl.col("villages") != 1)).is_empty()
    assert 2.8 < homes["size"].mean() < 3.4  # type: ignore[operator]


def test_ages_are_those_of_a_province(people: pl.DataFrame) -> None:
    age = people.with_columns(as_of=pl.lit(AS_OF)).select(years("as_of", "birth_date"))
    values = age.to_series()
    # Seventh census, Guizhou: 24% below 15, 15% from 60 on, 104.5 men to 100 women.
    assert 0.19 < (values < 15).mean() < 0.28  # type: ignore[operator]
    assert 0.11 < (values >= 60).mean() < 0.19  # type: ignore[operator]
    assert 0 <= values.min() < 1  # type: ignore[operator]
    assert 85 < values.max() < 100  # type: ignore[operator]
    assert 0.48 < (people["sex"] == "1").mean() < 0.53  # type: ignore[operator]


def test_couples_are_of_two_sexes_similar_age_and_each_others_spouse(people: pl.DataFrame) -> None:
    couples = with_kin(people, "spouse")
    assert couples.height > 0.4 * people.height
    assert (couples["person"] == couples["of"]).all()
    assert (couples["sex"] != couples["sex_spouse"]).all()
    assert (couples["marital_status"] == "married").all()
    assert people.filter((pl.col("marital_status") == "married") & pl.col("spouse").is_null()).height <= 1
    gap = couples.select(years("birth_date", "birth_date_spouse").abs()).to_series()
    assert gap.median() < 4  # type: ignore[operator]
    assert gap.max() < 25  # type: ignore[operator]


@pytest.mark.parametrize(("parent", "sex", "youngest"), [("father", "1", 17), ("mother", "2", 17)])
def test_children_are_a_generation_younger_than_their_parents(
    people: pl.DataFrame, parent: str, sex: str, youngest: float
) -> None:
    children = with_kin(people, parent)
    assert children.height > 0.25 * people.height
    assert (children[f"sex_{parent}"] == sex).all()
    gap = children.select(years("birth_date", f"birth_date_{parent}")).to_series()
    assert gap.min() > youngest  # type: ignore[operator]
    assert gap.is_between(18, 42).mean() > 0.97  # type: ignore[operator]


def test_children_bear_their_fathers_name_and_seldom_their_mothers(people: pl.DataFrame) -> None:
    children = with_kin(people, "father")
    assert 0.90 < (children["surname"] == children["surname_father"]).mean() < 0.99  # type: ignore[operator]


def test_some_young_heads_have_their_father_next_door(people: pl.DataFrame) -> None:
    heads = with_kin(people, "father").filter(relation="head")
    next_door = heads.filter(pl.col("household") != pl.col("household_father"))
    assert next_door.height > 500
    assert (next_door["surname"] == next_door["surname_father"]).all()


def test_siblings_often_share_the_first_character_of_the_given_name(people: pl.DataFrame) -> None:
    brothers = people.filter((pl.col("sex") == "1") & pl.col("father").is_not_null())
    pairs = brothers.join(brothers, on="father", suffix="_other").filter(pl.col("person") < pl.col("person_other"))
    first, other = pairs["name"].str.slice(1, 1), pairs["name_other"].str.slice(1, 1)
    assert 0.25 < (first == other).mean() < 0.7  # type: ignore[operator]
    assert (pairs["name"] == pairs["name_other"]).mean() < 0.001  # type: ignore[operator]


def test_twins_have_one_birth_date_and_neighbouring_numbers(people: pl.DataFrame) -> None:
    children = people.filter(pl.col("relation").is_in(["son", "daughter"]))
    twins = children.join(children, on=["household", "birth_date", "sex"], suffix="_twin").filter(
        pl.col("person") < pl.col("person_twin")
    )
    assert twins.height > 20
    sequence, twin = (twins[column].str.slice(14, 3).cast(pl.Int64) for column in ("id_number", "id_number_twin"))
    assert ((twin - sequence).abs() % 998 == 2).mean() > 0.95  # type: ignore[operator]


def test_common_names_repeat_and_surnames_follow_guizhou(people: pl.DataFrame) -> None:
    surnames = people["surname"].value_counts(sort=True, normalize=True)
    assert set(surnames["surname"].head(5)) == {"杨", "王", "张", "李", "陈"}
    assert surnames["proportion"].head(5).sum() == pytest.approx(0.31, abs=0.04)
    names = people["name"].value_counts(sort=True)
    assert names["count"][0] > people.height / 5000
    assert names.filter(pl.col("count") == 1).height > 0.2 * people.height


def test_names_are_two_to_four_characters_or_joined_by_a_dot(people: pl.DataFrame) -> None:
    dotted = people["name"].str.contains("·")
    plain = people.filter(~dotted)["name"].str.len_chars()
    assert set(plain.unique()) == {2, 3, 4}
    assert (people.filter(dotted)["ethnicity"] == "01").mean() < 0.2  # type: ignore[operator]
    assert 0.003 < dotted.mean() < 0.05  # type: ignore[operator]
    assert (
        people.filter(former := pl.col("former_name").is_not_null())
        .filter(pl.col("former_name") == pl.col("name"))
        .is_empty()
    )
    assert 0.01 < people.select(former.mean()).item() < 0.04


def test_nationalities_are_those_of_guizhou_and_live_where_they_do(people: pl.DataFrame) -> None:
    shares = dict(people["ethnicity"].value_counts(normalize=True).iter_rows())
    assert shares["01"] == pytest.approx(0.63, abs=0.06)
    assert shares["06"] == pytest.approx(0.122, abs=0.05)
    qiandongnan = people.filter(pl.col("division").str.starts_with("5226"))["ethnicity"]
    assert (qiandongnan == "12").mean() > 3 * shares["12"]


def test_addresses_lie_in_known_villages(people: pl.DataFrame) -> None:
    first = people.row(0, named=True)
    assert is_known(first["division"])
    assert all(is_known(code) for code in people["division"].unique())
    assert (name_of(first["division"][:6].ljust(12, "0")) or "?") in first["address"]
    assert people.group_by("household").agg(pl.col("address").n_unique())["address"].max() == 1
    urban = (people["residence_kind"] == "urban").mean()
    assert urban == pytest.approx(load_rates().people.urban, abs=0.08)


def test_telephone_numbers_are_of_a_range_no_operator_has(people: pl.DataFrame) -> None:
    phones = people["phone"].drop_nulls()
    assert phones.len() > 0.3 * people.height
    assert phones.str.contains(r"^154\d{8}$").all()
