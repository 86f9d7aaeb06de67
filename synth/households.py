"""Who lives with whom: invented households, from single old people to three generations under one roof.

A household is a row of SLOTS; which slots are filled depends on its kind. Everything is drawn for all households
at once, slot by slot, and only then laid out one row a person.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synth.rates import PeopleRates

SLOTS = (
    "head", "spouse", "father", "mother", "child1", "child2", "child3", "child4", "child5",
    "child_in_law", "grandchild1", "grandchild2", "grandchild3", "sibling1", "sibling2",
)  # fmt: skip
HEAD, SPOUSE, FATHER, MOTHER, CHILD, IN_LAW, GRANDCHILD, SIBLING = 0, 1, 2, 3, 4, 9, 10, 13
CHILDREN, GRANDCHILDREN, SIBLINGS = slice(4, 9), slice(10, 13), slice(13, 15)
RELATIONS = np.array(
    ["head", "spouse", "parent", "parent", *["child"] * 5, "other", *["grandchild"] * 3, *["sibling"] * 2]
)
KINDS = (
    "alone_old", "alone_adult", "couple", "nuclear", "one_parent",
    "with_parents", "with_grown_child", "grandparents", "siblings",
)  # fmt: skip
COUPLES = ("couple", "nuclear", "with_parents", "with_grown_child", "grandparents")
HEAD_AGES = {
    "alone_old": (62, 90), "alone_adult": (20, 60), "couple": (23, 84), "nuclear": (24, 54), "one_parent": (25, 58),
    "with_parents": (26, 54), "with_grown_child": (48, 76), "grandparents": (50, 76), "siblings": (18, 50),
}  # fmt: skip
"""Youngest and oldest heads by kind of household, in years *(assumed)*."""
OLDEST_MOTHER = 45.0
YOUNGEST_FATHER = 17.5
OLDEST_PERSON = 98.0
YOUNGEST_SPOUSE = 20.0
DAYS_A_YEAR = 365.2425

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Households:
    """Households by slots; the arrays are households by SLOTS."""

    kind: NDArray[np.str_]
    """One element a household."""
    filled: Flags
    age: Floats
    """Years."""
    male: Flags


def draw_households(count: int, rng: np.random.Generator, rates: PeopleRates) -> Households:
    """Draw ``count`` households: who is there, how old, and of which sex."""
    shares = rates.household_kinds.model_dump()
    kind = rng.choice(np.array(KINDS), size=count, p=[shares[one] for one in KINDS])
    filled = np.zeros((count, len(SLOTS)), dtype=np.bool_)
    age = np.zeros((count, len(SLOTS)))
    male = rng.random((count, len(SLOTS))) < 0.512

    youngest, oldest = (np.array([HEAD_AGES[one][end] for one in KINDS], dtype=np.float64) for end in (0, 1))
    which = np.searchsorted(np.array(sorted(KINDS)), kind)
    by_name = np.argsort(np.array(KINDS))
    low, high = youngest[by_name][which], oldest[by_name][which]
    age[:, HEAD] = low + (high - low) * rng.beta(1.5, 1.8, count)
    filled[:, HEAD] = True

    couple = np.isin(kind, COUPLES)
    male[:, HEAD] = np.where(couple, rng.random(count) < 0.88, male[:, HEAD])
    # Alone in old age are mostly widows.
    male[:, HEAD] &= (kind != "alone_old") | (rng.random(count) < 0.75)
    filled[:, SPOUSE] = couple & ((kind != "grandparents") | (rng.random(count) < 0.7))
    male[:, SPOUSE] = ~male[:, HEAD]
    older = _older_husband(rng, count)
    age[:, SPOUSE] = np.clip(age[:, HEAD] + np.where(male[:, HEAD], -older, older), YOUNGEST_SPOUSE, OLDEST_PERSON - 3)

    mother, father = _mother_and_father(HEAD, SPOUSE, filled, age, male)
    _add_children(kind, mother, filled, age, rng=rng, rates=rates)
    filled[:, CHILDREN] &= father[:, None] - age[:, CHILDREN] >= YOUNGEST_FATHER
    _add_grandchildren(kind, filled, age, male, rng=rng, rates=rates)
    _add_parents(kind, filled, age, male, rng)
    _add_siblings(kind, filled, age, rng)
    return Households(kind, filled, age, male)


def _older_husband(rng: np.random.Generator, count: int) -> Floats:
    """Years by which husbands are older than their wives: two on average *(assumed)*."""
    return np.clip(rng.normal(2.0, 3.0, count), -6, 15)


def _mother_and_father(one: int, other: int, filled: Flags, age: Floats, male: Flags) -> tuple[Floats, Floats]:
    """Ages of the mother and father among a couple's two slots; one who is absent is two years older or younger."""
    absent = age[:, one] + np.where(male[:, one], -2.0, 2.0)
    partner = np.where(filled[:, other], age[:, other], absent)
    return np.where(male[:, one], partner, age[:, one]), np.where(male[:, one], age[:, one], partner)


