"""How departments write dates, months and amounts into cells: one form a file, as their systems export it."""

from enum import StrEnum

import polars as pl

EXCEL_DAY_ZERO = pl.date(1899, 12, 30)
EARLIEST_EXCEL = pl.date(1927, 5, 18)
"""Serial 10000. Earlier days have fewer digits and could be taken for years, so no file writes them as serials."""


class DateForm(StrEnum):
    """A way of writing dates."""

    COMPACT = "20201031"
    DASHED = "2020-10-31"
    SLASHED = "2020/10/31"
    CHINESE = "2020年10月31日"
    EXCEL = "excel"


PATTERNS = {
    DateForm.COMPACT: ("%Y%m%d", "%Y%m"),
    DateForm.DASHED: ("%Y-%m-%d", "%Y-%m"),
    DateForm.SLASHED: ("%Y/%m/%d", "%Y/%m"),
    DateForm.CHINESE: ("%Y年%m月%d日", "%Y年%m月"),
}
"""The pattern of a day and of a month. An Excel month is the serial of its first day."""


class AmountForm(StrEnum):
    """A way of writing amounts of money."""

    PLAIN = "plain"
    GROUPED = "grouped"
    WAN = "wan"


def write_dates(days: pl.Series, form: DateForm = DateForm.DASHED, *, months: bool = False) -> pl.Series:
    """Dates as text. A column with days before 18 May 1927 is written dashed where Excel serials are asked for."""
    if form is DateForm.EXCEL:
        earliest = days.min()
        serial = (pl.col("day") - EXCEL_DAY_ZERO).dt.total_days()
        frame = days.alias("day").to_frame()
        if earliest is None or frame.select((pl.col("day") >= EARLIEST_EXCEL).all()).item():
            return frame.select(serial.cast(pl.String))["day"].rename(days.name)
        form = DateForm.DASHED
    return days.dt.strftime(PATTERNS[form][1 if months else 0])


def write_amounts(yuan: pl.Series, form: AmountForm = AmountForm.PLAIN) -> pl.Series:
    """Amounts given in yuan, as text: with two decimals (and thousands separators), or in 万元, exactly."""
    if form is AmountForm.WAN:
        return write_fixed(yuan, 4, scale=100, digits=6)
    text = write_fixed(yuan, 2, strip=False)
    return _grouped(text) if form is AmountForm.GROUPED else text


def write_fixed(
    numbers: pl.Series, places: int, *, scale: int | None = None, digits: int | None = None, strip: bool = True
) -> pl.Series:
    """Numbers as plain decimal text, rounded to ``places`` decimals; ``strip`` leaves out decimals that are zero.

    With ``scale``, the number is first multiplied by it and the point then stands before the last ``digits`` digits.
    """
    factor = scale if scale is not None else 10**places
    after = digits if digits is not None else places
    unit = 10**after
    whole = (pl.col("n").cast(pl.Float64) * factor).round().cast(pl.Int64)
    sign = pl.when(whole < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    text = sign + (whole.abs() // unit).cast(pl.String) + "." + (whole.abs() % unit).cast(pl.String).str.zfill(after)
    if strip:
        text = text.str.strip_chars_end("0").str.strip_chars_end(".")
    return numbers.alias("n").to_frame().select(text.alias("n"))["n"].rename(numbers.name)


def _grouped(text: pl.Series) -> pl.Series:
    grouped = text.str.replace(r"^(-?\d+)(\d{3})\.", "$1,$2.")
    for _ in range(4):
        grouped = grouped.str.replace(r"^(-?\d+)(\d{3}),", "$1,$2,")
    return grouped
