"""A proportion with its interval."""

from dataclasses import dataclass

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Proportion:
    """``count`` of ``of``, with the bounds of its 95% interval; without any to count there is no rate."""

    count: int
    of: int
    rate: float | None
    low: float | None
    high: float | None


def proportion(count: int, of: int) -> Proportion:
    """The proportion with Wilson's score interval (Wilson 1927), which also holds near 0 and 1 and for few cases.

    Raises ValueError unless 0 <= count <= of.
    """
    if of == 0 and count == 0:
        return Proportion(0, 0, None, None, None)
    from scipy.stats import binomtest

    interval = binomtest(count, of).proportion_ci(CONFIDENCE, method="wilson")
    return Proportion(count, of, count / of, float(interval.low), float(interval.high))
