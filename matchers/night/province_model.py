"""The frozen model of the province: `models/province.json`, read by every night, written by training only."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from matchers.night.comparisons import DIGEST
from matchers.weights.model import Model, ModelError

PROVINCE = Path(__file__).parent / "models" / "province.json"


class _Frozen(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class HouseholdModel(_Frozen):
    """Among the members of a likely household. prior: the share of its pairs that are matches.

    match, possible, margin: as elsewhere.
    """

    prior: float
    match: float
    possible: float
    margin: float


class Measured(_Frozen):
    """How links fared against the truth of an invented province, at the thresholds chosen."""

    province: str
    links: int
    wrong: int
    precision: float
    recall: float


class ProvinceModel(_Frozen):
    """The weights, learned without labels, and the thresholds, chosen with them.

    people: the people watched in training; the prior of `weights` holds among so many. match_alone: the probability
    that is enough where only name and place agree, and nobody else of the population has that name there.
    """

    people: int
    weights: Model
    match_alone: float
    household: HouseholdModel
    measured: dict[str, Measured]

    def weights_among(self, people: int) -> Model:
        """The weights with the prior among so many people: a record is as often somebody's."""
        prior = min(self.weights.prior * self.people / max(people, 1), 0.5)
        return self.weights.model_copy(update={"prior": prior})

    def weights_in_household(self) -> Model:
        """The same weights, with the prior of a household."""
        return self.weights.model_copy(update={"prior": self.household.prior})

    def save(self, path: Path = PROVINCE) -> None:
        """Write it as JSON, aside and then in one step."""
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(".aside")
        aside.write_text(json.dumps(self.model_dump(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        aside.replace(path)


@cache
def load_province(path: Path = PROVINCE) -> ProvinceModel:
    """The model in a file; refused where it is missing, or was trained for other comparisons."""
    try:
        model = ProvinceModel.model_validate_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelError(f"{path}: there is no such model; put the one of the release back, or train one") from error
    except ValidationError as error:
        count = error.error_count()
        raise ModelError(f"{path}: not a model of this version ({count} faults); train it again") from error
    model.weights.require_spec(DIGEST)
    return model
