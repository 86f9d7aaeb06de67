"""Resident identity numbers (GB 11643): cleaning, verdicts, upgrading, and what a number says of its holder.

Eighteen characters: 6 digits of issuing division, 8 of birth date, 3 of sequence (odd for men) and a check character by
ISO 7064 MOD 11-2 (`X` stands for 10). Before 1999, fifteen digits: a two-digit year and no check. Everything here works
on whole Arrow columns: rows of one width are read straight out of the Arrow buffer as a matrix of bytes.
Nothing here repairs a number; `matchers.identity.id_faults` proposes what a damaged one may have been.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from enum import StrEnum
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from engines.column_bytes import (
    Flags,
    explode,
    holding,
    identity_table,
    implode,
    membership_table,
    one_array,
    places_where,
    text_bytes,
)
from engines.plain_characters import INVISIBLE

Bytes: TypeAlias = npt.NDArray[np.uint8]
Digits: TypeAlias = npt.NDArray[np.int8]

CHECK_CHARACTERS = np.frombuffer(b"10X98765432", dtype=np.uint8)
"""Check character by (weighted sum of the 17 digits) mod 11 (GB 11643-1999, annex)."""
WEIGHTS = np.array([pow(2, 17 - place, 11) for place in range(18)], dtype=np.int32)
"""ISO 7064 MOD 11-2: place i weighs 2^(17-i) mod 11, and a sound number's weighted sum is 1 mod 11."""
FIRST_YEAR, LAST_YEAR = 1900, 2099
"""Years in which a birth date is taken to be possible; no holder was born before 1900."""
RESERVED_FIRST, RESERVED_LAST = 529901, 529988
"""Issuing codes that no county has, kept for invented data."""
STRIDE = 1 << 16
"""Rows worked on at a time, so that the matrices stay in the processor's cache."""

_PLACEHOLDER_TEXTS = ("无", "不详", "未知", "暂无", "没有", "NULL", "NONE", "NAN", "N/A", "NA", "123456789012345678")
_SIGNS = r"[^0-9A-Z\p{Han}]*"
_WRAPPED = (
    rf"^{_SIGNS}(?:(?:(?:公民|居民)?身份|证件)证?(?:号码|号)?|(?:身份)?证号|号码|ID(?:NO|CARD)?|SFZH?)?{_SIGNS}"
    rf"([0-9]{{17}}[0-9X]|[0-9]{{15}})(?:{_SIGNS}(?:已?核[实对]?|核对无误|无误|有效|本人|升位))?{_SIGNS}$"
)
"""A number in signs (="…", '…') or after its label (身份证: …). Another word may say whose it is: it stays."""
_PAPERS = (
    r"^[A-Z]{1,2}[0-9]{7,8}$"  # passports: E12345678, EA1234567 (GA/T 704), and most foreign ones
    r"|^[HM](?:[0-9]{8}|[0-9]{10})$"  # permits of residents of Hong Kong and Macau
    r"|^[A-Z]{3}[0-9]{12}$"  # the foreign permanent resident's card before 2023
    r"|^[A-Z][0-9]{9}$"  # a newborn's birth certificate
    r"|^\p{Han}{1,6}第?[0-9]{4,10}号?$"  # soldiers' papers: 军字第1234567号
)
"""How papers other than the resident card are numbered (assumed where no standard is named)."""
_MONTH_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 0, 0, 0], dtype=np.int16)
_BLANKS = " \t\r\n\u00a0\u2000\u2002\u2003\u2009\u200b\u200c\u200d\u3000\ufeff"
_HYPHENS = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d"
_APOSTROPHES = "'`\u2018\u2019\uff07"


class Verdict(StrEnum):
    """What is known of a cleaned number, from the number alone."""

    SOUND = "sound"
    SOUND_15 = "sound_15"
    PAPER = "paper"
    """Of another paper than the resident card: an identity, if not one that its digits prove."""
    BLANK = "blank"
    PLACEHOLDER = "placeholder"
    LENGTH = "length"
    CHARACTERS = "characters"
    DATE = "date"
    CHECKSUM = "checksum"


_VERDICTS = list(Verdict)
_CODE = {verdict: code for code, verdict in enumerate(_VERDICTS)}


def _cleaning_table() -> npt.NDArray[np.uint32]:
    table = identity_table()
    table[0xFF01:0xFF5F] = np.arange(0x21, 0x7F, dtype=np.uint32)
    upper = np.arange(26, dtype=np.uint32)
    table[ord("a") : ord("z") + 1] = upper + ord("A")
    table[0xFF41:0xFF5B] = upper + ord("A")
    return table


