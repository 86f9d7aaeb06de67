"""Planted cases of enterprise_controlled and business_operated."""

from datetime import timedelta

import polars as pl

from synth.records.market_regulation import (
    enterprise_representative,
    enterprise_shareholder,
    farmer_cooperative,
    individual_business,
)
from synth.records.taxation import business_turnover
from synth.scenarios.scenario import Plant, Planting, Scenario, Scene, decided_long_ago

GROWN = pl.col("age").is_between(22, 65)
# Few enough to share what the shop brings that it is over the standard.
FEW = GROWN & (pl.col("recipient") == "yes") & (pl.col("size") <= 2)


def _turnover(scene: Scene, firms: pl.DataFrame, name: str, invoiced: float) -> pl.DataFrame:
    """What the targets' firms (``uscc``, and their name in column ``name``) invoiced in each month."""
    traders = scene.targets.with_columns(uscc=firms["uscc"], business_name=firms[name])
    months = [
        business_turnover(scene.maker, traders, month, invoiced=invoiced, declared=invoiced) for month in scene.months
    ]
    # Turnover is no ground by itself: it is not what the case hangs on.
    return pl.concat(months).with_columns(plant=pl.lit(None, dtype=pl.Int32))


def _represents(invoiced: float, **fixed: object) -> Plant:
    """The target is the legal representative of a firm that invoiced so much a month."""

    def plant(scene: Scene) -> Planting:
        firms = enterprise_representative(scene.maker, scene.targets, **fixed)
        turnover = _turnover(scene, firms, "enterprise_name", invoiced)
        return Planting({"enterprise_representative": firms, "business_turnover": turnover})

    return plant


def _represents_since_third_night(scene: Scene) -> Planting:
    known = pl.lit(scene.maker.first_night + timedelta(days=2))
    return Planting(
        {"enterprise_representative": enterprise_representative(scene.maker, scene.targets, known_from=known)}
    )


def _holds_stake(**fixed: object) -> Plant:
    def plant(scene: Scene) -> Planting:
        return Planting({"enterprise_shareholder": enterprise_shareholder(scene.maker, scene.targets, **fixed)})

    return plant


def _is_member(scene: Scene) -> Planting:
    return Planting({"farmer_cooperative": farmer_cooperative(scene.maker, scene.targets)})


def _trades(invoiced: float, **fixed: object) -> Plant:
    """The target runs an individual business that invoiced so much a month."""

    def plant(scene: Scene) -> Planting:
        shops = individual_business(scene.maker, scene.targets, **fixed)
        turnover = _turnover(scene, shops, "business_name", invoiced)
        return Planting({"individual_business": shops, "business_turnover": turnover})

    return plant


RULE, TRADE = "enterprise_controlled", "business_operated"
SCENARIOS = (
    Scenario(RULE, "representative", True, GROWN, _represents(60_000.0)),
    Scenario(RULE, "representative_without_turnover", True, GROWN, _represents(0.0)),
    Scenario(RULE, "representative_on_third_night", True, GROWN, _represents_since_third_night),
    Scenario(RULE, "large_shareholder", True, GROWN, _holds_stake(contribution=500_000.0, share=60.0)),
    Scenario(RULE, "representative_deregistered", False, GROWN, _represents(0.0, status="deregistered")),
    Scenario(RULE, "representative_revoked", False, GROWN, _represents(0.0, status="revoked")),
    Scenario(RULE, "small_shareholder", False, GROWN, _holds_stake(contribution=10_000.0, share=5.0)),
    Scenario(RULE, "shareholder_deregistered", False, GROWN, _holds_stake(status="deregistered")),
    Scenario(RULE, "cooperative_member", False, GROWN, _is_member),
    Scenario(
        TRADE, "shop_with_turnover", True, FEW, decided_long_ago(_trades(60_000.0)), also=("wage_income_over_standard",)
    ),
    Scenario(TRADE, "deregistered", False, GROWN, _trades(0.0, status="deregistered")),
    Scenario(TRADE, "without_turnover", False, GROWN, _trades(0.0)),
    Scenario(TRADE, "welfare_kiosk", False, GROWN, _trades(25_000.0, kind="welfare_kiosk")),
)
