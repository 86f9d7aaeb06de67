"""Notes that people typed, as a masked page may show them.

No list knows the neighbour a note speaks of, and nothing tells a Chinese name from other words for certain. So a role
that never sees personal data sees no note at all. To the others a note is shown without what the case knows of its
people and without numbers, if nothing that is left can be a name; if anything can, it is hidden whole and is read
unmasked. ``reference/`` has the surnames, and the words with one in them that name nobody; a word not listed is taken
for a name.
"""

import re
import unicodedata
from functools import cache, partial
from pathlib import Path

from django.utils.translation import gettext

from review.known_people import LEAST_SIGNS, KnownPeople
from schemas.masks import DIVISION_DIGITS, HIDDEN, HIDDEN_WHOLE, mask_birth_date, mask_name

REFERENCE = Path(__file__).parent / "reference"
HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff"
# Direction marks, joiners, variation selectors: set between the signs of a name they hide it from a search.
NO_WIDTH = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]")
BETWEEN = r"[\s·•・．._-]*"
# A day is read before longer runs of digits, and stays.
DAY = r"(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}(?!\d)"
DIGITS = re.compile(rf"(?P<day>{DAY})|\d(?:[\s—－–.·_()/-]?\d)*[Xx]?")
AMOUNT = re.compile(r"\d{1,6}(?:\.\d{1,2})?")
WRITTEN_DIGITS = re.compile(r"(?:[〇零○一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖][\s-]?){6,}")
# As short a number as a telephone without its code; as short a piece of an ID number as people quote.
LEAST_DIGITS, LEAST_PIECE = 7, 4
# Whoever is introduced by one of these is named next, whatever the name.
NAMED = re.compile(r"名叫|叫做|叫作|姓名|小名|外号|绰号|化名|网名|微信号|别名")


def mask_note(note: str, known: KnownPeople, *, may_unmask: bool) -> str:
    """The note as a masked page shows it to a role that may, or may not, see it unmasked for a reason."""
    if not note.strip():
        return note
    length = {"length": len(note)}
    if not may_unmask:
        return (
            gettext("[A note of %(length)d characters: your role does not read notes, they speak of people.]") % length
        )
    shown = _without_known(note, known)
    if may_name_somebody(shown):
        return (
            gettext("[A note of %(length)d characters that may name people: see the case unmasked to read it.]")
            % length
        )
    return shown


def mask_unmasking_reason(because: str, known: KnownPeople) -> str:
    """Why somebody saw a case unmasked, for those who audit it: without what the cases know of their people."""
    return _without_known(because, known)


def may_name_somebody(text: str) -> bool:
    """Whether anything in the text can be a name: a surname and a sign after it, beyond the words known to be none."""
    surnames, ordinary = _surnames(), _ordinary()
    return bool(NAMED.search(text) or surnames.search(ordinary.sub("，", text)))


def _without_known(note: str, known: KnownPeople) -> str:
    text = "".join(map(_half_width, NO_WIDTH.sub("", note)))
    for day in known.birth_dates:
        text = _forms_of(day).sub(partial(_year_of, mask_birth_date(day)), text)
    text = known.masked(text)
    for name in sorted(known.names, key=len, reverse=True):
        signs = [sign for sign in map(_half_width, name) if sign.isalnum()]
        if len(signs) >= LEAST_SIGNS:
            text = re.sub(BETWEEN.join(map(re.escape, signs)), mask_name("".join(signs)), text)
        for called in _called(name):
            text = text.replace(called, HIDDEN * len(called))
    return WRITTEN_DIGITS.sub(HIDDEN_WHOLE, DIGITS.sub(lambda found: _digits(found, known), text))


def _year_of(year: str, found: re.Match[str]) -> str:
    """What stays of a birth date: its year, where the year was written."""
    return year if found[0].startswith(year) else HIDDEN_WHOLE


def _half_width(sign: str) -> str:
    """A letter, digit or Han character in its ordinary form; other signs as they are."""
    folded = unicodedata.normalize("NFKC", sign)
    return folded if folded.isalnum() else sign


def _called(name: str) -> list[str]:
    """How people call each other: by the given name, or by one part of a name with dots."""
    surname = mask_name(name).index(HIDDEN) if len(name) > 1 else 0
    parts = [name[surname:], *re.split(r"[·•・．.\s]+", name)]
    return [part for part in parts if LEAST_SIGNS <= len(part) < len(name)]


def _digits(found: re.Match[str], known: KnownPeople) -> str:
    """A number too long for an amount or a year, or a piece of somebody's own, is hidden."""
    if found["day"]:
        return found[0]
    digits = "".join(filter(str.isalnum, found[0].upper()))
    year = any(day.startswith(digits) for day in known.birth_dates)
    if len(digits) >= LEAST_PIECE and not year and any(digits in number[DIVISION_DIGITS:] for number in known.numbers):
        return HIDDEN_WHOLE
    return found[0] if len(digits) < LEAST_DIGITS or AMOUNT.fullmatch(found[0]) else HIDDEN_WHOLE


@cache
def _forms_of(day: str) -> re.Pattern[str]:
    """A date as people write it: 1956-8-14, 1956年08月14日, 8月14日, 19560814."""
    year, month, day_of_month = (part.lstrip("0") for part in day.split("-"))
    written = rf"0?{month}\s*[-./月]\s*0?{day_of_month}"
    compact = day.replace("-", "")
    return re.compile(rf"(?:{year}\s*[-./年]\s*{written}(?!\d)\s*[日号]?|(?<![\d.-]){written}\s*[日号]|{compact})")


@cache
def _surnames() -> re.Pattern[str]:
    signs = "".join((REFERENCE / "surnames.txt").read_text(encoding="utf-8").split())
    return re.compile(rf"[{signs}][ ·•・]?[{HAN}A-Za-z]")


@cache
def _ordinary() -> re.Pattern[str]:
    words = (REFERENCE / "ordinary_words.txt").read_text(encoding="utf-8").split()
    return re.compile("|".join(sorted(map(re.escape, words), key=len, reverse=True)))
