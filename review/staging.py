"""One night's flags, from Arrow into a temporary table of the review's database."""

import hashlib
from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection
from django.db.backends.utils import CursorWrapper
from pyarrow import csv

from review.statements import run

# The columns a flag arrives with, in the order of the temporary table. Blank, not NULL, where nothing is known.
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
)
AMOUNT = COLUMNS.index("amount")
# What a flag was made from can change (a new version, a record delivered again) while it says the same. The head's name
# belongs to the case.
MADE_FROM = [COLUMNS.index(name) for name in ("rule_version", "policy_version", "evidence")]
SAYS = [place for place, name in enumerate(COLUMNS) if place not in MADE_FROM and name != "head_name"]
ROWS_A_BATCH = 5_000
# Between values, so that ("ab", "c") and ("a", "bc") hash differently.
SEPARATOR = "\x1f"


class FlagsError(ValueError):
    """Flags that cannot be published. Nothing has been changed; the message says what to mend."""


def stage(cursor: CursorWrapper, flags: pa.Table | pa.RecordBatchReader) -> int:
    """Fill the temporary table ``incoming_flag``; the number of flags in it.

    Raises FlagsError when a column is missing or a flag comes twice.
    """
    unstage(cursor)
    run(cursor, "incoming")
    missing = [name for name in COLUMNS if name not in flags.schema.names]
    if missing:
        raise FlagsError(f"the night's flags have no column {', '.join(missing)}: nothing was published")
    batches = flags.to_batches(ROWS_A_BATCH) if isinstance(flags, pa.Table) else flags
    staged = _write(cursor, (_hashed(part) for batch in batches for part in _parts(batch)))
    _each_flag_once(cursor)
    cursor.execute("CREATE UNIQUE INDEX incoming_flag_id ON incoming_flag (flag_id)")
    cursor.execute("CREATE INDEX incoming_flag_household ON incoming_flag (scheme, household_id)")
    cursor.execute("ANALYZE incoming_flag")
    return staged


def unstage(cursor: CursorWrapper) -> None:
    """Drop the temporary tables."""
    for name in ("incoming_flag", "standing_flag", "gone_flag"):
        cursor.execute(f"DROP TABLE IF EXISTS {name}")


def _parts(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    for start in range(0, batch.num_rows, ROWS_A_BATCH):
        yield batch.slice(start, ROWS_A_BATCH)


def _write(cursor: CursorWrapper, batches: Iterable[pa.RecordBatch]) -> int:
    staged = 0
    if connection.vendor == "postgresql":
        with cursor.copy("COPY incoming_flag FROM STDIN (FORMAT csv)") as copy:
            for batch in batches:
                copy.write(_as_csv(batch))
                staged += batch.num_rows
    else:
        statement = f"INSERT INTO incoming_flag VALUES ({', '.join(['%s'] * (len(COLUMNS) + 2))})"
        for batch in batches:
            cursor.executemany(statement, list(zip(*(column.to_pylist() for column in batch.columns), strict=True)))
            staged += batch.num_rows
    return staged


def _as_csv(batch: pa.RecordBatch) -> memoryview:
    """Every text quoted, and nothing at all for null: so PostgreSQL tells blank from NULL."""
    sink = pa.BufferOutputStream()
    csv.write_csv(batch, sink, csv.WriteOptions(include_header=False))
    return memoryview(sink.getvalue())


def _hashed(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The columns of the temporary table, all as text."""
    texts = [pc.fill_null(batch.column(name).cast(pa.string()), "") for name in COLUMNS]
    hashes = [_digests([texts[place] for place in places]) for places in (SAYS, MADE_FROM)]
    amount = texts[AMOUNT]
    texts[AMOUNT] = pc.if_else(pc.equal(amount, ""), pa.scalar(None, pa.string()), amount)
    return pa.RecordBatch.from_arrays([*texts, *hashes], [*COLUMNS, "content_hash", "sources_hash"])


def _digests(texts: list[pa.Array]) -> pa.Array:
    """One hash a row, over its values in this order."""
    joined = pc.binary_join_element_wise(*texts, SEPARATOR)
    return pa.array([hashlib.sha256(row.as_buffer()).hexdigest()[:32] for row in joined], pa.string())


def _each_flag_once(cursor: CursorWrapper) -> None:
    cursor.execute("SELECT rule, flag_id FROM incoming_flag GROUP BY rule, flag_id HAVING COUNT(*) > 1 LIMIT 3")
    twice = cursor.fetchall()
    if twice:
        named = ", ".join(f"{flag_id} of {rule}" for rule, flag_id in twice)
        raise FlagsError(
            f"a flag comes twice in one night: {named}: nothing was published; make the rule yield it once"
        )
