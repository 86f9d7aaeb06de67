"""Everybody whom the registers list, as SQL: the one place that tells a register's columns from what they mean."""

from collections.abc import Iterable, Mapping, Sequence

from schemas.column import Code
from schemas.contract import Contract
from schemas.register import HEAD, People, Register


def registers_of(contracts: Iterable[Contract], people: People | None = None) -> list[Contract]:
    """The contracts that are registers, of these people if given, those of protected people first."""
    found = [one for one in contracts if one.as_register and people in (None, one.as_register.people)]
    return sorted(found, key=lambda one: register_of(one).people is not People.PROTECTED)


def rosters_of(contracts: Iterable[Contract]) -> frozenset[str]:
    """The names of the registers of protected people."""
    return frozenset(one.name for one in registers_of(contracts, People.PROTECTED))


def register_of(contract: Contract) -> Register:
    """How a register lists its people. Raises ValueError for a contract that is none."""
    if contract.as_register is None:
        raise ValueError(f"{contract.name} is no register: declare register in its contract")
    return contract.as_register


def listed_sql(registers: Iterable[Contract], columns: Sequence[str]) -> str:
    """A query of these columns (see ``told_by``) of every line of the registers' as-of views."""
    lines = []
    for contract in registers:
        told = told_by(contract)
        lines.append(
            f"SELECT {', '.join(f'{told[name]} AS {name}' for name in columns)} FROM {contract.name} AS record"
        )
    return "\nUNION ALL\n".join(lines)


def codes_of(contract: Contract, attribute: str) -> Mapping[str, Code]:
    """The codes that a register has for an attribute of its people; none where it has no column of it."""
    column = contract.identity[0].sex if attribute == "sex" else getattr(register_of(contract), attribute)
    return contract.column(column).codes if column else {}


def shown_of_member(contract: Contract) -> Sequence[str]:
    """The columns that a case's page shows of each member on a register."""
    register, person = register_of(contract), contract.identity[0]
    told = (person.name, person.id_number, register.relation)
    return register.shows_of_member or tuple(name for name in told if name)


def shown_of_household(contract: Contract) -> Sequence[str]:
    """The columns that it shows of the household."""
    register = register_of(contract)
    shown: set[str | None] = {*contract.key, register.household, register.member, *shown_of_member(contract)}
    shown |= {contract.identity[0].birth_date, contract.identity[0].sex}
    return register.shows_of_household or tuple(one.name for one in contract.columns if one.name not in shown)


def told_by(contract: Contract) -> dict[str, str]:
    """What a register's line says of one member of one household: SQL over its row ``record``, by what it means.

    ``paid``: a benefit is paid. ``is_head``: the line says that the member is the head; never NULL.
    """
    register, person = register_of(contract), contract.identity[0]
    codes = ", ".join(_text(code) for code in register.paid)
    return {
        "scheme": _text(register.scheme),
        "household_id": _column(register.household),
        "member_id": _column(register.member),
        "type": _text(contract.name),
        "row_key": "record.row_key",
        "id_number": _column(person.id_number),
        "id_verdict": _column(contract.verdict_columns[person.id_number]),
        "name": _column(person.name),
        "former_name": _column(person.former_name),
        "birth_date": _column(person.birth_date, "DATE"),
        "sex": _column(person.sex),
        "division": _column(person.division),
        "address": _column(person.address),
        "phone": _column(person.phone),
        "status": _column(register.status),
        "paid": f"coalesce({_column(register.status)} IN ({codes}), FALSE)" if codes else "TRUE",
        "is_head": f"coalesce({_column(register.relation)} = {_text(HEAD)}, FALSE)" if register.relation else "FALSE",
        "decided_on": _latest(register.decided),
        "ethnicity": _column(register.ethnicity),
        "area": _column(register.area),
    }


def _column(name: str | None, kind: str = "VARCHAR") -> str:
    return f'record."{name}"' if name else f"NULL::{kind}"


def _latest(names: Sequence[str]) -> str:
    """SQL for the latest of some days; NULL where one of them is not known, as it may be the latest."""
    told = [_column(name, "DATE") for name in names]
    if len(told) < 2:
        return "".join(told) or "NULL::DATE"
    unknown = " OR ".join(f"{one} IS NULL" for one in told)
    return f"CASE WHEN NOT ({unknown}) THEN greatest({', '.join(told)}) END"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
