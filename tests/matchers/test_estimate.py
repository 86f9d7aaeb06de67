"""What was planted is recovered, whichever way the random starts fall."""

from __future__ import annotations

import numpy as np
import pytest

from matchers.weights.compare import Counts, Patterns
from matchers.weights.estimate import Rivals, estimate, log_odds, posteriors
from matchers.weights.two_classes import NotLearnedError, fit_classes

SIZES = [4, 4, 3, 3]
M = [np.array(one) for one in ([0.1, 0.8, 0.07, 0.03], [0.05, 0.75, 0.15, 0.05], [0.0, 0.9, 0.1], [0.1, 0.85, 0.05])]
U = [np.array(one) for one in ([0.1, 0.02, 0.08, 0.8], [0.05, 0.01, 0.04, 0.9], [0.0, 0.3, 0.7], [0.1, 0.05, 0.85])]
NONE = np.zeros((0, 4), dtype=np.int64), np.zeros(0)


def drawn(probabilities: list[np.ndarray], count: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.column_stack([rng.choice(len(one), size=count, p=one) for one in probabilities])


def counted(rows: np.ndarray) -> tuple[Patterns, Counts]:
    patterns, counts = np.unique(rows, axis=0, return_counts=True)
    return patterns.astype(np.int64), counts.astype(np.float64)


def planted(matches: int = 3000, strangers: int = 20_000) -> tuple[Patterns, Counts]:
    return counted(np.concatenate([drawn(M, matches, 1), drawn(U, strangers, 2)]))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_both_classes_are_found_and_put_in_order(seed: int) -> None:
    patterns, counts = planted()
    fit = fit_classes(patterns, counts, SIZES, seed)
    for found, true in zip(fit.m + fit.u, M + U, strict=True):
        assert np.abs(found - true).max() < 0.04
    assert abs(fit.matches - 3000 / 23_000) < 0.02
    assert fit.starts >= fit.settled_starts
    assert fit.agreeing_starts >= 1


def test_the_same_seed_gives_the_same_fit() -> None:
    patterns, counts = planted()
    first, second = (fit_classes(patterns, counts, SIZES, 5) for _ in range(2))
    assert first.log_likelihood == second.log_likelihood
    assert all((one == other).all() for one, other in zip(first.m, second.m, strict=True))


def test_u_comes_from_random_pairs_and_m_from_candidates() -> None:
    random = counted(np.concatenate([drawn(U, 50_000, 3), drawn(M, 7500, 4)]))
    found = estimate(planted(), random, NONE, SIZES, 23_000, 1_000_000, 1)
    assert found.converged
    assert abs(found.matches - 3000) < 150
    for one, true in zip(found.u, U, strict=True):
        assert np.abs(one - true).max() < 0.01
    for one, true in zip(found.m, M, strict=True):
        assert np.abs(one - true).max() < 0.03


def test_pairs_known_to_match_teach_where_candidates_are_few() -> None:
    random = counted(drawn(U, 50_000, 3))
    known = drawn(M, 2000, 6)
    known[:, 0] = 0
    found = estimate(planted(20, 300), random, counted(known), SIZES, 1_000_000, 1_000_000, 1)
    assert np.abs(found.m[1] - M[1]).max() < 0.03
    assert found.matches < 60


def test_a_sample_is_enough() -> None:
    random = counted(np.concatenate([drawn(U, 50_000, 3), drawn(M, 7500, 4)]))
    found = estimate(planted(), random, NONE, SIZES, 23_000, 5000, 1)
    assert abs(found.matches - 3000) < 150


def test_missing_values_weigh_nothing() -> None:
    for weights in log_odds(M, U):
        assert weights[0] == 0
        assert weights[1] > 0 > weights[-1]


def test_posteriors_rise_with_agreement() -> None:
    patterns = np.array([[1, 1, 1, 1], [1, 1, 2, 2], [3, 3, 2, 2], [0, 0, 0, 0]])
    found = posteriors(patterns, log_odds(M, U), 0.01)
    assert found[0] > found[1] > found[3] > found[2]
    assert found[3] == pytest.approx(0.01)


def test_nothing_to_learn_is_said() -> None:
    empty = np.zeros((0, 4), dtype=np.int64), np.zeros(0)
    with pytest.raises(NotLearnedError, match="no pairs to learn from"):
        estimate(empty, counted(drawn(U, 100, 1)), NONE, SIZES, 100, 100, 1)
    alike = np.ones((1, 4), dtype=np.int64), np.array([50.0])
    with pytest.raises(NotLearnedError, match="look alike"):
        estimate(alike, counted(drawn(U, 100, 1)), NONE, SIZES, 100, 100, 1)


def test_a_level_that_no_pair_showed_weighs_nothing() -> None:
    """A further level, of which training saw no pair, among candidates or at random, speaks neither for nor against."""
    sizes = [5, *SIZES[1:]]
    found = estimate(planted(), counted(drawn(U, 50_000, 3)), NONE, sizes, 23_000, 1_000_000, 1)
    assert found.weights[0][4] == 0
    assert found.weights[0][1] > 0 > found.weights[0][3]


def test_no_more_matches_are_expected_than_there_can_be() -> None:
    random = counted(drawn(U, 50_000, 3))
    found = estimate(planted(3000, 3000), random, NONE, SIZES, 23_000, 1_000_000, 1, most_matches=100)
    assert found.matches == pytest.approx(100)


def test_u_is_no_lower_than_the_frequencies_of_the_values_say() -> None:
    random = counted(drawn(U, 50_000, 3))
    found = estimate(planted(), random, NONE, SIZES, 23_000, 1_000_000, 1, floors={(3, 1): 0.5})
    assert found.u[3][1] / found.u[3][1:].sum() >= 0.35


def test_of_pairs_that_exclude_each_other_one_counts() -> None:
    """Three pairs of one row look alike: together they are hardly more than one match; another row's pair is alone."""
    rivals = Rivals(np.array([0, 0, 0, 1]), (np.array([0, 0, 0, 1]),))
    shared = rivals.shared(np.array([0.9, 0.9]))
    assert 3 * shared[0] < 1
    assert shared[1] == pytest.approx(0.9)
