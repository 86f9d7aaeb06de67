"""Who belongs to whom, as registers do not know it; and what is somebody else's under one's own number."""

from datetime import timedelta

import numpy as np
import polars as pl

from synth.everyday.circumstance import Circumstance
from synth.everyday.income import ROSTER, RURAL
from synth.records.civil_affairs import marriage
from synth.records.public_security import death_cancellation, motor_vehicle
from synth.scenarios.scenario import Planting, Scene, edit

REGISTER = ("household_register", "self")
WIFE = (pl.col("relation") == "spouse") & (pl.col("sex") == "2")
SINGLE = pl.col("marital_status") == "single"


def _registered_with_parents(scene: Scene) -> Planting:
    """A wife whose registration never left her parents' booklet."""
    booklet = scene.maker.serial("H9", scene.targets.height, 8)
    return Planting(edits=(edit(scene, *REGISTER, household_no=booklet),))


def _divorced_by_a_court(scene: Scene) -> Planting:
    """Wed at the registry and parted by a court, of which the registry never hears; both other registers know."""
    maker = scene.maker
    women = scene.everybody.filter(
        (pl.col("standing") == "free") & (pl.col("sex") == "2") & SINGLE & pl.col("age").is_between(22, 50)
    )
    wives = maker.choose(women, scene.targets.height)
    couples = scene.targets.head(wives.height).with_columns(
        wife_person=wives["person"], wife_id_number=wives["id_number"], wife_name=wives["name"]
    )
    wed = marriage(maker, couples, registered_on=maker.ago(couples.height, 3000, 1500))
    parted = edit(scene, *ROSTER, couples, marital_status="divorced")
    since = maker.ago(couples.height, 900, 300)
    registered = edit(scene, *REGISTER, couples, marital_status="divorced", registered_on=since)
    return Planting({"marriage": wed}, (parted, registered))


def _restored(scene: Scene) -> Planting:
    """Cancelled as dead by mistake, and entered again three weeks later."""
    cancelled = scene.maker.ago(scene.targets.height, 150, 90)
    alive = edit(scene, *REGISTER, status="normal", registered_on=cancelled + timedelta(days=21))
    return Planting({"death_cancellation": death_cancellation(scene.maker, scene.targets, cancelled)}, (alive,))


def _number_given_twice(scene: Scene) -> Planting:
    """A stranger elsewhere has had the same number for life: a car of theirs, and for the old, their death."""
    maker = scene.maker
    strangers = scene.everybody.filter((pl.col("standing") == "free") & (pl.col("age") > 50))
    chosen = strangers[np.sort(maker.rng.choice(strangers.height, scene.targets.height))]
    shared = chosen.with_columns(id_number=scene.targets["id_number"], plant=scene.targets["plant"])
    died = death_cancellation(maker, shared, maker.ago(shared.height, 150, 62))
    return Planting({"motor_vehicle": motor_vehicle(maker, shared, ("K33",)), "death_cancellation": died})


CIRCUMSTANCES = (
    Circumstance("number_given_twice", "family", pl.col("age") > 20, _number_given_twice),
    Circumstance("restored", "family", pl.col("age") > 40, _restored),
    Circumstance(
        "divorced_by_a_court",
        "family",
        SINGLE & (pl.col("sex") == "1") & pl.col("age").is_between(28, 60),
        _divorced_by_a_court,
    ),
    Circumstance("registered_with_parents", "family", WIFE & RURAL, _registered_with_parents),
)