_CLEANED = _cleaning_table()
_DROPPED = membership_table(_BLANKS + _HYPHENS) | INVISIBLE
_APOSTROPHE = membership_table(_APOSTROPHES)


def clean(array: pa.Array, unwrapped: Callable[[pa.Array], pa.Array] = lambda few: few) -> pa.Array:
    """Numbers half-width and upper-case, without blanks, hyphens, invisible marks or an apostrophe; never repaired.

    A null stays null; a number of nothing but blanks becomes an empty string. ``unwrapped`` takes off what stands
    around a number; it is asked about those alone that are not written in digits only.
    """
    array = one_array(array).cast(pa.string())
    content, offsets = text_bytes(array)
    odd = places_where(_is_odd, content)
    if not len(odd):
        return array
    dirty = holding(odd, offsets)
    return pc.replace_with_mask(array, pa.array(dirty), _clean_dirty(unwrapped(array.filter(pa.array(dirty)))))


def _is_odd(content: Bytes) -> Flags:
    odd: Flags = ((content < ord("0")) | (content > ord("9"))) & (content != ord("X"))
    return odd


def _clean_dirty(array: pa.Array) -> pa.Array:
    flat = explode(array)
    flat = flat.kept(~_DROPPED[flat.points])
    leading = np.zeros(len(flat.points), dtype=np.bool_)
    starts = flat.offsets[:-1][flat.lengths() > 0]
    leading[starts] = _APOSTROPHE[flat.points[starts]]
    cleaned = implode(flat.kept(~leading).mapped(_CLEANED), np.asarray(array.is_valid()))
    return pc.replace_substring_regex(cleaned, _WRAPPED, r"\1")


def matrix(array: pa.Array, width: int) -> tuple[Bytes, npt.NDArray[np.int64]]:
    """The rows that are exactly `width` bytes wide, as a matrix (rows × width), and their indexes in `array`."""
    array = one_array(array)
    lengths = pc.fill_null(pc.binary_length(array), 0)
    wide = pc.equal(lengths, width)
    indexes = np.flatnonzero(np.asarray(wide))
    if len(indexes) != len(array):
        array = array.filter(wide)
    content, _ = text_bytes(array)
    return content.reshape(-1, width), indexes


def strings(rows: Bytes) -> pa.Array:
    """A matrix of ASCII bytes as an Arrow string array, one string a row."""
    count, width = rows.shape
    offsets = np.arange(count + 1, dtype=np.int64) * width
    content = np.ascontiguousarray(rows).tobytes()
    array = pa.LargeStringArray.from_buffers(count, pa.py_buffer(offsets.tobytes()), pa.py_buffer(content))
    return array.cast(pa.string())


def values(rows: Bytes) -> Digits:
    """What each character counts in the checksum: digits 0 to 9, `X` 10, anything else -1."""
    return _VALUES[rows]


def _value_table() -> Digits:
    table = np.full(256, -1, dtype=np.int8)
    table[ord("0") : ord("9") + 1] = np.arange(10)
    table[ord("X")] = 10
    return table


_VALUES = _value_table()


def weighted_sum(digits: Digits) -> npt.NDArray[np.int32]:
    """Weighted sum mod 11 of the first 17 or all 18 characters' values; 1 for a sound number of 18."""
    total = digits.astype(np.float32) @ WEIGHTS[: digits.shape[1]].astype(np.float32)
    return np.asarray(total.astype(np.int32) % 11)


def dates_valid(years: npt.NDArray[np.int16], months: npt.NDArray[np.int16], days: npt.NDArray[np.int16]) -> Flags:
    """Whether each year, month and day is a day of the calendar between 1900 and 2099."""
    leap = (years % 4 == 0) & ((years % 100 != 0) | (years % 400 == 0))
    longest = _MONTH_DAYS[np.clip(months, 0, 13)] + (leap & (months == 2))
    return np.asarray((years >= FIRST_YEAR) & (years <= LAST_YEAR) & (days >= 1) & (days <= longest))


def birth_parts(
    digits: Digits,
) -> tuple[npt.NDArray[np.int16], npt.NDArray[np.int16], npt.NDArray[np.int16]]:
    """Year, month and day written in rows of 18 (or 17) or of 15 values; a two-digit year is of the 1900s."""
    wide = digits.astype(np.int16)
    if digits.shape[1] == 15:
        return 1900 + wide[:, 6] * 10 + wide[:, 7], wide[:, 8] * 10 + wide[:, 9], wide[:, 10] * 10 + wide[:, 11]
    years = wide[:, 6] * 1000 + wide[:, 7] * 100 + wide[:, 8] * 10 + wide[:, 9]
    return years, wide[:, 10] * 10 + wide[:, 11], wide[:, 12] * 10 + wide[:, 13]


