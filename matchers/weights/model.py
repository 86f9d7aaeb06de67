"""The learned model, frozen as JSON that a person can read: levels with m, u and weight, and how they were learned."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, ValidationError

from matchers.weights.compare import Counts, Patterns
from matchers.weights.comparisons import Comparison
from matchers.weights.estimate import PSEUDO_PAIRS, Estimate
from matchers.weights.two_classes import Probabilities

DRIFT_LIMIT = 0.1
"""Distance between two distributions of a comparison's levels (total variation, 0 to 1) that is worth a warning."""


class ModelError(ValueError):
    """A model that cannot be used; the message says where and what to do."""

    exit_code = 4


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LevelModel(_Frozen):
    """One level. m, u: how often it holds among matches and non-matches; weight: bits; share: among all candidates."""

    name: str
    zh: str
    en: str
    m: float
    u: float
    weight: float
    share: float


class ComparisonModel(_Frozen):
    """One comparison's levels by place: missing, the levels, else."""

    field: str
    term_frequency: bool
    levels: tuple[LevelModel, ...]


class RuleModel(_Frozen):
    """What one blocking rule gave in training."""

    rule: str
    pairs: int
    new_pairs: int
    largest: int
    closed_blocks: int
    closed_pairs: int


class TrainingReport(_Frozen):
    """How the parameters came about."""

    left_rows: int
    right_rows: int
    rules: tuple[RuleModel, ...]
    candidate_pairs: int
    random_pairs: int
    known_pairs: int
    patterns: int
    expected_matches: float
    ecm_starts: int
    ecm_settled_starts: int
    ecm_agreeing_starts: int
    ecm_log_likelihood: float
    iterations: int
    converged: bool


