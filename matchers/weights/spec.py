"""A linkage spec: which fields two tables share, how pairs are found, how they are compared, and when they are a link.

A spec is a YAML file. Everything in it is checked when it is read; an error names the file, the key and what to do.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from matchers.weights.field_kinds import KINDS, Kind

_KEY = re.compile(r"^([a-z][a-z0-9_]*)(?:\.([a-z][a-z0-9_]*))?$")
_FIELD_NAME = re.compile(r"^[a-z][a-z0-9_]*$")
BIRTH_NAMES = frozenset({"birth_date", "birth", "born", "birthday", "date_of_birth", "dob"})
SEX_NAMES = frozenset({"sex", "gender"})


class SpecError(ValueError):
    """A spec that cannot be used; the message says where and what to do."""

    exit_code = 4


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FieldSpec(_Declared):
    """One field: its kind, and its column in each table (its own name unless said otherwise).

    from_number: an id_number field that gives the value, a birth date or sex, where the column is empty or null (`~`).
    former: for names, the column of a former name, in each table that has it.
    """

    kind: Kind
    left: str | None = ""
    right: str | None = ""
    from_number: str | None = None
    former: str | None = None


class KeyExpression(_Declared):
    """A key of a field on the left and on the right: `surname.soundex`, or `given_name=surname` across two fields."""

    left_field: str
    left_key: str
    right_field: str
    right_key: str

    @property
    def text(self) -> str:
        """As it is written in a spec."""
        left, right = f"{self.left_field}.{self.left_key}", f"{self.right_field}.{self.right_key}"
        return left if left == right else f"{left}={right}"


class BlockingRule(_Declared):
    """Pairs that agree on all of `keys`; where that is too many pairs, also on `when_large`."""

    keys: tuple[str, ...] = Field(min_length=1)
    when_large: tuple[str, ...] = ()


class ComparisonSpec(_Declared):
    """How one field is compared. `levels` are ordered, the closest first; without them, those of the field's kind.

    crossed: a second field with which the value may have been swapped. term_frequency: whether agreement on a frequent
    value weighs less.
    """

    field: str
    levels: tuple[str | dict[str, float | str], ...] | None = None
    crossed: str | None = None
    term_frequency: bool = False


class Household(_Declared):
    """The columns that say which household a row is of: where one member links, the others need less."""

    left: str
    right: str


class Thresholds(_Declared):
    """match, possible: probabilities. margin: bits by which the best candidate must lead the next (log2 odds)."""

    match: float = Field(default=0.95, gt=0, lt=1)
    possible: float = Field(default=0.5, gt=0, lt=1)
    margin: float = Field(default=3.0, ge=0)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.possible > self.match:
            raise ValueError("possible must not be above match; lower possible or raise match")
        return self


def _check_number(name: str, one: FieldSpec, fields: dict[str, FieldSpec], *, nothing: bool) -> None:
    if one.from_number is None:
        if nothing:
            raise ValueError(f"field {name!r} has no column in a table; name one, or say from_number")
        return
    source = fields.get(one.from_number)
    if source is None or source.kind is not Kind.ID_NUMBER:
        raise ValueError(f"field {name!r}: from_number must name an id_number field")
    if one.kind not in {Kind.DATE, Kind.CODE}:
        raise ValueError(f"field {name!r}: a number gives a date (birth) or a code (sex), not a {one.kind}")


Cardinality = Literal["one_to_one", "many_to_one", "one_to_many", "many_to_many"]


class LinkageSpec(_Declared):
    """A whole spec.

    many_to_one: many left rows may link to one right row, and each left row to one at most. dedupe: one table, whose
    links are closed into clusters of at most `largest_cluster` rows.
    """

    task: Literal["link", "dedupe"] = "link"
    left_id: str
    right_id: str = ""
    fields: dict[str, FieldSpec] = Field(min_length=1)
    blocking: tuple[BlockingRule, ...] = Field(min_length=1)
    comparisons: tuple[ComparisonSpec, ...] = Field(min_length=1)
    cardinality: Cardinality = "one_to_one"
    household: Household | None = None
    thresholds: Thresholds = Thresholds()
    largest_block: Annotated[int, Field(gt=0)] = 1_000_000
    largest_cluster: Annotated[int, Field(gt=1)] = 50
    training_pairs: Annotated[int, Field(ge=1000)] = 1_000_000
    seed: int = 1

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        data = dict(data)
        if "id" in data:
            data["left_id"] = data["right_id"] = data.pop("id")
        rules = data.get("blocking")
        if isinstance(rules, list):
            data["blocking"] = [{"keys": rule} if isinstance(rule, list) else rule for rule in rules]
        return data

    @field_validator("fields")
    @classmethod
    def _columns(cls, fields: dict[str, FieldSpec]) -> dict[str, FieldSpec]:
        for name in fields:
            if not _FIELD_NAME.match(name):
                raise ValueError(f"field name {name!r}: use lower-case letters, digits and _")
        named = {}
        for name, one in fields.items():
            left = name if one.left == "" else one.left
            right = (left or name) if one.right == "" else one.right
            _check_number(name, one, fields, nothing=left is None or right is None)
            if one.former is not None and one.kind is not Kind.HAN_NAME:
                raise ValueError(f"field {name!r}: former is for a han_name, not a {one.kind}; leave it out")
            named[name] = one.model_copy(update={"left": left, "right": right})
        return named

    @model_validator(mode="after")
    def _known(self) -> Self:
        for rule in self.blocking:
            for text in (*rule.keys, *rule.when_large):
                self.key(text)
        for comparison in self.comparisons:
            for name in (comparison.field, comparison.crossed):
                if name is not None and name not in self.fields:
                    raise ValueError(f"comparisons: no field {name!r}; declare it under fields")
        names = [comparison.field for comparison in self.comparisons]
        if len(set(names)) != len(names):
            raise ValueError("comparisons: a field is compared twice; put its levels into one comparison")
        return self

    def key(self, text: str) -> KeyExpression:
        """The key expression that `text` writes; refused with the keys there are if it names none."""
        sides = [part.strip() for part in text.split("=")]
        if len(sides) > 2:
            raise ValueError(f"key {text!r}: at most one = is allowed")
        parsed = [self._one_key(side) for side in sides]
        left, right = parsed[0], parsed[-1]
        return KeyExpression(left_field=left[0], left_key=left[1], right_field=right[0], right_key=right[1])

    def _one_key(self, text: str) -> tuple[str, str]:
        match = _KEY.match(text)
        if match is None:
            raise ValueError(f"key {text!r}: write field or field.key")
        field, key = match.groups()
        if field not in self.fields:
            raise ValueError(f"key {text!r}: no field {field!r}; declare it under fields")
        kind = KINDS[self.fields[field].kind]
        key = key or kind.equal
        if key not in kind.keys:
            raise ValueError(f"key {text!r}: {field} has no key {key!r}; it has {', '.join(kind.keys)}")
        return field, key

    def first_of(self, kind: Kind) -> str | None:
        """The first field of a kind, if there is one."""
        return next((name for name, one in self.fields.items() if one.kind is kind), None)

    @property
    def birth_date(self) -> str | None:
        """The field with the birth date: the first date that is read `from_number`, or is called so."""
        return self._named(Kind.DATE, BIRTH_NAMES)

    @property
    def sex(self) -> str | None:
        """The field with the sex: the first code that is read `from_number`, or is called so."""
        return self._named(Kind.CODE, SEX_NAMES)

    def _named(self, kind: Kind, names: frozenset[str]) -> str | None:
        fields = ((name, one) for name, one in self.fields.items() if one.kind is kind)
        return next((name for name, one in fields if one.from_number is not None or name in names), None)

    @property
    def digest(self) -> str:
        """Hash of what a model depends on: fields, blocking and comparisons, but not thresholds."""
        kept = self.model_dump(mode="json", include={"task", "fields", "blocking", "comparisons"})
        for one in kept["fields"].values():
            # A model of before there were former names is of this spec still, if it has none.
            if one["former"] is None:
                del one["former"]
        text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def parse_spec(data: Any, source: str) -> LinkageSpec:
    """A spec from what YAML gave; `source` is named in errors."""
    if not isinstance(data, dict):
        raise SpecError(f"{source}: a spec is a mapping of keys; nothing was read. Begin with `id:` and `fields:`.")
    try:
        return LinkageSpec.model_validate(data)
    except ValidationError as error:
        lines = []
        for one in error.errors():
            key = ".".join(str(part) for part in one["loc"]) or "spec"
            lines.append(f"{source}: {key}: {one['msg'].removeprefix('Value error, ')}")
        raise SpecError("\n".join(lines)) from error


def load_spec(path: Path) -> LinkageSpec:
    """The spec in a YAML file."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SpecError(f"{path}: there is no such file; give the path of a spec") from error
    except yaml.YAMLError as error:
        raise SpecError(f"{path}: not YAML ({error}); nothing was read. Correct the line named.") from error
    return parse_spec(data, str(path))
