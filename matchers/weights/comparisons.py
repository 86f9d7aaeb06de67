"""How two values of a field agree: ordered levels, each giving its condition over prepared keys and its label.

What scores is what explains. A pair's place on a comparison is 0 where either value is missing (no evidence), 1 for the
closest level, and so on; one more than the levels where the values disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from matchers.identity.levels import NAME_LEVELS, FormerName
from matchers.weights.field_kinds import KINDS, Kind
from matchers.weights.spec import ComparisonSpec, LinkageSpec

MISSING, MISSING_ZH, MISSING_EN = "missing", "缺失", "missing"
ELSE, ELSE_ZH, ELSE_EN = "else", "不同", "different"


@dataclass(frozen=True)
class Level:
    """One way to agree: its condition over the struct columns `l` and `r`, and its labels.

    frequency_key: the key whose value's frequency the level's weight is adjusted by, if the comparison asks for it.
    needed: what must hold if the condition does, and is asked first where that is far cheaper.
    """

    name: str
    zh: str
    en: str
    condition: Callable[[str, str], str]
    frequency_key: str | None = None
    needed: Callable[[str, str], str] | None = None

    def sql(self, left: str, right: str) -> str:
        """The condition, over two struct columns."""
        return self.condition(left, right)


@dataclass(frozen=True)
class Comparison:
    """A field's levels, with the conditions already written for the aliases `l` and `r` of two prepared tables."""

    field: str
    levels: tuple[Level, ...]
    conditions: tuple[str, ...]
    missing: str
    term_frequency: bool

    @property
    def level_names(self) -> tuple[str, ...]:
        """Names by place: `missing`, the levels, `else`."""
        return (MISSING, *(level.name for level in self.levels), ELSE)

    def label(self, place: int, language: str = "zh") -> str:
        """What people read of a place, in `zh` or `en`."""
        labels = [(MISSING_ZH, MISSING_EN), *((one.zh, one.en) for one in self.levels), (ELSE_ZH, ELSE_EN)]
        return labels[place][0 if language == "zh" else 1]

    def sql(self) -> str:
        """SQL for the place of a pair."""
        cases = [f"WHEN {self.missing} THEN 0"]
        for place, (level, condition) in enumerate(zip(self.levels, self.conditions, strict=True), start=1):
            first = f"({level.needed(f'l.{self.field}', f'r.{self.field}')}) AND " if level.needed else ""
            cases.append(f"WHEN {first}({condition}) THEN {place}")
        return "CASE " + " ".join(cases) + f" ELSE {len(self.levels) + 1} END::UTINYINT"


def equal(key: str = "value") -> Level:
    """Equal on a key."""
    return Level("equal", "相同", "equal", lambda a, b: f"{a}.{key} = {b}.{key}", key)


def edits(most: float) -> Level:
    """At most so many letters or digits wrong, lost, put in, or neighbours swapped. For ASCII: DuckDB counts bytes."""
    count = int(most)
    return Level(
        f"edits_{count}",
        f"相差不超过{count}处",
        f"at most {count} edits",
        lambda a, b: f"damerau_levenshtein({a}.value, {b}.value) <= {count}",
    )


def jaro_winkler(least: float) -> Level:
    """Jaro-Winkler similarity of ASCII text, blanks left out."""
    return Level(
        f"jaro_winkler_{round(least * 100)}",
        f"相似度不低于{least:g}",
        f"Jaro-Winkler at least {least:g}",
        lambda a, b: f"jaro_winkler_similarity({a}.compact, {b}.compact) >= {least}",
    )


def sorted_words() -> Level:
    """The same words in another order, or with other blanks."""
    return Level(
        "sorted_words",
        "词语相同",
        "same words",
        lambda a, b: f"({a}.sorted = {b}.sorted OR {a}.compact = {b}.compact)",
    )


def shared_words(least: float) -> Level:
    """So many of all words (Jaccard) are shared."""
    return Level(
        f"shared_words_{round(least * 100)}",
        f"词语重合不低于{least:g}",
        f"words shared at least {least:g}",
        lambda a, b: (
            f"(1 + {least}) * len(list_intersect({a}.words, {b}.words)) >= {least} * (len({a}.words) + len({b}.words))"
        ),
    )


def cut_off() -> Level:
    """One identity number is the other's beginning, at least division and year."""

    def begins(whole: str, part: str) -> str:
        return f"length({part}.value) >= 10 AND starts_with({whole}.value, {part}.value)"

    return Level("cut_off", "号码被截断", "cut off", lambda a, b: f"({begins(a, b)} OR {begins(b, a)})")


def same(key: str, zh: str, en: str) -> Level:
    """Equal on a coarser key."""
    return Level(f"same_{key}", zh, en, lambda a, b: f"{a}.{key} = {b}.{key}", key)


def swapped() -> Level:
    """Day and month swapped."""
    return Level("swapped", "月日颠倒", "day and month swapped", lambda a, b: f"{a}.value = {b}.swapped")


def two_parts() -> Level:
    """Two of year, month and day."""
    parts = ("year", "month", "day")

    def agreeing(a: str, b: str) -> str:
        counted = " + ".join(f"coalesce(({a}.{part} = {b}.{part})::INTEGER, 0)" for part in parts)
        return f"{counted} = 2"

    return Level("two_parts", "年月日中两项相同", "two of year, month, day", agreeing)


