"""One column of an information type: what its cells mean, how they are typed, and which codes they may hold."""

from enum import StrEnum
from typing import Self

import pyarrow as pa
from pydantic import Field, model_validator

from schemas.declaration import Identifier, Strict, Title
from schemas.header_forms import Form, bare_names, folded_names, form_of, with_money_behind
from schemas.spellings import can_be_met, fold_header, folded, repeated


class Meaning(StrEnum):
    """What the values of a column are; it decides their type, parsing and masking."""

    ID_NUMBER = "id_number"
    PERSON_NAME = "person_name"
    ORGANISATION_CODE = "organisation_code"
    ORGANISATION_NAME = "organisation_name"
    DIVISION = "division"
    ADDRESS = "address"
    DATE = "date"
    MONTH = "month"
    AMOUNT = "amount"
    QUANTITY = "quantity"
    COUNT = "count"
    CODE = "code"
    SERIAL = "serial"
    PHONE = "phone"
    TEXT = "text"


MONEY = pa.decimal128(18, 2)


ARROW_TYPES: dict[Meaning, pa.DataType] = {
    Meaning.DATE: pa.date32(),
    Meaning.MONTH: pa.date32(),
    Meaning.AMOUNT: MONEY,
    Meaning.QUANTITY: pa.decimal128(18, 4),
    Meaning.COUNT: pa.int64(),
}
"""Meanings whose values are not text. A month is its first day."""


UNITS: dict[Meaning, frozenset[str]] = {
    Meaning.AMOUNT: frozenset({"yuan", "wan_yuan"}),
    Meaning.QUANTITY: frozenset({"percent", "square_metre", "millilitre", "hour"}),
}
"""Units a source may deliver in. Amounts are always kept in yuan: ``wan_yuan`` (万元) is multiplied by 10,000."""


HEADER_UNITS = {"(元)": "yuan", "(万元)": "wan_yuan"}
"""What a header of an amount may end in to say its own unit."""


class Code(Title):
    """One value of a code list; ``also`` are other spellings a source uses for it (the Chinese name always counts)."""

    also: tuple[str, ...] = ()

    def spellings(self, code: str) -> tuple[str, ...]:
        """All that a cell may hold for it, which is ``code`` itself too; compared as `schemas.spellings.folded`."""
        return (code, self.zh, *self.also)


class Column(Strict):
    """One column: how the source heads it, what it means, and what it may hold."""

    name: Identifier
    header: str = Field(min_length=1)
    """The Chinese header the department agreed to; also the column's label for users."""
    en: str = Field(min_length=1)
    aliases: tuple[str, ...] = ()
    """Other headers seen for the same column. All are compared folded, and without a unit, a number, a star or brackets
    that a file adds to them: see ``fold_header`` and `schemas.header_forms`."""
    meaning: Meaning
    unit: str | None = None
    """What the source counts in; kept amounts are always yuan. An amount under a header that ends in (万元) or (元),
    parentheses of either width, is in that unit whatever ``unit`` says; under any other header it is in ``unit``."""
    required: bool = False
    """The department must deliver it: a file without the column is refused, and so is one in which too few rows have a
    value (see ``Contract.filled``). A row without a value is set apart where the column is of the key or of an identity
    (see ``Contract.sets_apart``); in any other, a cell that cannot be read is left empty, and kept as a note."""
    codes: dict[str, Code] = Field(default_factory=dict)
    """The values allowed. In YAML either the codes themselves, or the name of a list in ``codes.yaml``."""
    unlisted: str | None = None
    """The code that stands for whatever the list does not have, and, where the column is required, for an empty cell.
    What the cell held is kept as a note."""
    open_ended: bool = False
    """Of a date that ends something: 长期, 0000-00-00, 9999-12-31 and the like say that there is no end, as an empty
    cell does. In other dates they say that the day is not known."""

    @model_validator(mode="after")
    def _fits_its_meaning(self) -> Self:
        allowed = UNITS.get(self.meaning)
        if allowed and self.unit not in allowed:
            raise ValueError(f"unit: {self.name} is of meaning {self.meaning}: give unit, one of {sorted(allowed)}")
        if not allowed and self.unit is not None:
            raise ValueError(f"unit: {self.name} is of meaning {self.meaning}, which has no unit: remove unit")
        if (self.meaning is Meaning.CODE) != bool(self.codes):
            raise ValueError(f"codes: {self.name}: a column of meaning code has codes, and no other column has")
        words = {code: {folded(word) for word in entry.spellings(code)} for code, entry in self.codes.items()}
        if twice := repeated(word for of_code in words.values() for word in of_code):
            raise ValueError(f"codes: {self.name}: {twice} are listed for two codes: keep each with one")
        spellings = [word for code, entry in self.codes.items() for word in entry.spellings(code)]
        if unmet := [word for word in spellings if not can_be_met(word)]:
            raise ValueError(f"codes: {self.name}: no cell can ever hold {unmet}: remove them")
        if self.unlisted is not None and self.unlisted not in self.codes:
            raise ValueError(f"unlisted: {self.name}: {self.unlisted!r} is not in its codes: use one of them")
        if self.open_ended and (self.required or self.meaning not in (Meaning.DATE, Meaning.MONTH)):
            raise ValueError(f"open_ended: {self.name}: only a date or month that may be empty is: remove it")
        if self.meaning is Meaning.AMOUNT and fold_header(self.header).endswith(tuple(HEADER_UNITS)):
            raise ValueError(
                f"header: {self.name}: users read it next to yuan: make it an alias, and leave the unit out here"
            )
        return self

    def unit_under(self, header: str) -> str | None:
        """The unit of this column's values in a file that heads it ``header``: see ``unit``."""
        return (self.unit_said(header) or self.unit) if self.meaning is Meaning.AMOUNT else self.unit

    def unit_said(self, header: str) -> str | None:
        """The unit that a header of this column says itself; empty where no value is read in it."""
        return self._form(header).unit

    def is_headed(self, header: str) -> bool:
        """Whether a file heads it so, as agreed or as an alias."""
        return fold_header(header) in folded_names(self._headers)

    def is_meant_by(self, header: str) -> bool:
        """Whether it is headed so but for what a file adds: a unit in which it is read, a number, a star, brackets."""
        form = self._form(header)
        return form.bare in bare_names(self._headers) and self._is_read_in(form.unit)

    def is_in_another_unit(self, header: str) -> bool:
        """Whether a header is this column's, in a unit in which no value is read."""
        form = self._form(header)
        return form.bare in bare_names(self._headers) and not self._is_read_in(form.unit)

    @property
    def _headers(self) -> tuple[str, ...]:
        return (self.header, *self.aliases)

    def _form(self, header: str) -> Form:
        form = form_of(header)
        if self.meaning is Meaning.AMOUNT and form.bare not in bare_names(self._headers):
            return with_money_behind(form)
        return form

    def _is_read_in(self, unit: str | None) -> bool:
        if unit is None:
            return True
        return unit in UNITS[Meaning.AMOUNT] if self.meaning is Meaning.AMOUNT else unit == self.unit

    @property
    def code_of(self) -> dict[str, str]:
        """The code that each spelling stands for, folded."""
        return {folded(word): code for code, entry in self.codes.items() for word in entry.spellings(code)}

    @property
    def arrow_type(self) -> pa.DataType:
        """The type its values have in the lake."""
        return ARROW_TYPES.get(self.meaning, pa.string())
