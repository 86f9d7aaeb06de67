"""The people of the invented province: one row a person, with kin, names and sound ID numbers. Nobody is real."""

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from synth.households import (
    CHILD,
    CHILDREN,
    DAYS_A_YEAR,
    FATHER,
    GRANDCHILDREN,
    HEAD,
    IN_LAW,
    MOTHER,
    RELATIONS,
    SIBLINGS,
    SLOTS,
    SPOUSE,
    YOUNGEST_SPOUSE,
    Households,
    draw_households,
)
from synth.id_numbers import id_numbers
from synth.kinship import Kin, find_fathers_in_village, kin_within
from synth.names import ToName, draw_names, draw_surnames, surnames
from synth.places import Villages, choose_villages, nationality_shares
from synth.rates import PeopleRates, Rates
from synth.tiles import Tile

PHONE_PREFIX = "154"
"""A number range that no operator has been given."""
GENERATION_YEARS = 15
YEARS_TO_A_FATHER = 27

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]


def make_people(
    population: int, rng: np.random.Generator, as_of: date, rates: Rates, tile: Tile | None = None
) -> pl.DataFrame:
    """Invent ``population`` people living on ``as_of``, in whole households but perhaps the last.

    Columns: person (0 to population - 1), household, relation (to the head), name, surname, sex, ethnicity,
    birth_date, id_number (sound and unique), former_name, father, mother, spouse (person numbers), division (village),
    residence_kind, marital_status, address, phone; ``number`` and ``household_number`` are person and household as no
    other ``tile`` of the province has them. The same generator state, rates and tile give the same people.
    """
    if population < 1:
        raise ValueError("population: must be at least 1")
    wanted = rates.people
    tile = tile or Tile(population)
    homes = _enough_households(population, rng, wanted)
    if not tile.alone:
        homes = _with_youngest_spouses_spread(homes, rng)
    villages = choose_villages(tile, rng, wanted)
    village = np.sort(rng.choice(len(villages.weight), size=len(homes.kind), p=villages.weight))
    kin = find_fathers_in_village(kin_within(homes), homes, village, rng, wanted.father_in_village)
    nationality = _nationalities(kin, villages, village, rng, wanted)
    surname = _surnames(homes, kin, nationality, rng, wanted)

    household, slot = np.nonzero(homes.filled)
    here = homes.filled
    male, age = homes.male[here], homes.age[here]
    birth_date = np.datetime64(as_of, "D") - np.floor(age * DAYS_A_YEAR).astype("timedelta64[D]")
    born = birth_date.astype("datetime64[Y]").astype(np.int64) + 1970
    line = (village[household] * 4096 + surname[here]) * 64 + _fathers_birth(homes, kin, as_of.year)[here]
    to_name = ToName(surname[here], male, born, line)
    names = _names(household, kin.father[here], to_name, rng, wanted)
    issuer = _issuers(slot, villages.county[village][household], tile, rng, wanted)
    return pl.DataFrame(
        {
            "person": np.arange(population, dtype=np.int32),
            "household": household.astype(np.int32),
            "number": np.arange(tile.first, tile.first + population, dtype=np.int64),
            "household_number": household + tile.first,
            "relation": _relations(slot, male),
            "name": names,
            "surname": surnames().text.gather(to_name.surname),
            "sex": pl.Series(np.where(male, "1", "2"), dtype=pl.String),
            "ethnicity": pl.Series(nationality[here], dtype=pl.String),
            "birth_date": pl.Series(birth_date).cast(pl.Date),
            "id_number": id_numbers(issuer, birth_date, male, tile.sequences),
            "former_name": _former_names(names, to_name, age, rng, wanted),
            "father": _numbers(kin.father[here]),
            "mother": _numbers(kin.mother[here]),
            "spouse": _numbers(kin.spouse[here]),
            "division": villages.code.gather(village)[household],
            "residence_kind": pl.Series(
                np.where(villages.urban[village][household], "urban", "rural"), dtype=pl.String
            ),
            "marital_status": _marital_status(homes, kin, rng),
            "address": _addresses(villages, village, rng).gather(household),
            "phone": _phones(age, rng, wanted.phone),
        }
    )


