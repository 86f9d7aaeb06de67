"""Money that comes in and is no doubt: seasons, yearly subsidies, what was before, what was told, what is over."""

from datetime import date, timedelta

import polars as pl

from synth.everyday.circumstance import Circumstance
from synth.records.civil_affairs import STANDARD
from synth.records.finance import fiscal_payroll, subsidy_payment
from synth.records.healthcare_security import hospital_stay
from synth.records.human_resources import employed, employment_registration, pension_benefit, unemployment_benefit
from synth.records.market_regulation import individual_business
from synth.records.public_security import death_cancellation
from synth.records.taxation import business_turnover, income_tax
from synth.scenarios.scenario import Edit, Planting, Scene, edit
from synth.schedule import months_before

ROSTER = ("dibao_roster", "member")
RURAL, URBAN = pl.col("residence_kind") == "rural", pl.col("residence_kind") == "urban"
RECEIVES = pl.col("recipient") == "yes"
GROWN = pl.col("age").is_between(22, 58) & ~pl.col("student") & RECEIVES
OLD = pl.col("age").is_between(61, 80) & RECEIVES
SEVERE = pl.col("disability").is_in(["1", "2"])
OWN_NUMBER = "YR" + pl.col("number").cast(pl.String).str.zfill(10)


def month_before(scene: Scene, months: int) -> date:
    """The first day of the month so many months before the first night's."""
    return months_before(scene.maker.first_night.replace(day=1), months)


def wages(scene: Scene, holders: pl.DataFrame, months: range, **fixed: object) -> pl.DataFrame:
    """What an employer declared for each holder in months so far back."""
    at_work = employed(scene.maker, holders)
    told = {"income_kind": "wages", "tax": 0.0, **fixed}
    return pl.concat([income_tax(scene.maker, at_work, month_before(scene, back), **told) for back in months])


def _yearly_subsidy(scene: Scene) -> Planting:
    """The farmland subsidy, paid once in the year; declared at a twelfth a month, or the field left blank."""
    holders = scene.targets.with_columns(programme=pl.lit("farmland"))
    amount = scene.maker.amount(holders.height, 240, 900, 10)
    paid = subsidy_payment(scene.maker, holders, month_before(scene, 5), amount=amount)
    blank = pl.Series(scene.maker.rng.random(holders.height) < 0.5)
    declared = pl.select(pl.when(blank).then(None).otherwise((amount / 12).round(2))).to_series()
    return Planting({"subsidy_payment": paid}, (edit(scene, *ROSTER, declared_income=declared),))


def _seasons(scene: Scene) -> Planting:
    """Two months of work away in the year: far below the year's standard for three people or more."""
    pay = [scene.maker.amount(scene.targets.height, 1500, 3200, 10) for _ in range(2)]
    seasons = [wages(scene, scene.targets, range(1, 2), income=pay[0], income_kind="labour")]
    seasons.append(wages(scene, scene.targets, range(7, 8), income=pay[1], income_kind="labour"))
    a_month = ((pay[0] + pay[1]) / 12).round(2)
    told = edit(scene, *ROSTER, declared_employment="flexible", declared_income=a_month)
    return Planting({"income_tax": pl.concat(seasons)}, (told,))


def admitted(scene: Scene, days_before: int) -> Edit:
    """The whole household was admitted so many days before the first night, ten days after it was assessed."""
    started = scene.maker.first_night - timedelta(days=days_before)
    assessed = started - timedelta(days=10)
    return edit(scene, *ROSTER, scene.household(), started_on=started, assessed_on=assessed, moved_in_on=started)


def _lost_the_job(scene: Scene) -> Planting:
    """A good wage until the third month before the night; then the job ended, and the household was admitted."""
    pay = scene.maker.amount(scene.targets.height, 2800, 4600, 10)
    ended = month_before(scene, 2) - timedelta(days=1)
    at_work = employed(scene.maker, scene.targets)
    began = scene.maker.ago(scene.targets.height, 1500, 500)
    job = employment_registration(
        scene.maker, at_work, started_on=began, ended_on=ended, monthly_wage=pay, known_from=began + timedelta(days=12)
    )
    told = edit(scene, *ROSTER, declared_employment="none", declared_income=0.0)
    taxed = wages(scene, scene.targets, range(3, 9), income=pay)
    return Planting({"income_tax": taxed, "employment_registration": job}, (admitted(scene, 25), told))


