"""The levels on which two values may agree: each gives its condition over prepared keys and its label for people.

What scores is what explains. DuckDB measures string distances in bytes, so those levels are for letters and digits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from matchers.identity.levels import NAME_LEVELS, FormerName
from matchers.weights.edit_guards import PERHAPS_EDITS
from matchers.weights.field_kinds import FORMER, KINDS, RARITY, Kind


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
        needed=PERHAPS_EDITS.get(count),
    )


def amount_edits(most: float) -> Level:
    """As `edits`, for whole numbers: 36.4 is not a slip for 3.64."""
    whole = edits(most)
    return replace(
        whole, condition=lambda a, b: f"NOT contains({a}.value || {b}.value, '.') AND {whole.condition(a, b)}"
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


def shares_one_of(key: str) -> Level:
    """One of several values is the same."""
    return Level(
        f"same_{key}", f"{key} 有相同者", f"shares one of {key}", lambda a, b: f"list_has_any({a}.{key}, {b}.{key})"
    )


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


def within(most: float, key: str) -> Level:
    """Two amounts that far apart at most, or two days so many days."""
    return Level(
        f"within_{most:g}",
        f"相差不超过{most:g}",
        f"at most {most:g} apart",
        lambda a, b: f"abs({a}.{key} - {b}.{key}) <= {most}",
    )


def prefix(length: float, key: str) -> Level:
    """The first so many characters, blanks left out; both have as many."""
    count = int(length)
    return Level(
        f"prefix_{count}",
        f"前{count}个字符相同",
        f"the first {count} characters",
        lambda a, b: (
            f"left({a}.{key}, {count}) = left({b}.{key}, {count})"
            f" AND least(length({a}.{key}), length({b}.{key})) >= {count}"
        ),
    )


def cut_short() -> Level:
    """One text is the other's beginning, at least three characters: the sender's column was too narrow."""

    def begins(whole: str, part: str) -> str:
        return f"length({part}.compact) >= 3 AND starts_with({whole}.compact, {part}.compact)"

    return Level("cut_short", "一方被截短", "one is cut short", lambda a, b: f"({begins(a, b)} OR {begins(b, a)})")


def contained_words(least: float) -> Level:
    """So large a share of the words of the shorter one stands in the longer one."""
    return Level(
        f"contained_words_{round(least * 100)}",
        f"较短者的词语有{least:g}在另一方",
        f"words of the shorter contained at least {least:g}",
        lambda a, b: (
            f"len(list_intersect({a}.words, {b}.words)) >= {least} * least(len({a}.words), len({b}.words))"
            f" AND len(list_intersect({a}.words, {b}.words)) > 0"
        ),
    )


def initials() -> Level:
    """Every word of one stands in the other, in full or as its first letter (M. Corvinus, Matthias Corvinus)."""

    def told(a: str, b: str) -> str:
        first = "lambda w: left(w, 1)"
        return (
            f"len(list_filter({a}.words, lambda w: list_contains({b}.words, w) OR (length(w) = 1 AND"
            f" list_contains(list_transform({b}.words, {first}), w)) OR list_contains({b}.words, left(w, 1))))"
            f" = len({a}.words)"
        )

    return Level(
        "initials", "词语或首字母相符", "same words or initials", lambda a, b: f"({told(a, b)} AND {told(b, a)})"
    )


def rare_words(least: float) -> Level:
    """Shared words, each counted by how rare it is in both tables: so large a share of all that both say."""
    return Level(
        f"rare_words_{round(least * 100)}",
        f"稀见词语重合不低于{least:g}",
        f"rare words shared at least {least:g}",
        lambda a, b: (
            f"(1 + {least}) * list_sum(list_transform(list_intersect({a}.words, {b}.words),"
            f" lambda w: {a}{RARITY}.bits[w])) >= {least} * ({a}{RARITY}.total + {b}{RARITY}.total)"
        ),
    )


def own_sql(condition: str, label: str) -> Level:
    """A condition that a user wrote over the prepared rows `l` and `r`."""
    return Level(label, label, label, lambda _a, _b: f"coalesce({condition}, FALSE)")


def former_name() -> Level:
    """A former name of one is the name, or a former name, of the other; for fields that say `former`."""

    def condition(a: str, b: str) -> str:
        pairs = ((a, b + FORMER), (a + FORMER, b), (a + FORMER, b + FORMER))
        return "(" + " OR ".join(f"{one}.clear = {other}.clear" for one, other in pairs) + ")"

    return Level("former_name", "与曾用名相符", "former name", condition)


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
        Kind.NUMBER: (equal(), amount_edits(1)),
    }


KIND_LEVELS = _kind_levels()
"""The levels of a field for which a spec names none."""
_TEXTS = frozenset({Kind.TEXT, Kind.LATIN_NAME})
_LETTERS_AND_DIGITS = frozenset(set(Kind) - {Kind.HAN_NAME, Kind.ADDRESS})
_MEASURES = {Kind.NUMBER: "amount", Kind.DATE: "days"}
MORE_LEVELS: Mapping[str, tuple[Level, frozenset[Kind]]] = {
    "cut_short": (cut_short(), _TEXTS),
    "initials": (initials(), _TEXTS),
    "sorted_words": (sorted_words(), frozenset({Kind.TEXT})),
}
"""Levels that a spec may name besides, and the kinds that have the keys for them."""
WITH_NUMBER: Mapping[str, tuple[Callable[[float, Kind], Level], frozenset[Kind]]] = {
    "edits": (lambda most, kind: amount_edits(most) if kind is Kind.NUMBER else edits(most), _LETTERS_AND_DIGITS),
    "jaro_winkler": (lambda least, _: jaro_winkler(least), _TEXTS),
    "shared_words": (lambda least, _: shared_words(least), _TEXTS),
    "contained_words": (lambda least, _: contained_words(least), _TEXTS),
    "rare_words": (lambda least, _: rare_words(least), _TEXTS),
    "within": (lambda most, kind: within(most, _MEASURES[kind]), frozenset(_MEASURES)),
    "prefix": (
        lambda length, kind: prefix(length, "compact" if kind in _TEXTS else "value"),
        frozenset(set(Kind) - {Kind.HAN_NAME}),
    ),
}
"""Levels with a number, `edits: 1`, and the kinds that have the keys for them."""


def level_asked_for(asked: str | dict[str, float | str], kind: Kind) -> Level:
    """The level that a spec writes. Raises ValueError with those that the kind has."""
    if isinstance(asked, str):
        found = _plain_level(asked, kind)
        name = asked
    elif "sql" in asked:
        return own_sql(str(asked["sql"]), str(asked.get("label", "own_sql")))
    else:
        ((name, amount),) = asked.items()
        make, kinds = WITH_NUMBER.get(name, (None, frozenset()))
        found = make(float(amount), kind) if make is not None and kind in kinds else None
    if found is None:
        offered = [level.name for level in KIND_LEVELS[kind]] + [
            name for name, (_, kinds) in MORE_LEVELS.items() if kind in kinds
        ]
        numbered = [f"{one}: <number>" for one, (_, kinds) in WITH_NUMBER.items() if kind in kinds]
        keys = [f"same_{key}" for key in KINDS[kind].keys if key not in KINDS[kind].lists]
        every = list(dict.fromkeys([*offered, *numbered, *keys]))
        raise ValueError(f"comparisons: no level {name!r} for a {kind}; there are {', '.join(every)}, sql: <condition>")
    return found


def _plain_level(asked: str, kind: Kind) -> Level | None:
    known = {level.name: level for level in KIND_LEVELS[kind]}
    if asked in known:
        return known[asked]
    level, kinds = MORE_LEVELS.get(asked, (None, frozenset()))
    if level is not None and kind in kinds:
        return level
    key = asked.removeprefix("same_")
    if asked.startswith("same_") and key in KINDS[kind].keys:
        return shares_one_of(key) if key in KINDS[kind].lists else same(key, f"{key} 相同", f"same {key}")
    return None
