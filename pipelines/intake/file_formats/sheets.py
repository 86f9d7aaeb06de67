"""Sheets: what a workbook, a dBASE table or an archive holds, each as rows of text cells."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Self

from schemas.declaration import Title
from schemas.shown_names import shown_name as without_names

DIGITS_SHOWN = 15
"""As many as a spreadsheet keeps of a number and shows."""
LONGEST_NUMBER = 40
LONG_NUMBER = re.compile(r"\d{11,}")
ESCAPED_RETURN = re.compile(r"_x000[Dd]_")


@dataclass(frozen=True)
class TextFile:
    """A file whose bytes are text in lines, with its separators in ASCII."""

    path: Path
    encoding: str


@dataclass(frozen=True)
class Sheet:
    """One table of a delivery, or what may be one."""

    name: str
    rows: Callable[[], Iterator[list[str]]]
    """Its rows from the first, a blank one as a list that is empty or holds empty texts."""
    hidden: bool = False
    since_1904: bool = False
    """Whether its days are counted from 1904."""
    text: TextFile | None = None
    """Where it came as text."""
    remarks: tuple[Title, ...] = field(default=())
    """What its sender should know of it."""

    def inside(self, name: str) -> Self:
        """The sheet under the name of the file in an archive that it is in."""
        return replace(self, name=f"{name} / {self.name}" if self.name and not self.text else name)


def shown_name(name: str) -> str:
    """The name of a sheet or member in which no ID or telephone number can be read, and nobody's name."""
    shown = "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in name)
    return without_names(LONG_NUMBER.sub("…", shown))[:100]


def cell_text(value: object) -> str:
    """What a cell of a workbook says, as a text file would have it: dates as ISO 8601, numbers in plain digits."""
    return _TEXT_OF.get(type(value), str)(value)


def number_text(number: float) -> str:
    """A number without what binary fractions add: no more digits than a spreadsheet keeps, and no exponent."""
    if number.is_integer() and abs(number) < 10**DIGITS_SHOWN:
        return str(int(number))
    shown = f"{number:.{DIGITS_SHOWN}g}"
    plain = f"{Decimal(shown):f}"
    return plain if len(plain) <= LONGEST_NUMBER else shown


def _string(value: str) -> str:
    if "_x000" in value:
        value = ESCAPED_RETURN.sub("", value)
    return value.replace("\r\n", "\n").replace("\r", "\n") if "\r" in value else value


def _moment(value: datetime) -> str:
    if value.time() == time():
        return value.date().isoformat()
    return value.isoformat(" ", "seconds" if not value.microsecond else "milliseconds")


def _time(value: time) -> str:
    """Of a day, or the number 0 in a cell that is to show a date, and shows none."""
    return value.isoformat("seconds") if value != time() else "0"


def _nothing(_: None) -> str:
    return ""


def _truth(value: bool) -> str:  # noqa: FBT001
    return "TRUE" if value else "FALSE"


_TEXT_OF: dict[type, Callable[..., str]] = {
    type(None): _nothing,
    str: _string,
    bool: _truth,
    float: number_text,
    datetime: _moment,
    date: date.isoformat,
    time: _time,
    timedelta: str,
}