def _pension_raise(scene: Scene) -> Planting:
    """A pension told truly at the assessment, which the State has raised by 4 per cent since."""
    told = scene.maker.amount(scene.targets.height, 800, 1200, 10)
    return _pension(scene, told, [(told * 1.04).round(2)] * 3)


def _pension_back_pay(scene: Scene) -> Planting:
    """The same with the raise of half a year paid at once."""
    told = scene.maker.amount(scene.targets.height, 800, 1100, 10)
    return _pension(scene, told, [told, (told * 1.3).round(2), (told * 1.05).round(2)])


def _pension(scene: Scene, told: pl.Series, paid: list[pl.Series]) -> Planting:
    benefit = [
        pension_benefit(
            scene.maker, scene.targets, month, benefit_kind="employee", amount=amount, insurance_no=OWN_NUMBER
        )
        for month, amount in zip((month_before(scene, back) for back in (3, 2, 1)), paid, strict=True)
    ]
    return Planting({"pension_benefit": pl.concat(benefit)}, (edit(scene, *ROSTER, declared_income=told),))


def _unemployed_told_by_the_head(scene: Scene) -> Planting:
    """Unemployment benefit that the head declared for all; nobody ended the job's registration."""
    amount = scene.maker.amount(scene.targets.height, 1250, 1450, 10)
    months = [month_before(scene, back) for back in (3, 2, 1)]
    paid = [unemployment_benefit(scene.maker, scene.targets, month, amount=amount) for month in months]
    began = scene.maker.ago(scene.targets.height, 1500, 500)
    job = employment_registration(
        scene.maker,
        employed(scene.maker, scene.targets),
        started_on=began,
        monthly_wage=4000.0,
        known_from=began + timedelta(days=12),
    )
    told = edit(scene, *ROSTER, scene.other("head"), declared_income=amount)
    own = edit(scene, *ROSTER, declared_employment="none", declared_income=0.0)
    return Planting({"unemployment_benefit": pl.concat(paid), "employment_registration": job}, (own, told))


def _protected_alone(scene: Scene) -> Planting:
    """A severely disabled member protected alone; a wage keeps the family between 1 and 1.5 times the standard."""
    at_home = scene.household().join(scene.targets.select("person"), on="person", how="anti", maintain_order="left")
    earners = at_home.filter(pl.col("age").is_between(22, 59)).unique("household_no", keep="first", maintain_order=True)
    helped = scene.targets.filter(pl.col("household_no").is_in(earners["household_no"].implode()))
    household = at_home.filter(pl.col("household_no").is_in(earners["household_no"].implode()))
    pay = earners.select((STANDARD * pl.col("size") * 1.2).round(0)).to_series()
    others = edit(scene, *ROSTER, household, recipient="no", supplement_kind="none", supplement_amount=0.0)
    alone = edit(scene, *ROSTER, helped, single_person="yes", recipient="yes", supplement_kind="disability")
    told = edit(scene, *ROSTER, earners, declared_employment="employed", declared_income=pay)
    return Planting({"income_tax": wages(scene, earners, range(1, 13), income=pay)}, (others, alone, told))


def _contract_job(scene: Scene) -> Planting:
    """Sweeps a school on contract, and has said so."""
    pay = scene.maker.amount(scene.targets.height, 700, 1100, 10)
    post = fiscal_payroll(scene.maker, scene.targets, post_kind="contract", monthly_pay=pay)
    told = edit(scene, *ROSTER, declared_employment="employed", declared_income=pay)
    return Planting({"fiscal_payroll": post}, (told,))


