"""The contract of one information type: what a department delivers, column by column.

A contract is one YAML file, ``schemas/<department>/<type>.yaml``. Everything that must know the shape of a type
(parsing, quarantine, expectations, the Arrow schema, linking, invented data, documentation) reads it from here.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

import pyarrow as pa
from pydantic import ConfigDict, Field, model_validator

from schemas.declaration import Identifier, Strict, Title
from schemas.parts import Parts, parts_on
from schemas.period import Period
from schemas.register import Register
from schemas.spellings import can_be_met, fold_header, folded, repeated

Share = Annotated[float, Field(ge=0.0, le=1.0)]


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


class Cadence(StrEnum):
    """How often a department delivers."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    TERMLY = "termly"


class Delivery(Strict):
    """How a type arrives. A full delivery replaces the one before it; an increment adds to it, key by key."""

    kind: Literal["full", "increment"]
    cadence: Cadence
    late_after_days: int = Field(ge=1, le=400)
    """The type is late when its newest delivery is older than this many days."""
    parts: Parts | None = None
    """Whether one day comes in several files that add up: see `schemas.parts`. Without it a second file of a day is a
    correction of the first, unless its name says that it is a part (``_1of3``)."""

    def parts_on(self, day: date) -> int | None:
        """In how many parts ``day`` comes by this contract: see `schemas.parts.parts_on`."""
        return parts_on(self.parts, day)


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
    """Other headers seen for the same column. All are compared folded: see ``fold_header``."""
    meaning: Meaning
    unit: str | None = None
    """What the source counts in; kept amounts are always yuan. An amount under a header that ends in (万元) or (元),
    parentheses of either width, is in that unit whatever ``unit`` says; under any other header it is in ``unit``."""
    required: bool = False
    """A row without a value here is quarantined; of a column that is not required, a cell that cannot be read is left
    empty, and kept as a note."""
    codes: dict[str, Code] = Field(default_factory=dict)
    """The values allowed. In YAML either the codes themselves, or the name of a list in ``codes.yaml``."""
    unlisted: str | None = None
    """The code that stands for whatever the list does not have, and, where the column is required, for an empty cell:
    no row is then set apart for this column. What the cell held is kept as a note."""
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
        if self.meaning is Meaning.AMOUNT:
            for ending, unit in HEADER_UNITS.items():
                if fold_header(header).endswith(ending):
                    return unit
        return self.unit

    @property
    def sets_apart(self) -> bool:
        """Whether a row is set apart for a cell of this column that cannot be read."""
        return self.required and self.unlisted is None

    @property
    def code_of(self) -> dict[str, str]:
        """The code that each spelling stands for, folded."""
        return {folded(word): code for code, entry in self.codes.items() for word in entry.spellings(code)}

    @property
    def arrow_type(self) -> pa.DataType:
        """The type its values have in the lake."""
        return ARROW_TYPES.get(self.meaning, pa.string())


class Identity(Strict):
    """One person a row speaks of: the columns that tell who it is. ``role`` tells apart, say, buyer and seller."""

    role: Identifier
    id_number: Identifier
    name: Identifier
    former_name: Identifier | None = None
    birth_date: Identifier | None = None
    sex: Identifier | None = None
    division: Identifier | None = None
    address: Identifier | None = None
    phone: Identifier | None = None
    household: Identifier | None = None
    """The sender's own key of a group that lives together."""
    relatives: tuple[Identifier, ...] = ()
    """Columns of the ID numbers of parents, a spouse or a guardian: they tell the household, never the person."""

    def columns(self) -> dict[str, str]:
        """The identity parts this row carries, each with its column: ``{"id_number": "owner_id", ...}``."""
        return {
            part: column
            for part, column in self.model_dump(exclude={"role", "relatives"}).items()
            if column is not None
        }


IDENTITY_MEANINGS: dict[str, frozenset[Meaning]] = {
    "id_number": frozenset({Meaning.ID_NUMBER}),
    "name": frozenset({Meaning.PERSON_NAME}),
    "former_name": frozenset({Meaning.PERSON_NAME}),
    "birth_date": frozenset({Meaning.DATE}),
    "sex": frozenset({Meaning.CODE}),
    "division": frozenset({Meaning.DIVISION}),
    "address": frozenset({Meaning.ADDRESS}),
    "phone": frozenset({Meaning.PHONE}),
    "household": frozenset({Meaning.SERIAL}),
}
"""What the column of each part of an identity must mean."""


class RowRule(Strict):
    """A condition, in DuckDB SQL over the typed columns, that every row must meet; one that is NULL counts as met."""

    name: Identifier
    sql: str = Field(min_length=1)
    explain: Title


class Range(Strict):
    """Bounds, either of which may be left open."""

    min: float | None = None
    max: float | None = None


