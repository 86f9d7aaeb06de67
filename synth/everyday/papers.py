"""Papers that a register does not hold, or not yet."""

from datetime import timedelta

import polars as pl

from synth.everyday.circumstance import Circumstance
from synth.everyday.income import RECEIVES, ROSTER, admitted
from synth.records.civil_affairs import STANDARD
from synth.records.disabled_federation import disability_certificate
from synth.scenarios.scenario import Edit, Planting, Scene, edit

AT_COLLEGE = (pl.col("supplement_kind") == "student") & pl.col("age").is_between(18, 23) & RECEIVES
HEALTHY = pl.col("disability").is_null() & pl.col("age").is_between(20, 58) & RECEIVES
SUPPLEMENT = {"supplement_kind": "disability", "supplement_amount": (STANDARD * 0.2).round(2)}


def _studies_elsewhere(scene: Scene) -> Planting:
    """At a college of another province, which the province's register cannot hold."""
    gone = Edit("student_enrolment", "self", scene.targets.select("person", "plant"), drop=True)
    return Planting(edits=(gone,))


def _certified_lately(scene: Scene) -> Planting:
    """Admitted two weeks ago on a certificate younger than the federation's last extract."""
    return Planting(edits=(admitted(scene, 14), edit(scene, *ROSTER, **SUPPLEMENT)))


def _renewing(scene: Scene) -> Planting:
    """A certificate that is being renewed."""
    severe = scene.targets.with_columns(disability=pl.lit("2"))
    certificate = disability_certificate(
        scene.maker, severe, status="renewal", valid_until=scene.maker.first_night - timedelta(days=40)
    )
    return Planting({"disability_certificate": certificate}, (edit(scene, *ROSTER, **SUPPLEMENT),))


CIRCUMSTANCES = (
    Circumstance("certified_lately", "papers", HEALTHY, _certified_lately),
    Circumstance("renewing", "papers", HEALTHY, _renewing),
    Circumstance("studies_elsewhere", "papers", AT_COLLEGE, _studies_elsewhere),
)
