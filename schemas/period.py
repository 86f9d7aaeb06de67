"""Of a type whose amounts may be for several months at once: which columns say for which months."""

from typing import TYPE_CHECKING

from pydantic import Field

from schemas.declaration import Identifier, Strict

if TYPE_CHECKING:
    from schemas.contract import Contract


class Period(Strict):
    """The months that the amounts of one row are for. A row of one month needs its ``month`` alone.

    A cell of ``month`` may state a period by itself (202007-202009, 2020年第3季度); ``month`` is then its last month.
    """

    month: Identifier
    """The month the row is of; of a period, the last one."""
    begins: Identifier
    ends: Identifier
    """Columns of the first and the last month of the period, which a file may have."""
    amounts: tuple[Identifier, ...] = Field(min_length=1)
    """The amounts that are for the whole period: each month's is an equal part. Others are for every month alike."""
    unstated: int = Field(default=1, ge=1, le=12)
    """For how many months, ending with ``month``, the amounts are where a row does not say it."""

    def must_fit(self, contract: "Contract") -> None:
        """Raise ValueError, naming the key and what to do, unless the period fits the contract that declares it."""
        for key in ("month", "begins", "ends"):
            contract.refer_to_columns(f"period.{key}", (getattr(self, key),))
            if contract.column(getattr(self, key)).meaning != "month":
                raise ValueError(f"period.{key}: {getattr(self, key)} is not of meaning month: name another column")
        for key in ("begins", "ends"):
            if contract.column(getattr(self, key)).required:
                raise ValueError(f"period.{key}: a row of one month may lack it: remove required from that column")
        contract.refer_to_columns("period.amounts", self.amounts)
        if other := [name for name in self.amounts if contract.column(name).meaning != "amount"]:
            raise ValueError(f"period.amounts: {other} are not of meaning amount: name amounts")

    def by_month_sql(self, type_name: str) -> str:
        """A query of the type's rows, one for each month of its period, with each month's part of the amounts."""
        months = (
            f"CASE WHEN {self.begins} IS NULL THEN {self.unstated} "
            f"ELSE datediff('month', {self.begins}, coalesce({self.ends}, {self.month})) + 1 END"
        )
        last = f"CASE WHEN {self.begins} IS NULL THEN {self.month} ELSE coalesce({self.ends}, {self.month}) END"
        parts = ", ".join(f"round({name} / months_of_period, 2)::DECIMAL(18, 2) AS {name}" for name in self.amounts)
        # Of a period that begins and ends nobody knows when, the month is not known: the row is kept without it.
        one = f"(coalesce({self.ends}, {self.month}) IS NULL" + (
            f" OR {self.begins} IS NULL)" if self.unstated == 1 else ")"
        )
        return (
            f"SELECT * FROM {type_name} WHERE {one}\n"
            f"UNION ALL BY NAME\n"
            f"SELECT * EXCLUDE (months_of_period, last_of_period, back)\n"
            f"       REPLACE ((last_of_period - to_months(back::INTEGER))::DATE AS {self.month}, {parts})\n"
            f"FROM (SELECT *, {months} AS months_of_period, {last} AS last_of_period,\n"
            f"             unnest(range({months})) AS back\n"
            f"      FROM {type_name} WHERE NOT ({one}))"
        )
