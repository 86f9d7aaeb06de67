"""The model's parameters, learned without labels.

m, how often each level holds among pairs of one person, comes from expectation and maximisation (EM) over the patterns
of a sample of candidate pairs (`matchers.weights.two_classes`). u, how often a level holds among non-matches, is
counted on random pairs: candidate pairs agree on a blocking key by selection, so that their u would be too high; where
the values' frequencies are known, it is no lower than they make it. With u so fixed, m and the share of matches are
refined on all candidate patterns by the same iteration. Pairs that equal identity numbers already link help EM to tell
the classes apart, and count as matches; how numbers themselves compare is learned from the other pairs only. A level
that none of these pairs has weighs nothing: nobody knows what it means.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from matchers.weights.compare import Counts, Patterns
from matchers.weights.two_classes import Fit, NotLearnedError, Probabilities, fit_classes

Floors: TypeAlias = Mapping[tuple[int, int], float]
"""Comparison and place to the least share of pairs, neither value missing, that are there by chance."""

ITERATIONS = 300
SETTLED = 1e-6
"""The relative change of the share of matches below which it has settled."""
PSEUDO_PAIRS = 0.5
"""Pairs added to each level's count, so that no probability is zero (Jeffreys)."""


@dataclass(frozen=True)
class Estimate:
    """The parameters.

    weights: bits of each place. prior: the share of all pairs that are matches. alone: how many candidates would be
    matches if none excluded another. iterations, converged: of refining it.
    """

    m: Probabilities
    u: Probabilities
    weights: Probabilities
    prior: float
    matches: float
    alone: float
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
    *,
    most_matches: float = np.inf,
    floors: Floors | None = None,
    rivals: Rivals | None = None,
) -> Estimate:
    """Learn from the patterns of candidate pairs, of random pairs, and of pairs known to match (there may be none).

    sizes: places of each comparison. pairs: how many pairs there are in all. most_pairs: the sample EM is given.
    most_matches: so many pairs can be matches at most. floors: what u is at least, as the values' frequencies tell.
    rivals: which candidate pairs exclude each other, where a row has one partner at most.
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
    fit = fit_classes(both[0], _sample(both[1], most_pairs, seed), sizes, seed, left_out)
    seen = [
        np.bincount(places, minlength=size) > 0
        for places, size in zip(_columns(both[0], random[0]), sizes, strict=True)
    ]
    posterior = posteriors(patterns, _bits(fit.m, fit.u, seen), fit.matches)
    share = _Share(pairs, min(most_matches, pairs / 2))
    prior = share.of(float(posterior @ counts))
    m, u = fit.m, fit.u
    alone, moved, iteration = 0.0, np.inf, 0
    while moved >= SETTLED and iteration < ITERATIONS:
        iteration += 1
        u = _among_non_matches(random, m, prior, sizes, floors or {})
        m = _tally(both[0], np.concatenate([counts * posterior, known[1]]), sizes)
        posterior = posteriors(patterns, _bits(m, u, seen), prior)
        alone = float(posterior @ counts)
        posterior = posterior if rivals is None else rivals.shared(posterior)
        after = share.of(float(posterior @ counts))
        moved, prior = abs(after - prior) / prior, after
    return Estimate(m, u, _bits(m, u, seen), prior, prior * pairs, alone, iteration, moved < SETTLED, fit)


@dataclass(frozen=True)
class Rivals:
    """The candidate pairs singly: each one's pattern, and its rows on the sides where a row has one partner at most.

    Of the pairs of one row at most one is a match, so that they share one probability among them and "none of these".
    Without it, every pair that looks well enough by chance would count, however much better another of the row looks.
    """

    pattern: npt.NDArray[np.int64]
    rows: tuple[npt.NDArray[np.int64], ...]

    def shared(self, posterior: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """The posteriors by pattern, of pairs that have given way to the others of their rows."""
        odds = (posterior / np.maximum(1 - posterior, 1e-12))[self.pattern]
        others = sum((np.bincount(rows, weights=odds)[rows] - odds for rows in self.rows), np.zeros(len(odds)))
        single = odds / (1 + odds + others)
        total = np.bincount(self.pattern, weights=single, minlength=len(posterior))
        return np.asarray(total / np.maximum(np.bincount(self.pattern, minlength=len(posterior)), 1))


@dataclass(frozen=True)
class _Share:
    """What share of all pairs so many matches are, within what can be."""

    pairs: int
    most: float

    def of(self, matches: float) -> float:
        return min(max(matches, 0.5), max(self.most, 0.5)) / self.pairs


def _columns(*patterns: Patterns) -> Iterator[npt.NDArray[np.int64]]:
    """The places of all patterns, comparison by comparison."""
    return iter(np.concatenate(patterns).T)


def _bits(m: Probabilities, u: Probabilities, seen: Sequence[npt.NDArray[np.bool_]]) -> Probabilities:
    """The weights, 0 for what no pair showed."""
    return [np.where(shown, weight, 0.0) for weight, shown in zip(log_odds(m, u), seen, strict=True)]


def _sample(counts: Counts, most: int, seed: int) -> Counts:
    """Counts drawn down to about `most` pairs, if there are more."""
    if counts.sum() <= most:
        return counts
    rng = np.random.default_rng(seed)
    return rng.binomial(counts.astype(np.int64), most / counts.sum()).astype(np.float64)


def log_odds(m: Probabilities, u: Probabilities) -> Probabilities:
    """Weight in bits of each place: log2 of m over u among pairs where neither value is missing; missing weighs 0."""
    weights = []
    for one_m, one_u in zip(m, u, strict=True):
        weight = np.log2(one_m[1:] / one_m[1:].sum()) - np.log2(one_u[1:] / one_u[1:].sum())
        weights.append(np.concatenate([[0.0], weight]))
    return weights


def posteriors(patterns: Patterns, bits: Probabilities, prior: float) -> npt.NDArray[np.float64]:
    """The probability of each pattern to be a match's, by the weights of its places."""
    total = np.full(len(patterns), np.log2(prior) - np.log2(1 - prior))
    for column, weights in enumerate(bits):
        total += weights[patterns[:, column]]
    return np.asarray(1 / (1 + np.exp2(-np.clip(total, -500, 500))))


def _tally(patterns: Patterns, counts: Counts, sizes: Sequence[int]) -> Probabilities:
    """How often each place holds, pairs counted as given."""
    found = []
    for column, size in enumerate(sizes):
        tally = np.bincount(patterns[:, column], weights=counts, minlength=size) + PSEUDO_PAIRS
        found.append(tally / tally.sum())
    return found


def _among_non_matches(
    random: tuple[Patterns, Counts], m: Probabilities, prior: float, sizes: Sequence[int], floors: Floors
) -> Probabilities:
    """u counted on random pairs, with the share of matches among them taken out, and no lower than its floors.

    No more is taken out of a level than was there, and of all together no more than half: a share of matches that is
    thought too high must not use up the strangers.
    """
    patterns, counts = random
    taken = min(prior, 0.5) * counts.sum()
    found = []
    for column, size in enumerate(sizes):
        tally = np.bincount(patterns[:, column], weights=counts, minlength=size)
        non_matches = np.maximum(tally - taken * m[column], 0.0) + PSEUDO_PAIRS
        share = non_matches / non_matches.sum()
        for (at, place), floor in floors.items():
            if at == column:
                least, rest = floor * share[1:].sum(), share[1:].sum() - share[place]
                if share[place] < least and rest > 0:
                    share[1:] *= (share[1:].sum() - least) / rest
                    share[place] = least
        found.append(share / share.sum())
    return found
