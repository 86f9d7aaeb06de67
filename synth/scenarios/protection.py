"""Planted cases of unprotected_poor: people who should be on dibao and are not."""

import polars as pl

from synth.records.disabled_federation import disability_certificate
from synth.scenarios.scenario import Plant, Planting, Scenario, Scene, edit

ALONE_OLD = (pl.col("size") == 1) & (pl.col("age") > 60)
CAN_BE_DISABLED = pl.col("disability").is_null() & pl.col("age").is_between(5, 75) & (pl.col("size") > 1)


def _poor(status: str = "poor", resident: str = "present", *, disabled: bool) -> Plant:
    """The target is registered with that status, perhaps with a certificate of a severe disability."""

    def plant(scene: Scene) -> Planting:
        values: dict[str, object] = {"poverty_status": status, "resident_status": resident, "per_head_income": 2600.0}
        change = edit(scene, "registered_poor", "self", **values, health="disabled" if disabled else "chronic")
        if not disabled:
            return Planting(edits=(change,))
        severe = scene.targets.with_columns(disability=scene.maker.pick(("1", "2"), scene.targets.height))
        return Planting({"disability_certificate": disability_certificate(scene.maker, severe)}, (change,))

    return plant


RULE = "unprotected_poor"
SCENARIOS = (
    Scenario(RULE, "seriously_disabled", True, CAN_BE_DISABLED, _poor(disabled=True), pool="poor"),
    Scenario(RULE, "monitored_and_disabled", True, CAN_BE_DISABLED, _poor("monitored", disabled=True), pool="poor"),
    Scenario(RULE, "over_60_alone", True, ALONE_OLD, _poor(disabled=False), pool="poor"),
    Scenario(RULE, "moved_away", False, CAN_BE_DISABLED, _poor(resident="moved_away", disabled=True), pool="poor"),
    Scenario(RULE, "deceased", False, CAN_BE_DISABLED, _poor(resident="deceased", disabled=True), pool="poor"),
)