def _births(
    mother: Floats, wanted: Integers, slots: int, rng: np.random.Generator, twins: float
) -> tuple[Flags, Floats]:
    """Which of up to ``slots`` children there are, and their ages, given their mother's age; a twin has equal age."""
    count = len(mother)
    gaps = rng.uniform(1.0, 5.5, (count, slots))
    gaps[:, 1:][rng.random((count, slots - 1)) < twins] = 0.0
    gaps[:, 0] = np.clip(rng.normal(24.0, 3.5, count), 18.5, 38.0)
    at_birth = np.cumsum(gaps, axis=1)
    ages = mother[:, None] - at_birth
    there = (np.arange(slots) < wanted[:, None]) & (ages >= 0.02) & (at_birth < OLDEST_MOTHER)
    return there, ages


def _add_children(
    kind: NDArray[np.str_], mother: Floats, filled: Flags, age: Floats, *, rng: np.random.Generator, rates: PeopleRates
) -> None:
    count = len(kind)
    wanted = rng.choice(np.arange(1, 6), size=count, p=rates.children)
    wanted[~np.isin(kind, ("nuclear", "one_parent", "with_parents", "with_grown_child"))] = 0
    wanted[kind == "with_grown_child"] = 1
    there, ages = _births(mother, wanted, 5, rng, rates.twins)
    stays = rng.random((count, 5)) < 0.3
    leaves = (ages > 26) & ~stays & (kind != "with_grown_child")[:, None]
    filled[:, CHILDREN] = there & ~leaves
    age[:, CHILDREN] = ages


def _add_grandchildren(
    kind: NDArray[np.str_], filled: Flags, age: Floats, male: Flags, *, rng: np.random.Generator, rates: PeopleRates
) -> None:
    count = len(kind)
    grown = (kind == "with_grown_child") & filled[:, CHILD] & (age[:, CHILD] >= 21.5)
    male[:, CHILD] = np.where(grown, rng.random(count) < 0.75, male[:, CHILD])
    filled[:, IN_LAW] = grown & (rng.random(count) < 0.85)
    male[:, IN_LAW] = ~male[:, CHILD]
    older = _older_husband(rng, count)
    age[:, IN_LAW] = np.clip(age[:, CHILD] + np.where(male[:, CHILD], -older, older), YOUNGEST_SPOUSE, 70)
    left_behind = kind == "grandparents"
    mother, father = _mother_and_father(CHILD, IN_LAW, filled, age, male)
    # Left-behind grandchildren's mothers live elsewhere; they are about a generation younger than the head.
    mother = np.where(left_behind, np.maximum(age[:, HEAD] - rng.uniform(22, 27, count), 22.0), mother)
    father = np.where(left_behind, mother + 2, father)
    wanted = np.where(grown | left_behind, rng.choice([1, 2, 3], size=count, p=[0.5, 0.38, 0.12]), 0)
    there, ages = _births(mother, wanted, 3, rng, rates.twins)
    filled[:, GRANDCHILDREN] = there & (ages < 24) & (father[:, None] - ages >= YOUNGEST_FATHER)
    age[:, GRANDCHILDREN] = ages


def _add_parents(kind: NDArray[np.str_], filled: Flags, age: Floats, male: Flags, rng: np.random.Generator) -> None:
    count = len(kind)
    who = rng.random(count)
    together = kind == "with_parents"
    age[:, MOTHER] = age[:, HEAD] + np.clip(rng.normal(24.5, 4.0, count), 18.5, 39.0)
    age[:, FATHER] = np.maximum(age[:, MOTHER] + _older_husband(rng, count), age[:, HEAD] + YOUNGEST_FATHER + 1)
    filled[:, MOTHER] = together & (who < 0.85) & (age[:, MOTHER] < OLDEST_PERSON)
    filled[:, FATHER] = together & ((who < 0.55) | (who >= 0.85)) & (age[:, FATHER] < OLDEST_PERSON)
    male[:, MOTHER], male[:, FATHER] = False, True


def _add_siblings(kind: NDArray[np.str_], filled: Flags, age: Floats, rng: np.random.Generator) -> None:
    count = len(kind)
    gaps = rng.uniform(1.2, 5.0, (count, 2)).cumsum(axis=1)
    age[:, SIBLINGS] = age[:, [HEAD]] - gaps
    wanted = rng.choice([1, 2], size=count, p=[0.7, 0.3])
    filled[:, SIBLINGS] = (kind == "siblings")[:, None] & (np.arange(2) < wanted[:, None]) & (age[:, SIBLINGS] > 5)
