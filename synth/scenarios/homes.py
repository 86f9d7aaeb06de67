"""Planted cases of property_over_limit and property_purchased."""

from datetime import timedelta

import polars as pl

from synth.records.housing import presale_contract
from synth.records.natural_resources import real_estate, real_estate_transfer
from synth.scenarios.scenario import Plant, Planting, Scenario, Scene, decided_long_ago

GROWN = pl.col("age").is_between(20, 75)
NO_HOME = pl.col("heads_home") == ""
HOMESTEAD = pl.col("heads_home") == "homestead"
MARRIED = pl.col("spouse").is_not_null() & (pl.col("relation") == "head")


def _holds(*units: dict[str, object], also_by_spouse: bool = False) -> Plant:
    """The target holds one unit each of ``units``, or the last of them the spouse."""

    def plant(scene: Scene) -> Planting:
        owners = [scene.targets] * len(units)
        if also_by_spouse:
            owners[-1] = scene.other("spouse")
        frames = [real_estate(scene.maker, owner, **unit) for owner, unit in zip(owners, units, strict=True)]
        return Planting({"real_estate": pl.concat(frames)})

    return plant


HOME: dict[str, object] = {}
SHOP: dict[str, object] = {"use": "commercial"}
OFFICE: dict[str, object] = {"use": "office"}
GARAGE: dict[str, object] = {"use": "garage", "area": 12.0}
RELOCATION: dict[str, object] = {"nature": "relocation"}
COUNTRY_HOME: dict[str, object] = {"nature": "homestead"}
SMALL_SHARE: dict[str, object] = {"share": 15.0}
CANCELLED: dict[str, object] = {"status": "cancelled"}
TRANSFERRED: dict[str, object] = {"status": "transferred"}


def _bought(days_before: int, **fixed: object) -> Plant:
    """The target bought a home that long before the first night, or later, from somebody unprotected."""

    def plant(scene: Scene) -> Planting:
        maker, count = scene.maker, scene.targets.height
        sellers = maker.choose(scene.everybody.filter((pl.col("standing") == "free") & (pl.col("age") > 25)), count)
        buyers = scene.targets.head(sellers.height).with_columns(
            seller_person=sellers["person"], seller_id_number=sellers["id_number"], seller_name=sellers["name"]
        )
        on = maker.ago(buyers.height, days_before, 15)
        return Planting({"real_estate_transfer": real_estate_transfer(maker, buyers, on, **fixed)})

    return plant


def _signed(days_before: int, **fixed: object) -> Plant:
    """The target signed a presale contract that long before the first night, or later."""

    def plant(scene: Scene) -> Planting:
        on = scene.maker.ago(scene.targets.height, days_before, 15)
        return Planting({"presale_contract": presale_contract(scene.maker, scene.targets, on, **fixed)})

    return plant


def _signed_on_first_night(scene: Scene) -> Planting:
    """Signed the day before the weekly file of the second night."""
    on = pl.Series([scene.maker.first_night] * scene.targets.height, dtype=pl.Date)
    known = pl.lit(scene.maker.first_night + timedelta(days=1))
    return Planting({"presale_contract": presale_contract(scene.maker, scene.targets, on, known_from=known)})


def _signed_long_ago(scene: Scene) -> Planting:
    """Signed years before the look-back."""
    on = scene.maker.ago(scene.targets.height, 2500, 900)
    return Planting({"presale_contract": presale_contract(scene.maker, scene.targets, on)})


OVER, BOUGHT = "property_over_limit", "property_purchased"
SCENARIOS = (
    Scenario(OVER, "second_dwelling", True, GROWN & NO_HOME, _holds(HOME, HOME), needs_all=True, whole_household=True),
    Scenario(
        OVER,
        "dwelling_of_each",
        True,
        MARRIED & NO_HOME,
        _holds(HOME, HOME, also_by_spouse=True),
        needs_all=True,
        whole_household=True,
    ),
    Scenario(OVER, "shop", True, GROWN & NO_HOME, _holds(SHOP), whole_household=True),
    Scenario(OVER, "office_besides_homestead", True, GROWN & HOMESTEAD, _holds(OFFICE), whole_household=True),
    Scenario(OVER, "one_dwelling", False, GROWN & NO_HOME, _holds(HOME), whole_household=True),
    Scenario(OVER, "relocation_housing", False, GROWN & NO_HOME, _holds(HOME, RELOCATION), whole_household=True),
    Scenario(OVER, "homestead", False, GROWN & NO_HOME, _holds(HOME, COUNTRY_HOME), whole_household=True),
    Scenario(OVER, "small_share", False, GROWN & NO_HOME, _holds(HOME, SMALL_SHARE), whole_household=True),
    Scenario(OVER, "demolished", False, GROWN & NO_HOME, _holds(HOME, CANCELLED), whole_household=True),
    Scenario(OVER, "transferred", False, GROWN & NO_HOME, _holds(HOME, TRANSFERRED), whole_household=True),
    Scenario(OVER, "garage", False, GROWN & NO_HOME, _holds(HOME, GARAGE), whole_household=True),
    Scenario(BOUGHT, "transfer", True, GROWN & NO_HOME, decided_long_ago(_bought(200))),
    Scenario(BOUGHT, "presale", True, GROWN & NO_HOME, decided_long_ago(_signed(200))),
    Scenario(BOUGHT, "presale_learnt_on_second_night", True, GROWN & NO_HOME, decided_long_ago(_signed_on_first_night)),
    Scenario(BOUGHT, "presale_cancelled", False, GROWN & NO_HOME, _signed(200, status="cancelled")),
    Scenario(BOUGHT, "presale_resettlement", False, GROWN & NO_HOME, _signed(200, nature="resettlement")),
    Scenario(BOUGHT, "transfer_revoked", False, GROWN & NO_HOME, _bought(200, status="revoked")),
    Scenario(
        BOUGHT, "transfer_resettlement", False, GROWN & NO_HOME, _bought(200, kind="resettlement", nature="relocation")
    ),
    Scenario(BOUGHT, "bought_long_ago", False, GROWN & NO_HOME, _signed_long_ago),
)
