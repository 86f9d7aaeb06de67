"""Rates of groups with their intervals, and which of them differ from everybody else by more than chance.

Each group is held against all others of its attribute by Fisher's exact test; of all groups shown for a measure, the
Benjamini-Hochberg procedure (1995) marks those that differ, so that among the marked at most a set share is expected to
be there by chance. People of one household are flagged together, so the tests are a little too sure of themselves: a
mark asks a person to look, and is no verdict.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from pipelines.reporting.even_handedness.counting import Count
from pipelines.reporting.even_handedness.disclosure import shown_groups
from pipelines.reporting.even_handedness.settings import Settings
from review.proportion import Proportion, proportion

EVERYBODY = "all"


@dataclass(frozen=True)
class GroupRate:
    """The rate of one group by one measure; without a proportion where the group is too small to show."""

    measure: str
    attribute: str
    group: str
    proportion: Proportion | None
    differs: str | None = None
    """``higher`` or ``lower`` than everybody else by more than chance."""


def compare(counts: Sequence[Count], settings: Settings) -> list[GroupRate]:
    """The rates of all groups, in the order of ``counts``; nothing of a group that is too small to show."""
    rates: list[GroupRate] = []
    for _, of_measure in groupby(sorted(counts, key=lambda one: one.measure), key=lambda one: one.measure):
        rates += _compared(list(of_measure), settings)
    return rates


def _compared(counts: Sequence[Count], settings: Settings) -> list[GroupRate]:
    """The rates of one measure."""
    whole = next(one for one in counts if one.attribute == EVERYBODY)
    attributes = dict.fromkeys(one.attribute for one in counts)
    shown = set()
    if whole.of >= settings.least_shown:
        for attribute in attributes:
            sizes = {one.group: one.of for one in counts if one.attribute == attribute}
            shown |= {(attribute, group) for group in shown_groups(sizes, settings.least_shown)}
    tested = [
        one
        for one in counts
        if (one.attribute, one.group) in shown and one.attribute != EVERYBODY and one.of < whole.of
    ]
    marks = _marks(tested, whole, settings.false_discovery)
    return [
        GroupRate(
            one.measure,
            one.attribute,
            one.group,
            proportion(one.count, one.of) if (one.attribute, one.group) in shown else None,
            marks.get((one.attribute, one.group)),
        )
        for one in counts
    ]


def _marks(counts: Sequence[Count], whole: Count, false_discovery: float) -> dict[tuple[str, str], str]:
    """The groups that differ from everybody else, and which way."""
    if not counts:
        return {}
    from scipy.stats import false_discovery_control, fisher_exact

    chances: list[Any] = [fisher_exact(_against_others(one, whole)).pvalue for one in counts]
    adjusted = false_discovery_control(chances, method="bh")
    return {
        (one.attribute, one.group): "higher" if one.count * whole.of > whole.count * one.of else "lower"
        for one, chance in zip(counts, adjusted, strict=True)
        if chance <= false_discovery
    }


def _against_others(one: Count, whole: Count) -> list[list[int]]:
    others_count, others = whole.count - one.count, whole.of - one.of
    return [[one.count, one.of - one.count], [others_count, others - others_count]]
