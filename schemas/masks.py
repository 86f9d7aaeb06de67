"""Personal data as people may see it by default: what a value means decides its mask, in Python and in SQL alike.

What is left of a value must not give the rest away together with anything else that is told beside it. Of an ID number
the issuing division alone is left: with the year of birth and the sex some 180,000 sound numbers remain. The last four
digits, sequence and check, would leave 33; the check digit alone a few dozen where an age narrows the birthday.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

from schemas.column import Meaning

SQL = Path(__file__).parent / "masks.sql"

HIDDEN = "*"
HIDDEN_WHOLE = HIDDEN * 4
# The compound surnames still in use; a surname tells little, so all of it stays.
COMPOUND_SURNAMES = frozenset(
    (
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "司徒",
        "皇甫",
        "尉迟",
        "令狐",
        "慕容",
        "夏侯",
        "东方",
        "公孙",
        "端木",
        "轩辕",
        "长孙",
        "宇文",
        "独孤",
        "南宫",
        "申屠",
        "钟离",
        "闻人",
        "澹台",
    )
)
NAME_DOTS = "·•・．."
DIVISION_DIGITS = 6
KEPT_OF_ADDRESS = 6
KEPT_OF_SERIAL = 4
ID_LENGTHS = (15, 18)
# Fewer digits than these in a row are never a whole ID number.
LEAST_OF_NUMBER = 15
# Not inside a longer run of small letters and digits, such as a row's hash.
_ALONE, _ENDS = r"(?<![0-9a-z])", r"(?![0-9a-z])"
_LONG_NUMBER = re.compile(rf"{_ALONE}\d{{{LEAST_OF_NUMBER},}}[Xx]?{_ENDS}")
# As numbers were masked once, in the reasons of nights long published.
_MASKED_ONCE = re.compile(rf"{_ALONE}(\d{{{DIVISION_DIGITS}}})(\*{{3,}}[0-9Xx]+){_ENDS}")
_TELEPHONE = re.compile(rf"{_ALONE}(?:1[3-9]\d{{9}}|0\d{{2,3}}[-－—]?\d{{7,8}}|400[-－—]?\d{{3}}[-－—]?\d{{4}}){_ENDS}")
_LONG_IN_NAME = re.compile(r"\d{6,}[Xx]?")
# Every blank, written out: Python, DuckDB and Spark read ``\s`` each in its own way.
BLANKS = "\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
PLATE_SIGNS = (
    f"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Za-z][{BLANKS}·•・]?"
    "([0-9A-Za-z]{5,6}|[0-9A-Za-z]{4}[学警港澳挂领试超])"
)
LONG_NUMBER_SIGNS = rf"\p{{N}}([^\p{{L}}\p{{N}}]*\p{{N}}){{{LEAST_OF_NUMBER - 1}}}"
"""``holds_long_number`` for SQL."""
PLATE = re.compile(rf"{PLATE_SIGNS}(?![0-9A-Za-z])")


def mask_id_number(number: str) -> str:
    """Keep the issuing division: 529901************. What is not 15 or 18 long is hidden whole."""
    kept = DIVISION_DIGITS if len(number) in ID_LENGTHS else 0
    return number[:kept] + HIDDEN * (len(number) - kept)


def mask_name(name: str) -> str:
    """Keep the surname (张三 to 张*, 欧阳娜娜 to 欧阳**), or of a name joined by dots the first sign (阿*·***)."""
    kept = 2 if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else 1
    if len(name) <= 1:
        return HIDDEN * len(name)
    return name[:kept] + "".join(sign if sign in NAME_DOTS else HIDDEN for sign in name[kept:])


def mask_birth_date(born: str) -> str:
    """Keep the year of a date that begins with it; anything else is hidden whole."""
    year = born[:4]
    return year if len(year) == 4 and year.isdecimal() else HIDDEN * len(born)


def mask_phone(number: str) -> str:
    """Keep two digits at either end; a number of less than nine is hidden whole."""
    return number[:2] + HIDDEN * (len(number) - 4) + number[-2:] if len(number) > 8 else HIDDEN * len(number)


def mask_plate(plate: str) -> str:
    """Keep province, city and the last sign: 贵A****5."""
    return plate[:2] + HIDDEN_WHOLE + plate[-1:]


def mask_address(address: str) -> str:
    """Keep the first six signs, about province and city."""
    return address[:KEPT_OF_ADDRESS] + HIDDEN * max(len(address) - KEPT_OF_ADDRESS, 0)


def mask_serial(serial: str) -> str:
    """Keep the last four signs of a longer number: ****0133. One that holds an ID number is hidden whole."""
    if PLATE.fullmatch(serial):
        return mask_plate(serial)
    if len(serial) < 2 * KEPT_OF_SERIAL or holds_long_number(serial):
        return HIDDEN_WHOLE
    return HIDDEN_WHOLE + serial[-KEPT_OF_SERIAL:]


def mask_household_no(number: str) -> str:
    """The number a register gives a household, by which offices find it: whole, unless it holds a person's number."""
    return HIDDEN_WHOLE if holds_long_number(number) else number