def _pair_tables() -> list[npt.NDArray[np.int16]]:
    """What each two characters add to the weighted sum, by their place and their 16 bits; AMISS if they may be amiss.

    A year is of the 1900s or 2000s, a month 01 to 12; a day after the 28th has to be looked up in the calendar.
    """
    plain = {6: ("19", "20"), 10: [f"{month:02}" for month in range(1, 13)], 12: [f"{day:02}" for day in range(1, 29)]}
    tables = []
    for place in range(0, 18, 2):
        seconds = "0123456789X" if place == 16 else "0123456789"
        table = np.full(1 << 16, AMISS, np.int16)
        for pair in plain.get(place, [first + second for first in "0123456789" for second in seconds]):
            first, second = np.frombuffer(pair.encode(), np.uint8)
            counted = int(_VALUES[first]) * int(WEIGHTS[place]) + int(_VALUES[second]) * int(WEIGHTS[place + 1])
            table[int(first) | int(second) << 8] = counted % 11
        tables.append(table)
    return tables


AMISS = 1_000
_PAIR_TABLES = _pair_tables()
_SUM_IS_SOUND = np.array([total < AMISS and total % 11 == 1 for total in range(9 * AMISS + 1)])


def _plainly_sound(rows: Bytes) -> Flags:
    """Rows that are sound at a glance, as nearly all are; nothing is said of the others."""
    pairs = np.ascontiguousarray(rows).view("<u2")
    total = _PAIR_TABLES[0][pairs[:, 0]]
    for place in range(1, 9):
        total += _PAIR_TABLES[place][pairs[:, place]]
    return np.asarray(_SUM_IS_SOUND[total])


def _codes_18(rows: Bytes) -> npt.NDArray[np.int8]:
    codes = np.full(len(rows), _CODE[Verdict.SOUND], dtype=np.int8)
    others = np.flatnonzero(~_plainly_sound(rows))
    codes[others] = _judged_18(rows[others])
    return codes


def _judged_18(rows: Bytes) -> npt.NDArray[np.int8]:
    digits = values(rows)
    body = digits[:, :17]
    written = ((body >= 0) & (body <= 9)).all(axis=1) & (digits[:, 17] >= 0)
    codes = np.full(len(rows), _CODE[Verdict.SOUND], dtype=np.int8)
    codes[weighted_sum(digits) != 1] = _CODE[Verdict.CHECKSUM]
    codes[~dates_valid(*birth_parts(digits))] = _CODE[Verdict.DATE]
    codes[~written] = _CODE[Verdict.CHARACTERS]
    codes[(rows == rows[:, :1]).all(axis=1)] = _CODE[Verdict.PLACEHOLDER]
    return codes


def _codes_15(rows: Bytes) -> npt.NDArray[np.int8]:
    digits = values(rows)
    codes = np.full(len(rows), _CODE[Verdict.SOUND_15], dtype=np.int8)
    codes[~dates_valid(*birth_parts(digits))] = _CODE[Verdict.DATE]
    codes[~((digits >= 0) & (digits <= 9)).all(axis=1)] = _CODE[Verdict.CHARACTERS]
    codes[(rows == rows[:, :1]).all(axis=1)] = _CODE[Verdict.PLACEHOLDER]
    return codes


def _repeats_one_character(array: pa.Array) -> Flags:
    flat = explode(array)
    firsts = np.repeat(flat.points[np.minimum(flat.offsets[:-1], max(len(flat.points) - 1, 0))], flat.lengths())
    return ~flat.any_of(flat.points != firsts)


