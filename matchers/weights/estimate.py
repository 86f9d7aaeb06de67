"""The model's parameters, learned without labels.

m, how often each level holds among pairs of one person, comes from recordlinkage's expectation/conditional
maximisation (ECM) over the patterns of a sample of candidate pairs: two latent classes, levels independent within each
(Fellegi and Sunter 1969; Herzog, Scheuren and Winkler 2007, ch. 9). u, how often a level holds among non-matches, is
counted on random pairs: candidate pairs agree on a blocking key by selection, so that their u would be too high. With u
so fixed, m and the share of matches are refined on all candidate patterns by the same iteration. Pairs that equal
identity numbers already link help ECM to tell the classes apart, and count as matches; how numbers themselves compare
is learned from the other pairs only.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matchers.weights.compare import Counts, Patterns

Probabilities = list[npt.NDArray[np.float64]]
"""For each comparison the probability of every place (missing, levels, else), summing to 1."""

STARTS = 6
"""Random starts of ECM; the likeliest is kept."""
ITERATIONS = 300
PSEUDO_PAIRS = 0.5
"""Pairs added to each level's count, so that no probability is zero (Jeffreys)."""


class NotLearnedError(ValueError):
    """Nothing could be learned from the candidate pairs."""


@dataclass(frozen=True)
class Fit:
    """What ECM found: the classes in order (matches are those who agree more), and how it got there."""

    m: Probabilities
    u: Probabilities
    matches: float
    log_likelihood: float
    starts: int
    settled_starts: int
    agreeing_starts: int


@dataclass(frozen=True)
class Estimate:
    """The parameters. prior: the share of all pairs that are matches. iterations, converged: of the refinement."""

    m: Probabilities
    u: Probabilities
    prior: float
    matches: float
    iterations: int
    converged: bool
    fit: Fit


def estimate(
    candidates: tuple[Patterns, Counts],
    random: tuple[Patterns, Counts],
    known: tuple[Patterns, Counts],
    sizes: Sequence[int],
    pairs: int,
    most_pairs: int,
    seed: int,
) -> Estimate:
    """Learn from the patterns of candidate pairs, of random pairs, and of pairs known to match (there may be none).

    sizes: places of each comparison. pairs: how many pairs there are in all. most_pairs: the sample ECM is given.
    """
    patterns, counts = candidates
    if counts.sum() < 2 or not len(patterns):
        raise NotLearnedError(
            "the blocking rules found no pairs to learn from; nothing was trained."
            " Add a blocking rule or correct the fields."
        )
    both = np.concatenate([patterns, known[0]]), np.concatenate([counts, known[1]])
    # A comparison that the known pairs leave out would set them apart by that alone.
    left_out = {column for column in range(len(sizes)) if len(known[0]) and not known[0][:, column].any()}
    fit = fit_ecm(both[0], _sample(both[1], most_pairs, seed), sizes, seed, left_out)
    posterior = posteriors(patterns, fit.m, fit.u, fit.matches)
    prior = _share(float(posterior @ counts), pairs)
    m, u = fit.m, fit.u
    for iteration in range(1, ITERATIONS + 1):
        u = _among_non_matches(random, m, prior, sizes)
        m = _tally(both[0], np.concatenate([counts * posterior, known[1]]), sizes)
        posterior = posteriors(patterns, m, u, prior)
        after = _share(float(posterior @ counts), pairs)
        moved = abs(after - prior) / prior
        prior = after
        if moved < 1e-6:
            return Estimate(m, u, prior, prior * pairs, iteration, True, fit)
    return Estimate(m, u, prior, prior * pairs, ITERATIONS, False, fit)


def _share(matches: float, pairs: int) -> float:
    return min(max(matches, 0.5) / pairs, 0.5)


def _sample(counts: Counts, most: int, seed: int) -> Counts:
    """Counts drawn down to about `most` pairs, if there are more."""
    if counts.sum() <= most:
        return counts
    rng = np.random.default_rng(seed)
    return rng.binomial(counts.astype(np.int64), most / counts.sum()).astype(np.float64)