def holds_long_number(value: str) -> bool:
    """Whether as many digits as an ID number has stand in a row, whatever but letters separates them."""
    in_a_row = 0
    for sign in value:
        kind = unicodedata.category(sign)[0]
        in_a_row = in_a_row + 1 if kind == "N" else 0 if kind == "L" else in_a_row
        if in_a_row == LEAST_OF_NUMBER:
            return True
    return False


def alphanumeric(value: str) -> str:
    """Letters and digits alone, half-width and in capitals."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", value))).upper()


def mask_numbers(text: str) -> str:
    """A sentence with every ID number, telephone and plate in it masked, however much of it stood there before."""
    text = _LONG_NUMBER.sub(lambda found: _division_of(found.group()), text)
    text = _MASKED_ONCE.sub(lambda found: found[1] + HIDDEN * len(found[2]), text)
    text = _TELEPHONE.sub(lambda found: mask_phone(found.group()), text)
    return PLATE.sub(lambda found: mask_plate(found.group()), text)


def mask_long_numbers(name: str) -> str:
    """The name of a file with every number of six or more digits hidden, but for days, times after one, and months."""
    return _LONG_IN_NAME.sub(lambda found: found[0] if _is_day(found[0]) else HIDDEN * len(found[0]), name)


def _is_day(digits: str) -> bool:
    day = {6: f"{digits}01"}.get(len(digits), digits[:8] if len(digits) in (8, 12, 14) else "")
    try:
        return digits.isdecimal() and 1990 <= date.fromisoformat(day).year < 2100
    except ValueError:
        return False


def _division_of(number: str) -> str:
    return number[:DIVISION_DIGITS] + HIDDEN * (len(number) - DIVISION_DIGITS)


def _whole(value: str) -> str:
    return value


MASKS: Mapping[Meaning, Callable[[str], str]] = {
    Meaning.ID_NUMBER: mask_id_number,
    Meaning.PERSON_NAME: mask_name,
    Meaning.PHONE: mask_phone,
    Meaning.ADDRESS: mask_address,
    Meaning.SERIAL: mask_serial,
    # Traders pay tax under their own number, shops bear their owners' names, and free text may hold anything.
    Meaning.ORGANISATION_CODE: mask_numbers,
    Meaning.ORGANISATION_NAME: mask_numbers,
    Meaning.TEXT: mask_numbers,
    Meaning.DATE: _whole,
    Meaning.MONTH: _whole,
    Meaning.DIVISION: _whole,
    Meaning.CODE: _whole,
    Meaning.AMOUNT: _whole,
    Meaning.QUANTITY: _whole,
    Meaning.COUNT: _whole,
}
SHOWN_WHOLE = frozenset(meaning for meaning, mask in MASKS.items() if mask is _whole)
"""What tells nobody who somebody is; but see ``mask_value`` of birth dates."""
SQL_MASKS: Mapping[Meaning, str] = {
    Meaning.ID_NUMBER: "mask_id",
    Meaning.PERSON_NAME: "mask_name",
    Meaning.SERIAL: "mask_number",
}
"""The macros of ``masks_sql``, by what they mask."""


def mask_value(meaning: Meaning | None, value: str, *, born: bool = False) -> str:
    """What may be seen of a value that means this; without a meaning, nothing. ``born``: it is a birth date."""
    if meaning is None:
        return HIDDEN_WHOLE if value else value
    return mask_birth_date(value) if born else MASKS[meaning](value)


def masks_sql() -> str:
    """``SQL_MASKS`` as macros, for either engine. Rules call ``mask_number`` of a plate ``mask_plate``."""
    return SQL.read_text(encoding="utf-8").format(
        id_lengths=ID_LENGTHS,
        division=DIVISION_DIGITS,
        surnames=tuple(sorted(COMPOUND_SURNAMES)),
        dots=NAME_DOTS,
        plate=PLATE_SIGNS,
        least=2 * KEPT_OF_SERIAL,
        kept=KEPT_OF_SERIAL,
        long_number=LONG_NUMBER_SIGNS,
        hidden=HIDDEN_WHOLE,
    )
