"""The contract of one information type: what a department delivers, column by column.

A contract is one YAML file, ``schemas/<department>/<type>.yaml``. Everything that must know the shape of a type
(parsing, quarantine, expectations, the Arrow schema, linking, invented data, documentation) reads it from here.
"""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, Self

import pyarrow as pa
from pydantic import ConfigDict, Field, model_validator

from schemas.bare_headers import columns_of
from schemas.column import Column, Meaning
from schemas.declaration import Identifier, Strict, Title
from schemas.parts import Parts, parts_on
from schemas.period import Period
from schemas.register import Register
from schemas.spellings import fold_header, repeated

Share = Annotated[float, Field(ge=0.0, le=1.0)]


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


class Lag(Strict):
    """How many days it usually takes, from ``since`` on, until what happened stands in a register."""

    since: date
    days: int = Field(ge=0, le=400)
    reason: Title


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
    """The least share of conformed rows that have a value, by column; see ``Contract.filled``."""
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
    lag: tuple[Lag, ...] = ()
    """By when what happened stands in the register: that an earlier extract does not have it says nothing."""
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

    def lag_on(self, day: date) -> int:
        """The days it usually takes, as of ``day``, until what happened stands in the register."""
        told = [one for one in sorted(self.lag, key=lambda one: one.since) if one.since <= day]
        return told[-1].days if told else 0

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
        """The column that a file heads ``header``, by its header or an alias; None where the contract knows none.

        What files add to a header, such as a unit, does not matter: see `schemas.header_forms`.
        """
        for is_its in (Column.is_headed, Column.is_meant_by):
            for column in self.columns:
                if is_its(column, header):
                    return column
        return None

    def columns_under(self, line: Sequence[str]) -> tuple[Column | None, ...]:
        """The column that each cell of a header line heads; also under a bare 证件号码: see `schemas.bare_headers`."""
        return columns_of(self, line)

    def sets_apart(self, column: Column) -> bool:
        """Whether a row is set apart for a cell of this column that cannot be read.

        Only the key and what an identity requires do: without them nobody knows which row it is, or whose. Any other
        cell is left empty, so that one slip never removes a person.
        """
        telling = {name for identity in self.identity for name in identity.columns().values()}
        return column.required and column.unlisted is None and column.name in telling.union(self.key)

    def filled(self, column: Column) -> float:
        """The least share of the rows that must have a value; 0 where none is asked for.

        Of a required column, unless the contract says otherwise, as many may lack it as may be set apart.
        """
        if self.sets_apart(column):
            return 1.0
        return self.expectations.filled.get(column.name, 1 - self.expectations.quarantined if column.required else 0.0)

    def may_lack(self, header: str) -> bool:
        """Whether a delivery without the column of this agreed header can be used: the column is then empty."""
        return any(
            column.header == header and not column.required and not self.filled(column) for column in self.columns
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
