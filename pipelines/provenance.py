"""What the flags of a night were made of: for each rule its text, the policy and the deliveries, to run it again.

One small JSON file a night, ``provenance/<date>.json``. The texts themselves are in ``pipelines.kept_rule_books``, the
rows of the deliveries in the lake's tables.
"""

import json
from collections.abc import Collection, Iterable
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict

from engines.lake import Lake, written_in_one_step
from pipelines.as_of import TypeAsOf
from rules.book import RuleBook
from rules.rule import Direction

Deliveries = dict[str, tuple[str, ...]]
"""By type, the deliveries whose rows were shown, oldest first."""


class NoSuchNightError(LookupError):
    """The lake has no flags of that night. The message says what to give."""

    exit_code = 4


class MadeOf(BaseModel):
    """What the flags of one rule were made of."""

    model_config = ConfigDict(frozen=True)

    rule: str
    policy: str
    inputs: str
    """Which of the night's ``inputs``."""
    beside: dict[str, str] | None = None
    """Of a control rule: the versions of the rules that had spoken before it drew from the others."""


class Provenance(BaseModel):
    """What a night was made of. Rules differ where some of them were run again later."""

    model_config = ConfigDict(frozen=True)

    night: date
    rules: dict[str, MadeOf]
    inputs: dict[str, Deliveries]
    """The deliveries in use, by the hash of their list."""
    links: str
    """Which of ``inputs`` the night's links in the lake were made of."""
    program: str = ""
    """The version of the program that made all of it (``pipelines.program``); empty where several did."""

    def keep(self, lake: Lake) -> None:
        """Write it down, in place of what was known of the night."""
        written_in_one_step(_file(lake, self.night), self.model_dump_json(indent=1).encode())

    def only(self, names: Collection[str]) -> Self:
        """The same of the rules named alone."""
        return self.model_copy(update={"rules": {name: made for name, made in self.rules.items() if name in names}})

    def versions(self) -> dict[str, str]:
        """The version of each rule, and those of the policy they were run with."""
        policies = sorted({made.policy for made in self.rules.values()})
        return {"policy": ", ".join(policies)} | {name: made.rule for name, made in sorted(self.rules.items())}


def provenance_of(
    night: date, book: RuleBook, in_use: Iterable[TypeAsOf], program: str, *, standing: Provenance | None = None
) -> Provenance:
    """What ``night`` is made of once ``program`` has run ``book`` on what is ``in_use``; the rest is ``standing``."""
    deliveries: Deliveries = {chosen.type_name: chosen.deliveries for chosen in in_use}
    inputs = inputs_id(deliveries)
    speaking = {rule.id: rule.version for rule in book.rules if rule.direction is not Direction.CONTROL}
    made = {
        rule.id: MadeOf(
            rule=rule.version,
            policy=book.policy.version,
            inputs=inputs,
            beside=speaking if rule.direction is Direction.CONTROL else None,
        )
        for rule in book.rules
    }
    rules = (standing.rules if standing else {}) | made
    used = {one.inputs for one in rules.values()} | {inputs}
    known = (standing.inputs if standing else {}) | {inputs: deliveries}
    return Provenance(
        night=night,
        rules=rules,
        inputs={name: known[name] for name in sorted(used)},
        links=inputs,
        program=program if standing is None or standing.program == program else "",
    )


def inputs_id(deliveries: Deliveries) -> str:
    """The hash of a list of deliveries (12 hex digits)."""
    return sha256(json.dumps(deliveries, sort_keys=True).encode()).hexdigest()[:12]


def read_provenance(lake: Lake, night: date) -> Provenance:
    """What a past night was made of. Raises NoSuchNightError where the lake has no such night."""
    if (known := find_provenance(lake, night)) is None:
        raise NoSuchNightError(f"this lake has no flags of {night}: run that night, or give another date")
    return known


def find_provenance(lake: Lake, night: date) -> Provenance | None:
    """What a night was made of, or None where it was never run."""
    file = _file(lake, night)
    return Provenance.model_validate_json(file.read_bytes()) if file.exists() else None


def nights_kept(lake: Lake) -> list[date]:
    """The nights whose flags the lake has, in order."""
    return sorted(date.fromisoformat(file.stem) for file in (lake.root / "provenance").glob("*.json"))


def _file(lake: Lake, night: date) -> Path:
    return lake.root / "provenance" / f"{night}.json"