def _stall(scene: Scene, months: range = range(1, 4)) -> Planting:
    """A small stall, declared."""
    stall = individual_business(
        scene.maker, scene.targets, established_on=scene.maker.ago(scene.targets.height, 2500, 900)
    )
    sold = scene.maker.amount(scene.targets.height, 1200, 2400, 10)
    holders = scene.targets.with_columns(
        uscc=stall["uscc"],
        business_name=stall["business_name"],
    )
    turnover = [
        business_turnover(scene.maker, holders, month_before(scene, back), invoiced=sold, declared=sold)
        for back in months
    ]
    told = edit(scene, *ROSTER, declared_employment="flexible", declared_income=(sold * 0.3).round(2))
    return Planting({"individual_business": stall, "business_turnover": pl.concat(turnover)}, (told,))


def _stall_given_up(scene: Scene) -> Planting:
    """A shop whose last turnover was eleven months ago; the household was admitted since."""
    had = _stall(scene, range(11, 13))
    told = edit(scene, *ROSTER, declared_employment="none", declared_income=0.0)
    return Planting(had.rows, (admitted(scene, 60), told))


def _earner_died(scene: Scene) -> Planting:
    """The earner died this month, with wages until last month."""
    died = scene.maker.first_night.replace(day=1) + timedelta(days=3)
    cancelled = pl.Series([died + timedelta(days=6)] * scene.targets.height, dtype=pl.Date)
    death = death_cancellation(scene.maker, scene.targets, cancelled, death_date=died)
    told = edit(scene, *ROSTER, declared_employment="flexible", declared_income=700.0)
    taxed = wages(scene, scene.targets, range(1, 4), income=scene.maker.amount(scene.targets.height, 2600, 3400, 10))
    return Planting({"income_tax": taxed, "death_cancellation": death}, (told,))


def _sold_the_house(scene: Scene) -> Planting:
    """Sold the house, and paid the hospital with it."""
    price = scene.maker.amount(scene.targets.height, 40_000, 80_000, 1000)
    sold = wages(scene, scene.targets, range(2, 3), income=price, income_kind="property")
    on = pl.Series([month_before(scene, 1) + timedelta(days=14)] * scene.targets.height, dtype=pl.Date)
    own = (price * 0.95).round(2)
    bill = hospital_stay(scene.maker, scene.targets, on, own, own)
    return Planting({"income_tax": sold, "medical_expense": bill})


def _new_work(scene: Scene) -> Planting:
    """Took up work two months ago, after none: a gradual exit is due, and no doubt."""
    began = month_before(scene, 2) + timedelta(days=2)
    pay = scene.maker.amount(scene.targets.height, 2800, 4200, 10)
    job = employment_registration(
        scene.maker,
        employed(scene.maker, scene.targets),
        started_on=began,
        monthly_wage=pay,
        known_from=began + timedelta(days=12),
        registered_on=began + timedelta(days=10),
    )
    taxed = wages(scene, scene.targets, range(1, 2), income=pay)
    return Planting({"employment_registration": job, "income_tax": taxed})


CIRCUMSTANCES = (
    Circumstance("protected_alone", "income", SEVERE & RECEIVES & (pl.col("size") >= 3), _protected_alone),
    Circumstance("lost_the_job", "income", GROWN, _lost_the_job),
    Circumstance("pension_raise", "income", OLD & URBAN & (pl.col("size") >= 3), _pension_raise),
    Circumstance("pension_back_pay", "income", OLD & URBAN & (pl.col("size") >= 3), _pension_back_pay),
    Circumstance(
        "unemployed_told_by_the_head",
        "income",
        GROWN & URBAN & (pl.col("size") >= 3) & (pl.col("relation") != "head"),
        _unemployed_told_by_the_head,
    ),
    Circumstance("contract_job", "income", GROWN & URBAN & (pl.col("size") >= 3), _contract_job),
    Circumstance("stall", "income", GROWN & URBAN & (pl.col("size") >= 3), _stall),
    Circumstance("stall_given_up", "income", GROWN, _stall_given_up),
    Circumstance("earner_died", "income", GROWN & (pl.col("size") >= 2), _earner_died),
    Circumstance("sold_the_house", "income", GROWN, _sold_the_house),
    Circumstance("new_work", "income", GROWN, _new_work),
    Circumstance("seasons", "income", GROWN & RURAL & (pl.col("size") >= 3), _seasons),
    Circumstance("yearly_subsidy", "income", (pl.col("relation") == "head") & RURAL, _yearly_subsidy),
)
