"""Errors in numbers and names as departments make them: damage of known kinds, and a note of what was done.

Every function works on whole columns, says for each row which kind of damage it did, and draws from the generator it
is given only, so the same generator state gives the same dirt.
"""

from enum import StrEnum
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from synth.facts import read_facts
from synth.rates import Rates

Flags = NDArray[np.bool_]
Integers = NDArray[np.int64]


class IdKind(StrEnum):
    """What was done to an ID number."""

    NONE = "none"
    LOWER_X = "lower_x"
    LOST_X = "lost_x"
    FULL_WIDTH = "full_width"
    LETTER_O = "letter_o"
    ONE_DIGIT = "one_digit"
    SWAPPED = "swapped"
    TRUNCATED = "truncated"
    SCIENTIFIC = "scientific"
    BLANK = "blank"
    FIFTEEN = "fifteen"
    RELATIVE = "relative"
    PLACEHOLDER = "placeholder"


class NameKind(StrEnum):
    """What was done to a name."""

    NONE = "none"
    BLANK_INSIDE = "blank_inside"
    HOMOPHONE = "homophone"
    LOOK_ALIKE = "look_alike"
    TRADITIONAL = "traditional"
    RARE_REPLACED = "rare_replaced"
    MASKED = "masked"
    FORMER_NAME = "former_name"
    DOT_FORM = "dot_form"


INTACT_NUMBERS = (IdKind.NONE, IdKind.LOWER_X, IdKind.FULL_WIDTH)
"""Sound once width and case are put right."""
REPAIRABLE_NUMBERS = (IdKind.LOST_X, IdKind.LETTER_O, IdKind.ONE_DIGIT, IdKind.SWAPPED)
EQUAL_NAMES = (NameKind.NONE, NameKind.BLANK_INSIDE, NameKind.TRADITIONAL, NameKind.DOT_FORM)
"""Equal once width, blanks, dots and traditional forms are put right."""
COMPATIBLE_NAMES = (*EQUAL_NAMES, NameKind.HOMOPHONE, NameKind.MASKED)

DOTS = ("•", "・", "．", ".", "‧", "")
LOST_CHARACTER_SIGNS = ("?", "*", "〇", " ")
PLACEHOLDERS = ("111111111111111111", "000000000000000000", "无", "不详")
NARROW = [chr(code) for code in range(0x21, 0x7F)]
WIDE = [chr(code + 0xFEE0) for code in range(0x21, 0x7F)]
NUMBER_LENGTH = 18


def damage_id_numbers(
    ids: pl.Series,
    rng: np.random.Generator,
    rates: Rates,
    *,
    relatives: pl.Series | None = None,
    spare: Flags | None = None,
) -> tuple[pl.Series, pl.Series]:
    """Damage sound 18-character numbers at the rates of ``rates.id_numbers``.

    ``relatives`` gives for each row somebody else's number (or null), which is written instead for kind ``relative``.
    Rows flagged in ``spare``, and null numbers, stay as they are. Returns the numbers as delivered (null where blank)
    and the IdKind of each. A wrong digit or a swap keeps 18 characters and, as the check character catches every one,
    never makes another person's number.
    """
    known = ids.is_not_null().to_numpy() & (True if spare is None else ~spare)
    ends_in_x = ids.str.ends_with("X").fill_null(False).to_numpy()
    possible = {
        IdKind.LOWER_X: ends_in_x,
        IdKind.LOST_X: ends_in_x,
        IdKind.FIFTEEN: (ids.str.slice(6, 2) == "19").fill_null(False).to_numpy(),
        IdKind.LETTER_O: ids.str.contains("0", literal=True).fill_null(False).to_numpy(),
        IdKind.RELATIVE: _elsewhere(relatives, ids),
    }
    kind = _allot(len(ids), rates.id_numbers.model_dump(), possible, known, rng)
    delivered = ids.rename("id_number")
    for one in IdKind:
        rows = np.flatnonzero(kind == one)
        if one is IdKind.NONE or not len(rows):
            continue
        numbers = relatives if one is IdKind.RELATIVE and relatives is not None else ids
        delivered = delivered.scatter(rows, _damaged_numbers(numbers.gather(rows), one, rng))
    return delivered, pl.Series("id_kind", kind, dtype=pl.String)


