"""Names of invented people, drawn from published frequencies, so that the commonest repeat as they do in life."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from synth.facts import read_facts
from synth.rates import PeopleRates

FAVOURED = 3.0
"""How many times as common a surname is among the nationalities that favour it *(assumed)*."""
LAST_CUSTOM = 2012
"""From this year of birth on children are no longer named by generation *(assumed)*."""

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Surnames:
    """All surnames; after them the clans, which stand before a dot."""

    text: pl.Series
    clans_from: int
    """Position of the first clan."""


@cache
def surnames() -> Surnames:
    """The surnames and clans of the facts, in their order; a surname is told by its position here."""
    plain, clans = read_facts("surnames")["surname"], read_facts("clans")["clan"]
    return Surnames(pl.concat([plain, clans.alias("surname")]), len(plain))


def draw_surnames(nationality: NDArray[np.str_], rng: np.random.Generator, rates: PeopleRates) -> Integers:
    """A surname (its position) for each person drawn, by nationality (GB 3304 code)."""
    drawn = np.zeros(len(nationality), dtype=np.int64)
    facts = read_facts("surnames", share=pl.Float64)
    favoured_by = facts["favoured_by"].str.split(" ").to_list()
    people = dict(read_facts("nationalities", share=pl.Float64).select("code", "share").iter_rows())
    favouring = np.array([sum(people.get(code, 0.0) for code in codes) / 100 for codes in favoured_by])
    # Chosen so that the share over the whole province stays what the facts say.
    share = facts["share"].to_numpy() / (favouring * FAVOURED + 1 - favouring)
    clans = read_facts("clans")["nationality"].to_numpy()
    for code in np.unique(nationality):
        here = np.flatnonzero(nationality == code)
        weight = share * np.array([FAVOURED if code in codes else 1.0 for codes in favoured_by])
        chosen = rng.choice(len(share), size=len(here), p=weight / weight.sum())
        its_clans = np.flatnonzero(clans == code) + surnames().clans_from
        dotted = rng.random(len(here)) < rates.dotted_names.get(str(code), 0.0) * bool(len(its_clans))
        if dotted.any():
            chosen[dotted] = rng.choice(its_clans, size=int(dotted.sum()))
        drawn[here] = chosen
    return drawn


@dataclass(frozen=True)
class ToName:
    """People who need a name. All arrays have one element a person."""

    surname: Integers
    """Positions in ``surnames()``."""
    male: Flags
    born: Integers
    """Year of birth."""
    line: Integers
    """Tells the family line: people of one line share the first character of the name, where it keeps the custom."""

    @property
    def dotted(self) -> Flags:
        """Whose name is a clan and a given name."""
        return self.surname >= surnames().clans_from

    def take(self, places: Integers) -> "ToName":
        """Some of the people."""
        return ToName(self.surname[places], self.male[places], self.born[places], self.line[places])


def draw_names(people: ToName, rng: np.random.Generator, rates: PeopleRates) -> pl.Series:
    """A full name for each person; a clan and a given name are joined with ``·``."""
    count = len(people.male)
    first = np.empty(count, dtype="U4")
    second = np.empty(count, dtype="U2")
    shapes = read_facts("given_shapes", born_from=pl.Int64, single=pl.Float64, ready_made=pl.Float64)
    decade = np.clip(np.searchsorted(shapes["born_from"].to_numpy(), people.born, side="right") - 1, 0, None)
    shape = rng.random(count)
    for place, (start, single, ready_made) in enumerate(shapes.iter_rows()):
        for sex in ("1", "2"):
            here = (decade == place) & (people.male == (sex == "1"))
            is_single = here & (shape < single)
            is_ready = here & ~is_single & (shape < single + ready_made)
            composed = here & ~is_single & ~is_ready
            for kind, which in (("single", is_single), ("ready_made", is_ready), ("first", composed)):
                first[which] = _Values.of(sex, kind, start).draw(int(which.sum()), rng)
            second[composed] = _Values.of(sex, "second", start).draw(int(composed.sum()), rng)
    _follow_the_line(first, second, people, rates)
    _use_rare_characters(first, second, people.male, rng, rates.rare_character)
    dotted = people.dotted
    for sex in ("1", "2"):
        here = dotted & (people.male == (sex == "1"))
        first[here], second[here] = _Values.of(sex, "dotted").draw(int(here.sum()), rng), ""
    parts = pl.DataFrame(
        {
            "surname": surnames().text.gather(people.surname),
            "dot": pl.Series(np.where(dotted, "·", ""), dtype=pl.String),
            "first": pl.Series(first, dtype=pl.String),
            "second": pl.Series(second, dtype=pl.String),
        }
    )
    return parts.select(pl.concat_str("surname", "dot", "first", "second").alias("name"))["name"]


def rare_characters() -> frozenset[str]:
    """The rare characters that names are drawn with, which departments' systems often cannot store."""
    return frozenset(str(one) for sex in ("1", "2") for one in _Values.of(sex, "rare").values)


def _follow_the_line(first: NDArray[np.str_], second: NDArray[np.str_], people: ToName, rates: PeopleRates) -> None:
    """Give people of one family line the line's own character, where it keeps to the custom."""
    characters = _Values.of("1", "generation").values
    scrambled = (people.line * 2654435761 + 0x9E3779B9) & 0xFFFFFFFF
    scrambled ^= scrambled >> 15
    custom = (scrambled >> 3) % 1000 / 1000
    daughters = rates.generation_character * rates.generation_daughters
    follows = (custom < np.where(people.male, rates.generation_character, daughters)) & (people.born < LAST_CUSTOM)
    # One who would have had a one-character or ready-made name keeps its last character.
    whole = pl.Series(np.where(second[follows] == "", first[follows], second[follows]), dtype=pl.String)
    last = whole.str.tail(1).to_numpy().astype("U1")
    own = characters[(scrambled[follows] >> 13) % len(characters)]
    first[follows] = own
    second[follows] = np.where(last == own, "", last)


def _use_rare_characters(
    first: NDArray[np.str_], second: NDArray[np.str_], male: Flags, rng: np.random.Generator, share: float
) -> None:
    rare = rng.random(len(first)) < share
    for sex in ("1", "2"):
        here = np.flatnonzero(rare & (male == (sex == "1")))
        drawn = _Values.of(sex, "rare").draw(len(here), rng)
        composed = second[here] != ""
        second[here] = np.where(composed, drawn, "")
        first[here] = np.where(composed, first[here], drawn)


@dataclass(frozen=True)
class _Values:
    """One line of given_names.csv, with weights."""

    values: NDArray[np.str_]
    weight: NDArray[np.float64]

    @staticmethod
    @cache
    def of(sex: str, kind: str, born_from: int = 1900) -> "_Values":
        line = read_facts("given_names").filter(sex=sex, kind=kind, born_from=str(born_from))
        values = np.array(list(dict.fromkeys(line["values"].item().split(" "))))
        weight = 1.0 / (np.arange(len(values)) + 12.0)
        return _Values(values, weight / weight.sum())

    def draw(self, count: int, rng: np.random.Generator) -> NDArray[np.str_]:
        return self.values[rng.choice(len(self.values), size=count, p=self.weight)]
