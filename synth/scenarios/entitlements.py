"""Planted cases of people who are owed more than they get: supplements, help with medical bills, a gradual exit."""

from datetime import timedelta

import polars as pl

from synth.records.disabled_federation import disability_certificate
from synth.records.education import student_enrolment
from synth.records.healthcare_security import hospital_stay
from synth.records.human_resources import employed, employment_registration
from synth.scenarios.scenario import Plant, Planting, Scenario, Scene, decided_long_ago, edit

ADULT = pl.col("age").is_between(22, 55)
FEW = ADULT & (pl.col("recipient") == "yes") & (pl.col("size") <= 3)


def _unpaid(scene: Scene) -> Planting:
    """The supplement the target is entitled to is not paid."""
    return Planting(edits=(edit(scene, "dibao_roster", "member", None, supplement_kind="none", supplement_amount=0.0),))


def _unpaid_disabled(scene: Scene) -> Planting:
    """The same, with a certificate that the case hangs on."""
    return Planting(
        {"disability_certificate": disability_certificate(scene.maker, scene.targets)}, _unpaid(scene).edits
    )


def _unpaid_student(scene: Scene) -> Planting:
    """The same, with an enrolment that the case hangs on."""
    return Planting({"student_enrolment": student_enrolment(scene.maker, scene.targets)}, _unpaid(scene).edits)


def _ill(own: float, fund: float) -> Plant:
    """Half a year's stay in hospital that left the target so much to pay."""

    def plant(scene: Scene) -> Planting:
        on = scene.maker.ago(scene.targets.height, 120, 20)
        bill = hospital_stay(scene.maker, scene.targets, on, own, fund)
        return Planting({"medical_expense": bill})

    return plant


def _ended_after_new_job(days_ago: int) -> Plant:
    """The household was stopped outright; a member took up private work so long ago."""

    def plant(scene: Scene) -> Planting:
        since = scene.maker.first_night - timedelta(days=days_ago)
        job = employment_registration(
            scene.maker,
            employed(scene.maker, scene.targets),
            started_on=since,
            registered_on=since,
            known_from=since,
            monthly_wage=3600.0,
        )
        stopped = edit(scene, "dibao_roster", "member", scene.household(), status="stopped")
        return Planting({"employment_registration": job}, (stopped,))

    return plant


MISSING, HARDSHIP, BUFFER = "supplement_missing", "medical_hardship", "buffer_entitled"


def _gets(kind: str) -> pl.Expr:
    return (pl.col("supplement_kind") == kind) & (pl.col("recipient") == "yes")


SCENARIOS = (
    Scenario(MISSING, "disability", True, _gets("disability"), _unpaid_disabled),
    Scenario(MISSING, "elderly", True, _gets("elderly"), _unpaid),
    Scenario(MISSING, "student", True, _gets("student") & pl.col("age").is_between(16, 21), _unpaid_student),
    Scenario(HARDSHIP, "inpatient", True, ADULT, _ill(38_000.0, 20_000.0), pool="poor"),
    Scenario(HARDSHIP, "well_insured", False, ADULT, _ill(1_500.0, 56_000.0), pool="poor"),
    Scenario(
        BUFFER, "stopped_after_new_job", True, FEW, decided_long_ago(_ended_after_new_job(70)), whole_household=True
    ),
    Scenario(BUFFER, "job_of_years_ago", False, FEW, _ended_after_new_job(900), whole_household=True),
)