def damage_names(
    names: pl.Series,
    rng: np.random.Generator,
    rates: Rates,
    former_names: pl.Series | None = None,
    *,
    spare: Flags | None = None,
) -> tuple[pl.Series, pl.Series]:
    """Damage names at the rates of ``rates.names``; only given names change, never the surname.

    ``former_names`` gives for each row the person's former name, or null. Rows flagged in ``spare``, and null names,
    stay as they are. Returns the names as delivered and the NameKind of each.
    """
    length = names.str.len_chars().fill_null(0).to_numpy()
    dotted = names.str.contains("·", literal=True).fill_null(False).to_numpy()
    given = names.str.slice(1).fill_null("")
    plain = ~dotted & (length >= 2)
    possible = {
        NameKind.BLANK_INSIDE: plain & (length == 2),
        NameKind.HOMOPHONE: plain & _contains(given, "".join(read_facts("homophones")["characters"])),
        NameKind.LOOK_ALIKE: plain & _contains(given, "".join(read_facts("look_alikes")["character"])),
        NameKind.TRADITIONAL: _contains(names, "".join(read_facts("traditional")["simplified"])),
        NameKind.RARE_REPLACED: plain & _contains(given, "".join(read_facts("rare_characters")["character"])),
        NameKind.MASKED: plain & (length <= 3),
        NameKind.FORMER_NAME: _elsewhere(former_names, names),
        NameKind.DOT_FORM: dotted,
    }
    known = names.is_not_null().to_numpy() & (True if spare is None else ~spare)
    kind = _allot(len(names), rates.names.model_dump(), possible, known, rng)
    delivered = names.rename("name")
    for one in NameKind:
        rows = np.flatnonzero(kind == one)
        if one is NameKind.NONE or not len(rows):
            continue
        sources = former_names if one is NameKind.FORMER_NAME and former_names is not None else names
        delivered = delivered.scatter(rows, _damaged_names(sources.gather(rows), one, rng))
    return delivered, pl.Series("name_kind", kind, dtype=pl.String)


def identity_of(id_kind: pl.Series, name_kind: pl.Series, *, former_name_declared: bool = False) -> pl.Series:
    """What the certain stages of linking can make of a record damaged so: sound, upgraded, repairable or hidden.

    ``former_name_declared``: the record itself, or the register it is compared with, carries the former name.
    Hidden records may still be found by other means; it is only not promised.
    """
    compatible = [*COMPATIBLE_NAMES, NameKind.FORMER_NAME] if former_name_declared else list(COMPATIBLE_NAMES)
    number, name = pl.col("number"), pl.col("name")
    identity = (
        pl.when(number.is_in([*INTACT_NUMBERS]) & name.is_in(compatible))
        .then(pl.lit("sound"))
        .when((number == IdKind.FIFTEEN) & name.is_in(compatible))
        .then(pl.lit("upgraded"))
        .when(number.is_in([*REPAIRABLE_NUMBERS]) & name.is_in([*EQUAL_NAMES]))
        .then(pl.lit("repairable"))
        .otherwise(pl.lit("hidden"))
    )
    return pl.DataFrame({"number": id_kind, "name": name_kind}).select(identity.alias("identity"))["identity"]


