"""Quarantine: the rows that break their contract, as they came, each with its line and the rule it broke."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from engines.embedded import literal
from pipelines.conform_sql import BrokenRule
from pipelines.read_csv import BROKEN_LINES, FIELD_COUNT, LINE_NUMBER, OPEN_QUOTATION
from schemas.contract import Title


@dataclass(frozen=True)
class DeliveryKey:
    """Which delivery a row came with; it stands in every row."""

    delivery_id: str
    delivery_date: date


QUARANTINE = pa.schema(
    [
        ("row_number", pa.int64()),
        ("rule", pa.string()),
        ("column_name", pa.string()),
        ("explain_zh", pa.string()),
        ("explain_en", pa.string()),
        ("raw", pa.string()),
        ("delivery_date", pa.date32()),
        ("delivery_id", pa.string()),
    ]
)
LINE_RULES = {
    FIELD_COUNT: Title(zh="字段数与表头不符", en="the number of fields is not that of the header"),
    OPEN_QUOTATION: Title(zh="引号未成对", en="a quotation mark is opened and not closed"),
}
DUPLICATE = Title(zh="主键重复,保留文件中最后一行", en="the key occurs again: the last row of the file is kept")


def reasons_of(
    connection: duckdb.DuckDBPyConnection, staged: Path, rules: list[BrokenRule], broken_lines: list[pa.Table]
) -> pa.Table:
    """Every row that is set apart, in the order of the file: row_number, rule, column_name and the explanations."""
    lines = pa.concat_tables(broken_lines) if broken_lines else BROKEN_LINES.empty_table()
    listed = [(position, rule.name, rule.column, rule.explain) for position, rule in enumerate(rules, start=1)]
    listed += [(-position, name, None, LINE_RULES[name]) for position, name in enumerate(LINE_RULES, start=1)]
    listed.append((0, "duplicate_key", None, DUPLICATE))
    reason = pa.table(
        {
            "position": [position for position, *_ in listed],
            "rule": [name for _, name, *_ in listed],
            "column_name": pa.array([column for *_, column, _ in listed], pa.string()),
            "explain_zh": [explain.zh for *_, explain in listed],
            "explain_en": [explain.en for *_, explain in listed],
        }
    )
    connection.register("reason", reason)
    connection.register("broken_line", lines)
    found: pa.Table = connection.sql(
        f"""
        WITH apart AS (
            SELECT row_number, broken AS position FROM read_parquet({literal(str(staged))}) WHERE broken > 0
            UNION ALL SELECT row_number, 0 FROM superseded
            UNION ALL SELECT {LINE_NUMBER}, position FROM broken_line JOIN reason USING (rule) WHERE position < 0
        )
        SELECT row_number, rule, column_name, explain_zh, explain_en
        FROM apart JOIN reason USING (position) ORDER BY row_number
        """
    ).to_arrow_table()
    connection.unregister("reason")
    connection.unregister("broken_line")
    return found


def write_quarantine(file: Path, reasons: pa.Table, raw_lines: Iterator[pa.Array], delivery: DeliveryKey) -> None:
    """Write the rows set apart to ``file``: ``reasons`` beside the lines as they came, in the schema QUARANTINE."""
    done = 0
    with pq.ParquetWriter(file, QUARANTINE, compression="zstd") as writer:
        for raw in raw_lines:
            part = reasons.slice(done, len(raw))
            done += len(raw)
            part = part.append_column("raw", raw)
            part = part.append_column("delivery_date", pa.array([delivery.delivery_date] * len(raw), pa.date32()))
            part = part.append_column("delivery_id", pa.array([delivery.delivery_id] * len(raw), pa.string()))
            writer.write_table(part.cast(QUARANTINE))
