"""The computation of a household's income, read back from the sentence the rule wrote, line by line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

_NUMBER = r"-?\d+(?:\.\d+)?"
# As rules/shared/household_income.sql and household_month.sql write it; Chinese punctuation of either width.
_ZH_PERIOD = r"(?P<period>\d{4}-\d{2}(?: 至 \d{4}-\d{2} 共 \d+ 个月)?)"
_EN_PERIOD = r"(?P<period>\d{4}-\d{2}(?: to \d{4}-\d{2}, \d+ months)?)"
_ZH = re.compile(
    rf"{_ZH_PERIOD}\s*[:：](?P<lines>[^:：]*?)[;；]\s*合计\s*(?P<total>{_NUMBER})\s*元\s*÷\s*(?P<heads>\d+)\s*人"
    rf"\s*=\s*每人\s*(?P<each>{_NUMBER})\s*元[,，]\s*标准\s*(?P<standard>{_NUMBER})"
)
_EN = re.compile(
    rf"{_EN_PERIOD}:(?P<lines>[^:]*?);\s*together\s*(?P<total>{_NUMBER})\s*yuan for\s*(?P<heads>\d+)"
    rf"\s*=\s*(?P<each>{_NUMBER})\s*a head,\s*standard\s*(?P<standard>{_NUMBER})"
)
_LINE = re.compile(rf"^\s*(?P<what>.+?)\s+(?P<amount>{_NUMBER})\s*$")


@dataclass(frozen=True)
class IncomeLine:
    """One income (positive) or deduction (negative), in yuan."""

    what: str
    amount: Decimal


@dataclass(frozen=True)
class Income:
    """A month or an accounting period of a household: its lines, their sum, and what a head has of it."""

    period: str
    lines: Sequence[IncomeLine]
    total: Decimal
    heads: int
    each: Decimal
    standard: Decimal

    @property
    def over(self) -> Decimal:
        """How far a head is over the standard."""
        return self.each - self.standard


def read_income(reason: str) -> Income | None:
    """The computation in a reason in either language; None when there is none, or its lines do not add up."""
    found = _ZH.search(reason) or _EN.search(reason)
    if found is None:
        return None
    lines = []
    for part in re.split("[;；]", found["lines"]):
        line = _LINE.match(part)
        if line is None:
            return None
        lines.append(IncomeLine(line["what"], Decimal(line["amount"])))
    total = Decimal(found["total"])
    if sum(line.amount for line in lines) != total:
        return None
    return Income(
        found["period"], lines, total, int(found["heads"]), Decimal(found["each"]), Decimal(found["standard"])
    )
