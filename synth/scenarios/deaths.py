"""Planted cases of deceased_recipient."""

from dataclasses import replace
from datetime import date, timedelta

import polars as pl

from synth.records.civil_affairs import cremation
from synth.records.public_security import death_cancellation
from synth.scenarios.scenario import Planting, Scenario, Scene, edit

OLDER = pl.col("age") > 50
HAS_NAMESAKE = pl.col("namesake").is_not_null()


def _long_dead(scene: Scene) -> pl.DataFrame:
    """Death cancellations two to five months before the first night."""
    return death_cancellation(scene.maker, scene.targets, scene.maker.ago(scene.targets.height, 150, 62))


def _cancelled(scene: Scene) -> Planting:
    return Planting({"death_cancellation": _long_dead(scene)})


def _cremated(scene: Scene) -> Planting:
    return Planting(
        {"cremation": cremation(scene.maker, scene.targets, scene.maker.ago(scene.targets.height, 150, 62))}
    )


def _both(scene: Scene) -> Planting:
    dead = _long_dead(scene)
    return Planting(
        {"death_cancellation": dead, "cremation": cremation(scene.maker, scene.targets, dead["death_date"])}
    )


def _learnt_later(scene: Scene) -> Planting:
    """Dead for two months when the cancellation is entered, on the second night."""
    second = scene.maker.first_night + timedelta(days=1)
    cancelled = pl.Series([second] * scene.targets.height, dtype=pl.Date)
    died = scene.maker.ago(scene.targets.height, 90, 65)
    return Planting({"death_cancellation": death_cancellation(scene.maker, scene.targets, cancelled, death_date=died)})


def _this_month(scene: Scene) -> Planting:
    first = scene.maker.first_night
    died = scene.maker.days(
        scene.targets.height, first.replace(day=1), max(first.replace(day=1), first - timedelta(days=3))
    )
    return Planting({"death_cancellation": death_cancellation(scene.maker, scene.targets, died, death_date=died)})


def _namesake_died(scene: Scene) -> Planting:
    namesake = scene.other("namesake")
    cancelled = scene.maker.ago(namesake.height, 150, 62)
    return Planting({"death_cancellation": death_cancellation(scene.maker, namesake, cancelled)})


def _suspended(scene: Scene) -> Planting:
    """The benefit of the whole household was suspended after the death."""
    suspended = edit(scene, "dibao_roster", "member", scene.household(), status="suspended")
    return Planting({"death_cancellation": _long_dead(scene)}, (suspended,))


def _stopped(scene: Scene) -> Planting:
    """The dead member was taken off."""
    stopped = edit(scene, "dibao_roster", "member", status="stopped", recipient="no")
    return Planting({"death_cancellation": _long_dead(scene)}, (stopped,))


def _stopped_on_third_night(scene: Scene) -> Planting:
    """The roster of the third night has the dead member taken off."""
    third = scene.maker.first_night + timedelta(days=2)
    stopped = edit(scene, "dibao_roster", "member", status="stopped", recipient="no")
    return Planting({"death_cancellation": _long_dead(scene)}, (replace(stopped, known_from=third),))


def _tekun_stopped(scene: Scene) -> Planting:
    dead = _long_dead(scene)
    ended: date = scene.maker.first_night - timedelta(days=30)
    return Planting(
        {"death_cancellation": dead}, (edit(scene, "tekun_roster", "self", status="stopped", ended_on=ended),)
    )


SCENARIOS = (
    Scenario("deceased_recipient", "cancelled", True, OLDER, _cancelled),
    Scenario("deceased_recipient", "cremated", True, OLDER, _cremated),
    Scenario("deceased_recipient", "cancelled_and_cremated", True, OLDER, _both),
    Scenario("deceased_recipient", "learnt_on_second_night", True, OLDER, _learnt_later),
    Scenario("deceased_recipient", "tekun", True, OLDER, _cancelled, pool="tekun"),
    Scenario("deceased_recipient", "stopped_on_third_night", True, OLDER, _stopped_on_third_night, nights=2),
    Scenario("deceased_recipient", "this_month", False, OLDER, _this_month, this_month_only=True),
    Scenario("deceased_recipient", "namesake_died", False, HAS_NAMESAKE, _namesake_died),
    Scenario("deceased_recipient", "suspended", False, OLDER, _suspended),
    Scenario("deceased_recipient", "stopped", False, OLDER & (pl.col("size") > 1), _stopped),
    Scenario("deceased_recipient", "tekun_stopped", False, OLDER, _tekun_stopped, pool="tekun"),
)
