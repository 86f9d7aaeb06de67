"""Planted cases of fiscal_payroll_member."""

from datetime import timedelta

import polars as pl

from synth.records.finance import fiscal_payroll
from synth.scenarios.scenario import Plant, Planting, Scenario, Scene, decided_long_ago

GROWN = pl.col("age").is_between(22, 60)
# Few enough to share the pay that it brings them over the standard.
PAID = GROWN & (pl.col("recipient") == "yes") & (pl.col("size") <= 2)
OVER = ("wage_income_over_standard",)


def _on_payroll(**fixed: object) -> Plant:
    def plant(scene: Scene) -> Planting:
        return Planting({"fiscal_payroll": fiscal_payroll(scene.maker, scene.targets, **fixed)})

    return plant


def _left(scene: Scene) -> Planting:
    ended = scene.maker.first_night - timedelta(days=200)
    return _on_payroll(status="left", ended_on=ended)(scene)


def _namesake(scene: Scene) -> Planting:
    return Planting({"fiscal_payroll": fiscal_payroll(scene.maker, scene.other("namesake"))})


RULE = "fiscal_payroll_member"
SCENARIOS = (
    Scenario(RULE, "civil_servant", True, PAID, decided_long_ago(_on_payroll(post_kind="civil_servant")), also=OVER),
    Scenario(
        RULE, "public_institution", True, PAID, decided_long_ago(_on_payroll(post_kind="public_institution")), also=OVER
    ),
    Scenario(
        RULE, "contract", False, GROWN & (pl.col("size") >= 3), _on_payroll(post_kind="contract", monthly_pay=900.0)
    ),
    Scenario(RULE, "left", False, GROWN, _left),
    Scenario(RULE, "retired", False, pl.col("age") > 60, _on_payroll(post_kind="retired", status="retired")),
    Scenario(RULE, "namesake", False, pl.col("namesake").is_not_null(), _namesake),
)
