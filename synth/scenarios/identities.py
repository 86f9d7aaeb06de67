"""Planted cases of duplicate_dibao and identity_conflict."""

from datetime import date, timedelta

import polars as pl

from synth.records.civil_affairs import RURAL_STANDARD, URBAN_STANDARD
from synth.records.maker import rows
from synth.records.public_security import household_register
from synth.scenarios.scenario import Plant, Planting, Scenario, Scene, edit

GROWN = pl.col("age").is_between(18, 70)
OF_HOST = (
    "household_no",
    "scheme",
    "status",
    "started_on",
    "assessed_on",
    "monthly_amount",
    "single_person",
    "exit_ends_on",
    "relocated",
    "declared_homes",
    "division",
    "address",
)


def _second_place(moved_in: int, *, this_month: bool = False) -> Plant:
    """The target is on the sheet of the host's household too, since ``moved_in`` days or since this month."""

    def plant(scene: Scene) -> Planting:
        maker, count = scene.maker, scene.targets.height
        first = maker.first_night
        since: date = first.replace(day=1) if this_month else first - timedelta(days=moved_in)
        second = rows(
            scene.targets,
            {"member": ("id_number", "name")},
            {},
            **{name: scene.hosts[name] for name in OF_HOST},
            member_no=maker.serial("N", count),
            sex=pl.col("sex"),
            birth_date=pl.col("birth_date"),
            ethnicity=pl.col("ethnicity"),
            relation_to_head=pl.lit("other"),
            recipient=pl.lit("yes"),
            supplement_kind=pl.col("supplement_kind"),
            supplement_amount=_supplement_of(scene),
            marital_status=pl.col("marital_status"),
            declared_employment=pl.lit("none"),
            declared_income=pl.lit(0.0),
            declared_vehicle=pl.lit(None, dtype=pl.String),
            moved_in_on=pl.lit(since),
            phone=pl.col("phone"),
        )
        place = second.select("plant", household="household_no", member="member_no")
        return Planting({"dibao_roster": second}, also_at=place)

    return plant


def _supplement_of(scene: Scene) -> pl.Series:
    """A fifth of the standard that holds for the host's household, for targets with a supplement."""
    standard = pl.when(pl.col("host") == "urban").then(URBAN_STANDARD).otherwise(RURAL_STANDARD)
    amount = pl.when(pl.col("supplement_kind") != "none").then((standard * 0.2).round(2)).otherwise(0.0)
    return scene.targets.with_columns(host=scene.hosts["scheme"]).select(amount=amount)["amount"]


def _number_of_another(scene: Scene) -> Planting:
    """The household register gives the target's number to somebody of quite another name."""
    strangers = scene.maker.choose(scene.everybody.filter(pl.col("standing") == "free"), scene.targets.height)
    stranger = scene.targets.head(strangers.height).with_columns(
        name=strangers["name"],
        former_name=pl.lit(None, dtype=pl.String),
        division=strangers["division"],
        address=strangers["address"],
        household=strangers["household"],
        household_number=strangers["household_number"],
        father_name=strangers["father_name"],
        mother_name=strangers["mother_name"],
        spouse_name=pl.lit(None, dtype=pl.String),
    )
    entry = household_register(scene.maker, stranger).with_columns(person__self=pl.lit(None, dtype=pl.Int32))
    return Planting({"household_register": entry})


def _renamed(*, keep_surname: bool) -> Plant:
    """The household register has a new name for the target, and the roster's name as the former one."""

    def plant(scene: Scene) -> Planting:
        models = scene.maker.choose(scene.everybody.filter(pl.col("standing") == "free"), scene.targets.height)
        targets = scene.targets.head(models.height)
        new = models["name"] if not keep_surname else targets["surname"] + models["name"].str.tail(1) + "瑞"
        change = edit(scene, "household_register", "self", targets, name=new, former_name=pl.col("name"))
        return Planting(edits=(change,))

    return plant


DOUBLE, CONFLICT = "duplicate_dibao", "identity_conflict"
SCENARIOS = (
    Scenario(DOUBLE, "in_two_households", True, GROWN, _second_place(400), with_host=True),
    Scenario(
        DOUBLE,
        "moving_this_month",
        False,
        GROWN,
        _second_place(0, this_month=True),
        with_host=True,
        this_month_only=True,
    ),
    Scenario(CONFLICT, "number_of_another", True, GROWN, _number_of_another),
    Scenario(CONFLICT, "name_changed", False, GROWN, _renamed(keep_surname=True)),
    Scenario(CONFLICT, "name_wholly_changed", False, GROWN, _renamed(keep_surname=False)),
)
