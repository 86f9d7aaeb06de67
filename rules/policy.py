"""The policy: dated parameters, each with the division it holds for, its unit and the document it comes from.

One file a parameter, ``rules/policy/<name>.yaml``. A division's value overrides its parent's (the longest prefix that
has a value on the date wins), so a county may set its own standard.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, model_validator

from rules.declaration import RuleBookError, parsed_yaml, validated
from schemas.declaration import Identifier, Strict, Title

HERE = Path(__file__).parent / "policy"
PROVINCE = "52"
"""The division of a value that names none."""
NAME_UNITS = {"_monthly": "yuan_per_person_month", "_yearly": "yuan_per_person_year"}
"""A standard says in its name what it is per; the unit must say the same. Urban is monthly, rural yearly."""

Value = Decimal | tuple[str, ...]


class Unit(StrEnum):
    """What a value is counted in."""

    YUAN = "yuan"
    YUAN_PER_PERSON_MONTH = "yuan_per_person_month"
    YUAN_PER_PERSON_YEAR = "yuan_per_person_year"
    PERCENT = "percent"
    MONTH = "month"
    YEAR = "year"
    COUNT = "count"
    SQUARE_METRE = "square_metre"
    CODES = "codes"
    """A list of codes of an information type's column."""


WHOLE = frozenset({Unit.MONTH, Unit.YEAR, Unit.COUNT})


class DatedValue(Strict):
    """A value, from when to when (both days included) and for which division it holds."""

    from_: Annotated[date, Field(alias="from")]
    to: date | None = None
    division: Annotated[str, Field(pattern=r"^\d{2}(\d{2}(\d{2}(\d{3}(\d{3})?)?)?)?$")] = PROVINCE
    value: Annotated[Decimal, Field(ge=0)] | Annotated[tuple[str, ...], Field(min_length=1)]
    reference: str = Field(min_length=1)

    def holds_on(self, day: date) -> bool:
        """Whether the value is in force on ``day``."""
        return self.from_ <= day and (self.to is None or day <= self.to)

    def overlaps(self, other: Self) -> bool:
        """Whether both are in force for the same division on some day."""
        last, other_last = self.to or date.max, other.to or date.max
        return self.division == other.division and self.from_ <= other_last and other.from_ <= last


class Parameter(Strict):
    """One parameter of the policy with all its values."""

    name: Identifier
    title: Title
    unit: Unit
    description: Title
    values: tuple[DatedValue, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        for ending, unit in NAME_UNITS.items():
            if self.name.endswith(ending) and self.unit != unit:
                raise ValueError(f"unit: {self.name} is by its name in {unit}, the unit says {self.unit}: correct one")
        for position, dated in enumerate(self.values):
            where = f"values.{position}"
            if dated.to is not None and dated.to < dated.from_:
                raise ValueError(f"{where}: to {dated.to} is before from {dated.from_}: correct one")
            if (self.unit is Unit.CODES) != isinstance(dated.value, tuple):
                raise ValueError(f"{where}.value: unit codes takes a list of codes, any other unit a number")
            if self.unit in WHOLE and isinstance(dated.value, Decimal) and dated.value % 1:
                raise ValueError(f"{where}.value: {dated.value} is not a whole number of {self.unit}")
            for other in self.values[:position]:
                if dated.overlaps(other):
                    raise ValueError(
                        f"{where}: two values hold for division {dated.division} from "
                        f"{max(dated.from_, other.from_)}: give the earlier one a to"
                    )
        return self

    def in_force(self, day: date) -> dict[str, Value]:
        """The value by division prefix on ``day``; empty where none holds yet."""
        return {dated.division: dated.value for dated in self.values if dated.holds_on(day)}


@dataclass(frozen=True)
class Policy:
    """All parameters, and the version that tells one state of the folder from another (12 hex digits)."""

    parameters: dict[str, Parameter]
    version: str
    texts: dict[str, str] = field(default_factory=dict)
    """The whole of each parameter's file, by its name."""

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self.parameters.values())

    def __getitem__(self, name: str) -> Parameter:
        if name not in self.parameters:
            raise RuleBookError(f"no policy parameter {name!r}: use one of {', '.join(self.parameters)}")
        return self.parameters[name]

    @cached_property
    def province(self) -> str:
        """The division (two digits) that the whole policy is of, and whose night it is.

        Raises RuleBookError where the values are of several provinces.
        """
        found = sorted({dated.division[:2] for parameter in self for dated in parameter.values})
        if len(found) > 1:
            raise RuleBookError(f"policy: its values are of the provinces {', '.join(found)}: keep those of one")
        return found[0]

    def value(self, name: str, division: str, day: date) -> Value:
        """The value of ``name`` for a division code on ``day``: that of the longest prefix that has one."""
        in_force = self[name].in_force(day)
        prefixes = [prefix for prefix in in_force if division.startswith(prefix)]
        if not prefixes:
            raise RuleBookError(f"policy {name}: no value on {day} for division {division}: add one to {name}.yaml")
        return in_force[max(prefixes, key=len)]


@cache
def load_policy(folder: Path = HERE) -> Policy:
    """Every ``*.yaml`` of ``folder``. Raises RuleBookError, naming the file, the key and what to do."""
    parameters: dict[str, Parameter] = {}
    texts: dict[str, str] = {}
    digest = sha256()
    for file in sorted(folder.glob("*.yaml")):
        text = file.read_text(encoding="utf-8")
        digest.update(f"{file.name}\0{text}\0".encode())
        parameter = validated(Parameter, parsed_yaml(text, file), file)
        if parameter.name != file.stem:
            raise RuleBookError(f"{file}: name: is {parameter.name}: make it {file.stem}, as the file is called")
        parameters[parameter.name] = parameter
        texts[parameter.name] = text
    if not parameters:
        raise RuleBookError(f"{folder}: no policy files: give the folder that holds them")
    return Policy(parameters, digest.hexdigest()[:12], texts)