def _codes(array: pa.Array) -> npt.NDArray[np.int8]:
    codes = np.full(len(array), _CODE[Verdict.LENGTH], dtype=np.int8)
    lengths = np.asarray(pc.fill_null(pc.binary_length(array), 0))
    other = (lengths != 18) & (lengths != 15) & (lengths > 0)
    if other.any():
        codes[np.flatnonzero(other)[_repeats_one_character(array.filter(pa.array(other)))]] = _CODE[Verdict.PLACEHOLDER]
    codes[lengths == 0] = _CODE[Verdict.BLANK]
    for width, judge in ((18, _codes_18), (15, _codes_15)):
        rows, indexes = matrix(array, width)
        if len(rows):
            codes[indexes] = judge(rows)
    unsound = np.flatnonzero((codes != _CODE[Verdict.SOUND]) & (codes != _CODE[Verdict.BLANK]))
    named = pc.is_in(array.take(pa.array(unsound)), pa.array(_PLACEHOLDER_TEXTS, pa.string()))
    codes[unsound[np.asarray(named)]] = _CODE[Verdict.PLACEHOLDER]
    others = unsound[np.isin(codes[unsound], [_CODE[Verdict.LENGTH], _CODE[Verdict.CHARACTERS]])]
    papers = pc.match_substring_regex(array.take(pa.array(others)), _PAPERS)
    codes[others[np.asarray(papers)]] = _CODE[Verdict.PAPER]
    return codes


def verdicts(array: pa.Array) -> pa.Array:
    """The verdict on each *cleaned* number, as a dictionary-encoded string; never null.

    The first that holds, in this order: blank, placeholder (one character repeated, or a word for none), paper (of
    another kind, by its form), length, characters, date, checksum; else sound, or sound_15.
    """
    array = one_array(array).cast(pa.string())
    parts = [_codes(array.slice(start, STRIDE)) for start in range(0, len(array), STRIDE)]
    codes = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int8)
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array([str(verdict) for verdict in _VERDICTS]))


def upgrade(array: pa.Array) -> pa.Array:
    """Sound numbers of 15 digits as 18 (`19` put in, the check added); sound ones of 18 as they are; others null."""
    array = one_array(array).cast(pa.string())
    judged = verdicts(array)
    old = np.asarray(pc.equal(judged, str(Verdict.SOUND_15)))
    sound = pc.equal(judged, str(Verdict.SOUND))
    result = pc.if_else(sound, array, pa.scalar(None, pa.string()))
    if not old.any():
        return result
    rows, _ = matrix(array.filter(pa.array(old)), 15)
    return pc.replace_with_mask(result, pa.array(old), strings(upgraded_rows(rows)))


def upgraded_rows(rows: Bytes) -> Bytes:
    """Rows of 15 digits as rows of 18 characters."""
    century = np.broadcast_to(np.frombuffer(b"19", dtype=np.uint8), (len(rows), 2))
    body = np.concatenate([rows[:, :6], century, rows[:, 6:]], axis=1)
    return np.concatenate([body, check_characters(values(body))[:, None]], axis=1)


def check_characters(digits: Digits) -> Bytes:
    """The check character of rows of 17 digits, as ASCII bytes."""
    return np.asarray(CHECK_CHARACTERS[weighted_sum(digits)])


def _sound_digits(array: pa.Array) -> tuple[Digits, npt.NDArray[np.int64]]:
    rows, indexes = matrix(upgrade(array), 18)
    return values(rows), indexes


def sex_of(array: pa.Array) -> pa.Array:
    """`1` (man) or `2` (woman) by the sequence number of each sound number; null for the others."""
    digits, indexes = _sound_digits(array)
    result = np.full(len(array), None, dtype=object)
    result[indexes] = np.where(digits[:, 16] % 2 == 1, "1", "2")
    return pa.array(result, pa.string())


def birth_date_of(array: pa.Array) -> pa.Array:
    """The birth date (date32) that each sound number carries; null for the others."""
    digits, indexes = _sound_digits(array)
    years, months, days = (part.astype("int64") for part in birth_parts(digits))
    dates = np.full(len(array), np.datetime64("NaT"), dtype="datetime64[D]")
    dates[indexes] = ((years - 1970) * 12 + months - 1).astype("datetime64[M]").astype("datetime64[D]") + (days - 1)
    return pa.array(dates, pa.date32())


def issuing_division_verdict(array: pa.Array, known: Collection[str]) -> pa.Array:
    """`known`, `reserved` (kept for invented data) or `unknown` for the six-digit issuing code of each sound number.

    Null where the number is not sound. An unknown code is a note, not an error: many were abolished since.
    """
    digits, indexes = _sound_digits(array)
    codes = digits[:, :6].astype(np.int32) @ (10 ** np.arange(5, -1, -1, dtype=np.int32))
    listed = np.fromiter((int(code) for code in known), dtype=np.int32, count=len(known))
    verdict = np.where(np.isin(codes, listed), "known", "unknown").astype(object)
    verdict[(codes >= RESERVED_FIRST) & (codes <= RESERVED_LAST)] = "reserved"
    result = np.full(len(array), None, dtype=object)
    result[indexes] = verdict
    return pa.array(result, pa.string())
