"""How the province's records are weighed: what is compared, on which levels, and how pairs are found.

Only records that no number settles come here. Their rows, and the places of the people watched, are prepared alike:
`name` (the keys of `matchers.identity.names` and a few more), `number`, `birth`, and as they are `sex`, `division`,
`address` and `phone`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from matchers.identity.levels import NAME_LEVELS, FormerName, NameLevel
from matchers.identity.names import KEYS
from matchers.weights.comparisons import Comparison
from matchers.weights.levels import Level, edits, equal, same, swapped

_SURNAME = "nullif(left(k.normal, 1), '*')"
_LETTERS_READ = "translate(t.id_number, 'OIL', '011')"
_SCIENTIFIC = "^([0-9])[.]([0-9]+)E[+]?[0-9]+$"
_EIGHTEEN = "CASE WHEN t.id_verdict = 'sound_15' THEN left(t.id_number, 6) || '19' || substr(t.id_number, 7, 9) END"


def name_struct(kind: str) -> str:
    """SQL for the struct of a name, from its keys `k`."""
    keys = (*KEYS.names[1:], "characters")
    packed = ", ".join(f"{key} := k.{key}" for key in keys)
    return f"struct_pack({packed}, kind := {kind}, surname := {_SURNAME}, length := length(k.normal))"


def name_keys_struct() -> str:
    """SQL for what the blocking rules ask of a name, from its keys `k`."""
    return f"struct_pack(clear := k.clear, pinyin := k.pinyin, surname := {_SURNAME})"


def number_read(*, old_form: bool) -> str:
    """SQL for as much of the 18 characters of a number `t.id_number` as can be read; null where that is nothing."""
    eighteen = f"coalesce({_EIGHTEEN}, {_LETTERS_READ})" if old_form else _LETTERS_READ
    return (
        f"CASE WHEN regexp_matches(t.id_number, '{_SCIENTIFIC}') THEN regexp_replace(t.id_number, '{_SCIENTIFIC}',"
        f" '\\1\\2') WHEN regexp_matches({eighteen}, '^[0-9]{{6}}') THEN {eighteen} END"
    )


NUMBER = (
    "CASE WHEN t.read IS NOT NULL AND replace(t.read, left(t.read, 1), '') <> '' THEN struct_pack(read := t.read,"
    " size := length(t.read), born := CASE WHEN regexp_matches(t.read, '^[0-9]{14}') THEN substr(t.read, 7, 8) END) END"
)
"""SQL for the struct of a number, from what can be read of it (`t.read`)."""
BIRTH = (
    "CASE WHEN t.born IS NOT NULL THEN struct_pack(value := t.born, year := left(t.born, 4), swapped := left(t.born, 4)"
    " || substr(t.born, 7, 2) || substr(t.born, 5, 2)) END"
)
"""SQL for the struct of a birth date `t.born` (eight digits)."""


def _by_name(level: NameLevel) -> Callable[[str, str], str]:
    def condition(left: str, right: str) -> str:
        if isinstance(level, FormerName):
            return level.sql(left, right)
        return f"{left}.kind = 'current' AND {right}.kind = 'current' AND ({level.sql(left, right)})"

    return condition


def _names() -> tuple[Level, ...]:
    keys = {"equal": "clear", "variant": "clear", "former_name": "clear"}
    compatible = tuple(Level(one.name, one.zh, one.en, _by_name(one), keys.get(one.name)) for one in NAME_LEVELS)
    sibling = Level(
        "one_character",
        "同姓，名仅一字不同",
        "one character of the given name differs",
        lambda a, b: (
            f"{a}.surname = {b}.surname AND {a}.length = {b}.length AND {a}.length > 2"
            f" AND len(list_intersect({a}.characters, {b}.characters)) >= {a}.length - 1"
        ),
    )
    surname = Level("same_surname", "同姓", "same surname", lambda a, b: f"{a}.surname = {b}.surname")
    return (*compatible, sibling, surname)


def _prefix(least: int) -> Callable[[str, str], str]:
    return lambda a, b: (
        f"least({a}.size, {b}.size) >= {least} AND (starts_with({a}.read, {b}.read) OR starts_with({b}.read, {a}.read))"
    )


def _perhaps_one_fault(a: str, b: str) -> str:
    """Two numbers of 17 digits or more, one fault apart, agree before the four digits where it begins, and after them.

    A fault touches two neighbours at most. What comes before it is counted from the start, what comes after from the
    end, so that a digit lost or put in shifts nothing.
    """
    apart = ((0, 12), (4, 8), (8, 4), (12, 0))
    return " OR ".join(
        f"(left({a}.read, {before}) = left({b}.read, {before}) AND right({a}.read, {after}) = right({b}.read, {after}))"
        for before, after in apart
    )


def _perhaps_two_faults(a: str, b: str) -> str:
    """Two numbers of 17 digits or more, two faults apart, still share one of three parts that lie a digit apart.

    The year, the middle of month and day, and the last three digits: the first two perhaps shifted by up to two places.
    (The county, which comes before, tells little: most candidates share it.)
    """
    parts = [
        f"substr({a}.read, {at}, 2) IN ({', '.join(f'substr({b}.read, {at + shift}, 2)' for shift in range(-2, 3))})"
        for at in (9, 12)
    ]
    return " OR ".join([*parts, f"right({a}.read, 3) = right({b}.read, 3)"])


def _faults(most: int) -> Callable[[str, str], str]:
    return lambda a, b: f"least({a}.size, {b}.size) >= 17 AND damerau_levenshtein({a}.read, {b}.read) <= {most}"


_NUMBERS = (
    Level("one_fault", "号码相差一处", "one fault between the numbers", _faults(1), needed=_perhaps_one_fault),
    Level("start_14", "号码前十四位以上相同", "the first 14 digits or more", _prefix(14)),
    Level("two_faults", "号码相差两处", "two faults between the numbers", _faults(2), needed=_perhaps_two_faults),
    Level("start_10", "号码前十位以上相同", "the first 10 digits or more", _prefix(10)),
    Level("born", "号码中出生日期相同", "same birth date in the numbers", lambda a, b: f"{a}.born = {b}.born"),
    Level("start_6", "号码前六位相同", "the first 6 digits", lambda a, b: f"left({a}.read, 6) = left({b}.read, 6)"),
)


def _compared(field: str, levels: tuple[Level, ...], missing: str, *, frequent: bool = False) -> Comparison:
    conditions = tuple(level.sql(f"l.{field}", f"r.{field}") for level in levels)
    return Comparison(field, levels, conditions, missing, frequent)


def _equal_only(field: str) -> Comparison:
    level = Level("equal", "相同", "equal", lambda a, b: f"{a} = {b}")
    return _compared(field, (level,), f"l.{field} IS NULL OR r.{field} IS NULL")


def _place() -> Comparison:
    """Address and division are one comparison: who shares an address shares a village, and it must not count twice."""
    shared = (("village", "同村（社区）", 12), ("township", "同乡镇", 9), ("county", "同县", 6), ("city", "同市", 4))
    address = Level("address", "住址相同", "same address", lambda _a, _b: "l.address = r.address")
    levels = [address]
    for name, zh, length in shared:
        condition = f"left(l.division, {length}) = left(r.division, {length})"
        levels.append(Level(name, zh, f"same {name}", lambda _a, _b, condition=condition: condition))  # type: ignore[misc]
    missing = "(l.division IS NULL OR r.division IS NULL) AND (l.address IS NULL OR r.address IS NULL)"
    return Comparison("place", tuple(levels), tuple(level.sql("", "") for level in levels), missing, False)


COMPARED: tuple[Comparison, ...] = (
    _compared("name", _names(), "FALSE", frequent=True),
    _compared("number", _NUMBERS, "l.number IS NULL OR r.number IS NULL"),
    _compared(
        "birth", (equal(), swapped(), edits(1), same("year", "同年", "same year")), "l.birth IS NULL OR r.birth IS NULL"
    ),
    _equal_only("sex"),
    _place(),
    _equal_only("phone"),
)
"""What is compared, in the order of the explanation."""


@dataclass(frozen=True)
class Rule:
    """A blocking rule: pairs equal on a key of each side; `left` and `right` are SQL of a list of keys."""

    name: str
    left: str
    right: str


def _both(name: str, key: str) -> Rule:
    return Rule(name, f"[{key}]", f"[{key}]")


_BORN = "[birth.value, number.born]"
RULES: tuple[Rule, ...] = (
    _both("name and township", "name.clear || left(division, 9)"),
    Rule(
        "name and birth date",
        f"list_transform({_BORN}, lambda b: name.clear || b)",
        f"list_transform({_BORN}, lambda b: name.clear || b)",
    ),
    Rule(
        "sound and birth date",
        f"list_transform({_BORN}, lambda b: name.pinyin || b)",
        f"list_transform({_BORN}, lambda b: name.pinyin || b)",
    ),
    _both("sound and village", "name.pinyin || division"),
    _both("telephone", "phone"),
    _both("first 14 digits", "CASE WHEN number.size >= 14 THEN left(number.read, 14) END"),
    _both("birth date and sequence digits", "CASE WHEN number.size >= 17 THEN substr(number.read, 7, 11) END"),
    _both("first 10 digits and name", "CASE WHEN number.size >= 10 THEN left(number.read, 10) || name.clear END"),
    _both("name and county", "name.clear || left(division, 6)"),
    _both("first 6 digits and name", "left(number.read, 6) || name.clear"),
    _both("address", "address"),
    Rule(
        "surname, village and birth date",
        f"list_transform({_BORN}, lambda b: name.surname || division || b)",
        f"list_transform({_BORN}, lambda b: name.surname || division || b)",
    ),
    _both(
        "surname, village and first 10 digits",
        "CASE WHEN number.size >= 10 THEN name.surname || division || left(number.read, 10) END",
    ),
    _both(
        "surname, first 6 digits and sequence digits",
        "CASE WHEN number.size >= 17 THEN name.surname || left(number.read, 6) || substr(number.read, 15, 3) END",
    ),
)
"""How candidate pairs are found. Each finds what a fault in one part leaves of the others."""
TELLING_RULES = len(RULES) - 4
"""The rules, from the first, whose pairs are learned from: the others mostly find families, who would be learned."""
LARGEST_BLOCK = 20_000
"""Pairs of one key beyond which the key tells nothing: its block is left closed."""

DIGEST = hashlib.sha256(
    repr([(one.field, one.missing, one.level_names, one.conditions) for one in COMPARED]).encode()
).hexdigest()
"""What a model's weights hold for: another comparison or level needs another training."""

_LAST_COMPATIBLE = len(NAME_LEVELS)
NAMES_AGREE = f"c.g_name BETWEEN 1 AND {_LAST_COMPATIBLE}"
"""However much else agrees, another name is another person, or for a person to judge: twins differ by one character."""
NAMES_AGREE_AT_HOME = (
    f"{NAMES_AGREE} OR (c.g_name = {_LAST_COMPATIBLE + 1} AND c.g_birth = 1 AND c.g_sex <> 2"
    " AND l.entry NOT IN ('conflict', 'contradicted'))"
)
"""Within a household one wrong character is forgiven where the birth date is the same and the number not another's."""
