"""A second look at cells that are not written as most are: only those come here, each text once."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa

from schemas.contract import Column, Meaning
from schemas.spellings import folded

ODD_DATES = (Path(__file__).parent / "sql" / "odd_dates.sql").read_text(encoding="utf-8")
EARLIEST = {Meaning.DATE: date(1900, 1, 2), Meaning.MONTH: date(2000, 1, 1)}
"""No register speaks of a month before 2000; the first day of 1900 is what programs write where there is none."""
WORDS_FOR_NONE = (
    *("长期", "长期有效", "永久", "永久有效", "终身", "终生", "无期限", "无固定期限", "无限期", "不限", "至今"),
    *("无", "暂无", "infinity"),
)
"""What stands in place of a date where there is none; zeros, 9999-12-31 and the like are in the query."""


@dataclass(frozen=True)
class Reading:
    """What texts say after all."""

    values: pa.Array
    """NULL where nothing can be read."""
    says_none: pa.Array
    """Whether a text only stands in the place of a value: 长期, 0000-00-00, 9999-12-31."""


def look_again(connection: duckdb.DuckDBPyConnection, column: Column, texts: pa.Array) -> Reading | None:
    """Read texts of a column that are not in its usual forms; None where its meaning has no other forms."""
    if column.meaning in EARLIEST:
        return _days(connection, column.meaning, texts)
    if column.meaning is Meaning.CODE:
        codes = column.code_of
        found = pa.array([codes.get(folded(text)) for text in texts.to_pylist()], pa.string())
        return Reading(found, pa.array(np.zeros(len(texts), np.bool_)))
    return None


def _days(connection: duckdb.DuckDBPyConnection, meaning: Meaning, texts: pa.Array) -> Reading:
    connection.register("odd", pa.table({"place": np.arange(len(texts)), "said": texts}))
    asked = {"months": meaning is Meaning.MONTH, "earliest": EARLIEST[meaning], "words": list(WORDS_FOR_NONE)}
    answer = connection.sql(ODD_DATES, params=asked).to_arrow_table().sort_by("place")
    connection.unregister("odd")
    return Reading(answer["day"].combine_chunks(), answer["says_none"].combine_chunks())