class Model(_Frozen):
    """A frozen model. prior: the share of all pairs that are matches, before anything is compared."""

    spec_digest: str
    prior: float
    comparisons: tuple[ComparisonModel, ...]
    match: float
    possible: float
    margin: float
    report: TrainingReport

    @property
    def weights(self) -> Probabilities:
        """Bits by comparison and place."""
        return [np.array([level.weight for level in one.levels]) for one in self.comparisons]

    def fitted_to(self, compared: tuple[Comparison, ...]) -> Self:
        """The model with the levels of these comparisons, found by name; a model of an earlier version may have more.

        A level that no pair of its training had weighs nothing. Raises ModelError where it lacks one that is asked for.
        """
        if [one.field for one in self.comparisons] != [one.field for one in compared]:
            raise ModelError("the model weighs other comparisons than the spec; nothing was linked. Train again.")
        fitted = []
        for known, asked in zip(self.comparisons, compared, strict=True):
            levels = {level.name: level for level in known.levels}
            lacking = [name for name in asked.level_names if name not in levels]
            if lacking:
                raise ModelError(
                    f"{asked.field}: the model has no weight for {', '.join(lacking)}; nothing was linked. Train again."
                )
            kept = tuple(self._honest(levels[name]) for name in asked.level_names)
            fitted.append(known.model_copy(update={"levels": kept}))
        return self.model_copy(update={"comparisons": tuple(fitted)})

    def _honest(self, level: LevelModel) -> LevelModel:
        matches = self.report.expected_matches + self.report.known_pairs
        least = 2 * PSEUDO_PAIRS
        unseen = not level.share and level.m * matches < least and level.u * self.report.random_pairs < least
        return level.model_copy(update={"weight": 0.0}) if unseen else level

    @property
    def prior_bits(self) -> float:
        """log2 of the prior odds."""
        return float(np.log2(self.prior) - np.log2(1 - self.prior))

    def save(self, path: Path) -> None:
        """Write the model as JSON, aside and then in one step."""
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(".aside")
        aside.write_text(json.dumps(self.model_dump(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        aside.replace(path)

    @classmethod
    def load(cls, path: Path) -> Self:
        """The model in a JSON file."""
        try:
            return cls.model_validate_json(path.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise ModelError(f"{path}: there is no such model; train one, or give the path of another") from error
        except ValidationError as error:
            raise ModelError(
                f"{path}: not a model of this version ({error.error_count()} faults); train it again"
            ) from error

    def require_spec(self, digest: str) -> None:
        """Refuse a spec whose fields, blocking or comparisons are not those the model was trained with."""
        if digest != self.spec_digest:
            raise ModelError(
                "the model was trained with another spec (fields, blocking or comparisons differ); nothing was linked."
                " Train again with this spec."
            )


def frozen(
    spec_digest: str,
    compared: tuple[Comparison, ...],
    found: Estimate,
    patterns: tuple[Patterns, Counts],
    thresholds: tuple[float, float, float],
    report: TrainingReport,
) -> Model:
    """The model of an estimate; the numbers are rounded so that the file stays readable."""
    shares = level_shares(*patterns, [len(one.level_names) for one in compared])
    models = []
    for one, m, u, weights, share in zip(compared, found.m, found.u, found.weights, shares, strict=True):
        levels = tuple(
            LevelModel(
                name=name,
                zh=one.label(place),
                en=one.label(place, "en"),
                m=_rounded(m[place]),
                u=_rounded(u[place]),
                weight=round(float(weights[place]), 4),
                share=_rounded(share[place]),
            )
            for place, name in enumerate(one.level_names)
        )
        models.append(ComparisonModel(field=one.field, term_frequency=one.term_frequency, levels=levels))
    match, possible, margin = thresholds
    return Model(
        spec_digest=spec_digest,
        prior=_rounded(found.prior),
        comparisons=tuple(models),
        match=match,
        possible=possible,
        margin=margin,
        report=report,
    )


def _rounded(value: float) -> float:
    return float(f"{float(value):.6g}")


def level_shares(patterns: Patterns, counts: Counts, sizes: list[int]) -> Probabilities:
    """The share of pairs at each place of each comparison."""
    total = max(float(counts.sum()), 1.0)
    return [
        np.bincount(patterns[:, column], weights=counts, minlength=size) / total for column, size in enumerate(sizes)
    ]


def drift(model: Model, patterns: Patterns, counts: Counts) -> list[str]:
    """A warning for each comparison whose levels among tonight's candidate pairs the model cannot account for.

    How many candidates are true differs from night to night and from province to province, and shifts every level: that
    is no drift. So tonight is held against that mixture of training's true pairs and training's other candidates that
    comes nearest to it, over all comparisons. The distance is total variation, half the sum of the shares' differences;
    what chance makes of so few pairs, at most half the root of levels over pairs, is allowed for. No rows, no warning.
    """
    pairs = float(counts.sum())
    if not pairs:
        return []
    now = level_shares(patterns, counts, [len(one.levels) for one in model.comparisons])
    expected = _nearest_mixture(model, now)
    warnings = []
    for one, shares, before in zip(model.comparisons, now, expected, strict=True):
        distance = float(np.abs(shares - before).sum() / 2)
        if distance > DRIFT_LIMIT + np.sqrt(len(one.levels) / pairs) / 2:
            most = int(np.abs(shares - before).argmax())
            warnings.append(
                f"{one.field}: levels drifted by {distance:.2f} from training; {one.levels[most].name} would be"
                f" {before[most]:.1%} of such candidate pairs and is {shares[most]:.1%}."
                " Look at the data, then train again."
            )
    return warnings


def _nearest_mixture(model: Model, now: Probabilities) -> Probabilities:
    """The shares of levels that the model expects where as many candidates are true as tonight seem to be."""
    true_then = min(model.report.expected_matches / max(model.report.candidate_pairs, 1), 0.99)
    mixed = []
    for one in model.comparisons:
        true = np.array([level.m for level in one.levels])
        other = np.array([level.share for level in one.levels]) - true_then * true
        mixed.append((true / true.sum(), _as_shares(other.clip(0.0))))
    steps = np.linspace(0.0, 1.0, 101)
    mixtures = [[step * true + (1 - step) * other for true, other in mixed] for step in steps]
    distances = [sum(np.abs(a - b).sum() for a, b in zip(one, now, strict=True)) for one in mixtures]
    return mixtures[int(np.argmin(distances))]


def _as_shares(amounts: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    total = float(amounts.sum())
    return amounts / total if total else np.full(len(amounts), 1 / len(amounts))
