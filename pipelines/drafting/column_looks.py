"""What the values of a column look like: how many of them can be read as each meaning."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from matchers.identity.id_numbers import clean, verdicts
from pipelines.drafting.person_names import may_be_a_name
from pipelines.drafting.sample import Sample, SampleColumn
from pipelines.intake.typed_columns import Cells, typed_columns
from schemas.column import Column, Meaning
from schemas.divisions import PREFIX_LENGTHS, Level, load_divisions
from schemas.masks import PLATE

LOOKED_AT = 5_000
"""Different values of a column that are looked at."""
TRIED = (Meaning.DATE, Meaning.MONTH, Meaning.AMOUNT, Meaning.COUNT, Meaning.DIVISION)
_PHONE = re.compile(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|\d{7,8}")
_PLACES = re.compile(r"[省市县区州镇乡村路街巷组号寨栋幢室]")
_PLAIN_SERIAL = re.compile(r"[0-9A-Za-z()\-_/.·#*]+|[\u4e00-\u9fff]{1,4}[0-9A-Za-z()\-_/第号字]{4,}")
_USCC_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_PROVINCES = range(11, 66)


@dataclass(frozen=True)
class Looks:
    """Shares of a column's different values, from 0 to 1."""

    values: int
    """How many different values there are."""
    repeats: float
    """How many rows there are for each different value."""
    readable: Mapping[Meaning, float] = field(default_factory=dict)
    id_numbers: float = 0.0
    """As long as ID numbers are."""
    sound_id_numbers: float = 0.0
    usccs: float = 0.0
    phones: float = 0.0
    plates: float = 0.0
    names: float = 0.0
    addresses: float = 0.0
    divisions: float = 0.0
    """Codes of Guizhou, or of six digits and more that begin as a province does."""
    with_decimals: float = 0.0
    serials: float = 0.0
    length: float = 0.0
    """Signs of a value, on average."""


def looks_of(connection: duckdb.DuckDBPyConnection, sample: Sample) -> dict[int, Looks]:
    """The looks of each column, by its place; of a column without any value the default ones."""
    some = {column.place: list(column.counted)[:LOOKED_AT] for column in sample.columns}
    readable = _readable(connection, {place: values for place, values in some.items() if values})
    return {
        column.place: _looks(column, some[column.place], readable.get(column.place, {})) for column in sample.columns
    }


def _looks(column: SampleColumn, values: Sequence[str], readable: Mapping[Meaning, float]) -> Looks:
    if not values:
        return Looks(0, 0.0)
    judged = verdicts(clean(pa.array(values, pa.string()))).cast(pa.string())
    lengths = pc.is_in(judged, pa.array(["sound", "sound_15", "date", "checksum"]))

    def share(found: Sequence[bool]) -> float:
        return sum(found) / len(values)

    return Looks(
        values=len(column.counted),
        repeats=column.filled / len(column.counted),
        readable=readable,
        id_numbers=share(lengths.to_pylist()),
        sound_id_numbers=share(pc.is_in(judged, pa.array(["sound", "sound_15"])).to_pylist()),
        usccs=share([is_uscc(value) for value in values]),
        phones=share([_PHONE.fullmatch(value) is not None for value in values]),
        plates=share([PLATE.fullmatch(value) is not None for value in values]),
        names=share([may_be_a_name(value) for value in values]),
        addresses=share([len(value) >= 6 and len(_PLACES.findall(value)) >= 2 for value in values]),
        divisions=share([_is_division(value) for value in values]),
        with_decimals=share(["." in value for value in values]),
        serials=share([_PLAIN_SERIAL.fullmatch(value) is not None for value in values]),
        length=sum(map(len, values)) / len(values),
    )


def _readable(
    connection: duckdb.DuckDBPyConnection, values: Mapping[int, Sequence[str]]
) -> dict[int, dict[Meaning, float]]:
    """Which share of the values is read as each typed meaning, by the code that reads deliveries."""
    cells: dict[str, Cells] = {}
    columns: list[Column] = []
    for place, texts in values.items():
        for meaning in TRIED:
            unit = "yuan" if meaning is Meaning.AMOUNT else None
            column = Column(name=f"c{place}_{meaning}", header="列", en="column", meaning=meaning, unit=unit)
            columns.append(column)
            cells[column.name] = Cells(pa.array(texts, pa.string()))
    typed = typed_columns(connection, cells, columns, {column.name: column.header for column in columns})
    found: dict[int, dict[Meaning, float]] = {}
    for place, texts in values.items():
        found[place] = {meaning: 1 - typed[f"c{place}_{meaning}"].values.null_count / len(texts) for meaning in TRIED}
    return found


def is_uscc(value: str) -> bool:
    """Whether it is a unified social credit code of 18 signs whose check character is right (GB 32100)."""
    code = value.upper()
    if len(code) != 18 or any(sign not in _USCC_SIGNS for sign in code):
        return False
    total = sum(_USCC_SIGNS.index(sign) * pow(3, place, 31) for place, sign in enumerate(code[:17]))
    return _USCC_SIGNS.index(code[17]) == (31 - total % 31) % 31


def _is_division(value: str) -> bool:
    if not (value.isdigit() and len(value) in (6, 9, 12)):
        return False
    county = PREFIX_LENGTHS[Level.COUNTY]
    known = value[:county].ljust(12, "0") in load_divisions()
    return known or (len(value) > county and int(value[:2]) in _PROVINCES)
