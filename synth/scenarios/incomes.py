"""Planted cases of income that nobody declared: wages, housing fund, pensions, benefits, subsidies, travel abroad."""

from collections.abc import Callable
from datetime import timedelta

import polars as pl

from synth.records.civil_affairs import STANDARD
from synth.records.finance import subsidy_payment
from synth.records.healthcare_security import medical_expense
from synth.records.housing import housing_fund
from synth.records.human_resources import employed, pension_benefit, pension_contribution, unemployment_benefit
from synth.records.public_security import exit_entry, household_register
from synth.records.taxation import income_tax
from synth.scenarios.scenario import Edit, Plant, Planting, Scenario, Scene, decided_long_ago, edit

GROWN = pl.col("age").is_between(22, 58)
OLD = pl.col("age") > 61
RECEIVES = pl.col("recipient") == "yes"
SMALL_URBAN = (pl.col("size") == 2) & (pl.col("receiving") == 2) & (pl.col("residence_kind") == "urban")
LARGE = pl.col("receiving") >= 3
Monthly = Callable[..., pl.DataFrame]


def _each_month(type_: str, make: Monthly, **fixed: object) -> Plant:
    """A row in each month, with so much in it."""

    def plant(scene: Scene) -> Planting:
        holders = employed(scene.maker, scene.targets)
        return Planting({type_: pl.concat([make(scene.maker, holders, month, **fixed) for month in scene.months])})

    return plant


def _wages(wage: float) -> Plant:
    """Wages that the tax office and the pension fund both know of."""

    def plant(scene: Scene) -> Planting:
        contributions = _each_month(
            "pension_contribution", pension_contribution, base=wage, personal_amount=wage * 0.08
        )
        taxed = _each_month("income_tax", income_tax, income=wage, income_kind="wages", tax=0.0)
        return Planting({**contributions(scene).rows, **taxed(scene).rows})

    return plant


def _earns_off_the_roster(scene: Scene) -> Planting:
    """A grown single child on the head's register entry, whom the roster does not name, earns wages.

    Both entries are written anew: the case hangs on them.
    """
    child = scene.targets.select([*scene.everybody.columns, "plant"]).with_columns(marital_status=pl.lit("single"))
    entries = pl.concat([child, scene.other("head")])
    rewritten = Edit("household_register", "self", entries.select("person", "plant"), drop=True)
    unlisted = Edit("dibao_roster", "member", scene.targets.select("person", "plant"), drop=True)
    rows = _wages(4500.0)(scene).rows | {"household_register": household_register(scene.maker, entries)}
    return Planting(rows, (rewritten, unlisted))


def _wages_in_exit(scene: Scene) -> Planting:
    """The same wages within a gradual exit that has months to run."""
    ends = scene.maker.first_night + timedelta(days=100)
    exiting = edit(scene, "dibao_roster", "member", scene.household(), status="exiting", exit_ends_on=ends)
    return Planting(_wages(4500.0)(scene).rows, (exiting,))


def _wages_and_illness(scene: Scene) -> Planting:
    """A little over the standard, but for what an illness cost in each of the same months."""
    bills = []
    for month in scene.months:
        on = pl.Series([month + timedelta(days=12)] * scene.targets.height, dtype=pl.Date)
        bills.append(
            medical_expense(
                scene.maker,
                scene.targets,
                on,
                serious_illness="yes",
                total=4000.0,
                fund_paid=2500.0,
                out_of_pocket=1500.0,
            )
        )
    supplement = {"supplement_kind": "serious_illness", "supplement_amount": (STANDARD * 0.2).round(2)}
    paid = edit(scene, "dibao_roster", "member", None, **supplement)
    return Planting({**_wages(1500.0)(scene).rows, "medical_expense": pl.concat(bills)}, (paid,))


def _declared(plant: Plant, **declared: object) -> Plant:
    """The same, declared on the household's sheet."""

    def declared_plant(scene: Scene) -> Planting:
        told: Edit = edit(scene, "dibao_roster", "member", None, **declared)
        return Planting(plant(scene).rows, (told,))

    return declared_plant


def _paid(programme: str, amount: float = 260.0) -> Plant:
    def plant(scene: Scene) -> Planting:
        holders = scene.targets.with_columns(programme=pl.lit(programme))
        paid = [subsidy_payment(scene.maker, holders, month, amount=amount) for month in scene.months]
        return Planting({"subsidy_payment": pl.concat(paid)})

    return plant


