"""Cells of a month that state a whole period: 202007-202009, 2020年第3季度, 2020Q3, 2020年上半年, 2020年度."""

import re

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.intake.typed_columns import Cells
from schemas.period import Period

MONTH = r"(?:\d{4}[-/.年]?\d{1,2}月?份?(?:[-/.]?\d{1,2}日?)?)"
FROM_TO = re.compile(rf"({MONTH})(?:至|到|~|～|—+|--?)({MONTH})")
OF_A_YEAR = re.compile(r"(\d{4})年(\d{1,2})月?(?:至|到|~|～|—+|-)(\d{1,2})月份?")
QUARTER = re.compile(r"(\d{4})年?第?(?:([1-4一二三四])季度?|[Qq]([1-4]))")
HALF = re.compile(r"(\d{4})年?(上|下)半年度?")
YEAR = re.compile(r"(\d{4})(?:年度|年全年|全年)")


def with_stated_periods(period: Period, cells: dict[str, Cells]) -> dict[str, Cells]:
    """The cells of a block, where a period that a cell of the month states stands in the columns of its months.

    A file without a column of the month has it from the end of the period.
    """
    month = cells.get(period.month)
    if month is None:
        return cells | {period.month: cells[period.ends]} if period.ends in cells else cells
    stated = [_period(text) for text in month.values.to_pylist()]
    found = cells
    if any(stated):
        first, last = (pa.array([one[end] if one else None for one in stated], pa.string()) for end in (0, 1))
        found = cells | {
            period.month: month.holding(pc.coalesce(last, month.values)),
            period.begins: _filled(cells.get(period.begins), month.holding(first)),
            period.ends: _filled(cells.get(period.ends), month.holding(last)),
        }
    ends = cells.get(period.ends)
    if ends is not None and pc.any(pc.equal(found[period.month].values, "")).as_py():
        found = found | {period.month: _filled(found[period.month], ends)}
    return found


def _filled(cells: Cells | None, others: Cells) -> Cells:
    """The cells, and where they are blank those of the others."""
    if cells is None:
        return others
    own, rest = (pc.cast(one.rows(), pa.string()) for one in (cells, others))
    return Cells(pc.if_else(pc.equal(pc.fill_null(own, ""), ""), pc.fill_null(rest, ""), own))


def _period(text: str | None) -> tuple[str, str] | None:
    """The first and the last month that a text states, as cells of a month."""
    text = "".join((text or "").split())
    if pair := FROM_TO.fullmatch(text):
        return pair[1], pair[2]
    if months := OF_A_YEAR.fullmatch(text):
        return f"{months[1]}-{months[2]}", f"{months[1]}-{months[3]}"
    if quarter := QUARTER.fullmatch(text):
        last = 3 * ("一二三四".find(quarter[2] or "x") + 1 or int(quarter[2] or quarter[3]))
        return f"{quarter[1]}-{last - 2:02}", f"{quarter[1]}-{last:02}"
    if half := HALF.fullmatch(text):
        last = 6 if half[2] == "上" else 12
        return f"{half[1]}-{last - 5:02}", f"{half[1]}-{last:02}"
    if year := YEAR.fullmatch(text):
        return f"{year[1]}-01", f"{year[1]}-12"
    return None
