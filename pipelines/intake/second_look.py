"""A second look at cells that are not written as most are: only those come here, each text once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.intake.conform_sql import typed
from pipelines.intake.wrappings import unlabelled
from schemas.column import ARROW_TYPES, Column, Meaning
from schemas.divisions import code_said
from schemas.spellings import folded

ODD_DATES = (Path(__file__).parent / "sql" / "odd_dates.sql").read_text(encoding="utf-8")
OTHER_FORMS = frozenset({*ARROW_TYPES, Meaning.CODE, Meaning.DIVISION})
EARLIEST = {Meaning.DATE: date(1900, 1, 2), Meaning.MONTH: date(2000, 1, 1)}
"""No register speaks of a month before 2000; the first day of 1900 is what programs write where there is none."""
WORDS_FOR_NONE = (
    *("长期", "长期有效", "永久", "永久有效", "终身", "终生", "无期限", "无固定期限", "无限期", "不限", "至今"),
    *("无", "暂无", "没有", "不详", "未知", "不明", "不清楚", "未填", "infinity"),
)
"""What stands in place of a date where there is none; zeros, 9999-12-31 and the like are in the query."""


CODE_AND_NAME = re.compile(r"([0-9a-z]+)[-_.:、|/]?\(?([^0-9a-z()].*?)\)?")
CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
CHINESE_DAY = re.compile(
    "([〇○零一二三四五六七八九]{4})年([〇零一二三四五六七八九十]{1,3})月(?:([〇零一二三四五六七八九十]{1,3})[日号])?"
)


@dataclass(frozen=True)
class Reading:
    """What texts say after all."""

    values: pa.Array
    """NULL where nothing can be read."""
    says_none: pa.Array
    """Whether a text only stands in the place of a value: 长期, 0000-00-00, 9999-12-31."""


def look_again(connection: duckdb.DuckDBPyConnection, column: Column, header: str, texts: pa.Array) -> Reading | None:
    """Read texts of a column under ``header`` that are not in its usual forms; None where its meaning has no others."""
    if column.meaning not in OTHER_FORMS:
        return None
    texts = unlabelled(texts, column)
    values = _typed(connection, column, header, texts)
    if column.meaning in EARLIEST:
        found = _days(connection, column.meaning, texts)
        return Reading(pc.coalesce(values, found.values), found.says_none)
    return Reading(values, pa.array(np.zeros(len(texts), np.bool_)))


def _typed(connection: duckdb.DuckDBPyConnection, column: Column, header: str, texts: pa.Array) -> pa.Array:
    """What the usual forms make of texts that are rid of their labels."""
    if column.meaning is Meaning.CODE:
        codes = column.code_of
        return pa.array([_code(codes, folded(text)) for text in texts.to_pylist()], pa.string())
    if column.meaning is Meaning.DIVISION:
        texts = pa.array([code_said("".join(text.split())) for text in texts.to_pylist()], pa.string())
    connection.register("odd", pa.table({"place": np.arange(len(texts)), "said": texts}))
    answer = connection.sql(f"SELECT {typed(column, 'said', header)} AS typed, place FROM odd").to_arrow_table()
    connection.unregister("odd")
    return answer.sort_by("place")["typed"].combine_chunks()


def _code(codes: Mapping[str, str], spelling: str) -> str | None:
    """The code of a folded spelling, of one that a spreadsheet made a number of, or of a code next to its own name."""
    if found := codes.get(spelling.removesuffix(".0")) or codes.get(spelling):
        return found
    if both := CODE_AND_NAME.fullmatch(spelling):
        first, second = (codes.get(part) for part in both.groups())
        return first if first == second else None
    return None


def _days(connection: duckdb.DuckDBPyConnection, meaning: Meaning, texts: pa.Array) -> Reading:
    texts = pa.array([CHINESE_DAY.sub(_in_arabic, text) for text in texts.to_pylist()], pa.string())
    connection.register("odd", pa.table({"place": np.arange(len(texts)), "said": texts}))
    asked = {"months": meaning is Meaning.MONTH, "earliest": EARLIEST[meaning], "words": list(WORDS_FOR_NONE)}
    answer = connection.sql(ODD_DATES, params=asked).to_arrow_table().sort_by("place")
    connection.unregister("odd")
    return Reading(answer["day"].combine_chunks(), answer["says_none"].combine_chunks())


def _in_arabic(day: re.Match[str]) -> str:
    """二〇二〇年十月十五日 as 2020-10-15, without the day where it has none."""
    year, *rest = day.groups()
    return "-".join([year.translate(CHINESE_DIGITS), *(str(_number(part)) for part in rest if part)])


def _number(word: str) -> int:
    """Up to 99, in Chinese: 十, 二十三, 〇五."""
    if "十" not in word:
        return int(word.translate(CHINESE_DIGITS))
    tens, ones = word.split("十", 1)
    return 10 * int((tens or "一").translate(CHINESE_DIGITS)) + int((ones or "零").translate(CHINESE_DIGITS))
