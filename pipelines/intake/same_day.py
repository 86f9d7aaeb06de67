"""A delivery beside what is in use of its type: how many rows that has, and whether it is to be replaced or added to.

A second file of a day is a correction, or a part of the day's rows. Where neither its name nor the contract says which,
its keys do: a correction has most of them in common with what it corrects, parts have hardly any.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

import duckdb

from engines.embedded import file_list, identifier
from engines.lake import Lake
from expectations.wording import Failure, against_last
from pipelines.deliveries.editions import editions_of, newest_complete, parts_of
from pipelines.deliveries.receipts import Receipt, ReceiptStore
from pipelines.deliveries.rows_of import rows_of
from schemas.contract import Contract
from schemas.declaration import Title

SHARED_KEYS = (Path(__file__).parent / "sql" / "shared_keys.sql").read_text(encoding="utf-8")
LEAST_SHARED = 0.5
"""Of the keys of the smaller of two deliveries, a correction has at least so many in the other.

A register that is sent again keeps nearly all its keys, even where a third of it was missing; of two townships or two
halves of an export, those alone are in both that moved or were exported twice. Half stands as far from one as from the
other, and who is asked in vain loses a night, where a part that replaces the others loses their rows.
"""
SHEET_ROWS = (65_536, 1_048_576)
"""What a worksheet holds, its header included, as .xls and as .xlsx."""


@dataclass(frozen=True)
class Beside:
    """A delivery that is about to be settled, and what would be in use without it."""

    receipt: Receipt
    contract: Contract
    others: tuple[Receipt, ...]
    """All other usable deliveries up to its day, in their order."""

    @classmethod
    def of(cls, receipt: Receipt, contract: Contract, receipt_store: ReceiptStore) -> "Beside":
        """What is known of the type up to the day that the delivery speaks for."""
        usable = receipt_store.usable(contract.name, as_of=receipt.delivery_date, known_by=date.max)
        return cls(receipt, contract, tuple(one for one in usable if one.delivery != receipt.delivery))

    @property
    def earlier(self) -> list[Receipt]:
        """Those before it, of what had come when it did."""
        its = self.receipt
        return [one for one in self.others if one.order < its.order and one.received <= its.received]

    @property
    def is_part(self) -> bool:
        """Whether it is a part of a day."""
        return parts_of(self.contract, self.receipt) is not None

    @property
    def last_good_rows(self) -> int | None:
        """The rows that its own are measured by; None for a part, which is measured with all others of its day."""
        if self.is_part or self.contract.delivery.kind != "full":
            return None
        before = newest_complete(editions_of(self.contract, self.earlier))
        return before.conformed if before else None

    def with_its_parts(self, conformed: int) -> Failure | None:
        """Why the parts of its day, where it is the last of them, are too few or too many rows together."""
        against = self.contract.expectations.rows_against_last
        if not self.is_part or against is None:
            return None
        receipt = self.receipt.model_copy(update={"conformed": conformed})
        editions = editions_of(self.contract, sorted((*self.others, receipt), key=lambda one: one.order))
        its = next((one for one in editions if receipt in one.receipts and one.complete), None)
        before = newest_complete(one for one in editions if one.day < receipt.delivery_date)
        if its is None or before is None:
            return None
        return against_last(against, its.conformed, before.conformed)

    def unlike(self, connection: duckdb.DuckDBPyConnection, lake: Lake, rows: Path) -> "Unlike | None":
        """What is in use for the same day, where one would replace the other and they have hardly a key in common."""
        if self.is_part or self.contract.delivery.kind != "full":
            return None
        old = newest_complete(editions_of(self.contract, self.others))
        if old is None or old.day != self.receipt.delivery_date:
            return None
        statement = SHARED_KEYS.format(
            key=", ".join(f"CAST({identifier(name)} AS VARCHAR)" for name in self.contract.key),
            new=f"read_parquet({file_list(sorted(map(str, rows.rglob('*.parquet'))))})",
            old=rows_of(lake, self.contract, [one.rows_from for one in old.receipts]),
        )
        with connection.cursor() as own:
            ours, theirs, shared = own.execute(statement).fetchall()[0]
        if shared >= LEAST_SHARED * min(ours, theirs):
            return None
        overwritten = any(self.receipt.source == one.source for one in old.receipts)
        return Unlike(old.receipts[-1], ours, theirs, shared, overwritten)


@dataclass(frozen=True)
class Unlike:
    """A delivery of the same day with hardly a key in common, and how many there are."""

    earlier: Receipt
    ours: int
    theirs: int
    shared: int
    overwritten: bool
    """Whether it was written over the other under its own name: a correction then, as nothing else is there."""

    @property
    def warning(self) -> Title:
        """What to look at where the delivery takes the other's place all the same."""
        return Title(
            zh=f"覆盖了同名文件,但 {self.ours:,} 个主键中只有 {self.shared:,} 个与先前的 {self.theirs:,} 个相同:"
            "请确认不是同一天的另一部分",
            en=f"it was written over a file of the same name, but of its {self.ours:,} keys only {self.shared:,} are "
            f"among the {self.theirs:,} of that: make sure that it is not another part of the day",
        )

    @property
    def failure(self) -> Failure:
        """The question whether it replaces the other or adds to it, with how to say either."""
        name = f"{self.earlier.type_name}_{self.earlier.delivery_date:%Y%m%d}"
        return Failure(
            "same_day",
            None,
            f"≥ {LEAST_SHARED:.0%}",
            f"{self.shared:,} / {min(self.ours, self.theirs):,}",
            f"同一数据日已有数据在用(收到 {self.earlier.received},第 {self.earlier.sequence} 次,"
            f"{self.theirs:,} 个主键),本文件 {self.ours:,} 个主键中只有 {self.shared:,} 个与之相同:"
            "是更正,还是同一天的另一部分?先前的数据继续使用。"
            f"如是各部分:把两个文件改名为 {name}_1of2.csv 和 {name}_2of2.csv(共 2 部分时),"
            "或在合同 delivery.parts 中约定;"
            f"如是更正:文件名加“更正”(如 {name}_2_更正.csv),或先撤回先前的数据(hedui withdraw {self.earlier.delivery})",
            f"a delivery of the same day is in use (received {self.earlier.received}, number {self.earlier.sequence}, "
            f"{self.theirs:,} keys), and of the {self.ours:,} keys of this one only {self.shared:,} are in it: is it a "
            f"correction, or another part of the day? The earlier one stays in use. If they are parts: call them "
            f"{name}_1of2.csv and {name}_2of2.csv (if there are 2), or agree on it in delivery.parts of the contract. "
            f"If it is a correction: say so in its name ({name}_2_correction.csv), or take the earlier one back first "
            f"(hedui withdraw {self.earlier.delivery})",
        )


def as_many_as_a_sheet_holds(landed: int, beside: int, begins: Sequence[int] = ()) -> tuple[Title, ...]:
    """A warning where the rows are just as many as a worksheet holds, with the lines that are no rows or without.

    ``beside``: lines above the rows, the header's included. ``begins``: the first lines of the sheets or files that the
    rows were joined from.
    """
    of_each = [later - earlier for earlier, later in pairwise(begins)]
    counted = {landed, landed + 1, landed + beside, *of_each, landed - sum(of_each)}
    counted |= {number + 1 for number in of_each}
    found = sorted(counted & set(SHEET_ROWS))
    if not found:
        return ()
    return (
        Title(
            zh=f"共 {landed:,} 行,正好是一张工作表的上限({found[0]:,} 行,含表头):导出时可能被截断,请与部门核对总行数",
            en=f"{landed:,} rows, as many as a sheet holds ({found[0]:,} with its header): the export may have been "
            "cut; ask the department how many rows it has",
        ),
    )
