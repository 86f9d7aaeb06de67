"""Conform: text cells become typed values by the contract; a row that breaks it goes to quarantine, with the reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from engines.embedded import identifier, literal, sql_type
from matchers.identity import id_numbers
from pipelines.conform_sql import BrokenRule, broken_rules, cleaned, first_broken, typed
from pipelines.header import Header
from pipelines.quarantine import DeliveryKey, reasons_of, write_quarantine
from pipelines.read_csv import LINE_NUMBER, Block, read_blocks, read_lines
from schemas.contract import Contract, Meaning


@dataclass(frozen=True)
class Conformed:
    """What became of a delivery's rows: two Parquet files, and the counts. landed = conformed + quarantined."""

    rows: Path
    quarantine: Path
    landed: int
    conformed: int
    quarantined: int
    by_rule: dict[str, int]


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
    reasons = reasons_of(connection, staged, rules, broken_lines)
    write_quarantine(quarantine, reasons, read_lines(path, encoding, reasons["row_number"].to_numpy()), delivery)
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