class Expectations(Strict):
    """What the whole of a delivery must look like before it replaces the last good one."""

    rows: Range
    """Rows of one delivery: an absolute floor (and ceiling, if any)."""
    rows_against_last: Range | None = None
    """Rows of a full delivery as a multiple of those of the last good one."""
    quarantined: Share
    """The largest share of the rows that may be in quarantine."""
    filled: dict[Identifier, Share] = Field(default_factory=dict)
    """The least share of conformed rows that have a value, by column."""
    sound_id_numbers: Share = 0.0
    """The least share of the identity columns' non-empty ID numbers that are sound."""


class Owner(Strict):
    """Who answers for the type at the department (an office, never a person)."""

    office: str = Field(min_length=1)
    note: str | None = None


class Contract(Strict):
    """One information type, or one that civil affairs holds itself."""

    model_config = ConfigDict(serialize_by_alias=True)

    name: Identifier
    department: Identifier
    title: Title
    owner: Owner
    retention_days: int = Field(ge=30)
    """Rows of deliveries older than this, and superseded since, are dropped."""
    province_rows: int = Field(ge=1)
    """Rows a whole province delivers, for planning and benchmarks (DOMAIN section 2, assumed)."""
    delivery: Delivery
    key: tuple[Identifier, ...] = Field(min_length=1)
    """The columns whose values tell one row of the type from another."""
    identity: tuple[Identity, ...] = ()
    as_register: Register | None = Field(default=None, alias="register")
    """Where the type is a register of the people a night is about: how it lists them."""
    columns: tuple[Column, ...] = Field(min_length=1)
    period: Period | None = None
    """Where amounts may be for several months at once: which columns say for which."""
    row_rules: tuple[RowRule, ...] = ()
    expectations: Expectations

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if twice := repeated(column.name for column in self.columns):
            raise ValueError(f"columns: {twice} declared twice: keep one")
        headers = (fold_header(text) for column in self.columns for text in (column.header, *column.aliases))
        if twice := repeated(headers):
            raise ValueError(f"columns: header {twice} is given twice: keep it once, with one column")
        if twice := repeated(rule.name for rule in self.row_rules):
            raise ValueError(f"row_rules: {twice} declared twice: rename one")
        if twice := repeated(identity.role for identity in self.identity):
            raise ValueError(f"identity: role {twice} declared twice: rename one")
        self.refer_to_columns("key", self.key)
        self.refer_to_columns("expectations.filled", tuple(self.expectations.filled))
        for name in self.key:
            if not self.column(name).required:
                raise ValueError(f"key: {name} may be empty: set required: true on that column")
        for identity in self.identity:
            self.refer_to_columns(f"identity.{identity.role}", (*identity.columns().values(), *identity.relatives))
            for column in identity.relatives:
                if self.column(column).meaning is not Meaning.ID_NUMBER:
                    key = f"identity.{identity.role}.relatives"
                    raise ValueError(f"{key}: {column} is not of meaning id_number: name another column")
            for part, column in identity.columns().items():
                if self.column(column).meaning not in IDENTITY_MEANINGS[part]:
                    allowed = " or ".join(sorted(IDENTITY_MEANINGS[part]))
                    key = f"identity.{identity.role}.{part}"
                    raise ValueError(f"{key}: {column} is not of meaning {allowed}: name another column")
        if self.delivery.kind == "increment" and self.expectations.rows_against_last is not None:
            raise ValueError("expectations.rows_against_last: increments differ in size: remove it")
        return self

    @model_validator(mode="after")
    def _parts_fit(self) -> Self:
        for part in (self.as_register, self.period):
            if part is not None:
                part.must_fit(self)
        return self

    def refer_to_columns(self, key: str, names: tuple[str, ...]) -> None:
        """Raise ValueError, naming ``key``, unless all ``names`` are columns."""
        known = {column.name for column in self.columns}
        if missing := [name for name in names if name not in known]:
            raise ValueError(f"{key}: {missing} are not columns: use one of {sorted(known)}")

    def column(self, name: str) -> Column:
        """The column of that name. Raises KeyError where there is none."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")

    def column_under(self, header: str) -> Column | None:
        """The column that a file heads ``header``, by its header or an alias; None where the contract knows none."""
        folded = fold_header(header)
        for column in self.columns:
            if folded in map(fold_header, (column.header, *column.aliases)):
                return column
        return None

    def may_lack(self, header: str) -> bool:
        """Whether a delivery without the column of this agreed header can be used: the column is then empty."""
        filled = {name for name, share in self.expectations.filled.items() if share > 0}
        return any(
            column.header == header and not column.required and column.name not in filled for column in self.columns
        )

    @property
    def is_own(self) -> bool:
        """Whether civil affairs holds the type itself: such types are not counted among the information types."""
        return self.department == OWN_DEPARTMENT

    @property
    def verdict_columns(self) -> dict[str, str]:
        """The ID numbers that tell who a row speaks of, each with the column that holds the verdict on it."""
        return {identity.id_number: f"{identity.id_number}_verdict" for identity in self.identity}

    @property
    def arrow_schema(self) -> pa.Schema:
        """The declared columns as they stand in the lake, in the order of the contract."""
        return pa.schema([pa.field(column.name, column.arrow_type) for column in self.columns])


OWN_DEPARTMENT = "civil_affairs"