def fit_ecm(patterns: Patterns, counts: Counts, sizes: Sequence[int], seed: int, left_out: Collection[int] = ()) -> Fit:
    """recordlinkage's ECM from several random starts; the likeliest fit, its classes put in order.

    Comparisons with one place only, and those of `left_out`, are not fitted: they weigh nothing.
    """
    import pandas as pd
    from recordlinkage import ECMClassifier

    patterns, counts = patterns[counts > 0], counts[counts > 0]
    varied = [
        column
        for column in range(patterns.shape[1])
        if column not in left_out and len(np.unique(patterns[:, column])) > 1
    ]
    if not varied:
        raise NotLearnedError(
            "all candidate pairs look alike on every comparison; nothing was trained. Add a looser blocking rule."
        )
    rows = np.repeat(patterns, counts.astype(np.int64), axis=0)
    frame = pd.DataFrame(rows[:, varied], columns=[str(column) for column in varied])
    fits: list[tuple[float, Probabilities, Probabilities, float]] = []
    settled = 0
    # ECM draws its starts from numpy's global generator, which is put back as it was.
    state = np.random.get_state()
    try:
        for start in range(STARTS):
            np.random.seed(seed * STARTS + start)
            classifier = ECMClassifier(init="random", max_iter=200, atol=1e-6)
            with _unsettled() as complaints, np.errstate(all="ignore"):
                classifier.fit(frame)
            settled += not complaints.heard
            kernel = classifier.kernel
            if np.isnan(kernel.feature_log_prob_).any():
                continue
            classes = [_class(kernel, place, varied, patterns, sizes) for place in (0, 1)]
            share = float(np.exp(kernel.class_log_prior_[1]))
            if _agreement(classes[0]) > _agreement(classes[1]):
                classes, share = classes[::-1], 1 - share
            u, m = classes
            fits.append((_log_likelihood(patterns, counts, m, u, share), m, u, share))
    finally:
        np.random.set_state(state)
    if not fits:
        raise NotLearnedError("ECM did not settle from any start; nothing was trained. Add comparisons or more rows.")
    best = max(fits, key=lambda one: one[0])
    near = sum(one[0] > best[0] - 1e-4 * abs(best[0]) for one in fits)
    return Fit(best[1], best[2], best[3], best[0], STARTS, settled, near)


class _Complaints(logging.Filter):
    """Counts and holds back what recordlinkage says to the root logger."""

    heard = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a message is not recordlinkage's."""
        ours = not str(record.msg).startswith("ECM algorithm")
        self.heard += not ours
        return ours


@contextmanager
def _unsettled() -> Iterator[_Complaints]:
    """Hear whether ECM ended early, when a probability became too small to carry; its last good step then stands."""
    complaints, quiet, root = _Complaints(), logging.NullHandler(), logging.getLogger()
    root.addFilter(complaints)
    root.addHandler(quiet)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield complaints
    finally:
        root.removeHandler(quiet)
        root.removeFilter(complaints)


def _class(kernel: object, place: int, varied: list[int], patterns: Patterns, sizes: Sequence[int]) -> Probabilities:
    """One class's probabilities out of the kernel's flat row, which has a column a place seen."""
    row = np.exp(kernel.feature_log_prob_[place])  # type: ignore[attr-defined]
    found: Probabilities = []
    at = 0
    for column, size in enumerate(sizes):
        seen = np.unique(patterns[:, column])
        probabilities = np.full(size, 1e-12)
        if column in varied:
            probabilities[seen] = np.maximum(row[at : at + len(seen)], 1e-12)
            at += len(seen)
        else:
            probabilities[seen] = 1.0
        found.append(probabilities / probabilities.sum())
    return found


def _agreement(probabilities: Probabilities) -> float:
    """How many comparisons agree on the closest level, missing values apart."""
    return float(sum(one[1] / max(one[1:].sum(), 1e-12) for one in probabilities))


def log_odds(m: Probabilities, u: Probabilities) -> Probabilities:
    """Weight in bits of each place: log2 of m over u among pairs where neither value is missing; missing weighs 0."""
    weights = []
    for one_m, one_u in zip(m, u, strict=True):
        weight = np.log2(one_m[1:] / one_m[1:].sum()) - np.log2(one_u[1:] / one_u[1:].sum())
        weights.append(np.concatenate([[0.0], weight]))
    return weights


def posteriors(patterns: Patterns, m: Probabilities, u: Probabilities, prior: float) -> npt.NDArray[np.float64]:
    """The probability of each pattern to be a match's."""
    bits = np.log2(prior) - np.log2(1 - prior)
    total = np.full(len(patterns), bits)
    for column, weights in enumerate(log_odds(m, u)):
        total += weights[patterns[:, column]]
    return np.asarray(1 / (1 + np.exp2(-np.clip(total, -500, 500))))


def _log_likelihood(patterns: Patterns, counts: Counts, m: Probabilities, u: Probabilities, share: float) -> float:
    match, non_match = np.full(len(patterns), np.log(share)), np.full(len(patterns), np.log1p(-share))
    for column in range(patterns.shape[1]):
        match += np.log(m[column][patterns[:, column]])
        non_match += np.log(u[column][patterns[:, column]])
    return float(np.logaddexp(match, non_match) @ counts)


def _tally(patterns: Patterns, counts: Counts, sizes: Sequence[int]) -> Probabilities:
    """How often each place holds, pairs counted as given."""
    found = []
    for column, size in enumerate(sizes):
        tally = np.bincount(patterns[:, column], weights=counts, minlength=size) + PSEUDO_PAIRS
        found.append(tally / tally.sum())
    return found


def _among_non_matches(
    random: tuple[Patterns, Counts], m: Probabilities, prior: float, sizes: Sequence[int]
) -> Probabilities:
    """u counted on random pairs, with the share of matches among them taken out."""
    patterns, counts = random
    found = []
    for column, size in enumerate(sizes):
        tally = np.bincount(patterns[:, column], weights=counts, minlength=size)
        non_matches = np.maximum(tally - prior * counts.sum() * m[column], 0.0) + PSEUDO_PAIRS
        found.append(non_matches / non_matches.sum())
    return found
