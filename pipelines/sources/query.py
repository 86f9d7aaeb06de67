"""A query's rows as the CSV a department would deliver, streamed: memory does not grow with the rows."""

import gzip
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from schemas.contract import Contract

ROWS_A_BATCH = 50_000
HERE = "Asia/Shanghai"
POSTGRESQL_DAY_ZERO_DAYS, POSTGRESQL_DAY_ZERO_MICROSECONDS = 10_957, 946_684_800_000_000
"""PostgreSQL counts from 2000, Arrow from 1970."""
INFINITE_DAYS = {
    POSTGRESQL_DAY_ZERO_DAYS - 2**31 - 1: "infinity",
    POSTGRESQL_DAY_ZERO_DAYS - 2**31: "-infinity",
}
INFINITE_MOMENTS = {
    POSTGRESQL_DAY_ZERO_MICROSECONDS - 2**63 - 1: "infinity",
    POSTGRESQL_DAY_ZERO_MICROSECONDS - 2**63: "-infinity",
}
"""The largest and smallest number there is, moved from PostgreSQL's day zero to Arrow's; the former overflows."""
POSTGRESQL = ("postgresql://", "postgres://")


def write_query(url: str, query: str, contract: Contract, file: Path) -> int:
    """Write what ``query`` yields to ``file`` (gzip), under the contract's headers; returns the rows.

    A column called as one of the contract's is written under its header; any other keeps its own name.
    """
    rows = 0
    with _batches(url, query) as (names, batches), file.open("wb") as plain:
        headed = pa.schema([(_header(name, contract), pa.string()) for name in names])
        packed = gzip.GzipFile("", "wb", compresslevel=1, fileobj=plain, mtime=0)
        with packed, pacsv.CSVWriter(packed, headed) as writer:
            for batch in batches:
                writer.write_batch(pa.RecordBatch.from_arrays([_text(one) for one in batch.columns], schema=headed))
                rows += batch.num_rows
    return rows


class QueryFailedError(RuntimeError):
    """A driver failed. It is named by kind alone: what it says may hold an address."""


@contextmanager
def _batches(url: str, query: str) -> Iterator[tuple[list[str], Iterator[pa.RecordBatch]]]:
    read = _from_postgresql if url.startswith(POSTGRESQL) else _from_any
    with read(url, query) as found:
        yield found


@contextmanager
def _from_postgresql(url: str, query: str) -> Iterator[tuple[list[str], Iterator[pa.RecordBatch]]]:
    from adbc_driver_postgresql import dbapi

    try:
        with dbapi.connect(url) as connection, connection.cursor() as cursor:
            cursor.execute(query)
            reader = cursor.fetch_record_batch()
            yield reader.schema.names, reader
    except dbapi.Error as error:
        raise QueryFailedError(type(error).__name__) from None


@contextmanager
def _from_any(url: str, query: str) -> Iterator[tuple[list[str], Iterator[pa.RecordBatch]]]:
    import sqlalchemy

    try:
        engine = sqlalchemy.create_engine(url, hide_parameters=True)
        with engine.connect().execution_options(stream_results=True, max_row_buffer=ROWS_A_BATCH) as connection:
            result = connection.exec_driver_sql(query)
            names = list(result.keys())
            yield names, (_as_batch(names, rows) for rows in result.partitions(ROWS_A_BATCH))
        engine.dispose()
    except sqlalchemy.exc.SQLAlchemyError as error:
        raise QueryFailedError(type(error).__name__) from None


def _as_batch(names: list[str], rows: Sequence[Sequence[object]]) -> pa.RecordBatch:
    """What a DB-API driver yields are Python values; here they become columns of text."""
    columns = zip(*rows, strict=True)
    texts = [pa.array([None if value is None else _said(value) for value in column], pa.string()) for column in columns]
    return pa.RecordBatch.from_arrays(texts, names=names)


def _said(value: object) -> str:
    return f"{Decimal(str(value)):f}" if isinstance(value, float | Decimal) else str(value)


def _header(name: str, contract: Contract) -> str:
    return {column.name: column.header for column in contract.columns}.get(name, name)


def _text(values: pa.Array) -> pa.Array:
    """The values as text on one line: a delivery's row is a line. Moments are told in the time of Asia/Shanghai."""
    if pa.types.is_timestamp(values.type) or pa.types.is_date32(values.type):
        return _days_and_times(values)
    if pa.types.is_floating(values.type):
        return _in_full(values.cast(pa.string()))
    return pc.replace_substring_regex(values.cast(pa.string()), r"[\r\n]+", " ")


def _days_and_times(values: pa.Array) -> pa.Array:
    """Days and times to the second; what PostgreSQL keeps as infinite comes under that name."""
    if pa.types.is_date32(values.type):
        numbers, infinite, finite = values.cast(pa.int32()), INFINITE_DAYS, values
    else:
        zone = values.type.tz
        values = values.cast(pa.timestamp("us", zone), safe=False)
        numbers, infinite, finite = values.cast(pa.int64()), INFINITE_MOMENTS, values
        if zone is not None:
            finite = pc.local_timestamp(finite.cast(pa.timestamp("us", HERE)))
        finite = finite.cast(pa.timestamp("s"), safe=False)
    texts = finite.cast(pa.string())
    for number, name in infinite.items():
        texts = pc.if_else(pc.equal(numbers, pa.scalar(number, numbers.type)), name, texts)
    return texts


def _in_full(texts: pa.Array) -> pa.Array:
    """Numbers without an exponent, which no cell of a delivery may have."""
    short = pc.fill_null(pc.match_substring(texts, "e"), fill_value=False)
    if not pc.any(short).as_py():
        return texts
    return pc.replace_with_mask(
        texts, short, pa.array([f"{Decimal(one):f}" for one in texts.filter(short).to_pylist()])
    )


def try_connection(url: str) -> None:
    """Connect and leave again. Raises QueryFailedError when that fails."""
    with _batches(url, "SELECT 1") as (_, batches):
        for _ in batches:
            pass
