"""Planted cases of vehicle_owned and vehicle_purchased."""

from datetime import timedelta

import polars as pl

from synth.records.public_security import motor_vehicle
from synth.scenarios.scenario import Plant, Planting, Scenario, Scene, decided_long_ago, edit

GROWN = pl.col("age").is_between(20, 65)
MARRIED_HEAD = (pl.col("relation") == "head") & pl.col("spouse").is_not_null() & GROWN
SPOUSE_OF_HEAD = (pl.col("relation") == "spouse") & GROWN


def _owns(*kinds: str, **fixed: object) -> Plant:
    """The target has held a vehicle of one of ``kinds`` for more than a year."""

    def plant(scene: Scene) -> Planting:
        return Planting({"motor_vehicle": motor_vehicle(scene.maker, scene.targets, kinds, **fixed)})

    return plant


def _new(days_before: int, *kinds: str, known_after_first_night: bool = False) -> Plant:
    """The target's vehicle was registered up to ``days_before`` days before the first night."""

    def plant(scene: Scene) -> Planting:
        maker, count = scene.maker, scene.targets.height
        bought = maker.ago(count, days_before, 20)
        row = motor_vehicle(maker, scene.targets, kinds, bought)
        if known_after_first_night:
            row = row.with_columns(known_from=pl.lit(maker.first_night + timedelta(days=1)))
        return Planting({"motor_vehicle": row})

    return plant


def _declared(scene: Scene) -> Planting:
    """Long registered when the household was last assessed, which had declared it."""
    row = motor_vehicle(scene.maker, scene.targets, ("K33",))
    declared = edit(scene, "dibao_roster", "member", declared_vehicle=row["plate_number"])
    return Planting({"motor_vehicle": row}, (declared,))


def _second_hand(scene: Scene) -> Planting:
    """First registered long ago, to this owner within the look-back."""
    maker, count = scene.maker, scene.targets.height
    bought = maker.ago(count, 150, 20)
    first = maker.ago(count, 3000, 1500)
    return Planting({"motor_vehicle": motor_vehicle(maker, scene.targets, ("K33",), bought, first_registered_on=first)})


def _gone(status: str) -> Plant:
    """The vehicle was scrapped or went to somebody else a while ago."""

    def plant(scene: Scene) -> Planting:
        gone_on = scene.maker.ago(scene.targets.height, 400, 60)
        return Planting(
            {"motor_vehicle": motor_vehicle(scene.maker, scene.targets, ("K33",), status=status, status_date=gone_on)}
        )

    return plant


BOTH = ("vehicle_purchased",)
SCENARIOS = (
    Scenario("vehicle_owned", "car", True, GROWN, _owns("K33")),
    Scenario("vehicle_owned", "van", True, GROWN, _owns("K31")),
    Scenario("vehicle_owned", "truck_of_head", True, MARRIED_HEAD, _owns("H31", use_nature="F")),
    Scenario("vehicle_owned", "truck_of_spouse", True, SPOUSE_OF_HEAD, _owns("H21", use_nature="F")),
    Scenario("vehicle_owned", "new_energy_car", True, GROWN, _owns("K33", plate_kind="52")),
    Scenario(
        "vehicle_owned",
        "learnt_on_second_night",
        True,
        GROWN,
        decided_long_ago(_new(40, "K33", known_after_first_night=True)),
        also=BOTH,
    ),
    Scenario("vehicle_owned", "motorcycle", False, GROWN, _owns("M21")),
    Scenario("vehicle_owned", "moped", False, GROWN, _owns("M22")),
    Scenario("vehicle_owned", "farm_vehicle", False, GROWN, _owns("N11", "T11")),
    Scenario("vehicle_owned", "disability_vehicle", False, GROWN, _owns("D11")),
    Scenario("vehicle_owned", "scrapped", False, GROWN, _gone("E")),
    Scenario("vehicle_owned", "cancelled", False, GROWN, _gone("M")),
    Scenario("vehicle_owned", "transferred", False, GROWN, _gone("B")),
    Scenario("vehicle_owned", "declared", False, GROWN, _declared),
    Scenario(
        "vehicle_purchased", "car", True, GROWN, decided_long_ago(_new(150, "K33", "K31")), also=("vehicle_owned",)
    ),
    Scenario("vehicle_purchased", "second_hand", True, GROWN, decided_long_ago(_second_hand), also=("vehicle_owned",)),
    Scenario("vehicle_purchased", "motorcycle", False, GROWN, _new(150, "M21")),
    Scenario("vehicle_purchased", "farm_vehicle", False, GROWN, _new(150, "N11", "T11")),
)
