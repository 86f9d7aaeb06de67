"""What families have and may have: farm vehicles, a share of an old house, what they declared."""

from datetime import timedelta

import numpy as np
import polars as pl

from synth.everyday.circumstance import Circumstance
from synth.everyday.income import ROSTER, RURAL, admitted
from synth.records.housing import presale_contract
from synth.records.market_regulation import enterprise_representative
from synth.records.natural_resources import real_estate, real_estate_transfer
from synth.records.public_security import motor_vehicle
from synth.scenarios.scenario import Planting, Scene, edit

GROWN = pl.col("age").is_between(20, 65)
NO_HOME = pl.col("heads_home") == ""
FARM = ("M11", "M14", "T11", "T21", "T22", "T23", "H51", "H54", "N11")
HEIRS = 5


def _farm_vehicle(scene: Scene) -> Planting:
    """A three-wheeler, a tractor or a farm lorry."""
    return Planting({"motor_vehicle": motor_vehicle(scene.maker, scene.targets, FARM)})


def _declared_in_words(scene: Scene) -> Planting:
    """An old van that the household declared, among words."""
    van = motor_vehicle(scene.maker, scene.targets, ("K31",))
    words = scene.maker.pick(("旧面包车 {}", "{} 拉货用", "车牌{}(已报备)", "有一辆车,{}"), scene.targets.height)
    told = pl.DataFrame({"words": words, "plate": van["plate_number"]}).select(
        pl.col("words").str.replace("{}", pl.col("plate"), literal=True)
    )
    return Planting({"motor_vehicle": van}, (edit(scene, *ROSTER, declared_vehicle=told.to_series()),))


def _old_house(scene: Scene) -> Planting:
    """One of five heirs of the parents' house, held in common, with no shares written."""
    maker, count = scene.maker, scene.targets.height
    mine = real_estate(maker, scene.targets, nature="self_built", share=None)
    free = scene.everybody.filter((pl.col("standing") == "free") & (pl.col("age") > 30))
    same = ("certificate_no", "unit_no", "address", "area", "registered_on", "status_date", "division", "known_from")
    owners = [mine]
    for place in range(2, HEIRS + 1):
        heirs = free[np.sort(maker.rng.choice(free.height, count))].with_columns(plant=scene.targets["plant"])
        shared = {name: mine[name] for name in same}
        owners.append(real_estate(maker, heirs, nature="self_built", share=None, owner_no=str(place), **shared))
    return Planting({"real_estate": pl.concat(owners, how="diagonal_relaxed")})


def _two_certificates(scene: Scene) -> Planting:
    """One declared home under its old certificate and its new one."""
    new = real_estate(scene.maker, scene.targets)
    same = {name: new[name] for name in ("address", "area", "division")}
    before = new["registered_on"] - timedelta(days=1200)
    old = real_estate(scene.maker, scene.targets, registered_on=before, status_date=before, **same)
    told = edit(scene, *ROSTER, scene.household(), declared_homes=1)
    return Planting({"real_estate": pl.concat([new, old])}, (told,))


def _collective(scene: Scene) -> Planting:
    """Stands for the village's collective."""
    count = scene.targets.height
    name = scene.maker.organisation(count, ("村股份经济合作社",))
    collective = enterprise_representative(
        scene.maker, scene.targets, uscc=scene.maker.uscc("N2", count), enterprise_name=name, industry="农林牧渔业"
    )
    return Planting({"enterprise_representative": collective})


def _bought_before(scene: Scene) -> Planting:
    """The only home, bought eight months ago; admitted since, by those who saw the contract."""
    signed = scene.maker.ago(scene.targets.height, 260, 220)
    told = edit(scene, *ROSTER, scene.household(), declared_homes=1)
    return Planting(
        {"presale_contract": presale_contract(scene.maker, scene.targets, signed)}, (admitted(scene, 60), told)
    )


def _inherited(scene: Scene) -> Planting:
    """Inherited from a parent this year."""
    free = scene.everybody.filter((pl.col("standing") == "dead") & (pl.col("age") > 60))
    if not free.height:
        return Planting()
    parents = free[np.sort(scene.maker.rng.choice(free.height, scene.targets.height))]
    heirs = scene.targets.with_columns(
        seller_person=parents["person"], seller_id_number=parents["id_number"], seller_name=parents["name"]
    )
    on = scene.maker.ago(heirs.height, 150, 30)
    passed = real_estate_transfer(scene.maker, heirs, on, kind="inheritance", nature="self_built", price=None)
    return Planting({"real_estate_transfer": passed})


CIRCUMSTANCES = (
    Circumstance("declared_in_words", "belongings", GROWN, _declared_in_words),
    Circumstance("two_certificates", "belongings", GROWN & NO_HOME, _two_certificates),
    Circumstance("collective", "belongings", GROWN & RURAL, _collective),
    Circumstance("bought_before", "belongings", GROWN & NO_HOME, _bought_before),
    Circumstance("inherited", "belongings", GROWN & NO_HOME, _inherited),
    Circumstance("old_house", "belongings", GROWN, _old_house),
    Circumstance("farm_vehicle", "belongings", GROWN & RURAL, _farm_vehicle),
)
