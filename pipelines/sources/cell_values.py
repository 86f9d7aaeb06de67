"""What a database or a service gives for a cell, as the text that a department would write in a delivery.

A number is written in full, without an exponent, and a whole one that a program keeps as a fraction (1598.0) as whole.
True and false are 1 and 0, as code lists have them. A moment that states its time zone is told in the time of
Asia/Shanghai, to the second. NULL, and what is not a number (NaN), is an empty cell. A line end within a cell is a
blank, which is what every later step takes it for, and NUL says nothing.
"""

import json
import math
import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.settings import SHANGHAI

POSTGRESQL_DAY_ZERO_DAYS, POSTGRESQL_DAY_ZERO_MICROSECONDS = 10_957, 946_684_800_000_000
"""PostgreSQL counts from 2000, Arrow from 1970."""
INFINITE_DAYS = {
    POSTGRESQL_DAY_ZERO_DAYS - 2**31 - 1: "infinity",
    POSTGRESQL_DAY_ZERO_DAYS - 2**31: "-infinity",
}
INFINITE_MOMENTS = {
    POSTGRESQL_DAY_ZERO_MICROSECONDS - 2**63 - 1: "infinity",
    POSTGRESQL_DAY_ZERO_MICROSECONDS - 2**63: "-infinity",
}
"""The largest and smallest number there is, moved from PostgreSQL's day zero to Arrow's; the former overflows."""
LONGEST_NUMBER = 400
"""Digits; a float has at most 309. An exponent of a JSON document can stand for gigabytes of zeros."""
MOMENT = r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d+)?)? ?(Z|[+-]\d\d(:?\d\d)?)$"
_ZONED = re.compile(MOMENT)
_FLAWS = re.compile(r"[\r\n]+|\0|[\ud800-\udfff]")


def text_of(value: object) -> str | None:
    """One value of a driver, or of a JSON document, as text; None for NULL."""
    match value:
        case None:
            return None
        case str():
            return local_moment(_mended(value))
        case bool():
            return "1" if value else "0"
        case int():
            return str(value)
        case float():
            if math.isnan(value):
                return None
            return _in_full(Decimal(repr(value)), whole=True) if math.isfinite(value) else str(value)
        case Decimal():
            return _in_full(value)
        case datetime():
            return _local(value).replace(tzinfo=None, microsecond=0).isoformat(" ")
        case date():
            return value.isoformat()
        case bytes() | bytearray() | memoryview():
            return _of_bytes(bytes(value))
        case list() | tuple() | dict():
            return _mended(json.dumps(value, ensure_ascii=False, default=text_of))
        case _:
            return _mended(str(value))


def local_moment(text: str) -> str:
    """A text that is a moment and states its time zone, in the time of Asia/Shanghai; any other text as it is."""
    if not _ZONED.match(text):
        return text
    try:
        moment = datetime.fromisoformat(text.replace(" Z", "Z").replace(" +", "+").replace(" -", "-"))
    except ValueError:
        return text
    return text_of(moment) or text


def batch_of(names: Sequence[str], rows: Sequence[Sequence[object]]) -> pa.RecordBatch:
    """Rows of Python values as columns of text."""
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    return pa.RecordBatch.from_arrays([_column(values) for values in columns], names=list(names))


def _column(values: Sequence[object]) -> pa.Array:
    """Texts as they are, since `texts_of` goes through them; everything else as text."""
    if all(value is None or type(value) is str for value in values):
        with suppress(UnicodeEncodeError):
            return pa.array(values, pa.string())
    return pa.array([text_of(value) for value in values], pa.string())


def texts_of(values: pa.Array) -> pa.Array:
    """A column of a driver that speaks Arrow, as text."""
    kind = values.type
    if isinstance(kind, pa.BaseExtensionType):
        return texts_of(values.storage)
    if pa.types.is_timestamp(kind) or pa.types.is_date32(kind):
        return _days_and_times(values)
    if pa.types.is_boolean(kind):
        return values.cast(pa.int8()).cast(pa.string())
    if pa.types.is_integer(kind) or pa.types.is_null(kind):
        return values.cast(pa.string())
    if pa.types.is_floating(kind):
        return _numbers(values)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _texts(values.cast(pa.string()))
    return pa.array([text_of(value) for value in values.to_pylist()], pa.string())


def _numbers(values: pa.Array) -> pa.Array:
    """Floats as text; those that are not plainly written so, one by one."""
    texts = values.cast(pa.string())
    odd = pc.fill_null(pc.match_substring_regex(texts, r"[a-zA-Z]|\.0*$|^-0"), fill_value=False)
    if not pc.any(odd).as_py():
        return texts
    told = pa.array([text_of(value) for value in values.filter(odd).to_pylist()], pa.string())
    return pc.replace_with_mask(texts, odd, told)


def _texts(values: pa.Array) -> pa.Array:
    flawed = pc.match_substring_regex(values, r"[\r\n\x00]")
    if pc.any(flawed).as_py():
        values = pc.replace_substring(pc.replace_substring_regex(values, r"[\r\n]+", " "), "\0", "")
    zoned = pc.fill_null(pc.match_substring_regex(values, MOMENT), fill_value=False)
    if pc.any(zoned).as_py():
        told = pa.array([local_moment(text) for text in values.filter(zoned).to_pylist()], pa.string())
        values = pc.replace_with_mask(values, zoned, told)
    return values


def _days_and_times(values: pa.Array) -> pa.Array:
    """Days and times to the second; what PostgreSQL keeps as infinite comes under that name."""
    if pa.types.is_date32(values.type):
        numbers, infinite, finite = values.cast(pa.int32()), INFINITE_DAYS, values
    else:
        zone = values.type.tz
        values = values.cast(pa.timestamp("us", zone), safe=False)
        numbers, infinite, finite = values.cast(pa.int64()), INFINITE_MOMENTS, values
        if zone is not None:
            finite = pc.local_timestamp(finite.cast(pa.timestamp("us", SHANGHAI.key)))
        finite = finite.cast(pa.timestamp("s"), safe=False)
    texts = finite.cast(pa.string())
    for number, name in infinite.items():
        texts = pc.if_else(pc.equal(numbers, pa.scalar(number, numbers.type)), name, texts)
    return texts


def _local(moment: datetime) -> datetime:
    try:
        return moment.astimezone(SHANGHAI) if moment.tzinfo else moment
    except OverflowError:  # the end of the year 9999, which is no time of a day anywhere
        return moment


def _in_full(number: Decimal, *, whole: bool = False) -> str:
    if not number.is_finite() or abs(number.adjusted()) > LONGEST_NUMBER:
        return str(number)
    return str(int(number)) if whole and number == int(number) else f"{number:f}"


def _of_bytes(value: bytes) -> str:
    if value in (b"\0", b"\1"):  # a bit, as MySQL's driver gives it
        return str(value[0])
    try:
        return _mended(value.decode())
    except UnicodeDecodeError:
        return value.hex()


def _mended(text: str) -> str:
    """The text without what no cell can hold: line ends, NUL, and halves of characters, as JSON may have them."""
    if not _FLAWS.search(text):
        return text
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return re.sub(r"[\r\n]+", " ", whole).replace("\0", "")
