"""Conform: text cells become typed values by the contract; a row that breaks it goes to quarantine, with the reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from engines.embedded import identifier, literal, sql_type
from matchers import id_numbers
from pipelines.conform_sql import BrokenRule, broken_rules, cleaned, first_broken, typed
from pipelines.land import UnreadableDeliveryError
from pipelines.read_csv import (
    BROKEN_LINES,
    FIELD_COUNT,
    LINE_NUMBER,
    OPEN_QUOTATION,
    Block,
    read_blocks,
    read_header,
    read_lines,
)
from schemas.contract import Contract, Meaning, Title

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


@dataclass(frozen=True)
class Header:
    """How the header of a delivery maps to the contract."""

    cells: tuple[str, ...]
    positions: dict[str, int]
    """Where each column of the contract stands in the file."""
    missing: tuple[str, ...]
    """Agreed headers of columns the file does not have."""
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class DeliveryKey:
    """Which delivery a row came with; it stands in every row."""

    delivery_id: str
    delivery_date: date


@dataclass(frozen=True)
class Conformed:
    """What became of a delivery's rows: two Parquet files, and the counts. landed = conformed + quarantined."""

    rows: Path
    quarantine: Path
    landed: int
    conformed: int
    quarantined: int
    by_rule: dict[str, int]


def read_columns(path: Path, encoding: str, contract: Contract) -> Header:
    """Match the file's header with the contract's headers and aliases, in any order.

    Raises UnreadableDeliveryError when no column of the contract is found, or one is found twice.
    """
    cells = tuple(read_header(path, encoding))
    positions: dict[str, int] = {}
    unknown: list[str] = []
    for position, cell in enumerate(cells):
        column = contract.column_under(cell)
        if column is None:
            unknown.append(cell)
        elif column.name in positions:
            raise UnreadableDeliveryError(
                "header_unambiguous",
                cell,
                f"表头有两列对应同一字段({cell}),请部门核对后重新交换",
                f"two headers stand for the column {column.name} ({cell}): ask the department to correct the extract",
            )
        else:
            positions[column.name] = position
    if not positions:
        raise UnreadableDeliveryError(
            "header_known",
            ", ".join(cells)[:200],
            "表头没有一列与约定相符,可能放错了目录",
            "no header is one of the contract's: the file may be in the wrong folder",
        )
    missing = tuple(column.header for column in contract.columns if column.name not in positions)
    return Header(cells, positions, missing, tuple(unknown))


def conform(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    encoding: str,
    contract: Contract,
    header: Header,
    *,
    delivery: DeliveryKey,
    aside: Path,
) -> Conformed:
    """Type every row of the delivery and write ``rows`` and ``quarantine`` as Parquet below ``aside``.

    Rows have the contract's columns, a ``<column>_verdict`` for each ID number that tells who a row speaks of, and
    ``row_number`` (the line in the file), ``delivery_date`` and ``delivery_id``. Of rows with the same key the last
    is kept and the others are quarantined. Streams: memory does not grow with the file.
    """
    aside.mkdir(parents=True, exist_ok=True)
    broken_lines: list[pa.Table] = []
    stream = pa.RecordBatchReader.from_batches(
        _stream_schema(contract, header), _stream(path, encoding, contract, header, broken_lines)
    )
    rules = broken_rules(contract, {name: identifier(f"text_{name}") for name in header.positions})
    connection.register("delivered", stream)
    staged, rows, quarantine = aside / "staged.parquet", aside / "rows.parquet", aside / "quarantine.parquet"
    connection.execute(
        f"COPY ({_conform_query(contract, header, rules, delivery)}) TO {literal(str(staged))} (COMPRESSION lz4)"
    )
    connection.unregister("delivered")
    connection.execute(_SUPERSEDED.format(staged=literal(str(staged)), key=", ".join(map(identifier, contract.key))))
    connection.execute(
        f"COPY (SELECT * EXCLUDE (broken) FROM read_parquet({literal(str(staged))}) "
        f"WHERE broken = 0 AND row_number NOT IN (SELECT row_number FROM superseded)) "
        f"TO {literal(str(rows))} (COMPRESSION zstd)"
    )
    reasons = _reasons(connection, staged, rules, broken_lines)
    _write_quarantine(quarantine, reasons, read_lines(path, encoding, reasons["row_number"].to_numpy()), delivery)
    staged.unlink()
    by_rule = {row["values"]: row["counts"] for row in reasons["rule"].value_counts().to_pylist()}
    conformed, quarantined = pq.read_metadata(rows).num_rows, reasons.num_rows
    return Conformed(rows, quarantine, conformed + quarantined, conformed, quarantined, dict(sorted(by_rule.items())))


