"""What people add to a header and what it is without: a unit, a number, a star, brackets, how to fill it in.

``*补贴金额（单位：万元）``, ``6.补贴金额/万元`` and ``【补贴金额】`` head the column that ``补贴金额`` heads.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from schemas.spellings import BRACKETS, fold_header

MONEY_UNITS = {"元": "yuan", "人民币": "yuan", "人民币元": "yuan", "¥": "yuan", "RMB": "yuan", "CNY": "yuan"} | {
    "万元": "wan_yuan",
    "万": "wan_yuan",
    "人民币万元": "wan_yuan",
}
OTHER_MONEY = ("千元", "百元", "百万元", "千万元", "亿元", "十万元", "角", "分", "美元", "港元", "港币", "欧元", "日元")
"""Units of money that no amount is read in."""
QUANTITY_UNITS = {
    **dict.fromkeys(("%", "百分比"), "percent"),
    **dict.fromkeys(("㎡", "m2", "平方米", "平米", "平方"), "square_metre"),
    **dict.fromkeys(("ml", "毫升", "cc"), "millilitre"),
    **dict.fromkeys(("小时", "h", "学时"), "hour"),
}
UNITS = {fold_header(word): unit for word, unit in (MONEY_UNITS | QUANTITY_UNITS).items()}

_UNIT = "|".join(sorted(map(re.escape, {*UNITS, *OTHER_MONEY}), key=len, reverse=True))
_SAYS_UNIT = re.compile(
    rf"(.+?)(?:\((?:金额)?(?:单位)?[:为]?(?P<within>{_UNIT})\)|[/_:,-](?:单位[:为]?)?(?P<after>{_UNIT}))"
)
_ENDS_IN_MONEY = re.compile(rf"(.+?)(?P<end>{'|'.join((*OTHER_MONEY[:6], '万元', '元'))})")
_MARKS = "*★☆●◆#'\"`‘’“”=:;、,. "
_NUMBERED = re.compile(r"(?:\d{1,2}[.、)]|\(\d{1,2}\)|\(?[一二三四五六七八九十]{1,3}[、)])(?=\D)")
_ENCLOSED = re.compile(r"\(([^()]+)\)")
_HOW_TO_FILL_IN = re.compile(
    r"\((?:[*必选非可]{1,2}[填录空选](?:项|字段)?|可不填|可空|文本(?:格式|型)?|数字|数值|日期|格式.*|如[:,].*|例如?[:,].*|"
    r"示例.*|[ymdhs年月日/.:\-]{2,20}(?:格式)?|\d{1,2}位(?:或\d{1,2}位)?(?:数字|号码)?)\)$",
    re.IGNORECASE,
)


LONGEST = 80
"""Signs of a header; what is longer is none."""


@dataclass(frozen=True)
class Form:
    """A header without what was added to it."""

    bare: str
    """Folded, and its brackets round."""
    unit: str | None = None
    """Which unit was added; empty where that is one nothing is read in."""


def form_of(header: str) -> Form:
    """The header without its additions, and the unit that they said."""
    if len(header) > LONGEST:
        return Form(header)
    text = fold_header(header).translate(BRACKETS)
    unit: str | None = None
    while text:
        before, text = text, text.strip(_MARKS)
        text = _HOW_TO_FILL_IN.sub("", _NUMBERED.sub("", text, count=1) if _NUMBERED.match(text) else text)
        if enclosed := _ENCLOSED.fullmatch(text):
            text = enclosed[1]
        if unit is None and (said := _SAYS_UNIT.fullmatch(text)):
            text, unit = said[1], UNITS.get(said["within"] or said["after"], "")
        if text == before:
            break
    return Form(text, unit)


def with_money_behind(form: Form) -> Form:
    """Of a header such as 补贴金额万元 the name and the unit; another as it is."""
    said = _ENDS_IN_MONEY.fullmatch(form.bare) if form.unit is None else None
    return Form(said[1], UNITS.get(said["end"], "")) if said else form


@lru_cache(maxsize=4_096)
def folded_names(headers: tuple[str, ...]) -> frozenset[str]:
    """Headers that a contract lists, folded."""
    return frozenset(map(fold_header, headers))


@lru_cache(maxsize=4_096)
def bare_names(headers: tuple[str, ...]) -> frozenset[str]:
    """Headers that a contract lists, as they stand in a ``Form``."""
    return frozenset(name.translate(BRACKETS) for name in folded_names(headers))
