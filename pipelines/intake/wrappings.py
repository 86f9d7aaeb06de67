"""What stands around a value and is no part of it: guards that keep a spreadsheet from counting, and labels.

``="0123"``, ``'0123`` and quotation marks guard a cell of any meaning. A label (身份证号:…, 金额:…) is taken off
where it is the column's own heading or a usual word for what the column holds; any other word before a colon is
part of the cell.
"""

import re

import pyarrow as pa
import pyarrow.compute as pc

from schemas.column import Column, Meaning

GUARDS = "='\"`‘’“”"
"""What a guarded cell begins with."""
APOSTROPHES = "['`‘’]"
UNGUARD = (
    (r'^=\s*(?:T\s*\()?\s*"+(.*?)"+\s*\)?$', r"\1"),
    (r"^=\s*([+-]?[0-9][0-9Xx.]*)$", r"\1"),
    (r'^"+([^"]*)"+$', r"\1"),
    (r"^“+([^“”]*)”+$", r"\1"),
    (rf"^{APOSTROPHES}+(.*?){APOSTROPHES}+$", r"\1"),
    (rf"^{APOSTROPHES}+", ""),
)
"""A formula that is no constant stays as it is: what it would come to is not known."""
DEEPEST = 3
"""How many guards are taken off one inside the other."""
LABELS: dict[Meaning, str] = {
    Meaning.ID_NUMBER: r"(?:居民|公民|二代)?(?:身份证(?:明|件)?|身份|证件)(?:号码|编号|号)?|ID(?: ?No\.?)?",
    Meaning.PERSON_NAME: "姓名|名字|姓 *名",
    Meaning.PHONE: "(?:联系|家庭|办公)?(?:电话|手机)(?:号码|号)?|座机|联系方式|Tel\\.?|TEL",
    Meaning.ADDRESS: "(?:家庭|详细|户籍|现)?(?:地址|住址)|住所|坐落",
    Meaning.AMOUNT: "金额|人民币|数额",
    Meaning.QUANTITY: "面积|比例",
    Meaning.COUNT: "人数|人口|套数|数量",
    Meaning.DATE: "日期|时间",
    Meaning.MONTH: "月份|年月|所属期|日期",
    Meaning.DIVISION: "(?:行政)?区划(?:代码)?|代码",
    Meaning.ORGANISATION_CODE: "(?:统一)?(?:社会)?信用代码|税号|代码",
    Meaning.ORGANISATION_NAME: "(?:单位|企业)?名称",
    Meaning.SERIAL: "编号|证号|号码",
}
"""Usual words for what a column of this meaning holds, beside the headings its contract knows."""


def unguarded(cells: pa.Array) -> pa.Array:
    """Cells of plain text (`pipelines.intake.cell_text`) without the guards around them; few have some."""
    guarded = pc.match_substring_regex(cells, f"^[{GUARDS}]")
    if not pc.any(guarded).as_py():
        return cells
    few = cells.filter(guarded)
    for _ in range(DEEPEST):
        for pattern, inner in UNGUARD:
            few = pc.replace_substring_regex(few, pattern, inner)
    return pc.replace_with_mask(cells, guarded, pc.utf8_trim(few, characters=" "))


def unlabelled(cells: pa.Array, column: Column) -> pa.Array:
    """Cells without the label before them."""
    return pc.replace_substring_regex(cells, _label(column), r"\1")


def _label(column: Column) -> str:
    words = [re.escape(word) for word in (column.header, *column.aliases)]
    if column.meaning in LABELS:
        words.append(LABELS[column.meaning])
    between = "[: ]*" if column.meaning is Meaning.ID_NUMBER else " *: *"
    value = r"([0-9].*)" if column.meaning is Meaning.ID_NUMBER else "(.*)"
    return rf"^(?:{'|'.join(words)}) *(?:\([^()]*\))?{between}{value}$"
