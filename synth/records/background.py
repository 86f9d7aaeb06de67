"""The ordinary records: what the departments hold of people before anything is planted.

People outside the registers have cars, homes, firms and wages as they come. People on dibao or in extreme poverty get
only records that cast no doubt on them: their household register entry, one homestead or dwelling, schooling, the basic
pension of residents, medical expenses, a co-operative membership, a motorcycle.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from schemas.catalogue import Catalogue
from synth.records import (
    civil_affairs,
    disabled_federation,
    education,
    finance,
    healthcare_security,
    housing,
    human_resources,
    market_regulation,
    natural_resources,
    poverty_relief,
    public_security,
    taxation,
)
from synth.records.census import ADULT, OLD, Census
from synth.records.civil_affairs import SEVERE
from synth.records.maker import Maker

Records = dict[str, pl.DataFrame]
YEAR = timedelta(days=365)
INNOCENT_SUBSIDIES = (
    "elderly_age",
    "disability_living",
    "disability_care",
    "preferential",
    "education",
    "temporary_relief",
)
ALLOWANCES = {"disability_living": 70.0, "disability_care": 50.0}
"""Yuan a month for severe disabilities on dibao (the seed's report of 2020)."""
SUBSIDIES = ("farmland", "forest", *INNOCENT_SUBSIDIES, "industry_award")


@dataclass(frozen=True)
class Plan:
    """What the records are made for: whom, how many rows of each type, and of which months there are some."""

    census: Census
    wanted: dict[str, int]
    a_month: dict[str, int]
    """How many of those are of one month, in a type of months."""
    shares: dict[str, Any]
    months: list[date]


def make_plan(
    census: Census, catalogue: Catalogue, shares: dict[str, Any], months: list[date], delivered: Sequence[date]
) -> Plan:
    """A plan with as many rows of each type as the contract gives the whole province, in proportion to the people.

    The contract counts what comes with the months in ``delivered``; as many a month are made for all ``months``.
    """
    part = census.people.height / shares["province_people"]
    wanted = {c.name: round(c.province_rows * part) for c in catalogue}
    return Plan(census, wanted, {name: rows // len(delivered) for name, rows in wanted.items()}, shares, months)


def base_records(plan: Plan, maker: Maker) -> Records:
    """The ordinary rows of every type."""
    records: Records = {}
    for part in (_registers, _public_security, _poverty, _homes, _care, _work, _business):
        records |= part(plan, maker.branch(part.__name__))
    return records


def _registers(plan: Plan, maker: Maker) -> Records:
    husbands = plan.census.people.filter(
        (pl.col("sex") == "1") & pl.col("spouse").is_not_null() & (pl.col("standing") != "dead")
    )
    couples = husbands.with_columns(
        wife_person=pl.col("spouse"), wife_id_number=pl.col("spouse_id_number"), wife_name=pl.col("spouse_name")
    )
    dead = plan.census.of("dead")
    return {
        "dibao_roster": civil_affairs.dibao_roster(maker, plan.census.of("dibao"), plan.shares),
        "tekun_roster": civil_affairs.tekun_roster(maker, plan.census.of("tekun")),
        "marriage": civil_affairs.marriage(maker, maker.choose(couples, plan.wanted["marriage"])),
        "cremation": civil_affairs.cremation(maker, dead, maker.events(dead.height, 3)),
    }


def _public_security(plan: Plan, maker: Maker) -> Records:
    everybody, free, dead = plan.census.people, plan.census.of("free"), plan.census.of("dead")
    status = pl.when(pl.col("standing") == "dead").then(pl.lit("cancelled")).otherwise(pl.lit("normal"))
    entries = public_security.household_register(maker, everybody, status=status)
    left = public_security.household_register(
        maker, maker.choose(free, plan.wanted["household_register"] - everybody.height), status="moved_out"
    )
    adults = free.filter(pl.col("age") >= ADULT)
    riders = plan.census.of("dibao").filter(pl.col("age").is_between(ADULT, OLD))
    riders = maker.chance(riders, plan.shares["recipients"]["motorcycle"])
    owners = _repeated(maker, adults, plan.wanted["motor_vehicle"] - riders.height)
    newest = maker.ago(owners.height, 4500, -(maker.last_night - maker.first_night).days)
    kinds = ("K33", "K33", "K31", "K31", "H31", "M21", "M21", "N11", "Q11", "H21")
    travellers = _repeated(maker, adults, max(plan.wanted["exit_entry"], 60))
    return {
        "household_register": pl.concat([entries, left]),
        "death_cancellation": public_security.death_cancellation(maker, dead, maker.events(dead.height, 0)),
        "motor_vehicle": pl.concat(
            [
                public_security.motor_vehicle(maker, owners, kinds, newest),
                public_security.motor_vehicle(maker, riders, ("M21", "M22", "N11")),
            ]
        ),
        "exit_entry": public_security.exit_entry(maker, travellers, maker.events(travellers.height, 1)),
    }


def _poverty(plan: Plan, maker: Maker) -> Records:
    dibao, poor = plan.census.of("dibao"), plan.census.of("poor")
    heads = maker.chance(dibao.filter(pl.col("relation") == "head"), plan.shares["recipients"]["also_registered_poor"])
    both = dibao.filter(pl.col("household").is_in(heads["household"].implode()))
    status = maker.pick(("poor", "monitored", "lifted"), both.height, (3, 1, 6))
    free = plan.census.of("free").filter(pl.col("age").is_between(ADULT, OLD))
    into_dibao = dibao.filter("resettled")
    since = maker.first_night - timedelta(days=400)
    grown = dibao.filter(pl.col("age").is_between(ADULT, OLD))
    formerly = maker.chance(grown, plan.shares["recipients"]["former_post"])
    return {
        "registered_poor": pl.concat(
            [
                poverty_relief.registered_poor(maker, both, poverty_status=status),
                poverty_relief.registered_poor(maker, poor),
            ]
        ),
        "relocation": pl.concat(
            [
                poverty_relief.relocation(maker, maker.choose(poor, plan.wanted["relocation"] - into_dibao.height)),
                poverty_relief.relocation(maker, into_dibao, urban_dibao_on=since, buffer_months=12),
            ]
        ),
        "welfare_post": pl.concat(
            [
                poverty_relief.welfare_post(maker, maker.choose(free, plan.wanted["welfare_post"])),
                poverty_relief.welfare_post(maker, formerly, started_on=since - YEAR, ended_on=since),
            ]
        ),
    }


def _homes(plan: Plan, maker: Maker) -> Records:
    adults = plan.census.of("free").filter(pl.col("age") >= ADULT)
    lives = plan.census.of("dibao").filter(pl.col("home") != "")
    nature = maker.pick(
        ("commodity", "self_built", "homestead", "relocation"), plan.wanted["real_estate"], (6, 2, 3, 1)
    )
    owners = _repeated(maker, adults, plan.wanted["real_estate"])
    buyers = _repeated(maker, adults, max(60, plan.wanted["real_estate_transfer"]))
    sellers = _repeated(maker, adults, buyers.height)
    sold = buyers.with_columns(
        seller_person=sellers["person"], seller_id_number=sellers["id_number"], seller_name=sellers["name"]
    )
    signers = _repeated(maker, adults, plan.wanted["presale_contract"])
    return {
        "real_estate": pl.concat(
            [
                natural_resources.real_estate(maker, owners, nature=nature),
                natural_resources.real_estate(maker, lives.filter(pl.col("home") == "homestead"), nature="homestead"),
                natural_resources.real_estate(maker, lives.filter(pl.col("home") == "dwelling"), nature="affordable"),
            ]
        ),
        "real_estate_transfer": natural_resources.real_estate_transfer(maker, sold, maker.events(sold.height, 1)),
        "presale_contract": housing.presale_contract(maker, signers, maker.ago(signers.height, 2500, 1)),
        "public_rental": pl.concat(
            [
                housing.public_rental(maker, lives.filter(pl.col("home") == "public_rental")),
                housing.public_rental(maker, maker.choose(adults, plan.wanted["public_rental"])),
            ]
        ),
    }


def _care(plan: Plan, maker: Maker) -> Records:
    alive = plan.census.of("dibao", "tekun", "poor", "free")
    part = plan.shares["recipients"]
    patients = pl.concat(
        [maker.chance(plan.census.of("dibao", "tekun", "poor"), part["medical"]), plan.census.of("free")]
    )
    patients = _repeated(maker, patients, max(60, plan.wanted["medical_expense"]))
    recipients = maker.chance(plan.census.of("dibao", "tekun"), part["subsidy"])
    innocent = recipients.with_columns(programme=maker.pick(INNOCENT_SUBSIDIES, recipients.height))
    free = maker.choose(plan.census.of("free"), plan.a_month["subsidy_payment"] - innocent.height)
    paid = pl.concat([innocent, free.with_columns(programme=maker.pick(SUBSIDIES, free.height))])
    severe = plan.census.of("dibao").filter(SEVERE)
    allowances = [
        finance.subsidy_payment(maker, severe.with_columns(programme=pl.lit(name)), month, amount=amount)
        for name, amount in ALLOWANCES.items()
        for month in plan.months
    ]
    pensioners = maker.choose(alive.filter(pl.col("age") >= OLD), plan.a_month["pension_benefit"])
    return {
        "student_enrolment": education.student_enrolment(maker, alive.filter("student")),
        "disability_certificate": disabled_federation.disability_certificate(
            maker, alive.filter(pl.col("disability").is_not_null())
        ),
        "medical_expense": healthcare_security.medical_expense(maker, patients, maker.events(patients.height, 1)),
        "subsidy_payment": pl.concat(
            [*(finance.subsidy_payment(maker, paid, month) for month in plan.months), *allowances]
        ),
        "pension_benefit": pl.concat(
            [human_resources.pension_benefit(maker, pensioners, month) for month in plan.months]
        ),
    }


def _work(plan: Plan, maker: Maker) -> Records:
    workers = human_resources.employed(maker, plan.census.of("free").filter(pl.col("age").is_between(ADULT, OLD)))

    def some(name: str) -> pl.DataFrame:
        return maker.choose(workers, plan.wanted[name])

    monthly: dict[str, Any] = {
        "pension_contribution": human_resources.pension_contribution,
        "unemployment_benefit": human_resources.unemployment_benefit,
        "housing_fund": housing.housing_fund,
        "income_tax": taxation.income_tax,
    }
    records: Records = {}
    for name, make in monthly.items():
        holders = maker.choose(workers, plan.a_month[name])
        records[name] = pl.concat([make(maker, holders, month) for month in plan.months])
    records["employment_registration"] = human_resources.employment_registration(maker, some("employment_registration"))
    grown = plan.census.of("dibao").filter(pl.col("age").is_between(ADULT, OLD))
    formerly = human_resources.employed(maker, maker.chance(grown, plan.shares["recipients"]["former_insurance"]))
    long_ago, since = maker.first_night - 3 * YEAR, maker.first_night - YEAR
    records["employee_insurance"] = pl.concat(
        [
            healthcare_security.employee_insurance(maker, some("employee_insurance")),
            healthcare_security.employee_insurance(
                maker, formerly, status="stopped", insured_on=long_ago, stopped_on=since
            ),
        ]
    )
    records["fiscal_payroll"] = finance.fiscal_payroll(maker, some("fiscal_payroll"))
    return records


def _business(plan: Plan, maker: Maker) -> Records:
    adults = plan.census.of("free").filter(pl.col("age").is_between(ADULT, 70))
    members = maker.chance(
        plan.census.of("dibao").filter(pl.col("age").is_between(ADULT, 70)), plan.shares["recipients"]["cooperative"]
    )
    shops = market_regulation.individual_business(maker, _repeated(maker, adults, plan.wanted["individual_business"]))
    traders = shops.select(
        person="person__operator",
        id_number="operator_id",
        name="operator_name",
        uscc="uscc",
        business_name="business_name",
        division="division",
    )
    traders = maker.choose(traders, plan.a_month["business_turnover"])
    farmers = pl.concat([members, maker.choose(adults, plan.wanted["farmer_cooperative"])])
    return {
        "enterprise_representative": market_regulation.enterprise_representative(
            maker, maker.choose(adults, plan.wanted["enterprise_representative"])
        ),
        "enterprise_shareholder": market_regulation.enterprise_shareholder(
            maker, _repeated(maker, adults, plan.wanted["enterprise_shareholder"])
        ),
        "individual_business": shops,
        "farmer_cooperative": market_regulation.farmer_cooperative(maker, farmers),
        "business_turnover": pl.concat([taxation.business_turnover(maker, traders, month) for month in plan.months]),
    }


def _repeated(maker: Maker, people: pl.DataFrame, count: int) -> pl.DataFrame:
    """``count`` of the people, some of them several times."""
    if not people.height:
        return people
    return people[maker.rng.integers(0, people.height, max(0, count))]