def _travels(trips: int, **fixed: object) -> Plant:
    """So many trips within the half-year, each out and back."""

    def plant(scene: Scene) -> Planting:
        maker, count = scene.maker, scene.targets.height
        crossings = []
        for trip in range(trips):
            out = maker.ago(count, 25 * trip + 24, 25 * trip + 10)
            crossings.append(exit_entry(maker, scene.targets, out, direction="out", **fixed))
            crossings.append(exit_entry(maker, scene.targets, out + timedelta(days=4), direction="in", **fixed))
        return Planting({"exit_entry": pl.concat(crossings)})

    return plant


OWN_NUMBER = "YZ" + pl.col("number").cast(pl.String).str.zfill(10)
"""Beside the number of the residents' basic pension that the person may have."""
FUND = _each_month("housing_fund", housing_fund, base=1000.0, amount=100.0)
SEALED = _each_month("housing_fund", housing_fund, base=1000.0, amount=0.0, status="sealed")
PENSION = _each_month(
    "pension_benefit", pension_benefit, benefit_kind="employee", amount=320.0, insurance_no=OWN_NUMBER
)
BASIC = _each_month(
    "pension_benefit", pension_benefit, benefit_kind="resident_basic", amount=120.0, insurance_no=OWN_NUMBER
)
UNEMPLOYED = _each_month("unemployment_benefit", unemployment_benefit, amount=400.0)
TOURISM: dict[str, object] = {"document_kind": "passport", "purpose": "tourism"}
WORK: dict[str, object] = {"document_kind": "passport", "purpose": "work"}
BORDER: dict[str, object] = {"document_kind": "border_pass", "purpose": "border_trade", "destination": "越南"}
UNDECLARED = pl.col("declared_employment") == "none"
PENSIONERS = OLD & LARGE
CHILD = pl.col("relation").is_in(["son", "daughter"]) & pl.col("spouse").is_null() & (pl.col("size") > 2)

WAGE = "wage_income_over_standard"
SCENARIOS = (
    Scenario(
        WAGE,
        "wages",
        True,
        GROWN & UNDECLARED & RECEIVES & (pl.col("size") <= 3),
        # In the months that are known, more than three heads' standard of a year.
        decided_long_ago(_wages(6500.0)),
        whole_household=True,
    ),
    Scenario(
        "household_mismatch",
        "earning_child",
        True,
        GROWN & UNDECLARED & CHILD,
        decided_long_ago(_earns_off_the_roster),
        whole_household=True,
        needs_all=True,
    ),
    Scenario(WAGE, "in_gradual_exit", False, GROWN & (pl.col("size") <= 3), _wages_in_exit, whole_household=True),
    Scenario(WAGE, "deductions", False, GROWN & SMALL_URBAN, _wages_and_illness, whole_household=True),
    Scenario(WAGE, "one_wage_in_two_types", False, GROWN & SMALL_URBAN, _wages(1100.0), whole_household=True),
    Scenario("housing_fund_contributor", "undeclared", True, GROWN & UNDECLARED & LARGE, decided_long_ago(FUND)),
    Scenario(
        "housing_fund_contributor", "declared", False, GROWN & LARGE, _declared(FUND, declared_employment="employed")
    ),
    Scenario("housing_fund_contributor", "sealed", False, GROWN & UNDECLARED & LARGE, SEALED),
    Scenario("pension_undeclared", "employee", True, PENSIONERS, decided_long_ago(PENSION, declared_income=0.0)),
    Scenario("pension_undeclared", "declared", False, PENSIONERS, _declared(PENSION, declared_income=320.0)),
    Scenario("pension_undeclared", "resident_basic", False, PENSIONERS, BASIC),
    Scenario("unemployment_undeclared", "paid", True, GROWN & LARGE, decided_long_ago(UNEMPLOYED, declared_income=0.0)),
    Scenario("unemployment_undeclared", "declared", False, GROWN & LARGE, _declared(UNEMPLOYED, declared_income=400.0)),
    Scenario(
        "subsidy_undeclared",
        "farmland",
        True,
        GROWN & LARGE,
        decided_long_ago(_paid("farmland", 500.0), declared_income=0.0),
    ),
    Scenario("subsidy_undeclared", "preferential", False, GROWN & LARGE, _paid("preferential")),
    Scenario("subsidy_undeclared", "award", False, GROWN & LARGE, _paid("industry_award")),
    Scenario("exit_entry_frequent", "tourism", True, GROWN, decided_long_ago(_travels(6, **TOURISM))),
    Scenario("exit_entry_frequent", "work", False, GROWN, _travels(6, **WORK)),
    Scenario("exit_entry_frequent", "border_pass", False, GROWN, _travels(6, **BORDER)),
    Scenario("exit_entry_frequent", "one_trip", False, GROWN, _travels(1, **TOURISM)),
)
