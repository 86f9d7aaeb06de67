"""The unit of money that a table states for all its amounts, as 单位:万元 above it."""

import re
from collections.abc import Iterable
from unicodedata import normalize

from pipelines.intake.land import UnreadableDeliveryError
from schemas.spellings import simplified

STATED = re.compile(r"单\s*位\s*[:为是]?\s*([^\s,;。)]*)|\(([^()]*元)\)")
"""In a cell made half-width: what follows the word for unit, or what ends in yuan in parentheses."""
BETWEEN = re.compile(r"[、/和及]")
MONEY = re.compile(r"(?:人民币)?((?:亿|千万|百万|十万|万|千|百|美|港|欧|日)?元|角|分)(?:人民币)?")
APPLIED = frozenset({"元", "万元"})


def unit_stated(cells: Iterable[str]) -> str | None:
    """元 or 万元, as some of the cells say; None where none of them says one.

    Raises UnreadableDeliveryError where they say different ones, or one that amounts are not delivered in.
    """
    units: set[str] = set()
    for cell in cells:
        for after, within in STATED.findall(simplified(normalize("NFKC", cell))):
            told = (MONEY.fullmatch(part) for part in BETWEEN.split(after or within))
            units |= {money[1] for money in told if money}
    if not units:
        return None
    if len(units) == 1 and units <= APPLIED:
        return units.pop()
    said = "、".join(sorted(units))
    raise UnreadableDeliveryError(
        "unit_of_money",
        said,
        f"表头之上写明金额单位为“{said}”,无法确定各金额列的单位:请部门改为元,或在各金额列的表头中写明(元)或(万元)",
        f"the unit of money is said to be {said} above the header, and which amounts that is of cannot be told: ask "
        "the department for amounts in yuan, or with (元) or (万元) in the header of each",
    )
