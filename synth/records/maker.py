"""What every department's rows are made of: random columns, running numbers, organisations, and people."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import polars as pl

from synth.tiles import Tile

EARLY = date(2000, 1, 1)
"""The day from which a record that was always there is known."""

EPOCH = date(1970, 1, 1)
ROWS_A_NIGHT = 6

PLACES = (
    "黔源",
    "金阳",
    "苗岭",
    "乌江",
    "梵净",
    "清水江",
    "遵红",
    "都柳",
    "毕升",
    "安顺堡",
    "凉都",
    "花溪",
    "龙里",
    "茶海",
)
WORDS = (
    "鑫盛",
    "宏达",
    "顺发",
    "兴旺",
    "永丰",
    "华泰",
    "嘉禾",
    "汇通",
    "恒信",
    "盛世",
    "瑞祥",
    "明远",
    "福源",
    "众诚",
    "立新",
)
USCC_CHARACTERS = np.frombuffer(b"0123456789ABCDEFGHJKLMNPQRTUWXY", dtype=np.uint8)
USCC_WEIGHTS = np.array([pow(3, place, 31) for place in range(17)])
ORGANISATION_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2])


@dataclass
class Maker:
    """Makes columns of random values. Two makers of the same seed, stream and tile make the same columns.

    ``numbers`` are the running numbers given out so far, by series, so that no two records share a key; makers of one
    province share them.
    """

    seed: int
    stream: str
    first_night: date
    last_night: date
    tile: Tile
    numbers: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng([self.seed, zlib.crc32(self.stream.encode()), *self.tile.seeds])

    def branch(self, stream: str) -> "Maker":
        """A maker with its own random stream and the same running numbers."""
        return Maker(self.seed, stream, self.first_night, self.last_night, self.tile, self.numbers)

    def running(self, series: str, count: int) -> np.ndarray:
        """The next ``count`` running numbers of a series."""
        used = self.numbers.get(series, 0)
        self.numbers[series] = used + count
        return self.tile.running(series, used, count)

    def serial(self, prefix: str, count: int, width: int = 9) -> pl.Series:
        """Serial numbers of one series, ``prefix`` and ``width`` digits."""
        return prefix + pl.Series(self.running(prefix, count)).cast(pl.String).str.zfill(width)

    def pick(self, values: Sequence[str], count: int, weights: Sequence[float] | None = None) -> pl.Series:
        """One of ``values`` a row, equally likely or by ``weights``."""
        if weights is None:
            places = self.rng.integers(0, len(values), count)
        else:
            edges = np.cumsum(np.asarray(weights, dtype=float) / sum(weights))
            places = np.minimum(np.searchsorted(edges, self.rng.random(count), side="right"), len(values) - 1)
        return pl.Series(list(values), dtype=pl.String).gather(places)

    def days(self, count: int, start: date, end: date) -> pl.Series:
        """A day a row, from ``start`` to ``end``, both included."""
        days = self.rng.integers(start.toordinal(), max(start, end).toordinal() + 1, count) - EPOCH.toordinal()
        return pl.Series(days.astype(np.int32)).cast(pl.Date)

    def ago(self, count: int, most: int, least: int = 0) -> pl.Series:
        """A day a row, between ``most`` and ``least`` days before the first night."""
        return self.days(count, self.first_night - timedelta(days=most), self.first_night - timedelta(days=least))

    def events(self, count: int, lag: int) -> pl.Series:
        """A day a row within the year to the last night, on which something happened that is known ``lag`` days later.

        The first rows make sure that every night learns of something, so that no daily delivery is empty.
        """
        nights = (self.last_night - self.first_night).days + 1
        days = self.days(count, self.first_night - timedelta(days=365), self.last_night - timedelta(days=lag))
        fresh = np.tile(np.arange(nights), ROWS_A_NIGHT)[:count] + (self.first_night - EPOCH).days - lag
        return pl.Series(np.r_[fresh, days.cast(pl.Int32).to_numpy()[len(fresh) :]].astype(np.int32)).cast(pl.Date)

    def choose(self, people: pl.DataFrame, count: int) -> pl.DataFrame:
        """``count`` of the people, or all when there are fewer, in their order."""
        if count >= people.height:
            return people
        return people[np.sort(self.rng.choice(people.height, max(0, count), replace=False))]

    def chance(self, people: pl.DataFrame, share: float) -> pl.DataFrame:
        """Each of the people with a chance of ``share``."""
        return people.filter(pl.Series(self.rng.random(people.height) < share))

    def amount(self, count: int, low: float, high: float, step: float = 0.01) -> pl.Series:
        """An amount a row, in yuan, from ``low`` to ``high`` in whole multiples of ``step``."""
        return pl.Series(np.round(self.rng.integers(round(low / step), round(high / step) + 1, count) * float(step), 2))

    def organisation(self, count: int, suffixes: Sequence[str]) -> pl.Series:
        """Names of invented organisations that end in one of ``suffixes``."""
        return self.pick(PLACES, count) + self.pick(WORDS, count) + self.pick(suffixes, count)

    def uscc(self, kind: str, count: int) -> pl.Series:
        """Sound company codes (GB 32100) whose first two characters are ``kind``, such as ``91``."""
        body = (self.running("uscc", count) * 7_654_321 + 12_345_678) % 100_000_000
        digits = (body[:, None] // 10 ** np.arange(7, -1, -1)) % 10
        check = (11 - (digits @ ORGANISATION_WEIGHTS) % 11) % 11
        places = np.empty((count, 18), dtype=np.int64)
        places[:, :8] = np.searchsorted(USCC_CHARACTERS, np.frombuffer(f"{kind}529901".encode(), dtype=np.uint8))
        places[:, 8:16] = digits
        places[:, 16] = np.where(check == 10, np.searchsorted(USCC_CHARACTERS, ord("X")), check)
        places[:, 17] = (31 - (places[:, :17] @ USCC_WEIGHTS) % 31) % 31
        return _text(USCC_CHARACTERS[places])


def _text(codes: np.ndarray) -> pl.Series:
    """The rows of a matrix of ASCII codes as strings."""
    width = codes.shape[1]
    return pl.Series(
        np.ascontiguousarray(codes).view(f"S{width}").ravel().astype(f"U{width}").tolist(), dtype=pl.String
    )


def rows(
    holders: pl.DataFrame,
    identity: Mapping[str, tuple[str, str]],
    fixed: Mapping[str, object],
    **columns: pl.Series | pl.Expr,
) -> pl.DataFrame:
    """One row a holder: who it is about, its columns, and the values ``fixed`` for all of them.

    ``identity`` gives, by role, the columns for the ID number and the name. A role is filled from the holder's own
    columns, or, for a second role, from ``<role>_person``, ``<role>_id_number`` and ``<role>_name``. The frame has
    besides: ``person__<role>``, the person meant (null where it is nobody of the province), and ``known_from``,
    the day from which a delivery holds the row; ``plant``, the number of the planted case it belongs to, or null.
    """
    who: dict[str, pl.Expr] = {}
    for place, (role, (id_column, name_column)) in enumerate(identity.items()):
        prefix = "" if place == 0 else f"{role}_"
        who[f"person__{role}"] = pl.col(f"{prefix}person")
        who[id_column] = pl.col(f"{prefix}id_number")
        who[name_column] = pl.col(f"{prefix}name")
    given = {name: literal(value) for name, value in fixed.items()}
    plant = pl.col("plant") if "plant" in holders.columns else pl.lit(None, dtype=pl.Int32).alias("plant")
    given = {"known_from": pl.lit(EARLY), "plant": plant, **columns, **given}
    return holders.select(**{**who, **given})


def literal(value: object) -> pl.Expr | pl.Series:
    """A value as a column: whole numbers as 64 bits, columns as they are."""
    if isinstance(value, pl.Expr | pl.Series):
        return value
    return pl.lit(value, dtype=pl.Int64) if isinstance(value, int) else pl.lit(value)
