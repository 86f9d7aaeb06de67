"""What the flags of a night were made of: for each rule its text, the policy and the rows, to run it again.

One small JSON file a night, ``provenance/<date>.json``. The texts themselves are in
``pipelines.provenance.kept_rule_books``, the rows of the deliveries in the lake's tables.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, field_validator

from engines.lake import Lake, written_in_one_step
from pipelines.deliveries.as_of import TypeAsOf
from pipelines.deliveries.kept_contracts import version_of
from rules.book import RuleBook
from rules.grounds import lacking
from rules.rule import Direction
from schemas.catalogue import Catalogue


class NoSuchNightError(LookupError):
    """The lake has no flags of that night. The message says what to give."""

    exit_code = 4


class Shown(BaseModel):
    """What a night saw of one type. The rows of a delivery never change: one that is read again has another id."""

    model_config = ConfigDict(frozen=True)

    deliveries: tuple[str, ...]
    """Those whose rows were shown, oldest first: a later one takes the place of an earlier."""
    contract: str = ""
    """The version of the contract they were shown by (``deliveries.kept_contracts``); empty where none was kept."""
    until: date | None = None
    """The day the newest of them speaks for; None where that was not kept, or there are none."""
    of_near_poor: bool | None = None
    """Whether its rows were linked to the near-poor too, as some rule asks about them; None where that was not kept."""


Inputs = dict[str, Shown]
"""By type, what a night saw."""


class MadeOf(BaseModel):
    """What the flags of one rule were made of."""

    model_config = ConfigDict(frozen=True)

    rule: str
    policy: str
    inputs: str
    """Which of the night's ``inputs``."""
    lacked: tuple[str, ...] = ()
    """The types that were not delivered and without which the rule has no ground: it was not run."""
    beside: dict[str, str] | None = None
    """Of a control rule: the versions of the rules that had spoken before it drew from the others."""

    @property
    def drawn(self) -> bool:
        """Whether it is of a control rule."""
        return self.beside is not None


class Provenance(BaseModel):
    """What a night was made of. Rules differ where some of them were run again later."""

    model_config = ConfigDict(frozen=True)

    night: date
    rules: dict[str, MadeOf]
    inputs: dict[str, Inputs]
    """The rows in use, by the hash of what tells them."""
    links: str
    """Which of ``inputs`` the night's links in the lake were made of."""
    program: str = ""
    """The version of the program that made all of it (``pipelines.provenance.program``), but for a control sample,
    which is drawn once; empty where several did."""
    failed: dict[str, str] = {}
    """The rules that could not be run when the night was last run, each with why; flags of theirs that the night had
    before stand with their own ``rules``."""
    known_by: date | None = None
    """Deliveries counted that had come by this day; None where that was not kept."""

    @field_validator("inputs", mode="before")
    @classmethod
    def _with_contracts(cls, inputs: Any) -> Any:
        """Nights of before contracts were kept have the deliveries alone."""
        return {
            name: {
                kind: {"deliveries": shown} if isinstance(shown, list | tuple) else shown
                for kind, shown in types.items()
            }
            for name, types in inputs.items()
        }

    def keep(self, lake: Lake) -> None:
        """Write it down, in place of what was known of the night."""
        written_in_one_step(_file(lake, self.night), self.model_dump_json(indent=1).encode())

    def only(self, names: Collection[str]) -> Self:
        """The same of the rules named alone."""
        return self.model_copy(update={"rules": {name: made for name, made in self.rules.items() if name in names}})

    def but_drawn_from(self, withdrawn: Collection[str]) -> Self:
        """The same without the control rules that drew from deliveries since withdrawn: their people may not exist."""
        spoiled = {
            name
            for name, inputs in self.inputs.items()
            if any(not set(withdrawn).isdisjoint(shown.deliveries) for shown in inputs.values())
        }
        return self.only([name for name, made in self.rules.items() if not (made.drawn and made.inputs in spoiled)])

    def not_run(self) -> dict[str, tuple[str, ...]]:
        """The rules that were not run, each with the types that were not delivered."""
        return {name: made.lacked for name, made in sorted(self.rules.items()) if made.lacked}

    def versions(self) -> dict[str, str]:
        """The version of each rule, and those of the policy they were run with."""
        policies = sorted({made.policy for made in self.rules.values()})
        return {"policy": ", ".join(policies)} | {name: made.rule for name, made in sorted(self.rules.items())}


