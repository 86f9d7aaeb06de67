"""Why a record was linked, comparison by comparison: asked of whoever keeps the links, and drawn as a waterfall.

The review holds flags, not links. Whoever serves the site beside a lake hands over a function that explains a link
(``explain_links_with``); without one the pages give the reason of a link in words alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Protocol

from review.site.titles import in_chinese


@dataclass(frozen=True)
class LinkComparison:
    """One comparison: what, both values (masked), its level, its weight in bits, and the total so far."""

    title_zh: str
    title_en: str
    record: str
    person: str
    level_zh: str
    level_en: str
    weight: float
    total: float

    @property
    def title(self) -> str:
        """What was compared."""
        return self.title_zh if in_chinese() else self.title_en

    @property
    def level(self) -> str:
        """How far the two agree."""
        return self.level_zh if in_chinese() else self.level_en


class Explainer(Protocol):
    """Explains the link a night made of a record. Raises LookupError where it made none."""

    def __call__(self, night: date, type_name: str, row_key: str, role: str) -> Sequence[LinkComparison]:
        """The comparisons in order, values masked."""


_explainers: dict[str, Explainer] = {}
# One at a time in each process: an explanation reads the night's links.
_one_at_a_time = Lock()


def explain_links_with(explainer: Explainer) -> None:
    """Have links explained by this from now on."""
    _explainers["explainer"] = explainer


def can_explain_links() -> bool:
    """Whether anybody explains links here."""
    return bool(_explainers)


def explain_link(night: date, type_name: str, row_key: str, role: str) -> Sequence[LinkComparison]:
    """The comparisons of one link. Raises LookupError where there is nothing to explain, or nobody who does."""
    if not can_explain_links():
        raise LookupError("links are not explained here")
    with _one_at_a_time:
        return _explainers["explainer"](night, type_name, row_key, role)


WIDTH, LABELS, ROW = 760.0, 210.0, 34.0
MARGIN = 70.0


@dataclass(frozen=True)
class Bar:
    """One comparison as drawn: from the total before it to the total after it."""

    step: LinkComparison
    x: float
    width: float
    y: float
    middle: float
    beside: float
    gain: bool
    weight_text: str


@dataclass(frozen=True)
class Waterfall:
    """All bars, the height of the picture, and where no evidence either way lies."""

    bars: Sequence[Bar]
    height: float
    zero: float


def waterfall(steps: Sequence[LinkComparison]) -> Waterfall:
    """The picture of an explanation, in the units of an SVG ``WIDTH`` wide."""
    ends = [0.0, *(step.total for step in steps), *(step.total - step.weight for step in steps)]
    low, high = min(ends), max(ends)
    unit = (WIDTH - LABELS - MARGIN) / ((high - low) or 1.0)

    def at(bits: float) -> float:
        return round(LABELS + (bits - low) * unit, 1)

    bars = []
    for place, step in enumerate(steps):
        left, right = sorted((at(step.total - step.weight), at(step.total)))
        top = place * ROW
        bars.append(
            Bar(
                step,
                left,
                max(round(right - left, 1), 1.5),
                top + 7,
                top + ROW / 2 + 5,
                right + 6,
                step.weight >= 0,
                f"{step.weight:+.1f}",
            )
        )
    return Waterfall(bars, len(steps) * ROW, at(0.0))
