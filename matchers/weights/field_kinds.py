"""What each kind of field is prepared into: the keys by which two values are blocked and compared.

A field becomes one STRUCT column, null where the value is missing. Its keys are SQL over `v`, the cleaned value, but
for Han names and identity numbers, whose keys are made by the column (`matchers.identity`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

FORMER = "_former"
"""Behind a name's field: the struct of its former name, for fields that say `former`."""
RARITY = "_rarity"
"""Behind a text's field: `bits`, how rare each of its words is, and their `total`, where a level asks for it."""


class Kind(StrEnum):
    """What a field holds."""

    HAN_NAME = "han_name"
    LATIN_NAME = "latin_name"
    TEXT = "text"
    ADDRESS = "address"
    ID_NUMBER = "id_number"
    DATE = "date"
    CODE = "code"
    DIVISION = "division"
    PHONE = "phone"
    NUMBER = "number"


@dataclass(frozen=True)
class KindKeys:
    """The keys of one kind.

    clean: SQL that makes `v` of the raw text `x`. plain: what is done to that text before. keys: name → SQL over `v`.
    equal: the key that is equal when two values are. present: the key that is null where nothing can be compared.
    lists: keys that hold several values.
    """

    clean: str
    keys: Mapping[str, str]
    equal: str = "value"
    present: str = "value"
    lists: frozenset[str] = field(default_factory=frozenset)
    plain: str = "x"


def _soundex(value: str) -> str:
    """SQL for Soundex of ASCII letters (US National Archives' rule, but that h and w separate as vowels do)."""
    letters = f"regexp_replace({value}, '[^a-z]', '', 'g')"
    digits = f"translate({letters}, 'abcdefghijklmnopqrstuvwxyz', '01230120022455012623010202')"
    for digit in "123456":
        digits = f"regexp_replace({digits}, '{digit}+', '{digit}', 'g')"
    return f"left({letters}, 1) || left(replace(substr({digits}, 2), '0', '') || '000', 3)"


