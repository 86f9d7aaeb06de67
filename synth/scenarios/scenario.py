"""What a planted case is: whom it happens to, the records it adds, the entries it changes, the flag to expect."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

import polars as pl

from synth.records.maker import Maker, literal

Pool = Literal["dibao", "tekun", "poor"]


@dataclass(frozen=True)
class Edit:
    """New values for the entries of some people in one type.

    ``values`` has ``person``, ``plant`` and the columns to change. Without ``known_from`` the entry was always so;
    with it, deliveries of that day and later carry the new values. ``drop`` takes the entries out instead.
    """

    type: str
    role: str
    values: pl.DataFrame
    known_from: date | None = None
    drop: bool = False


@dataclass(frozen=True)
class Planting:
    """What a case adds (rows by type, each with its ``plant``) and what it changes."""

    rows: dict[str, pl.DataFrame] = field(default_factory=dict)
    edits: tuple[Edit, ...] = ()
    also_at: pl.DataFrame | None = None
    """Further places where the same is to be expected: ``plant``, ``household``, ``member``."""


@dataclass(frozen=True)
class Scene:
    """What a case is made from.

    ``targets`` are the people it happens to, one a household, with the columns of the census, of their roster entry
    (``household_no``, ``member_no`` ...) and ``plant``. ``everybody`` is the census, ``people[n]`` being person n.
    """

    maker: Maker
    targets: pl.DataFrame
    everybody: pl.DataFrame
    candidates: pl.DataFrame
    """All people of the pool with the same columns as the targets, but ``plant``."""
    hosts: pl.DataFrame
    """For scenarios with a host: a person of another household for each target; else empty."""
    months: list[date]

    def other(self, column: str) -> pl.DataFrame:
        """For each target, the person its ``column`` names (spouse, namesake ...), with the target's ``plant``."""
        return self.everybody[self.targets[column].to_list()].with_columns(plant=self.targets["plant"])

    def household(self) -> pl.DataFrame:
        """All members of the targets' households, each with the target's ``plant``."""
        return self.candidates.join(
            self.targets.select("household_no", "plant"), on="household_no", maintain_order="left"
        )


Plant = Callable[[Scene], Planting]


@dataclass(frozen=True)
class Scenario:
    """A planted case. ``also`` are other rules it makes true as well."""

    rule: str
    variant: str
    expected: bool
    who: pl.Expr
    plant: Plant
    pool: Pool = "dibao"
    whole_household: bool = False
    """The flag names the household and no member."""
    also: tuple[str, ...] = ()
    needs_all: bool = False
    """The ground holds only if every one of the planted records is linked; otherwise one is enough."""
    with_host: bool = False
    """Each target is given a second household."""
    this_month_only: bool = False
    """The expectation holds until the end of the first night's month."""
    nights: int | None = None
    """The expectation holds for so many nights from the first one on."""

    @property
    def name(self) -> str:
        """Such as ``vehicle_owned.car``."""
        return f"{self.rule}.{self.variant}"


def edit(scene: Scene, type_: str, role: str, people: pl.DataFrame | None = None, /, **values: object) -> Edit:
    """The same new ``values`` (or one of a series a target) for the targets, or for ``people``."""
    holders = scene.targets if people is None else people
    given = {name: literal(value) for name, value in values.items()}
    return Edit(type_, role, holders.select("person", "plant", **given))


def decided_long_ago(plant: Plant, **values: object) -> Plant:
    """The same in a household that was last decided on long before: what came in or was bought since counts.

    ``values`` are further ones of all its lines on the roster.
    """

    def planted(scene: Scene) -> Planting:
        first = scene.maker.first_night
        decided = {"started_on": first - timedelta(days=900), "assessed_on": first - timedelta(days=250)}
        done = plant(scene)
        told = edit(scene, "dibao_roster", "member", scene.household(), **decided, **values)
        return Planting(done.rows, (*done.edits, told))

    return planted
