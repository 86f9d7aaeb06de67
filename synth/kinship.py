"""Who is whose father, mother and spouse, within a household and between households of one village."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from synth.households import CHILD, CHILDREN, FATHER, GRANDCHILDREN, HEAD, IN_LAW, MOTHER, SPOUSE, Households

OLDEST_SON = 50.0
"""Heads younger than this may have a father in the village; fathers are at least so old. So no father is a son too."""
YOUNGEST_FATHER, OLDEST_FATHER, YOUNGEST_MOTHER = 20.0, 42.0, 17.5

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Kin:
    """Person numbers, households by slots; -1 for nobody known."""

    person: Integers
    father: Integers
    mother: Integers
    spouse: Integers
    father_household: Integers
    """One element a household: where the head's father is head, or -1."""


def kin_within(homes: Households) -> Kin:
    """Number the people household by household and tie the members of each household together."""
    person = np.full(homes.filled.shape, -1, dtype=np.int64)
    person[homes.filled] = np.arange(int(homes.filled.sum()))
    father, mother, spouse = (np.full_like(person, -1) for _ in range(3))
    father[:, HEAD], mother[:, HEAD] = person[:, FATHER], person[:, MOTHER]
    for one, other, offspring in ((HEAD, SPOUSE, CHILDREN), (CHILD, IN_LAW, GRANDCHILDREN)):
        male = homes.male[:, one]
        father[:, offspring] = np.where(male, person[:, one], person[:, other])[:, None]
        mother[:, offspring] = np.where(male, person[:, other], person[:, one])[:, None]
    for one, other in ((HEAD, SPOUSE), (FATHER, MOTHER), (CHILD, IN_LAW)):
        spouse[:, one], spouse[:, other] = person[:, other], person[:, one]
    return Kin(person, father, mother, spouse, np.full(len(person), -1, dtype=np.int64))


def find_fathers_in_village(
    kin: Kin, homes: Households, village: Integers, rng: np.random.Generator, share: float
) -> Kin:
    """Give ``share`` of the young male heads a father (and his wife as mother) who heads a household of their village.

    ``village`` holds one position a household, in ascending order. A head stays without where no age fits.
    """
    age, male = homes.age[:, HEAD], homes.male[:, HEAD]
    fathers = np.flatnonzero(male & (age >= OLDEST_SON))
    seeks = rng.random(len(age)) < share
    sons = np.flatnonzero(
        male & (age < OLDEST_SON) & seeks & np.isin(homes.kind, ("couple", "nuclear", "one_parent", "alone_adult"))
    )
    first = np.searchsorted(village[fathers], village[sons])
    there = np.searchsorted(village[fathers], village[sons], side="right") - first
    sons, first, there = sons[there > 0], first[there > 0], there[there > 0]
    chosen = fathers[first + rng.integers(0, there)] if len(sons) else sons
    years = age[chosen] - age[sons]
    fits = (years >= YOUNGEST_FATHER) & (years <= OLDEST_FATHER)
    sons, chosen = sons[fits], chosen[fits]
    father, mother, father_household = kin.father.copy(), kin.mother.copy(), kin.father_household.copy()
    father[sons, HEAD] = kin.person[chosen, HEAD]
    father_household[sons] = chosen
    wife_fits = homes.age[chosen, SPOUSE] - age[sons]
    old_enough = (wife_fits >= YOUNGEST_MOTHER) & (wife_fits <= OLDEST_FATHER)
    mother[sons, HEAD] = np.where(old_enough, kin.person[chosen, SPOUSE], -1)
    return replace(kin, father=father, mother=mother, father_household=father_household)