def _enough_households(population: int, rng: np.random.Generator, rates: PeopleRates) -> Households:
    """Households that hold exactly ``population`` people; the last loses members if need be."""
    homes = draw_households(population // 2 + 50, rng, rates)
    sizes = homes.filled.sum(axis=1)
    enough = int(np.searchsorted(np.cumsum(sizes), population)) + 1
    filled = homes.filled[:enough].copy()
    filled.ravel()[np.flatnonzero(filled.ravel())[population:]] = False
    return Households(homes.kind[:enough], filled, homes.age[:enough], homes.male[:enough])


def _with_youngest_spouses_spread(homes: Households, rng: np.random.Generator) -> Households:
    """The youngest spouses born over two years, where ``draw_households`` has them all 20 to the day.

    A tile of a large province has not enough ID numbers for so many on one day.
    """
    youngest = homes.age == YOUNGEST_SPOUSE
    return replace(homes, age=np.where(youngest, homes.age + rng.uniform(0.0, 2.0, homes.age.shape), homes.age))


def _nationalities(
    kin: Kin, villages: Villages, village: Integers, rng: np.random.Generator, rates: PeopleRates
) -> NDArray[np.str_]:
    """GB 3304 codes, households by slots: heads mostly as their village, spouses mostly as their partner."""
    drawn = [_drawn_nationalities(villages.city[village], rng) for _ in range(3)]
    of_village = rng.random(len(village)) < rates.same_nationality_in_village
    head = np.where(of_village, villages.nationality[village], drawn[0])
    linked = kin.father_household >= 0
    head[linked] = head[kin.father_household[linked]]
    all_slots = np.repeat(head[:, None], len(SLOTS), axis=1)
    for slot, others in ((SPOUSE, drawn[1]), (IN_LAW, drawn[2])):
        same = rng.random(len(village)) < rates.same_nationality_couple
        all_slots[:, slot] = np.where(same, head, others)
    return all_slots


def _drawn_nationalities(city: NDArray[np.str_], rng: np.random.Generator) -> NDArray[np.str_]:
    drawn = np.empty(len(city), dtype="U2")
    for one in np.unique(city):
        here = city == one
        codes, shares = nationality_shares(str(one))
        drawn[here] = rng.choice(codes, size=int(here.sum()), p=shares)
    return drawn


def _surnames(
    homes: Households, kin: Kin, nationality: NDArray[np.str_], rng: np.random.Generator, rates: PeopleRates
) -> Integers:
    """Surnames (positions), households by slots: from father to child, seldom from the mother."""
    count = len(homes.kind)
    head = draw_surnames(nationality[:, HEAD], rng, rates)
    linked = kin.father_household >= 0
    head[linked] = head[kin.father_household[linked]]
    spouse = draw_surnames(nationality[:, SPOUSE], rng, rates)
    in_law = draw_surnames(nationality[:, IN_LAW], rng, rates)
    surname = np.repeat(head[:, None], len(SLOTS), axis=1)
    surname[:, SPOUSE] = spouse
    surname[:, IN_LAW] = in_law
    surname[:, MOTHER] = draw_surnames(nationality[:, MOTHER], rng, rates)
    # A lone mother's children bear their absent father's name, which the unused spouse slot stands for.
    father, mother = np.where(homes.male[:, HEAD], head, spouse), np.where(homes.male[:, HEAD], spouse, head)
    of_mother = rng.random(count) < rates.mothers_surname
    surname[:, CHILDREN] = np.where(of_mother, mother, father)[:, None]
    son = homes.male[:, CHILD]
    grandchildren = np.where(son, surname[:, CHILD], in_law)
    # Left-behind grandchildren are mostly sons' children and bear their grandfather's name.
    surname[:, GRANDCHILDREN] = np.where(homes.kind == "grandparents", father, grandchildren)[:, None]
    return surname


def _fathers_birth(homes: Households, kin: Kin, year: int) -> Integers:
    """Roughly when each one's father was born, in steps that brothers and most cousins share; households by slots."""
    age = homes.age
    father = age + YEARS_TO_A_FATHER
    linked = kin.father_household >= 0
    father[linked, HEAD] = age[kin.father_household[linked], HEAD]
    living = homes.filled[:, FATHER]
    father[living, HEAD] = age[living, FATHER]
    father[:, SIBLINGS] = father[:, [HEAD]]
    male_head = homes.male[:, HEAD]
    father[:, CHILDREN] = np.where(
        male_head, age[:, HEAD], np.where(homes.filled[:, SPOUSE], age[:, SPOUSE], age[:, HEAD] + 2)
    )[:, None]
    of_child = np.where(homes.male[:, CHILD], age[:, CHILD], age[:, IN_LAW])
    father[:, GRANDCHILDREN] = np.where(homes.kind == "grandparents", age[:, HEAD] - YEARS_TO_A_FATHER, of_child)[
        :, None
    ]
    return np.clip((year - father - 1840) // GENERATION_YEARS, 0, 63).astype(np.int64)


def _names(
    household: Integers, father: Integers, people: ToName, rng: np.random.Generator, rates: PeopleRates
) -> pl.Series:
    """Full names; no two alike within a household or among brothers, as far as a few new draws can help it."""
    names = draw_names(people, rng, rates)
    for _ in range(6):
        known = pl.DataFrame({"household": household, "father": father, "name": names})
        at_home = pl.struct("household", "name").is_first_distinct()
        among_siblings = (pl.col("father") < 0) | pl.struct("father", "name").is_first_distinct()
        again = np.flatnonzero(~known.select(at_home & among_siblings).to_series().to_numpy())
        if not len(again):
            break
        names = names.scatter(again, draw_names(people.take(again), rng, rates))
    return names


def _former_names(
    names: pl.Series, people: ToName, age: Floats, rng: np.random.Generator, rates: PeopleRates
) -> pl.Series:
    changed = np.flatnonzero((age >= 18) & (rng.random(len(age)) < rates.former_name))
    once = people.take(changed)
    once = replace(once, line=np.arange(len(changed)))
    former = pl.Series("former_name", [None], dtype=pl.String).new_from_index(0, len(age))
    both = pl.DataFrame({"now": names, "former": former.scatter(changed, draw_names(once, rng, rates))})
    return both.select(pl.when(pl.col("former") != pl.col("now")).then("former").alias("former_name"))["former_name"]


def _issuers(slot: Integers, county: Integers, tile: Tile, rng: np.random.Generator, rates: PeopleRates) -> Integers:
    moved = np.isin(slot, (HEAD, SPOUSE, FATHER, MOTHER, IN_LAW)) & (rng.random(len(slot)) < rates.issued_elsewhere)
    own = tile.issuers
    return np.where(moved, own[rng.integers(0, len(own), len(slot))], own[county % len(own)])


def _relations(slot: Integers, male: Flags) -> pl.Series:
    relation = RELATIONS[slot]
    return pl.Series(np.where(relation == "child", np.where(male, "son", "daughter"), relation), dtype=pl.String)


def _numbers(person: Integers) -> pl.Series:
    """Person numbers, with -1 for nobody."""
    series = pl.Series("p", person.astype(np.int32))
    return series.to_frame().select(pl.when(pl.col("p") >= 0).then(pl.col("p")))["p"]


def _marital_status(homes: Households, kin: Kin, rng: np.random.Generator) -> pl.Series:
    here = homes.filled
    age, slot = homes.age[here], np.nonzero(here)[1]
    kind = np.repeat(homes.kind, here.sum(axis=1))
    chance = rng.random(len(age))
    has_child = here[:, GRANDCHILD_OR_CHILD].any(axis=1)
    parent = np.isin(slot, (FATHER, MOTHER)) | ((slot == HEAD) & np.repeat(has_child, here.sum(axis=1)))
    lost = np.where((age > 55) | (chance < 0.4), "widowed", "divorced")
    young = np.where(chance < np.clip((45 - age) / 25, 0.1, 1.0), "single", lost)
    status = np.where(parent, lost, np.where(np.isin(kind, ("alone_old",)) & (chance < 0.92), lost, young))
    status = np.where(age < 20, "single", status)
    return pl.Series(np.where(kin.spouse[here] >= 0, "married", status), dtype=pl.String)


GRANDCHILD_OR_CHILD = np.r_[CHILDREN, GRANDCHILDREN]


def _addresses(villages: Villages, village: Integers, rng: np.random.Generator) -> pl.Series:
    """One address a household: the village, a group of it, and a number that no neighbour has."""
    first = np.searchsorted(village, village)
    number = np.arange(len(village)) - first + 1
    group = rng.integers(1, 13, len(village))
    where = pl.DataFrame({"village": villages.address.gather(village), "group": group, "number": number})
    return where.select(pl.format("{}{}组{}号", "village", "group", "number").alias("address"))["address"]


def _phones(age: Floats, rng: np.random.Generator, share: float) -> pl.Series:
    has = (age >= 16) & (rng.random(len(age)) < share)
    number = rng.integers(0, 10**8, len(age))
    frame = pl.DataFrame({"has": has, "number": number})
    digits = pl.lit(PHONE_PREFIX) + pl.col("number").cast(pl.String).str.zfill(8)
    return frame.select(pl.when(pl.col("has")).then(digits).alias("phone"))["phone"]
