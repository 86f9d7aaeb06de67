"""Records of a type that no department's module makes: told by its contract alone, of people on no register.

So a type can be tried on an invented province as soon as it has a contract. Nothing is planted in it.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl

from schemas.column import Column, Meaning
from schemas.contract import Contract, Identity
from synth.records.census import ADULT, Census
from synth.records.maker import EARLY, Maker, rows

FEWEST = 60
ENDINGS = ("有限公司", "服务中心", "合作社")


def records_of(contract: Contract, census: Census, maker: Maker, count: int, month: date) -> pl.DataFrame:
    """``count`` rows, or as many as a delivery must have, one for each holder; ``month`` is the month of all."""
    grown = census.of("free").filter(pl.col("age") >= ADULT)
    least = max(FEWEST, int(contract.expectations.rows.min or 0))
    holders = maker.choose(grown, max(count, least))
    for identity in contract.identity[1:]:
        others = grown[maker.rng.integers(0, grown.height, holders.height)]
        parts = {f"{identity.role}_{part}": others[part] for part in ("person", "id_number", "name")}
        holders = holders.with_columns(**parts)
    roles = {one.role: (one.id_number, one.name) for one in contract.identity}
    named = {name for pair in roles.values() for name in pair}
    # One day a row: whatever a contract says of the order of its dates is true of it.
    day = maker.ago(holders.height, 2500, 60)
    columns = {
        column.name: _cells(column, contract, maker, holders.height, day, month)
        for column in contract.columns
        if column.name not in named
    }
    increments = contract.delivery.kind == "increment"
    known_from = maker.events(holders.height, 0) if increments else pl.lit(EARLY)
    return rows(holders, roles, {}, **columns, known_from=known_from)


def _cells(column: Column, contract: Contract, maker: Maker, count: int, day: pl.Series, month: date) -> Any:
    part = _part_of(column, contract.identity)
    if part:
        return pl.col(part)
    makers: dict[Meaning, Callable[[], Any]] = {
        Meaning.SERIAL: lambda: maker.serial(_initials(f"{contract.name}_{column.name}"), count),
        Meaning.CODE: lambda: maker.pick(list(column.codes), count),
        Meaning.DATE: lambda: pl.lit(None, dtype=pl.Date) if column.open_ended else day,
        Meaning.MONTH: lambda: pl.lit(month),
        Meaning.AMOUNT: lambda: maker.amount(count, 1, 100),
        Meaning.QUANTITY: lambda: maker.amount(count, 1, 100),
        Meaning.COUNT: lambda: pl.Series(maker.rng.integers(1, 6, count)),
        Meaning.DIVISION: lambda: pl.col("division"),
        Meaning.ADDRESS: lambda: pl.col("address"),
        Meaning.ORGANISATION_NAME: lambda: maker.organisation(count, ENDINGS),
        Meaning.ORGANISATION_CODE: lambda: maker.uscc("91", count),
        Meaning.PHONE: lambda: "139" + pl.Series(maker.rng.integers(0, 10**8, count)).cast(pl.String).str.zfill(8),
        Meaning.ID_NUMBER: lambda: pl.coalesce("spouse_id_number", "mother_id_number", "father_id_number"),
        Meaning.PERSON_NAME: lambda: pl.coalesce("spouse_name", "mother_name", "father_name"),
        Meaning.TEXT: lambda: pl.lit("无"),
    }
    return makers[column.meaning]()


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split("_")).upper()


def _part_of(column: Column, identities: tuple[Identity, ...]) -> str | None:
    """Which column of the people it is: what the first person of a row is by nature."""
    first = identities[0] if identities else None
    if first and column.name == first.birth_date:
        return "birth_date"
    return "sex" if first and column.name == first.sex else None
