"""What one name of a file or folder says, however it is spelled: days, numbers, parts, and the words that are left.

Width and case do not matter, nor what separates the words. Nothing is weighed here: a name that says two days says two.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

_NUMBER = r"(\d{1,3}|[一二三四五六七八九十]{1,3})"
_UNIT = r"(?:部分|分片|分册|分包|个文件|文件|部|份|片|册|包|卷|个)"
_GAP = r"[\s_\-.,]*"
_TIME = r"(?:(?:t|[-_\s])?(?:[01]\d|2[0-3])(?:(?::?[0-5]\d){1,2}|(?:-[0-5]\d){2})z?)?"
_DAY = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:"
    r"([-./])(\d{1,2})\2(\d{1,2})|([_\s])(\d\d)\5(\d\d)|\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]|(\d\d)(\d\d)"
    rf"){_TIME}(?!\d)"
)
_MONTH = re.compile(r"(?<!\d)(20\d\d)(?:[-_.]?(0[1-9]|1[0-2])|\s*年\s*(\d{1,2})\s*月(?:份)?)(?!\d)")
_EIGHT_DIGITS = re.compile(r"(?<!\d)\d{8}(?!\d)")
_PARTS: tuple[tuple[re.Pattern[str], tuple[int, int]], ...] = (
    # Each with the groups of the part and of how many; 0 where it is not said.
    (re.compile(rf"第?{_NUMBER}{_UNIT}?{_GAP}[/]?{_GAP}共{_GAP}{_NUMBER}{_UNIT}?"), (1, 2)),
    (re.compile(rf"共{_GAP}{_NUMBER}{_UNIT}?{_GAP}之?第{_NUMBER}{_UNIT}?"), (2, 1)),
    (re.compile(rf"(?:part|pt)?{_GAP}(?<!\d){_NUMBER}{_GAP}of{_GAP}{_NUMBER}(?!\d)"), (1, 2)),
    (re.compile(rf"(?<!\d){_NUMBER}之{_NUMBER}(?!\d)"), (2, 1)),
    (re.compile(rf"(?<!\d){_NUMBER}/{_NUMBER}(?!\d)"), (1, 2)),
    (re.compile(rf"第{_NUMBER}{_UNIT}"), (1, 0)),
    (re.compile(rf"(?:(?<![a-z])(?:part|pt)|分片|分卷|分包|分册){_GAP}{_NUMBER}(?!\d)"), (1, 0)),
)
_CORRECTS = re.compile(
    r"更正|修正|修订|订正|重报|重传|重新报送|(?<![a-z])(?:correction|corrected|replacement)(?![a-z])"
)
_COPY = re.compile(
    rf"(?:副本|复件|拷贝|(?<![a-z])copy(?![a-z])(?:{_GAP}of(?![a-z]))?){_GAP}(?:\(\d{{1,3}}\)|\d{{1,3}}(?!\d))?"
    r"|\(\d{1,3}\)"
)
_COUNTED = re.compile(r"(?:v|ver|version|第)?0*(\d{1,3})(?:次|版)?")
_DIGITS = {sign: number for number, sign in enumerate("一二三四五六七八九十", 1)}
_A_DAY = "\x00"
"""Stands where a day stood."""
_WORD = re.compile(rf"{_A_DAY}|[^\W_]+")


@dataclass(frozen=True)
class Words:
    """What a name says. ``numbers`` are those that count deliveries: behind the day, or else behind a word."""

    days: frozenset[date] = frozenset()
    months: frozenset[tuple[int, int]] = frozenset()
    """Year and month, where no day is said."""
    no_such_day: bool = False
    """What looks like a day is none, where no other is said."""
    numbers: tuple[int, ...] = ()
    parts: frozenset[tuple[int, int]] = frozenset()
    """Which part, and of how many; 0 where that is not said."""
    corrects: bool = False
    words: tuple[str, ...] = ()

    @property
    def squeezed(self) -> str:
        """All words as one."""
        return "".join(self.words)


@lru_cache(maxsize=10_000)
def read_name(text: str) -> Words:
    """Take a name apart. A copy's mark, such as (1) or 副本, says nothing."""
    text = unicodedata.normalize("NFKC", text).casefold()
    days: set[date] = set()
    months: set[tuple[int, int]] = set()
    parts: set[tuple[int, int]] = set()
    text = _take(_DAY, text, lambda found: _day(found, days), _A_DAY)
    no_such_day = not days and any(pattern.search(text) for pattern in (_DAY, _EIGHT_DIGITS))
    if not days and not no_such_day:
        text = _take(_MONTH, text, lambda found: _month(found, months), _A_DAY)
    for pattern, (which, many) in _PARTS:
        text = _take(pattern, text, _part_taker(which, many, parts), " ")
    corrects = bool(_CORRECTS.search(text))
    text = _COPY.sub(" ", _CORRECTS.sub(" ", text))
    numbers, words = _counted(text)
    return Words(frozenset(days), frozenset(months), no_such_day, numbers, frozenset(parts), corrects, words)


def _take(pattern: re.Pattern[str], text: str, take: Callable[[re.Match[str]], bool], left: str) -> str:
    """The text with ``left`` in place of every match that is taken."""
    return pattern.sub(lambda found: f" {left} " if take(found) else found[0], text)


def _day(found: re.Match[str], days: set[date]) -> bool:
    month, day = (int(one) for one in found.groups()[1:] if one and one.isdecimal())
    try:
        days.add(date(int(found[1]), month, day))
    except ValueError:
        return False
    return True


def _month(found: re.Match[str], months: set[tuple[int, int]]) -> bool:
    months.add((int(found[1]), int(found[2] or found[3])))
    return True


def _part_taker(which: int, many: int, parts: set[tuple[int, int]]) -> Callable[[re.Match[str]], bool]:
    def take(found: re.Match[str]) -> bool:
        parts.add((_number(found[which]), _number(found[many]) if many else 0))
        return True

    return take


def _number(text: str) -> int:
    """A number up to 99 in Chinese, or one in digits."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + (_DIGITS.get(ones, 0) if ones else 0)


def _counted(text: str) -> tuple[tuple[int, ...], tuple[str, ...]]:
    """The numbers behind the day, or behind the first word where there is no day; and all other words."""
    numbers: list[int] = []
    words: list[str] = []
    behind = _A_DAY not in text
    for word in _WORD.findall(text):
        if word == _A_DAY:
            behind = True
        elif behind and (words or _A_DAY in text) and (found := _COUNTED.fullmatch(word)):
            numbers.append(int(found[1]))
        else:
            words.append(word)
    return tuple(numbers), tuple(words)
