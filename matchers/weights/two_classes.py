"""Two classes of pairs, matches and others, found in the patterns of candidate pairs without labels.

A latent class model: within a class the comparisons are independent (Fellegi and Sunter 1969; Herzog, Scheuren and
Winkler 2007, ch. 9), fitted by expectation and maximisation. A missing value says nothing of the class, which
recordlinkage's ECM has no way to express. EM only climbs: it starts from a plain guess, from several random places and,
where these do not come to one fit, from the classes of that ECM; the likeliest fit is kept.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matchers.weights.compare import Counts, Patterns

Probabilities = list[npt.NDArray[np.float64]]
"""For each comparison the probability of every place (missing, levels, else), summing to 1."""

STARTS = 8
"""Where EM begins, at most: a guess that matches agree, random places, and the classes of recordlinkage's ECM."""
ECM_PAIRS = 100_000
"""So many pairs ECM is given, drawn from the patterns by their counts: it takes pairs singly."""
STEPS = 400
STEADY = 1e-8
"""The relative gain in likelihood below which a fit has settled."""
LEAST = 1e-9
"""No probability is below."""


class NotLearnedError(ValueError):
    """Nothing could be learned from the candidate pairs."""

    exit_code = 4


@dataclass(frozen=True)
class Fit:
    """What was found: the classes in order (matches are those who agree more), and how it was got to."""

    m: Probabilities
    u: Probabilities
    matches: float
    log_likelihood: float
    starts: int
    settled_starts: int
    agreeing_starts: int


def fit_classes(
    patterns: Patterns, counts: Counts, sizes: Sequence[int], seed: int, left_out: Collection[int] = ()
) -> Fit:
    """The likeliest fit from several starts, its classes put in order.

    Comparisons with one place only, and those of `left_out`, are not fitted: they weigh nothing. Raises NotLearnedError
    where all pairs look alike.
    """
    patterns, counts = patterns[counts > 0], counts[counts > 0]
    varied = [
        column
        for column in range(patterns.shape[1])
        if column not in left_out and len(np.unique(patterns[patterns[:, column] > 0, column])) > 1
    ]
    if not varied:
        raise NotLearnedError(
            "all candidate pairs look alike on every comparison; nothing was trained. Add a looser blocking rule."
        )
    rng = np.random.default_rng(seed)
    begun = [_guess(patterns, varied), *(rng.random(len(patterns)) for _ in range(STARTS - 2))]
    fits = [_climb(patterns, counts, sizes, varied, agrees) for agrees in begun]
    if _near_the_best(fits) < len(fits):
        # Its package takes seconds to load: asked only where it may tell more.
        fits.append(_climb(patterns, counts, sizes, varied, _classes_of_ecm(patterns, counts, varied, rng)))
    best = max(fits, key=lambda one: one[3])
    m, u, share = best[:3]
    if _agreement(u) > _agreement(m):
        m, u, share = u, m, 1 - share
    return Fit(m, u, share, best[3], len(fits), sum(one[4] for one in fits), _near_the_best(fits))


def _near_the_best(fits: Sequence[tuple[Probabilities, Probabilities, float, float, bool]]) -> int:
    """How many of the fits are as likely as the best, all but a little."""
    best = max(one[3] for one in fits)
    return sum(one[3] > best - 1e-4 * abs(best) for one in fits)


def _guess(patterns: Patterns, varied: list[int]) -> npt.NDArray[np.float64]:
    """How far each pattern agrees: the closest level counts one, further ones less, missing values half."""
    seen = patterns[:, varied].astype(np.float64)
    agrees = np.where(seen > 0, 1 / np.maximum(seen, 1), 0.5).mean(axis=1)
    return np.asarray(agrees**4)


def _classes_of_ecm(
    patterns: Patterns, counts: Counts, varied: list[int], rng: np.random.Generator
) -> npt.NDArray[np.float64]:
    """How likely recordlinkage's ECM holds each pattern to be a match, by whether the closest levels hold."""
    import pandas as pd
    from recordlinkage import ECMClassifier

    agree = pd.DataFrame((patterns[:, varied] == 1).astype(np.int8))
    drawn = agree.iloc[rng.choice(len(agree), size=ECM_PAIRS, p=counts / counts.sum())]
    told = [column for column in agree if drawn[column].nunique() > 1]
    if not told:
        return _guess(patterns, varied)
    classifier = ECMClassifier()
    # It complains to the root logger where a probability becomes too small to carry; the last good step then stands.
    root, quiet = logging.getLogger(), logging.NullHandler()
    root.addHandler(quiet)
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            classifier.fit(drawn[told])
            found = classifier.prob(agree[told]).to_numpy()
    finally:
        root.removeHandler(quiet)
    return np.where(np.isfinite(found), found, 0.5)


def _climb(
    patterns: Patterns, counts: Counts, sizes: Sequence[int], varied: list[int], first: npt.NDArray[np.float64]
) -> tuple[Probabilities, Probabilities, float, float, bool]:
    """From the first guess of who is a match to a steady fit: m, u, the share of matches, log likelihood, settled."""
    posterior, before = first, -np.inf
    for _ in range(STEPS):
        m = _shares(patterns, counts * posterior, sizes, varied)
        u = _shares(patterns, counts * (1 - posterior), sizes, varied)
        share = float(np.clip((posterior @ counts) / counts.sum(), LEAST, 1 - LEAST))
        match, other = np.full(len(patterns), np.log(share)), np.full(len(patterns), np.log1p(-share))
        for column in varied:
            present = patterns[:, column] > 0
            places = patterns[present, column]
            match[present] += np.log(m[column][places] / m[column][1:].sum())
            other[present] += np.log(u[column][places] / u[column][1:].sum())
        both = np.logaddexp(match, other)
        posterior = np.exp(match - both)
        likelihood = float(both @ counts)
        if likelihood - before < STEADY * abs(likelihood):
            return m, u, share, likelihood, True
        before = likelihood
    return m, u, share, before, False


def _shares(patterns: Patterns, counts: Counts, sizes: Sequence[int], varied: list[int]) -> Probabilities:
    """How often each place holds; a comparison that is not fitted is the same in both classes."""
    found = []
    for column, size in enumerate(sizes):
        if column in varied:
            tally = np.bincount(patterns[:, column], weights=counts, minlength=size)
            tally = np.maximum(tally / max(tally.sum(), LEAST), LEAST)
        else:
            tally = np.full(size, 1.0)
        found.append(tally / tally.sum())
    return found


def _agreement(probabilities: Probabilities) -> float:
    """How many comparisons agree on the closest level, missing values apart."""
    return float(sum(one[1] / max(one[1:].sum(), LEAST) for one in probabilities))