_SUPERSEDED = """
CREATE OR REPLACE TEMP TABLE superseded AS
WITH good AS (SELECT {key}, row_number FROM read_parquet({staged}) WHERE broken = 0),
     repeated AS (SELECT {key}, max(row_number) AS last FROM good GROUP BY ALL HAVING count(*) > 1)
SELECT row_number FROM good JOIN repeated USING ({key}) WHERE row_number < last
"""


def _stream_schema(contract: Contract, header: Header) -> pa.Schema:
    verdicts = [f"verdict_{name}" for name in contract.verdict_columns if name in header.positions]
    names = [*header.positions, *verdicts]
    return pa.schema([(name, pa.string()) for name in names] + [(LINE_NUMBER, pa.int64())])


def _stream(
    path: Path, encoding: str, contract: Contract, header: Header, broken_lines: list[pa.Table]
) -> Iterator[pa.RecordBatch]:
    """The cells of the columns the contract knows, ID numbers cleaned and judged; other lines are collected aside."""
    schema = _stream_schema(contract, header)
    for block in read_blocks(path, encoding, len(header.cells)):
        if block.broken.num_rows:
            broken_lines.append(block.broken)
        yield _judge(block, contract, header, schema)


def _judge(block: Block, contract: Contract, header: Header, schema: pa.Schema) -> pa.RecordBatch:
    columns = {name: block.cells.column(position) for name, position in header.positions.items()}
    for name, cells in columns.items():
        if contract.column(name).meaning is Meaning.ID_NUMBER:
            columns[name] = id_numbers.clean(cells)
    verdicts = {
        f"verdict_{name}": id_numbers.verdicts(columns[name]).cast(pa.string())
        for name in contract.verdict_columns
        if name in columns
    }
    numbers = block.cells.column(LINE_NUMBER)
    return pa.RecordBatch.from_arrays([*columns.values(), *verdicts.values(), numbers], schema=schema)


def _conform_query(contract: Contract, header: Header, rules: list[BrokenRule], delivery: DeliveryKey) -> str:
    texts = [f"{cleaned(identifier(name))} AS {identifier(f'text_{name}')}" for name in header.positions]
    kept = [identifier(f"verdict_{name}") for name in contract.verdict_columns if name in header.positions]
    values = []
    for column in contract.columns:
        if column.name in header.positions:
            cell = header.cells[header.positions[column.name]]
            values.append(f"{typed(column, identifier(f'text_{column.name}'), cell)} AS {identifier(column.name)}")
        else:
            values.append(f"CAST(NULL AS {sql_type(column.arrow_type)}) AS {identifier(column.name)}")
    verdicts = [
        f"{identifier(f'verdict_{name}') if name in header.positions else literal('blank')} "
        f"AS {identifier(f'{name}_verdict')}"
        for name in contract.verdict_columns
    ]
    output = [identifier(column.name) for column in contract.columns]
    output += [identifier(f"{name}_verdict") for name in contract.verdict_columns]
    return f"""
WITH texts AS (SELECT {", ".join([*texts, *kept, LINE_NUMBER])} FROM delivered),
typed AS (
    SELECT {", ".join([*values, *verdicts])}, {", ".join(identifier(f"text_{name}") for name in header.positions)},
        {LINE_NUMBER} AS row_number, DATE '{delivery.delivery_date}' AS delivery_date,
        {literal(delivery.delivery_id)} AS delivery_id
    FROM texts
)
SELECT {", ".join(output)}, row_number, delivery_date, delivery_id, {first_broken(rules)} AS broken FROM typed
"""


def _reasons(
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


def _write_quarantine(file: Path, reasons: pa.Table, raw_lines: Iterator[pa.Array], delivery: DeliveryKey) -> None:
    done = 0
    with pq.ParquetWriter(file, QUARANTINE, compression="zstd") as writer:
        for raw in raw_lines:
            part = reasons.slice(done, len(raw))
            done += len(raw)
            part = part.append_column("raw", raw)
            part = part.append_column("delivery_date", pa.array([delivery.delivery_date] * len(raw), pa.date32()))
            part = part.append_column("delivery_id", pa.array([delivery.delivery_id] * len(raw), pa.string()))
            writer.write_table(part.cast(QUARANTINE))
