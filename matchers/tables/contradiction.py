"""When two rows cannot be one person, whatever else agrees: birth date and sex are both known, and both differ.

A birth date is the first date field that is read `from_number` or is called so; a sex likewise the first code field.
What a row does not state, its sound number tells. A part of a date (a year alone) contradicts nothing that begins with
it.
"""

from __future__ import annotations

from matchers.identity.levels import name_rank
from matchers.weights.field_kinds import FORMER, Kind
from matchers.weights.spec import LinkageSpec

_MEN, _WOMEN = "'1', '男', '男性', 'M', 'MALE'", "'2', '女', '女性', 'F', 'FEMALE'"


def contradicts(spec: LinkageSpec) -> str:
    """SQL for whether the prepared rows `l` and `r` contradict each other in both; never null."""
    born, sex = _born(spec), _sex(spec)
    if born is None or sex is None:
        return "FALSE"
    left, right = born.format("l"), born.format("r")
    other_day = f"NOT starts_with({left}, {right}) AND NOT starts_with({right}, {left})"
    return f"coalesce({other_day} AND {sex.format('l')} <> {sex.format('r')}, FALSE)"


def names_agree(spec: LinkageSpec, name: str) -> str:
    """SQL for whether the Han names of `l` and `r` are compatible, a former name of either included; null for none."""
    current = f"({name_rank(f'l.{name}', f'r.{name}')}) IS NOT NULL"
    if spec.fields[name].former is None:
        return current
    former = [
        f"l.{name}{one}.clear = r.{name}{other}.clear" for one, other in (("", FORMER), (FORMER, ""), (FORMER, FORMER))
    ]
    return f"({current} OR coalesce({' OR '.join(former)}, FALSE))"


def cannot_be_one(spec: LinkageSpec) -> str:
    """SQL for whether no weight may link the rows `l` and `r`; never null.

    They contradict each other in birth date and sex, or their Han names agree in no way.
    """
    name = spec.first_of(Kind.HAN_NAME)
    if name is None:
        return contradicts(spec)
    both = f"l.{name}.normal IS NOT NULL AND r.{name}.normal IS NOT NULL"
    return f"({contradicts(spec)} OR coalesce({both} AND NOT ({names_agree(spec, name)}), FALSE))"


def other_year_under_a_hidden_name(spec: LinkageSpec) -> str:
    """SQL for whether a name of `l` or `r` hides a part, and may be anybody's, and the years of birth differ."""
    born, name = _born(spec), spec.first_of(Kind.HAN_NAME)
    if born is None or name is None:
        return "FALSE"
    hidden = f"(l.{name}.clear IS NULL OR r.{name}.clear IS NULL)"
    years = [f"left({born.format(side)}, 4)" for side in ("l", "r")]
    return f"coalesce({hidden} AND {years[0]} <> {years[1]}, FALSE)"


def _born(spec: LinkageSpec) -> str | None:
    """SQL for the birth date of the row `{}`, eight digits or the first of them."""
    stated, number = spec.birth_date, spec.first_of(Kind.ID_NUMBER)
    if stated is None:
        return None
    told = f", CASE WHEN {{0}}.{number}.sound THEN {{0}}.{number}.birth END" if number else ""
    return f"coalesce({{0}}.{stated}.value{told})"


def _sex(spec: LinkageSpec) -> str | None:
    """SQL for the sex of the row `{}`, 1 (a man) or 2."""
    stated, number = spec.sex, spec.first_of(Kind.ID_NUMBER)
    if stated is None:
        return None
    code = f"{{0}}.{stated}.value"
    told = f", 2 - TRY_CAST(substr({{0}}.{number}.number, 17, 1) AS INTEGER) % 2" if number else ""
    return f"coalesce(CASE WHEN {code} IN ({_MEN}) THEN 1 WHEN {code} IN ({_WOMEN}) THEN 2 END{told})"