_PLAIN = "CASE WHEN regexp_matches(x, '[０-９]') THEN translate(x, '０１２３４５６７８９', '0123456789') ELSE x END"
_WORDS = "nullif(trim(regexp_replace(lower(strip_accents(x)), '[^\\p{L}\\p{N}]+', ' ', 'g')), '')"
# A whole that became a float on its way (529901001.0) is a whole.
_DIGITS = (
    "CASE WHEN regexp_full_match(x, '[0-9]+') THEN x ELSE"
    " nullif(regexp_replace(regexp_replace(trim(x), '^([0-9]+)[.]0+$', '\\1'), '[^0-9]', '', 'g'), '') END"
)
_AMOUNT = f"replace(regexp_replace({_PLAIN}, '[\\s¥￥$€£元]', '', 'g'), ',', '')"
_NUMBER = (
    "CASE WHEN regexp_full_match(x, '[-+]?[0-9]+') THEN ltrim(x, '+')"
    " WHEN regexp_full_match(x, '[-+]?[0-9]*[.][0-9]+') THEN"
    " regexp_replace(regexp_replace(regexp_replace(x, '0+$', ''), '[.]$', ''), '^([-]?)[+]?[.]', '\\10.')"
    " WHEN regexp_full_match(x, '[-+]?[0-9.]+[eE][-+]?[0-9]+') THEN TRY_CAST(x AS DOUBLE)::VARCHAR"
    " ELSE nullif(regexp_replace(x, '[^0-9]', '', 'g'), '') END"
)
_LATIN_KEYS = {
    "value": "v",
    "compact": "replace(v, ' ', '')",
    "soundex": _soundex("v"),
    "head": "left(replace(v, ' ', ''), 3)",
    "initial": "left(v, 1)",
    "tail": "right(replace(v, ' ', ''), 3)",
    "words": "list_distinct(string_split(v, ' '))",
}
_TEXT_KEYS = {
    "value": "v",
    "compact": "replace(v, ' ', '')",
    "sorted": "array_to_string(list_sort(string_split(v, ' ')), ' ')",
    "head": "left(replace(v, ' ', ''), 5)",
    "words": "list_distinct(string_split(v, ' '))",
    "numbers": "nullif(array_to_string(regexp_extract_all(v, '[0-9]+'), '-'), '')",
    # A maker's own name of a thing: letters and digits in one word, whatever stands between them.
    "codes": (
        "list_distinct(list_filter(string_split(v, ' '),"
        " lambda w: length(w) > 3 AND regexp_matches(w, '[0-9]') AND regexp_matches(w, '[a-z]')))"
    ),
    "first_word": "string_split(v, ' ')[1]",
}
# A Chinese address: sources leave out the province or the county, so the door (what stands before the first digit, and
# all digits) says more than the whole.
# Most are written plainly, and need no cleaning.
_ADDRESS = (
    "CASE WHEN regexp_full_match(x, '[\\p{Han}0-9A-Z]+') THEN x"
    " ELSE nullif(regexp_replace(upper(x), '[^\\p{L}\\p{N}]+', '', 'g'), '') END"
)
_ALL_DIGITS = "regexp_replace(regexp_extract(v, '[0-9].*[0-9]|[0-9]'), '[^0-9]+', '-', 'g')"
_ADDRESS_KEYS = {
    "value": "v",
    "numbers": f"nullif({_ALL_DIGITS}, '')",
    "place": "CASE WHEN regexp_matches(v, '^[^0-9]+[0-9]') THEN right(regexp_extract(v, '^[^0-9]+'), 4) END",
    "door": (
        "CASE WHEN regexp_matches(v, '^[^0-9]+[0-9]') THEN right(regexp_extract(v, '^[^0-9]+'), 4)"
        f" || {_ALL_DIGITS} END"
    ),
}
_DATE = (
    "CASE WHEN regexp_full_match(x, '[0-9]{8}') THEN x"
    " WHEN regexp_matches(x, '^[0-9]{4}-[0-9]{2}-[0-9]{2}') THEN left(x, 4) || substr(x, 6, 2) || substr(x, 9, 2)"
    " WHEN regexp_matches(x, '^[0-9]{4}[^0-9][0-9]{1,2}[^0-9][0-9]{1,2}([^0-9]|$)') THEN"
    " regexp_extract(x, '^([0-9]{4})', 1)"
    " || lpad(regexp_extract(x, '^[0-9]{4}[^0-9]([0-9]{1,2})', 1), 2, '0')"
    " || lpad(regexp_extract(x, '^[0-9]{4}[^0-9][0-9]{1,2}[^0-9]([0-9]{1,2})', 1), 2, '0')"
    " ELSE nullif(left(regexp_replace(x, '[^0-9]', '', 'g'), 8), '') END"
)
_DATE_KEYS = {
    "value": "v",
    "year": "left(v, 4)",
    "month": "nullif(substr(v, 5, 2), '')",
    "day": "nullif(substr(v, 7, 2), '')",
    "year_month": "left(v, 6)",
    "month_day": "nullif(substr(v, 5, 4), '')",
    "swapped": "left(v, 4) || substr(v, 7, 2) || substr(v, 5, 2)",
    "days": "datediff('day', DATE '1970-01-01', TRY_CAST(TRY_STRPTIME(v, '%Y%m%d') AS DATE))",
}
_AMOUNT_KEYS = {
    "value": "v",
    "head": "left(v, 3)",
    "tail": "right(v, 4)",
    "amount": "TRY_CAST(v AS DOUBLE)",
    "whole": "floor(TRY_CAST(v AS DOUBLE))::BIGINT",
}
_DIVISION_KEYS = {
    "value": "v",
    "township": "left(v, 9)",
    "county": "left(v, 6)",
    "city": "left(v, 4)",
}
_NAME_KEYS = {
    "written": "k.written",
    "normal": "k.normal",
    "clear": "k.clear",
    "pinyin": "k.pinyin",
    "pinyin_other": "k.pinyin_other",
    "shape": "k.shape",
    "pattern": "k.pattern",
    "without_rare": "k.without_rare",
    "parts": "k.parts",
    "kind": "'current'",
    "surname": "nullif(nullif(left(k.normal, 1), '*'), '')",
    "given": "nullif(substr(k.clear, 2), '')",
    "characters": "list_distinct(list_filter(string_split(k.normal, ''), lambda c: c <> '*'))",
    "length": "length(k.normal)",
}
_NUMBER_KEYS = {
    "value": "k.cleaned",
    "number": "k.upgraded",
    "sound": "k.upgraded IS NOT NULL",
    "birth": "CASE WHEN regexp_matches(k.read, '^[0-9]{17}') THEN substr(k.read, 7, 8) END",
    # A spreadsheet's 5.20102E+17 still tells the division.
    "division": (
        "CASE WHEN regexp_matches(k.read, '^[0-9]{6}') THEN left(k.read, 6)"
        " WHEN regexp_matches(k.read, '^[0-9][.][0-9]{5,}E') THEN left(k.read, 1) || substr(k.read, 3, 5) END"
    ),
    "head": "CASE WHEN regexp_matches(k.read, '^[0-9]{14}') THEN left(k.read, 14) END",
    "tail": "CASE WHEN length(k.read) >= 17 THEN right(k.read, 8) END",
    # Whether it is sound and tells another birth date than the row's own column; filled in where a row is prepared.
    "other_birth": "FALSE",
}

KINDS: Mapping[Kind, KindKeys] = {
    Kind.HAN_NAME: KindKeys("x", _NAME_KEYS, "clear", "written", frozenset({"characters", "parts"})),
    Kind.LATIN_NAME: KindKeys(_WORDS, _LATIN_KEYS, lists=frozenset({"words"})),
    Kind.TEXT: KindKeys(_WORDS, _TEXT_KEYS, lists=frozenset({"words", "codes"})),
    Kind.ADDRESS: KindKeys(_ADDRESS, _ADDRESS_KEYS, plain=_PLAIN),
    Kind.ID_NUMBER: KindKeys("x", _NUMBER_KEYS),
    Kind.DATE: KindKeys(_DATE, _DATE_KEYS, plain=_PLAIN),
    Kind.CODE: KindKeys("nullif(upper(trim(x)), '')", {"value": "v"}),
    Kind.DIVISION: KindKeys(_DIGITS, _DIVISION_KEYS, plain=_PLAIN),
    Kind.PHONE: KindKeys("right(" + _DIGITS + ", 11)", {"value": "v", "tail": "right(v, 7)"}, plain=_PLAIN),
    Kind.NUMBER: KindKeys(_NUMBER, _AMOUNT_KEYS, plain=_AMOUNT),
}
"""The keys of every kind."""
