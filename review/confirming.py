"""Which outcomes confirm a flag: ``confirming.yaml``, checked as it is loaded."""

from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter

from review.models import Outcome

FILE = Path(__file__).parent / "confirming.yaml"
Verdict = Literal["yes", "no", "open"]


class ConfirmingError(ValueError):
    """``confirming.yaml`` is wrong; the message says what to correct."""

    exit_code = 4


class BilingualReason(BaseModel):
    """A reason in both languages."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    zh: str
    en: str


class Confirming(BaseModel):
    """What an outcome says of a flag, by the flag's direction."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    doubt: Verdict
    protect: Verdict
    control: Verdict
    because: BilingualReason


@cache
def load_confirming(file: Path = FILE) -> dict[str, Confirming]:
    """What each outcome confirms. Raises ConfirmingError unless every outcome, and no other, is there."""
    try:
        loaded = TypeAdapter(dict[str, Confirming]).validate_python(yaml.safe_load(file.read_text(encoding="utf-8")))
    except ValueError as error:
        raise ConfirmingError(f"{file}: {error}") from error
    if loaded.keys() != set(Outcome.values):
        different = sorted(loaded.keys() ^ set(Outcome.values))
        raise ConfirmingError(
            f"{file}: {different}: give each outcome of review.models.Outcome one entry, and no other"
        )
    return loaded
