"""How the report counts and what it shows: ``settings.yaml``, checked as it is loaded."""

from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from schemas.declaration import problems_of

FILE = Path(__file__).parent / "settings.yaml"


class SettingsError(ValueError):
    """The settings do not hold; the message names file, key and fix."""

    exit_code = 4


class Settings(BaseModel):
    """Explained in ``settings.yaml``."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    least_shown: int = Field(ge=2)
    false_discovery: float = Field(gt=0, lt=0.5)
    age_bands: tuple[Annotated[int, Field(ge=1, le=120)], ...] = Field(min_length=1)


@cache
def load_settings(file: Path = FILE) -> Settings:
    """Read the settings. Raises SettingsError."""
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    try:
        return Settings.model_validate(content)
    except ValidationError as error:
        raise SettingsError(problems_of(error, content, file)) from error
