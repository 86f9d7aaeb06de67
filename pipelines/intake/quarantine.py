"""Quarantine: the rows that break their contract, as they came, each with its line and the rule it broke."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.intake.conform_sql import BrokenRule
from pipelines.intake.parse_block import FIELD_COUNT, OPEN_QUOTATION
from pipelines.intake.quotation import Numbers
from schemas.declaration import Title


@dataclass(frozen=True)
class DeliveryKey:
    """Which delivery a row came with; it stands in every row."""

    delivery_id: str
    delivery_date: date

    @property
    def partition(self) -> dict[str, str]:
        """The partition of the lake's tables that holds its rows."""
        return {"delivery_date": self.delivery_date.isoformat(), "delivery_id": self.delivery_id}


QUARANTINE = pa.schema(
    [
        ("row_number", pa.int64()),
        ("rule", pa.string()),
        ("column_name", pa.string()),
        ("explain_zh", pa.string()),
        ("explain_en", pa.string()),
        ("raw", pa.string()),
    ]
)


def tables_of(type_name: str) -> tuple[str, str, str]:
    """The lake's tables of a type: its rows, those set apart, and the notes on cells of its rows."""
    return type_name, f"quarantine/{type_name}", f"cell_notes/{type_name}"


ABOVE_HEADER, HEADER_REPEATED, TOTAL_ROW = "above_header", "header_repeated", "total_row"
NOTE_ROW, BLANK_ROW = "note_row", "blank_row"
LINE_RULES = {
    FIELD_COUNT: Title(zh="字段数与表头不符", en="the number of fields is not that of the header"),
    OPEN_QUOTATION: Title(zh="引号未成对", en="a quotation mark is opened and not closed"),
    ABOVE_HEADER: Title(zh="位于表头之上,不是数据", en="it stands above the header, and is no row"),
    HEADER_REPEATED: Title(zh="表头在表中重复出现", en="the header, once more among the rows"),
    TOTAL_ROW: Title(zh="合计行,不是数据", en="a total, and no row"),
    NOTE_ROW: Title(
        zh="标题、单位、栏次或说明,不是数据", en="a title, units, numbers of columns or a note, and no row"
    ),
    BLANK_ROW: Title(zh="整行为空", en="every cell is empty"),
}
OF_NOBODY = frozenset({ABOVE_HEADER, HEADER_REPEATED, TOTAL_ROW, NOTE_ROW, BLANK_ROW})
"""What is set apart for these is nobody's record: it is counted, but tells nothing of how sound a delivery is."""
DUPLICATE = "duplicate_key"
KEY_OCCURS_AGAIN = Title(zh="主键重复,保留文件中最后一行", en="the key occurs again: the last row of the file is kept")


@dataclass(frozen=True)
class Reasons:
    """All that can set a row of a delivery apart: the rules of its contract, then what can be wrong with a line."""

    rules: Sequence[BrokenRule]

    @cached_property
    def _listed(self) -> pa.Table:
        known = [(rule.name, rule.column, rule.explain) for rule in self.rules]
        known += [(name, None, explain) for name, explain in LINE_RULES.items()]
        known.append((DUPLICATE, None, KEY_OCCURS_AGAIN))
        return pa.table(
            {
                "rule": [name for name, *_ in known],
                "column_name": pa.array([column for _, column, _ in known], pa.string()),
                "explain_zh": [explain.zh for *_, explain in known],
                "explain_en": [explain.en for *_, explain in known],
            }
        )

    def place_of(self, name: str) -> int:
        """Where a reason that is no rule of the contract is listed."""
        return len(self.rules) + [*LINE_RULES, DUPLICATE].index(name)

    def explain(self, row_numbers: Numbers, places: Numbers, raw: pa.Array) -> pa.Table:
        """Rows set apart, each for the reason listed at its place, in the schema QUARANTINE."""
        reasons = self._listed.take(pa.array(places))
        return pa.table([pa.array(row_numbers), *reasons.columns, raw], schema=QUARANTINE)


def counted(quarantine: pa.Table) -> Counter[str]:
    """How many rows each rule set apart."""
    counts = pc.value_counts(quarantine["rule"].combine_chunks())
    return Counter(dict(zip(counts.field("values").to_pylist(), counts.field("counts").to_pylist(), strict=True)))


def in_file_order(*parts: tuple[Numbers, Numbers]) -> tuple[Numbers, Numbers]:
    """Row numbers and places of several kinds, together in the order of the file."""
    numbers = np.concatenate([one for one, _ in parts])
    places = np.concatenate([one for _, one in parts])
    order = np.argsort(numbers, kind="stable")
    return numbers[order], places[order]
