"""When a night's candidate pairs are not as the model knows them, and when they merely hold more or fewer true ones."""

import numpy as np

from matchers.night.province_model import load_province
from matchers.weights.compare import Counts, Patterns
from matchers.weights.model import Model, drift


def candidates_of(model: Model, true: int, others: int) -> tuple[Patterns, Counts]:
    """Candidate pairs as training had them, so many of them true."""
    then = model.report.expected_matches / model.report.candidate_pairs
    drawn = np.random.default_rng(7)
    columns = []
    for compared in model.comparisons:
        m = np.array([level.m for level in compared.levels])
        rest = (np.array([level.share for level in compared.levels]) - then * m).clip(0)
        of_both = ((true, m), (others, rest))
        columns.append(np.concatenate([drawn.choice(len(m), pairs, p=one / one.sum()) for pairs, one in of_both]))
    return np.column_stack(columns), np.ones(true + others)


def test_more_or_fewer_true_pairs_are_no_drift() -> None:
    weights = load_province().weights
    for true, others in ((100, 4000), (2000, 2000), (3000, 100), (20, 30)):
        assert drift(weights, *candidates_of(weights, true, others)) == []


def test_levels_that_no_mixture_of_true_pairs_and_others_explains_are_drift() -> None:
    """Birth dates are no longer delivered: whether pairs are true or not, the model knows no such candidates."""
    weights = load_province().weights
    patterns, counts = candidates_of(weights, 2000, 2000)
    patterns[:, 2] = 0
    (warning,) = drift(weights, patterns, counts)
    assert warning.startswith("birth: levels drifted by 0.")
    assert "missing would be" in warning