def _allot(
    count: int,
    rates: dict[str, float],
    possible: dict[IdKind, Flags] | dict[NameKind, Flags],
    known: Flags,
    rng: np.random.Generator,
) -> NDArray[np.str_]:
    """A kind for each row, at most one: each in turn takes its share of the rows it can happen to."""
    kind = np.full(count, "none", dtype="U16")
    by_name = {str(one): flags for one, flags in possible.items()}
    for one, rate in rates.items():
        hit = known & (kind == "none") & (rng.random(count) < rate)
        kind[hit & by_name[one] if one in by_name else hit] = one
    return kind


def _elsewhere(others: pl.Series | None, own: pl.Series) -> Flags:
    """Where there is another value, and it is not one's own."""
    if others is None:
        return np.zeros(len(own), dtype=np.bool_)
    differs: Flags = (others.is_not_null() & (others != own).fill_null(False)).to_numpy()
    return differs


def _contains(text: pl.Series, characters: str) -> Flags:
    found: Flags = text.str.contains_any(list(characters)).fill_null(False).to_numpy()
    return found


def _damaged_numbers(ids: pl.Series, kind: IdKind, rng: np.random.Generator) -> pl.Series:
    count = len(ids)
    match kind:
        case IdKind.LOWER_X:
            return ids.str.to_lowercase()
        case IdKind.LOST_X:
            return ids.str.head(NUMBER_LENGTH - 1)
        case IdKind.FULL_WIDTH:
            return widened(ids)
        case IdKind.LETTER_O:
            return ids.str.replace_all("0", "O", literal=True)
        case IdKind.TRUNCATED:
            kept = pl.Series(rng.choice([6, 10, 12, 14, 16], size=count))
            return pl.DataFrame({"id": ids, "kept": kept}).select(pl.col("id").str.head(pl.col("kept")))["id"]
        case IdKind.SCIENTIFIC:
            return ids.str.head(1) + "." + ids.str.slice(1, 5) + "E+17"
        case IdKind.BLANK:
            return pl.Series([None], dtype=pl.String).new_from_index(0, count)
        case IdKind.FIFTEEN:
            return ids.str.head(6) + ids.str.slice(8, 9)
        case IdKind.PLACEHOLDER:
            return pl.Series(PLACEHOLDERS).gather(rng.integers(0, len(PLACEHOLDERS), count))
        case IdKind.ONE_DIGIT | IdKind.SWAPPED:
            return _slipped(ids, kind, rng)
    return ids


def _slipped(ids: pl.Series, kind: IdKind, rng: np.random.Generator) -> pl.Series:
    """One of the first 17 digits wrong, or two unequal neighbours among them swapped."""
    count = len(ids)
    each = np.arange(count)
    characters = ids.to_numpy().astype(f"S{NUMBER_LENGTH}").view(np.uint8).reshape(count, NUMBER_LENGTH).copy()
    if kind is IdKind.ONE_DIGIT:
        place = rng.integers(0, NUMBER_LENGTH - 1, count)
        digit = characters[each, place] - ord("0")
        characters[each, place] = (digit + rng.integers(1, 10, count)) % 10 + ord("0")
    else:
        unequal = characters[:, :16] != characters[:, 1:17]
        place = np.argmax(rng.random((count, 16)) * unequal, axis=1)
        first, second = characters[each, place].copy(), characters[each, place + 1].copy()
        characters[each, place], characters[each, place + 1] = second, first
    return pl.Series(characters.view(f"S{NUMBER_LENGTH}").ravel().astype(f"U{NUMBER_LENGTH}"), dtype=pl.String)


