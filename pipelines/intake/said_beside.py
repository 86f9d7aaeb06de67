"""Columns that no contract has and that say how others are to be read: in what unit a row's amounts are, for how long.

``金额单位: 万元`` and ``纳税期限: 季`` beside an amount make another amount of it. What they say is read into the cells
of the columns that the contract has; where that cannot be, the amount is not read as what it is not.
"""

import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from unicodedata import normalize

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.intake.typed_columns import Cells
from schemas.column import Meaning
from schemas.contract import Contract
from schemas.header_forms import OTHER_MONEY, form_of
from schemas.period import Period

UNIT, LENGTH = "unit", "length"
UNIT_HEADERS = frozenset(
    {"金额单位", "货币单位", "计价单位", "金额计量单位", "计量单位", "单位", "币种", "币别", "货币"}
)
LENGTH_HEADERS = frozenset(
    {
        *("纳税期限", "纳税周期", "申报周期", "缴纳周期", "缴费周期", "缴存周期", "发放周期", "发放频次", "发放频率"),
        *("所属期类型", "征期类型", "税款所属期类型", "计征周期", "核算周期"),
    }
)
"""Headers, folded and without what files add to them."""
OTHER_UNIT = re.compile(rf"万元?|{'|'.join(OTHER_MONEY)}|英镑|USD|HKD|EUR|JPY|GBP")
"""What makes another amount of a number; of anything else (元, an employer's name, nothing) it stays what it is."""
LENGTHS = {
    **dict.fromkeys(
        (
            "",
            "月",
            "月度",
            "月报",
            "月份",
            "每月",
            "1个月",
            "一个月",
            "1",
            "次",
            "每次",
            "单月",
            "日",
            "每日",
            "一次性",
        ),
        1,
    ),
    **dict.fromkeys(("季", "季度", "季报", "每季", "每季度", "3个月", "三个月", "3"), 3),
    **dict.fromkeys(("半年", "半年度", "半年报", "每半年", "6个月", "六个月", "6"), 6),
    **dict.fromkeys(("年", "年度", "年报", "每年", "全年", "12个月", "十二个月", "一年", "1年", "12"), 12),
}
"""Months that an amount is for, by the words for it without 按 and 申报."""
OTHER_LENGTH = re.compile(r"\D{0,4}\d{0,2}\D{0,2}[年季月旬周]\D{0,4}")
"""Of a period too, though nobody knows how long; anything else, such as a day, says nothing of one."""
_AROUND = re.compile(r"^按|(?:申报|缴纳|缴费|预缴|纳税|发放|征收|缴存)$")
A_MONTH = re.compile(r"(\d{4})[-/.年]?(\d{1,2})(?:月份?)?(?:[-/.]?\d{1,2}日?)?(?: .*)?")


def said_beside(cells: Sequence[str], known: set[int], contract: Contract) -> dict[str, int]:
    """Where such columns stand in a header, of those that no column of the contract is."""
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        bare = form_of(cell).bare if cell and place not in known else ""
        if bare in UNIT_HEADERS:
            found.setdefault(UNIT, place)
        if bare in LENGTH_HEADERS and contract.period:
            found.setdefault(LENGTH, place)
    return found


def in_their_units(
    contract: Contract, headers: dict[str, str], cells: dict[str, Cells], units: Cells
) -> dict[str, Cells]:
    """The cells of a block, where amounts under a header that says no unit carry that of their row."""
    said = units.holding(pa.array([_other_unit(text) for text in units.values.to_pylist()], pa.string())).rows()
    said = pc.cast(said, pa.string())
    if not pc.any(pc.not_equal(said, "")).as_py():
        return cells
    amounts = [
        column.name
        for column in contract.columns
        if column.meaning is Meaning.AMOUNT and column.name in cells and column.unit_said(headers[column.name]) is None
    ]
    return cells | {name: _with(cells[name], said) for name in amounts}


def over_their_periods(period: Period, cells: dict[str, Cells], lengths: Cells, day: date) -> dict[str, Cells]:
    """The cells of a block, where a row's month is the last of its quarter, half-year or year, and says the first.

    Quarters are those of the calendar. Amounts are unreadable where a row says of its period what nobody understands,
    or one that was not over on the ``day`` the delivery speaks for: then it is another than the calendar's.
    """
    month = cells.get(period.month)
    if month is None:
        return cells
    told = [_length(text) for text in lengths.values.to_pylist()]
    if all(length == 1 for length in told):
        return cells
    lengths_of_rows = pc.fill_null(lengths.holding(pa.array(told, pa.int64())).rows(), 0).to_pylist()
    months = pc.cast(month.rows(), pa.string()).to_pylist()
    ends = [_ends(text or "", length, day) for text, length in zip(months, lengths_of_rows, strict=True)]
    begins, last = (pa.array([one[place] if one else None for one in ends], pa.string()) for place in (0, 1))
    unclear = pa.array(["不详" if one is None else "" for one in ends], pa.string())
    amounts = {name: _with(cells[name], unclear) for name in period.amounts if name in cells}
    return (
        cells
        | amounts
        | {
            period.month: Cells(pc.coalesce(_said(last), pc.cast(month.rows(), pa.string()))),
            period.begins: _filled(cells.get(period.begins), begins),
            period.ends: _filled(cells.get(period.ends), last),
        }
    )


def _with(cells: Cells, behind: pa.Array) -> Cells:
    """The cells that say something, with more behind them."""
    own = pc.fill_null(pc.cast(cells.rows(), pa.string()), "")
    return Cells(pc.if_else(pc.equal(own, ""), own, pc.binary_join_element_wise(own, behind, "")))


def _filled(cells: Cells | None, others: pa.Array) -> Cells:
    others = pc.fill_null(others, "")
    if cells is None:
        return Cells(others)
    own = pc.fill_null(pc.cast(cells.rows(), pa.string()), "")
    return Cells(pc.if_else(pc.equal(own, ""), others, own))


def _said(texts: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts)


@cache
def _other_unit(text: str | None) -> str:
    unit = "".join(normalize("NFKC", text or "").split()).strip("()")
    return ("万元" if unit == "万" else unit) if OTHER_UNIT.fullmatch(unit) else ""


@cache
def _length(text: str | None) -> int:
    """Of how many months a cell speaks; 0 where nobody understands it."""
    word = "".join(normalize("NFKC", text or "").split()).strip("()")
    bare = _AROUND.sub("", _AROUND.sub("", word))
    return LENGTHS.get(bare, 0 if OTHER_LENGTH.fullmatch(bare) else 1)


def _ends(month: str, length: int, day: date) -> tuple[str, str] | None:
    """The first and the last month; blank for one month, None where they are not known."""
    if length == 1:
        return "", ""
    found = A_MONTH.fullmatch(month)
    if not found or not length:
        return None if month.strip() else ("", "")
    first = (int(found[2]) - 1) // length * length + 1
    last = first + length - 1
    if (int(found[1]), last) > (day.year, day.month):
        return None
    return f"{found[1]}-{first:02}", f"{found[1]}-{last:02}"
