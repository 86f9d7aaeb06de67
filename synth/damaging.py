"""Damage to the identities of all records: what departments wrote instead of a number or a name."""

from datetime import date

import numpy as np
import polars as pl

from schemas.contract import Cadence, Contract
from synth.dirt import IdKind, damage_id_numbers, damage_names, identity_of
from synth.rates import Rates

REGISTERS_OF_NAMES = frozenset({"dibao_roster", "tekun_roster", "household_register"})
"""Types whose names are what others are compared with: no wrong or lost character there but where one is planted."""
FEW = 100
"""A delivery of fewer rows is left whole: one damaged number would weigh too much in its checks."""
RANKS = {"sound": 0, "upgraded": 1, "repairable": 2, "hidden": 3}


def damaged(
    frame: pl.DataFrame,
    contract: Contract,
    people: pl.DataFrame,
    rng: np.random.Generator,
    rates: Rates,
    spare: pl.Series,
) -> pl.DataFrame:
    """The rows with damaged numbers and names; ``people[n]`` is person n, rows flagged in ``spare`` stay whole.

    Adds for each identity role ``id_kind__<role>`` and ``identity__<role>`` (sound, upgraded, repairable, hidden).
    """
    names_too = _gentle(rates) if contract.name in REGISTERS_OF_NAMES else rates
    relatives = pl.coalesce("spouse_id_number", "mother_id_number", "father_id_number")
    kin = people.select("former_name", relative=relatives)
    for identity in contract.identity:
        person = frame[f"person__{identity.role}"]
        whole = (spare | person.is_null()).to_numpy()
        others = kin.select(pl.all().gather(person))
        numbers, id_kind = damage_id_numbers(
            frame[identity.id_number], rng, rates, relatives=others["relative"], spare=whole
        )
        # A relative's number with a masked name would be taken for the relative: nobody could tell.
        kept = whole | (id_kind == IdKind.RELATIVE).to_numpy()
        former = None if contract.name == "household_register" else others["former_name"]
        names, name_kind = damage_names(frame[identity.name], rng, names_too, former, spare=kept)
        another = _is_not_own(frame[identity.id_number], people["id_number"].gather(person))
        identity_now = pl.select(
            pl.when(another).then(pl.lit("hidden")).otherwise(identity_of(id_kind, name_kind))
        ).to_series()
        id_kind = pl.select(pl.when(another).then(pl.lit(IdKind.PLACEHOLDER)).otherwise(id_kind)).to_series()
        frame = frame.with_columns(
            numbers.alias(identity.id_number),
            names.alias(identity.name),
            id_kind.alias(f"id_kind__{identity.role}"),
            name_kind.alias(f"name_kind__{identity.role}"),
            identity_now.alias(f"identity__{identity.role}"),
        )
    return frame


def in_small_delivery(frame: pl.DataFrame, contract: Contract, first_night: date, nights: int) -> pl.Series:
    """Which rows stand in a delivery of fewer than FEW rows."""
    if frame.height < FEW:
        return pl.Series([True]).new_from_index(0, frame.height)
    new = frame["known_from"] >= first_night
    daily = contract.delivery.kind == "increment" and contract.delivery.cadence is Cadence.DAILY
    if daily and new.sum() < FEW * nights:
        return new
    return pl.Series([False]).new_from_index(0, frame.height)


def _is_not_own(numbers: pl.Series, own: pl.Series) -> pl.Series:
    """Where a planted case left something else than the person's number."""
    return (own.is_not_null() & ~numbers.eq_missing(own)).rename("another")


def _gentle(rates: Rates) -> Rates:
    """The rates without faults that make a name look like another person's."""
    names = rates.names.model_copy(update={"look_alike": 0.0, "rare_replaced": 0.0})
    return rates.model_copy(update={"names": names})