def _damaged_names(names: pl.Series, kind: NameKind, rng: np.random.Generator) -> pl.Series:
    count = len(names)
    match kind:
        case NameKind.BLANK_INSIDE:
            blanks = pl.Series(["\u3000", " ", "  "]).gather(rng.integers(0, 3, count))
            return names.str.head(1) + blanks + names.str.slice(1)
        case NameKind.HOMOPHONE:
            return _one_replaced(names, *_homophones(), rng)
        case NameKind.LOOK_ALIKE:
            facts = read_facts("look_alikes")
            return _one_replaced(names, _codes(facts["character"]), _codes(facts["mistaken_for"])[:, None], rng)
        case NameKind.TRADITIONAL:
            facts = read_facts("traditional")
            return names.str.replace_many(facts["simplified"].to_list(), facts["traditional"].to_list())
        case NameKind.RARE_REPLACED:
            return _rare_lost(names, rng)
        case NameKind.MASKED:
            # 张*三 keeps the last character, 张** none.
            keeps_last = (names.str.len_chars().to_numpy() == 3) & (rng.random(count) < 0.5)
            middle = pl.Series(
                np.where(keeps_last | (names.str.len_chars().to_numpy() == 2), "*", "**"), dtype=pl.String
            )
            last = pl.DataFrame({"name": names, "keeps": keeps_last})
            tail = last.select(pl.when("keeps").then(pl.col("name").str.tail(1)).otherwise(pl.lit("")))["name"]
            return names.str.head(1) + middle + tail
        case NameKind.DOT_FORM:
            dots = pl.Series(DOTS).gather(rng.integers(0, len(DOTS), count))
            parts = pl.DataFrame({"name": names, "dot": dots})
            return parts.select(pl.col("name").str.replace("·", pl.col("dot"), literal=True))["name"]
    return names


def _rare_lost(names: pl.Series, rng: np.random.Generator) -> pl.Series:
    """Names whose rare characters became a sign, a blank, or their pinyin."""
    facts = read_facts("rare_characters")
    signs = [facts["pinyin"].to_list(), *([sign] * len(facts) for sign in LOST_CHARACTER_SIGNS)]
    forms = [names.str.replace_many(facts["character"].to_list(), sign) for sign in signs]
    which = rng.integers(0, len(forms), len(names))
    table = pl.DataFrame({str(place): form for place, form in enumerate(forms)} | {"which": which})
    chosen = pl.coalesce(pl.when(pl.col("which") == place).then(pl.col(str(place))) for place in range(len(forms)))
    return table.select(chosen.alias("name"))["name"]


def _one_replaced(names: pl.Series, known: Integers, others: Integers, rng: np.random.Generator) -> pl.Series:
    """Replace one character after the first by one of its ``others``.

    ``known`` are code points in any order; row i of ``others`` what known[i] may become, padded with 0.
    """
    order = np.argsort(known)
    known, others = known[order], others[order]
    width = int(names.str.len_chars().max() or 1)  # type: ignore[arg-type]
    points = names.to_numpy().astype(f"U{width}").view(np.uint32).reshape(len(names), width).copy()
    place_in = np.clip(np.searchsorted(known, points), 0, len(known) - 1)
    replaceable = known[place_in] == points
    replaceable[:, 0] = False
    each = np.arange(len(names))
    place = np.argmax(rng.random(points.shape) * replaceable, axis=1)
    choices = others[place_in[each, place]]
    chosen = choices[each, (rng.random(len(names)) * (choices > 0).sum(axis=1)).astype(np.int64)]
    points[each, place] = np.where(replaceable[each, place], chosen, points[each, place])
    return pl.Series(points.view(f"U{width}").ravel(), dtype=pl.String)


@cache
def _homophones() -> tuple[Integers, Integers]:
    """Characters with homophones, as code points, and for each the others of its group, padded with 0."""
    groups = read_facts("homophones")["characters"].to_list()
    widest = max(len(group) for group in groups) - 1
    known = [ord(one) for group in groups for one in group]
    others = [[ord(other) for other in group if other != one] for group in groups for one in group]
    return np.array(known), np.array([[*group, *[0] * (widest - len(group))] for group in others])


def _codes(characters: pl.Series) -> Integers:
    return np.array([ord(one) for one in characters.to_list()])


def widened(text: pl.Series) -> pl.Series:
    """ASCII made full-width."""
    return text.str.replace_many(NARROW, WIDE)
