"""Records as they may be seen: how much of a value is shown is decided by what its contract says it means."""

from collections.abc import Callable, Mapping
from typing import Any

from review.known_people import Facts, KnownPeople, birth_columns, columns_of
from schemas.catalogue import load_catalogue
from schemas.column import Column, Meaning
from schemas.masks import HIDDEN_WHOLE, SHOWN_WHOLE, mask_birth_date, mask_serial, mask_value


def _words(value: str, known: KnownPeople) -> str:
    return known.masked(value)


def _serial(value: str, known: KnownPeople) -> str:
    return HIDDEN_WHOLE if known.number_within(value) else mask_serial(value)


def _date(value: str, known: KnownPeople) -> str:
    """A date that is somebody's birth date is one in whichever column it stands."""
    return mask_birth_date(value) if value in known.birth_dates else value


BESIDE_KNOWN: Mapping[Meaning, Callable[[str, KnownPeople], str]] = {
    Meaning.SERIAL: _serial,
    Meaning.ORGANISATION_CODE: _words,
    Meaning.ORGANISATION_NAME: _words,
    Meaning.TEXT: _words,
    Meaning.DATE: _date,
}
"""Where less is shown of a value than its meaning's mask leaves, as a case knows whose it is."""


def mask_facts(type_name: str, facts: Facts, known: KnownPeople) -> dict[str, Any]:
    """What a record said, column by column. What no contract gives a meaning is hidden whole."""
    columns, born = columns_of(type_name), birth_columns(type_name)
    return {name: _fact(columns.get(name), value, known, born=name in born) for name, value in facts.items()}


def mask_key(type_name: str, row_key: str, known: KnownPeople) -> str:
    """A record's key, each of its columns masked as among the facts."""
    contract = load_catalogue().contracts.get(type_name)
    parts = row_key.split("|")
    if contract is None or len(parts) != len(contract.key):
        return HIDDEN_WHOLE
    columns = columns_of(type_name)
    return "|".join(
        str(_fact(columns[name], part, known, born=False)) for name, part in zip(contract.key, parts, strict=True)
    )


def _fact(column: Column | None, value: Any, known: KnownPeople, *, born: bool) -> Any:
    if value is None or value == "":
        return value
    if column is None:
        return HIDDEN_WHOLE
    if not isinstance(value, str):
        return value if column.meaning in SHOWN_WHOLE else HIDDEN_WHOLE
    if not born and (mask := BESIDE_KNOWN.get(column.meaning)):
        return mask(value, known)
    return mask_value(column.meaning, value, born=born)
