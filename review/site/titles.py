"""Names for codes, in the language that is active: divisions, information types, their columns and values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.utils.translation import get_language, gettext

from schemas.catalogue import load_catalogue
from schemas.column import Column, Meaning
from schemas.contract import Contract
from schemas.declaration import Title
from schemas.divisions import load_divisions

# Province, city, county, township, village.
PREFIX_LENGTHS = (2, 4, 6, 9, 12)
CITY_DIGITS = 4
UNKNOWN = "—"


@dataclass(frozen=True)
class LabelledValue:
    """One value of a record, ready to read: its label, the value, and the name of its column."""

    column: str
    label: str
    value: str


def in_chinese() -> bool:
    """Whether Chinese words are wanted."""
    return get_language() != "en"


def in_language(title: Title | Mapping[str, str]) -> str:
    """A title of the catalogue or of a rule."""
    both = title.model_dump() if isinstance(title, Title) else title
    return both["zh"] if in_chinese() else both["en"]


def _contract(name: str) -> Contract | None:
    return load_catalogue().contracts.get(name)


def type_title(name: str) -> str:
    """The type as people call it; a type that is no longer in the catalogue goes by its name."""
    contract = _contract(name)
    return in_language(contract.title) if contract else name


def department_title(name: str) -> str:
    """The department that delivers the type; blank where nobody does any more."""
    contract = _contract(name)
    return in_language(load_catalogue().departments[contract.department].title) if contract else ""


@cache
def _columns(name: str) -> dict[str, Column]:
    contract = _contract(name)
    return {column.name: column for column in contract.columns} if contract else {}


def column_title(type_name: str, column: str) -> str:
    """How the source heads the column."""
    known = _columns(type_name).get(column)
    if known is None:
        return column
    return known.header if in_chinese() else known.en


def value_in_words(type_name: str, column: str, value: Any) -> str:
    """A value as people read it: codes by their label, divisions by name, amounts in yuan; a dash for nothing."""
    if value is None or value == "":
        return UNKNOWN
    known = _columns(type_name).get(column)
    if known is None:
        return str(value)
    if known.codes and str(value) in known.codes:
        return in_language(known.codes[str(value)])
    if known.meaning is Meaning.DIVISION:
        return division_name(str(value))
    if known.meaning is Meaning.AMOUNT:
        return gettext("%(amount)s yuan") % {"amount": f"{float(value):,.2f}"}
    return f"{value:g}" if isinstance(value, float) else str(value)


def facts_in_words(
    type_name: str, facts: Mapping[str, Any], *, without: frozenset[str] = frozenset()
) -> list[LabelledValue]:
    """What a record says, in the order of its contract; blank values are left out."""
    return [
        LabelledValue(column, column_title(type_name, column), value_in_words(type_name, column, value))
        for column, value in facts.items()
        if column not in without and value not in (None, "")
    ]


@dataclass(frozen=True)
class IdentityColumns:
    """The columns that tell who one role of a record is."""

    id_number: str
    name: str


def identity_columns(type_name: str, role: str) -> IdentityColumns | None:
    """Which columns hold number and name of the person in this role."""
    contract = _contract(type_name)
    for one in contract.identity if contract else ():
        if one.role == role:
            return IdentityColumns(one.id_number, one.name)
    return None


def division_name(code: str, *, below: str = "") -> str:
    """The names of a division from the county down, or from below ``below``; what has no name ends in the code."""
    divisions = load_divisions()
    names = []
    for length in PREFIX_LENGTHS:
        if len(code) >= length and code[:length] != below[:length]:
            known = divisions.get(code[:length].ljust(12, "0"))
            if known is None:
                names.append((length, code))
                break
            names.append((length, known.name))
    shown = [name for length, name in names if length > CITY_DIGITS] or [name for _length, name in names]
    return " ".join(shown) or code


def divisions_under(prefix: str) -> list[tuple[str, str]]:
    """Prefix and name of the divisions one level below."""
    wanted = next((length for length in PREFIX_LENGTHS if length > len(prefix)), None)
    if wanted is None:
        return []
    return [
        (code[:wanted], one.name)
        for code, one in load_divisions().items()
        if code.startswith(prefix) and code[wanted:].strip("0") == "" and code[:wanted][len(prefix) :].strip("0")
    ]


def days_since(day: date, today: date) -> int:
    """Whole days, never less than none."""
    return max((today - day).days, 0)
