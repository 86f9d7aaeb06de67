"""One night's flags, from Arrow into temporary tables of the review's database."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
from django.db import IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper
from pyarrow import csv, ipc

from review.sql_files import run_sql

# The columns a flag arrives with. Blank, not NULL, where nothing is known.
COLUMNS = (
    "flag_id",
    "rule",
    "rule_version",
    "policy_version",
    "direction",
    "severity",
    "scheme",
    "household_id",
    "member_id",
    "division",
    "head_name",
    "member_name",
    "member_id_number",
    "record_key",
    "period",
    "amount",
    "reason_zh",
    "reason_en",
    "link_reason",
    "confidence",
    "evidence",
    "evidence_hash",
    "basis",
)
AMOUNT = COLUMNS.index("amount")
# What a flag was made from can change (a new version, a record delivered again) while it says the same. The head's name
# belongs to the case. How far the sources were known moves on every night: alone it rewrites nothing.
SOURCES = [COLUMNS.index(name) for name in ("rule_version", "policy_version", "evidence")]
CONTENT = [place for place, name in enumerate(COLUMNS) if place not in SOURCES and name not in ("head_name", "basis")]
# With what was read, the columns of rewritten_flag; those of them that incoming_flag has.
TEXTS = pa.schema([(name, pa.string()) for name in (*COLUMNS, "content_hash", "sources_hash")])
KEYS = [
    "flag_id", "rule", "direction", "scheme", "household_id", "division", "head_name", "content_hash", "sources_hash",
]  # fmt: skip
ROWS_A_BATCH = 5_000
# Between values, so that ("ab", "c") and ("a", "bc") hash differently.
SEPARATOR = "\x1f"


class FlagsError(ValueError):
    """Flags that cannot be published. Nothing has been changed; the message says what to correct."""


def stage(cursor: CursorWrapper, flags: pa.Table | pa.RecordBatchReader, spool: BinaryIO) -> int:
    """Fill the temporary table ``incoming_flag``, and ``spool`` with all that the flags say; the number of flags.

    Most flags of a night are as they were: only ``KEYS`` of them go to the database, the rest of those that are not
    follows with ``stage_rewritten``. Raises FlagsError when a column is missing or a flag comes twice.
    """
    unstage(cursor)
    run_sql(cursor, "create_incoming_flag")
    missing = [name for name in COLUMNS if name not in flags.schema.names]
    if missing:
        raise FlagsError(f"the night's flags have no column {', '.join(missing)}: nothing was published")
    batches = flags.to_batches(ROWS_A_BATCH) if isinstance(flags, pa.Table) else flags
    hashed = (_hashed(part) for batch in batches for part in _parts(batch))
    staged = _copy(cursor, "incoming_flag", (batch.select(KEYS) for batch in _written_to_spool(hashed, spool)))
    _each_flag_once(cursor)
    cursor.execute("ANALYZE incoming_flag")
    return staged


def stage_rewritten(cursor: CursorWrapper, spool: BinaryIO) -> int:
    """Fill ``rewritten_flag`` with what the flags say that ``compared_flag`` marks; how many they are."""
    run_sql(cursor, "create_rewritten_flag")
    cursor.execute("SELECT flag_id FROM compared_flag WHERE rewrite = 1")
    marked = pa.array((flag_id for (flag_id,) in cursor.fetchall()), pa.string())
    spool.seek(0)
    with ipc.open_stream(spool) as batches:
        rewritten = _copy(
            cursor,
            "rewritten_flag",
            (batch.filter(pc.is_in(batch.column("flag_id"), value_set=marked)) for batch in batches),
        )
    cursor.execute("CREATE UNIQUE INDEX rewritten_flag_id ON rewritten_flag (flag_id)")
    cursor.execute("ANALYZE rewritten_flag")
    return rewritten


def unstage(cursor: CursorWrapper) -> None:
    """Drop the temporary tables."""
    for name in ("incoming_flag", "compared_flag", "cleared_flag", "rewritten_flag", "changed_case"):
        cursor.execute(f"DROP TABLE IF EXISTS {name}")


def _parts(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    for start in range(0, batch.num_rows, ROWS_A_BATCH):
        yield batch.slice(start, ROWS_A_BATCH)


def _written_to_spool(batches: Iterable[pa.RecordBatch], spool: BinaryIO) -> Iterator[pa.RecordBatch]:
    """Each batch again, once it is written to ``spool``."""
    with ipc.new_stream(spool, TEXTS, options=ipc.IpcWriteOptions(compression="lz4")) as writer:
        for batch in batches:
            writer.write_batch(batch)
            yield batch


def _copy(cursor: CursorWrapper, table: str, batches: Iterable[pa.RecordBatch]) -> int:
    copied = 0
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY {table} FROM STDIN (FORMAT csv)") as copy:
            for batch in batches:
                copy.write(_as_csv(batch))
                copied += batch.num_rows
        return copied
    for batch in batches:
        rows = list(zip(*(column.to_pylist() for column in batch.columns), strict=True))
        cursor.executemany(f"INSERT INTO {table} VALUES ({', '.join(['%s'] * batch.num_columns)})", rows)
        copied += batch.num_rows
    return copied


def _as_csv(batch: pa.RecordBatch) -> memoryview:
    """Every text quoted, and nothing at all for null: so PostgreSQL tells blank from NULL."""
    sink = pa.BufferOutputStream()
    csv.write_csv(batch, sink, csv.WriteOptions(include_header=False))
    return memoryview(sink.getvalue())


def _hashed(batch: pa.RecordBatch) -> pa.RecordBatch:
    """``TEXTS``: every column as text, and the two hashes."""
    texts = [pc.fill_null(batch.column(name).cast(pa.string()), "") for name in COLUMNS]
    hashes = [_digests([texts[place] for place in places]) for places in (CONTENT, SOURCES)]
    amount = texts[AMOUNT]
    texts[AMOUNT] = pc.if_else(pc.equal(amount, ""), pa.scalar(None, pa.string()), amount)
    return pa.RecordBatch.from_arrays([*texts, *hashes], schema=TEXTS)


def _digests(texts: list[pa.Array]) -> pa.Array:
    """One hash a row, over its values in this order."""
    joined = pc.binary_join_element_wise(*texts, SEPARATOR)
    return pa.array([hashlib.sha256(row.as_buffer()).hexdigest()[:32] for row in joined], pa.string())


def _each_flag_once(cursor: CursorWrapper) -> None:
    try:
        # A savepoint, so that the flags can still be named.
        with transaction.atomic():
            cursor.execute("CREATE UNIQUE INDEX incoming_flag_id ON incoming_flag (flag_id)")
    except IntegrityError:
        cursor.execute("SELECT rule, flag_id FROM incoming_flag GROUP BY rule, flag_id HAVING COUNT(*) > 1 LIMIT 3")
        named = ", ".join(f"{flag_id} of {rule}" for rule, flag_id in cursor.fetchall())
        raise FlagsError(
            f"a flag comes twice in one night: {named}: nothing was published; make the rule yield it once"
        ) from None
