"""How a contract says that its type is a register of the people a night is about, and how it lists them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import Field

from schemas.declaration import Identifier, Strict, Title

if TYPE_CHECKING:
    from schemas.contract import Contract

HEAD = "head"
"""The code of a head of household in the column ``relation``."""


class People(StrEnum):
    """Whom a register lists."""

    PROTECTED = "protected"
    """Those a scheme protects, whatever their status: records of every type are linked to them."""
    NEAR_POOR = "near_poor"
    """Those a scheme might leave out: they are watched where no register of protected people lists them."""


class Register(Strict):
    """The columns of a register: each line is one member of one household under one scheme."""

    scheme: Identifier = Field(max_length=32)
    """What flags and cases call the scheme; no other register has the same."""
    title: Title | None = None
    """What users call it; without, they read the title of the contract."""
    people: People = People.PROTECTED
    household: Identifier
    member: Identifier
    """Where each person is a household of their own, the same column as ``household``."""
    status: Identifier
    """The coded column that says how the member stands on the register."""
    paid: tuple[str, ...] = ()
    """The codes of ``status`` under which a benefit is paid; without, every line counts as paid."""
    relation: Identifier | None = None
    """The column whose code ``head`` marks the head of the household; without, the first member speaks for it."""
    ethnicity: Identifier | None = None
    area: Identifier | None = None
    """The coded column that says urban or rural."""
    decided: tuple[Identifier, ...] = ()
    """The days on which the household was decided on, as admission and last assessment: the latest of them counts."""
    shows_of_member: tuple[Identifier, ...] = ()
    """What a case's page says of each member, in this order; without, name, ID number and relation."""
    shows_of_household: tuple[Identifier, ...] = ()
    """What it says of the household, in its head's line; without, all other columns but keys, birth date and sex."""

    def must_fit(self, contract: Contract) -> None:
        """Raise ValueError, naming the key and what to do, unless the register fits the contract that declares it."""
        for key in ("household", "member", "status", "relation", "ethnicity", "area"):
            if name := getattr(self, key):
                contract.refer_to_columns(f"register.{key}", (name,))
        for key in ("shows_of_member", "shows_of_household"):
            contract.refer_to_columns(f"register.{key}", getattr(self, key))
        self._decided_on_days(contract)
        for key in ("household", "member"):
            column = contract.column(getattr(self, key))
            if column.meaning != "serial" or not column.required:
                raise ValueError(f"register.{key}: {column.name} is no required serial: name one that is")
        for key in ("status", "relation", "ethnicity", "area"):
            if (name := getattr(self, key)) and not contract.column(name).codes:
                raise ValueError(f"register.{key}: {name} has no codes: name a column of meaning code")
        codes = contract.column(self.status).codes
        if unknown := [code for code in self.paid if code not in codes]:
            raise ValueError(f"register.paid: {unknown} are not codes of {self.status}: use some of {list(codes)}")
        if self.relation and HEAD not in contract.column(self.relation).codes:
            raise ValueError(f"register.relation: {self.relation} has no code {HEAD}: name the relation to the head")
        if not set(contract.key) <= {self.household, self.member}:
            told = f"register.member: {self.household} and {self.member} do not tell one row from another"
            raise ValueError(f"{told}: name columns of the key {list(contract.key)}")
        if len(contract.identity) != 1:
            raise ValueError("register: a line lists one person: declare exactly one identity")
        division = contract.identity[0].division
        if division is None or not contract.column(division).required:
            role = contract.identity[0].role
            raise ValueError(f"identity.{role}.division: a register's cases lie by it: name a required division")

    def _decided_on_days(self, contract: Contract) -> None:
        contract.refer_to_columns("register.decided", self.decided)
        if undated := [name for name in self.decided if contract.column(name).meaning != "date"]:
            raise ValueError(f"register.decided: {undated} are not of meaning date: name days")