def one_character() -> Level:
    """Han names of one length and surname that share a character of the given name, as siblings' do."""
    return Level(
        "one_character",
        "同姓且有一字相同",
        "same surname and one more character",
        lambda a, b: (
            f"{a}.surname = {b}.surname AND {a}.length = {b}.length AND {a}.length > 2"
            f" AND len(list_intersect({a}.characters, {b}.characters)) >= 2"
        ),
    )


def same_given() -> Level:
    """Han names with another surname and the same given name."""
    return Level("same_given", "名同姓不同", "same given name", lambda a, b: f"{a}.given = {b}.given", "given")


_FREQUENCY_KEYS = {"equal": "clear", "variant": "clear", "homophone": "pinyin", "look_alike": "shape"}


def _han_levels() -> dict[str, Level]:
    found = {
        level.name: Level(level.name, level.zh, level.en, level.sql, _FREQUENCY_KEYS.get(level.name))
        for level in NAME_LEVELS
        if not isinstance(level, FormerName)
    }
    found["same_given"] = same_given()
    found["one_character"] = one_character()
    found["same_surname"] = same("surname", "同姓", "same surname")
    return found


def _kind_levels() -> Mapping[Kind, tuple[Level, ...]]:
    text = (equal(), sorted_words(), jaro_winkler(0.92), shared_words(0.5), jaro_winkler(0.8))
    return {
        Kind.HAN_NAME: tuple(_han_levels().values()),
        Kind.LATIN_NAME: (equal(), edits(1), jaro_winkler(0.9), jaro_winkler(0.8)),
        Kind.TEXT: text,
        Kind.ADDRESS: (
            equal(),
            same("door", "门牌相同", "same place and house number"),
            same("place", "同村居", "same place"),
            same("numbers", "门牌号相同", "same house number"),
        ),
        Kind.ID_NUMBER: (
            equal(),
            edits(1),
            edits(2),
            cut_off(),
            same("head", "地址码与出生日期相同", "same division and birth date"),
            same("birth", "出生日期相同", "same birth date"),
            same("division", "地址码相同", "same issuing division"),
        ),
        Kind.DATE: (equal(), swapped(), edits(1), two_parts(), same("year", "同年", "same year")),
        Kind.CODE: (equal(),),
        Kind.DIVISION: (
            equal(),
            same("township", "同乡镇", "same township"),
            same("county", "同县", "same county"),
            same("city", "同市", "same city"),
        ),
        Kind.PHONE: (equal(), edits(1), same("tail", "后七位相同", "same last seven digits")),
        Kind.NUMBER: (equal(), edits(1)),
    }


KIND_LEVELS = _kind_levels()
"""The levels of a field for which a spec names none."""

_WITH_NUMBER: Mapping[str, Callable[[float], Level]] = {
    "edits": edits,
    "jaro_winkler": jaro_winkler,
    "shared_words": shared_words,
}


def _crossed(left: str, right: str, other: str, key: str) -> str:
    return f"(l.{left}.{key} = r.{other}.{key} OR l.{other}.{key} = r.{right}.{key})"


def _asked_for(asked: str | dict[str, float], kind: Kind) -> Level:
    if isinstance(asked, dict):
        ((name, number),) = asked.items()
        if name in _WITH_NUMBER:
            return _WITH_NUMBER[name](number)
    else:
        known = {level.name: level for level in KIND_LEVELS[kind]}
        if asked in known:
            return known[asked]
        for key in KINDS[kind].keys:
            if asked == f"same_{key}":
                return same(key, f"{key} 相同", f"same {key}")
        name = asked
    offered = [level.name for level in KIND_LEVELS[kind]]
    numbered = [f"{one}: <number>" for one in _WITH_NUMBER]
    raise ValueError(f"comparisons: no level {name!r} for a {kind}; there are {', '.join(offered + numbered)}")


def comparison(declared: ComparisonSpec, spec: LinkageSpec) -> Comparison:
    """The comparison that a spec declares."""
    kind = spec.fields[declared.field].kind
    asked = declared.levels
    levels = list(KIND_LEVELS[kind] if asked is None else (_asked_for(one, kind) for one in asked))
    left, right = f"l.{declared.field}", f"r.{declared.field}"
    conditions = [level.sql(left, right) for level in levels]
    present = KINDS[kind].present
    missing = f"{left}.{present} IS NULL OR {right}.{present} IS NULL"
    if declared.crossed is not None:
        key = KINDS[kind].equal
        condition = _crossed(declared.field, declared.field, declared.crossed, key)
        levels.insert(1, Level("crossed", "与另一栏互换", "swapped with another field", lambda _a, _b: condition))
        conditions.insert(1, condition)
        missing = f"({missing}) AND NOT coalesce({condition}, FALSE)"
    return Comparison(declared.field, tuple(levels), tuple(conditions), missing, declared.term_frequency)


def comparisons(spec: LinkageSpec) -> tuple[Comparison, ...]:
    """Every comparison of a spec, in its order."""
    return tuple(comparison(one, spec) for one in spec.comparisons)