def provenance_of(
    night: date,
    book: RuleBook,
    seen: Inputs,
    program: str,
    *,
    known_by: date,
    linked_by: str,
    rosters: Collection[str],
    standing: Provenance | None = None,
    failed: Mapping[str, str] | None = None,
) -> Provenance:
    """What ``night`` is made of once ``program`` has run ``book`` on what is ``seen``; the rest is ``standing``.

    ``linked_by``: the program that made the links. ``rosters``: the registers of protected people. ``failed``: the
    rules that could not be run, each with why; they are not of ``book``.
    """
    inputs = inputs_id(seen)
    speaking = {rule.id: rule.version for rule in book.rules if rule.direction is not Direction.CONTROL}
    made = {
        rule.id: MadeOf(
            rule=rule.version,
            policy=book.policy.version,
            inputs=inputs,
            lacked=lacking(rule.reads, not_delivered(seen), rosters),
            beside=speaking if rule.direction is Direction.CONTROL else None,
        )
        for rule in book.rules
    }
    rules = (standing.rules if standing else {}) | made
    used = {one.inputs for one in rules.values()} | {inputs}
    known = (standing.inputs if standing else {}) | {inputs: seen}
    stand = standing if standing and not all(one.drawn for one in standing.rules.values()) else None
    return Provenance(
        night=night,
        rules=rules,
        inputs={name: known[name] for name in sorted(used)},
        links=inputs,
        program=program if {linked_by, stand.program if stand else program} == {program} else "",
        failed=dict(failed or {}),
        known_by=known_by,
    )


def inputs_of(in_use: Iterable[TypeAsOf], catalogue: Catalogue, asked: Collection[str]) -> Inputs:
    """What is seen of what is ``in_use``, by the contracts of ``catalogue``; ``asked``: the types of the near-poor."""
    return {
        chosen.type_name: Shown(
            deliveries=chosen.deliveries,
            contract=version_of(catalogue[chosen.type_name]),
            until=chosen.newest,
            of_near_poor=chosen.type_name in asked,
        )
        for chosen in in_use
    }


def not_delivered(seen: Inputs) -> tuple[str, ...]:
    """The types of which there was no usable delivery at all."""
    return tuple(name for name, shown in seen.items() if not shown.deliveries)


def inputs_id(inputs: Inputs) -> str:
    """The hash of what tells the rows in use (12 hex digits)."""
    told = {name: shown.model_dump(mode="json") for name, shown in inputs.items()}
    return sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:12]


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


def known_by_until(lake: Lake, last: date) -> date | None:
    """The last day by which deliveries counted that any night up to ``last`` knew of; None where none was kept."""
    # There may be years of them, so no more is read of each than asked for.
    told = (json.loads(_file(lake, night).read_bytes()).get("known_by") for night in nights_kept(lake) if night <= last)
    return max((date.fromisoformat(day) for day in told if day), default=None)


def used_since(lake: Lake, type_name: str, first: date) -> set[str]:
    """The deliveries of a type that the nights from ``first`` on were made of."""
    nights = [find_provenance(lake, night) for night in nights_kept(lake) if night >= first]
    seen = [inputs[type_name] for night in nights if night for inputs in night.inputs.values() if type_name in inputs]
    return {delivery for shown in seen for delivery in shown.deliveries}


def _file(lake: Lake, night: date) -> Path:
    return lake.root / "provenance" / f"{night}.json"
