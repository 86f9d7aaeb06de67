"""How the values of two rows agree, field by field: levels turned into conditions over two prepared tables.

A pair's place on a comparison is 0 where either value is missing (no evidence), 1 for the closest level, and so on; one
more than the levels where the values disagree. What one comparison says no other says again, as weights are added up: a
birth date that the number tells already, a division within an address that agrees, the second of two swapped fields.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from matchers.weights.field_kinds import FORMER, KINDS, RARITY, Kind
from matchers.weights.levels import KIND_LEVELS, Level, former_name, level_asked_for
from matchers.weights.spec import ComparisonSpec, LinkageSpec

MISSING, MISSING_ZH, MISSING_EN = "missing", "缺失", "missing"
ELSE, ELSE_ZH, ELSE_EN = "else", "不同", "different"
_TELL_THE_BIRTH_DATE = frozenset({"equal", "edits_1", "edits_2", "cut_off", "same_head"})
"""Levels of a number that hold only, or nearly only, where the birth dates in it agree."""
_TELL_THE_PLACE = frozenset({"equal", "same_door", "same_place"})
"""Levels of an address at which the place agrees."""


@dataclass(frozen=True)
class Comparison:
    """A field's levels, with the conditions already written for the aliases `l` and `r` of two prepared tables.

    missing: where nothing can be compared, or another comparison says it already.
    """

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


def _declared(declared: ComparisonSpec, spec: LinkageSpec) -> Comparison:
    """A comparison as a spec declares it, by itself."""
    field = spec.fields[declared.field]
    kind = KINDS[field.kind]
    asked = declared.levels
    levels = list(KIND_LEVELS[field.kind] if asked is None else (level_asked_for(one, field.kind) for one in asked))
    left, right = f"l.{declared.field}", f"r.{declared.field}"
    missing = f"{left}.{kind.present} IS NULL OR {right}.{kind.present} IS NULL"
    if field.former is not None:
        known = [one.name for one in levels]
        after = 1 + max(
            (known.index(name) for name in ("minority_part", "masked", "variant", "equal") if name in known), default=-1
        )
        levels.insert(after, former_name())
        missing = " OR ".join(
            f"coalesce({side}.{declared.field}.{kind.present}, {side}.{declared.field}{FORMER}.{kind.present}) IS NULL"
            for side in ("l", "r")
        )
    if field.kind is Kind.ID_NUMBER:
        # Somebody else's number says nothing of whose row it is, unless both have it.
        others = f"({left}.other_birth OR {right}.other_birth) AND {left}.value <> {right}.value"
        missing = f"{missing} OR coalesce({others}, FALSE)"
    conditions = [level.sql(left, right) for level in levels]
    return Comparison(declared.field, tuple(levels), tuple(conditions), missing, declared.term_frequency)


def comparisons(spec: LinkageSpec) -> tuple[Comparison, ...]:
    """Every comparison of a spec, in its order, each saying only what no other says."""
    found = {one.field: _declared(one, spec) for one in spec.comparisons}
    _cross(found, spec)
    _count_birth_once(found, spec)
    _count_place_once(found, spec)
    return tuple(found[one.field] for one in spec.comparisons)


def _cross(found: dict[str, Comparison], spec: LinkageSpec) -> None:
    """Add the level `crossed`. Of two fields crossed with each other, the first says it, the second nothing."""
    crossed_with = {one.field: one.crossed for one in spec.comparisons if one.crossed is not None}
    for field, other in crossed_with.items():
        one, key = found[field], KINDS[spec.fields[field].kind].equal
        condition = f"(l.{field}.{key} = r.{other}.{key} OR l.{other}.{key} = r.{field}.{key})"
        told = crossed_with.get(other) == field and list(crossed_with).index(other) < list(crossed_with).index(field)
        level = Level("crossed", "与另一栏互换", "swapped with another field", lambda _a, _b, sql=condition: sql)  # type: ignore[misc]
        missing = f"({one.missing}) AND NOT coalesce({condition}, FALSE)"
        if told:
            direct = " OR ".join(f"coalesce({name_of.conditions[0]}, FALSE)" for name_of in (found[other], one))
            missing = f"{one.missing} OR (coalesce({condition}, FALSE) AND NOT ({direct}))"
        found[field] = replace(
            one,
            levels=(*one.levels[:1], level, *one.levels[1:]),
            conditions=(*one.conditions[:1], condition, *one.conditions[1:]),
            missing=missing,
        )


def _at(one: Comparison, names: frozenset[str]) -> str:
    """SQL for whether a pair agrees on one of these levels; never null."""
    held = [f"({sql})" for level, sql in zip(one.levels, one.conditions, strict=True) if level.name in names]
    return f"(NOT ({one.missing}) AND coalesce({' OR '.join(held)}, FALSE))" if held else "FALSE"


def _count_birth_once(found: dict[str, Comparison], spec: LinkageSpec) -> None:
    """A birth date that agrees says nothing beside a number that tells it; and beside it, the number's says nothing."""
    for date, number in _dates_and_numbers(spec):
        if date not in found or number not in found:
            continue
        one = found[number]
        kept = [place for place, level in enumerate(one.levels) if level.name != "same_birth"]
        found[number] = replace(
            one,
            levels=tuple(one.levels[place] for place in kept),
            conditions=tuple(one.conditions[place] for place in kept),
        )
        told = f"l.{date}.value = r.{date}.value AND {_at(found[number], _TELL_THE_BIRTH_DATE)}"
        found[date] = replace(found[date], missing=f"{found[date].missing} OR ({told})")


def _dates_and_numbers(spec: LinkageSpec) -> list[tuple[str, str]]:
    """The birth date beside the number that tells it, if the spec has both."""
    number, date = spec.first_of(Kind.ID_NUMBER), spec.birth_date
    return [(date, number)] if number is not None and date is not None else []


def _count_place_once(found: dict[str, Comparison], spec: LinkageSpec) -> None:
    """A division says nothing beside an address that agrees; one that differs is evidence still."""
    address = next((name for name in found if spec.fields[name].kind is Kind.ADDRESS), None)
    division = next((name for name in found if spec.fields[name].kind is Kind.DIVISION), None)
    if address is None or division is None:
        return
    one = found[division]
    agrees = " OR ".join(f"({condition})" for condition in one.conditions)
    told = f"{_at(found[address], _TELL_THE_PLACE)} AND ({agrees})"
    found[division] = replace(one, missing=f"{one.missing} OR coalesce({told}, FALSE)")


def wants_rarity(spec: LinkageSpec) -> list[str]:
    """The text fields whose words are counted, because a level asks how rare they are."""
    return [one.field for one in comparisons(spec) if any(f"{one.field}{RARITY}." in sql for sql in one.conditions)]
