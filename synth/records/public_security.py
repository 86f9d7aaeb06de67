"""Public security 公安: the household register, death cancellations, motor vehicles, border crossings."""

from collections.abc import Sequence
from datetime import timedelta

import polars as pl

from synth.records.maker import Maker, rows

SELF = {"self": ("id_number", "name")}
HOLDER = {"owner": ("owner_id", "owner_name")}
BRANDS = ("五菱", "长安", "吉利", "比亚迪", "大众", "丰田", "东风", "江淮", "哈弗", "现代")
REGIONS = ("A", "B", "C", "D", "E", "F", "G", "H", "J")
PLATE_KINDS = {
    "K33": "02",
    "K31": "02",
    "H31": "02",
    "H21": "01",
    "Q11": "01",
    "M21": "07",
    "M22": "08",
    "M11": "07",
    "M14": "07",
    "H51": "13",
    "H54": "13",
    "N11": "13",
    "T11": "14",
    "T21": "14",
    "T22": "14",
    "T23": "14",
    "D11": "22",
}
"""The plate a kind of vehicle carries, where it is not a new-energy one."""
PLATES_OF_A_FORM = 24 * 24 * 10_000
DESTINATIONS = ("越南", "泰国", "缅甸", "老挝", "日本", "马来西亚", "新加坡", "香港", "澳门")


def household_register(maker: Maker, holders: pl.DataFrame, **fixed: object) -> pl.DataFrame:
    """The entry of each holder. Holders carry ``mother_*``, ``father_*`` and ``spouse_*`` names and numbers."""
    count = holders.height
    return rows(
        holders,
        SELF,
        fixed,
        person_no=maker.serial("P", count, 10),
        household_no="H" + pl.col("household_number").cast(pl.String).str.zfill(9),
        former_name=pl.col("former_name"),
        sex=pl.col("sex"),
        birth_date=pl.col("birth_date"),
        ethnicity=pl.col("ethnicity"),
        relation_to_head=pl.col("relation"),
        division=pl.col("division"),
        address=pl.col("address"),
        residence_kind=pl.col("residence_kind"),
        father_name=pl.col("father_name"),
        father_id=pl.col("father_id_number"),
        mother_name=pl.col("mother_name"),
        mother_id=pl.col("mother_id_number"),
        spouse_name=pl.col("spouse_name"),
        spouse_id=pl.col("spouse_id_number"),
        marital_status=pl.col("marital_status"),
        registered_on=pl.max_horizontal("birth_date", maker.ago(count, 5000, 400)),
        status=pl.lit("normal"),
    )


def death_cancellation(maker: Maker, holders: pl.DataFrame, cancelled: pl.Series, **fixed: object) -> pl.DataFrame:
    """The cancellation of each holder on the day ``cancelled``, one to eleven days after death."""
    count = holders.height
    died = (cancelled.cast(pl.Int32) - pl.Series(maker.rng.integers(1, 12, count).astype("int32"))).cast(pl.Date)
    return rows(
        holders,
        SELF,
        fixed,
        certificate_no=maker.serial("SW", count),
        sex=pl.col("sex"),
        birth_date=pl.col("birth_date"),
        division=pl.col("division"),
        death_date=died,
        cancelled_on=cancelled,
        cause=maker.pick(("illness", "accident", "age", "other"), count, (5, 1, 5, 1)),
        known_from=cancelled,
    )


def motor_vehicle(
    maker: Maker,
    holders: pl.DataFrame,
    kinds: Sequence[str] = ("K33",),
    registered: pl.Series | None = None,
    /,
    **fixed: object,
) -> pl.DataFrame:
    """One vehicle a holder, of one of ``kinds``, registered to that owner on the day ``registered``."""
    count = holders.height
    kind = maker.pick(kinds, count)
    since = maker.ago(count, 3600, 500) if registered is None else registered
    number = pl.Series(maker.running("plate", count))
    letters = pl.Series([chr(65 + place + (place >= 8) + (place >= 13)) for place in range(24)])
    region = "贵" + maker.pick(REGIONS, count)
    first, second = letters.gather((number // 10_000) % 24), letters.gather((number // 240_000) % 24)
    digits = (number % 10_000).cast(pl.String).str.zfill(4)
    # When two letters before the digits are used up, they stand behind them, and then around them.
    forms = pl.DataFrame({"0": first + second + digits, "1": digits + first + second, "2": first + digits + second})
    used_up = number // PLATES_OF_A_FORM
    plate = (
        region + forms.select(pl.when(used_up == 0).then("0").when(used_up == 1).then("1").otherwise("2")).to_series()
    )
    return rows(
        holders,
        HOLDER,
        fixed,
        plate_number=plate,
        plate_kind=kind.replace_strict(PLATE_KINDS, return_dtype=pl.String),
        vehicle_kind=kind,
        brand=maker.pick(BRANDS, count),
        address=pl.col("address"),
        division=pl.col("division"),
        use_nature=maker.pick(("A", "F"), count, (9, 1)),
        first_registered_on=since,
        registered_on=since,
        status=pl.lit("A"),
        status_date=since,
        displacement=maker.pick(("1200", "1500", "1600", "2000"), count).cast(pl.Float64),
        known_from=since + timedelta(days=2),
    )


def exit_entry(maker: Maker, holders: pl.DataFrame, crossed: pl.Series, **fixed: object) -> pl.DataFrame:
    """One crossing a holder, on the day ``crossed``."""
    count = holders.height
    return rows(
        holders,
        SELF,
        fixed,
        record_no=maker.serial("CR", count, 10),
        sex=pl.col("sex"),
        birth_date=pl.col("birth_date"),
        document_kind=maker.pick(("passport", "hk_macau", "taiwan"), count, (6, 3, 1)),
        document_no="E" + pl.col("number").cast(pl.String).str.zfill(8),
        direction=maker.pick(("out", "in"), count),
        crossing_date=crossed,
        destination=maker.pick(DESTINATIONS, count),
        purpose=maker.pick(("tourism", "work", "visit"), count, (5, 3, 2)),
        known_from=crossed + timedelta(days=1),
    )
