"""One night's flags, from Arrow into a temporary table of the review's database."""

import hashlib
from collections.abc import Iterable, Iterator

import pyarrow as pa
from django.db import connection
from django.db.backends.utils import CursorWrapper

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
    staged = sum(_write(cursor, part) for batch in batches for part in _parts(batch))
    _each_flag_once(cursor)
    cursor.execute("CREATE UNIQUE INDEX incoming_flag_id ON incoming_flag (flag_id)")
    cursor.execute("CREATE INDEX incoming_flag_household ON incoming_flag (scheme, household_id)")
    cursor.execute("ANALYZE incoming_flag")
    return staged


def unstage(cursor: CursorWrapper) -> None:
    """Drop the temporary tables."""
    cursor.execute("DROP TABLE IF EXISTS incoming_flag")
    cursor.execute("DROP TABLE IF EXISTS standing_flag")


def _parts(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    for start in range(0, batch.num_rows, ROWS_A_BATCH):
        yield batch.slice(start, ROWS_A_BATCH)


def _write(cursor: CursorWrapper, batch: pa.RecordBatch) -> int:
    rows = _rows(batch)
    if connection.vendor == "postgresql":
        with cursor.copy("COPY incoming_flag FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    else:
        cursor.executemany(f"INSERT INTO incoming_flag VALUES ({', '.join(['%s'] * (len(COLUMNS) + 2))})", list(rows))
    return int(batch.num_rows)


def _rows(batch: pa.RecordBatch) -> Iterable[tuple[str | None, ...]]:
    columns = [batch.column(name).cast(pa.string()).fill_null("").to_pylist() for name in COLUMNS]
    for values in zip(*columns, strict=True):
        says = _digest(values[place] for place in SAYS)
        made_from = _digest(values[place] for place in MADE_FROM)
        yield (*values[:AMOUNT], values[AMOUNT] or None, *values[AMOUNT + 1 :], says, made_from)


def _digest(values: Iterable[str]) -> str:
    return hashlib.sha256(SEPARATOR.join(values).encode()).hexdigest()[:32]


def _each_flag_once(cursor: CursorWrapper) -> None:
    cursor.execute("SELECT rule, flag_id FROM incoming_flag GROUP BY rule, flag_id HAVING COUNT(*) > 1 LIMIT 3")
    twice = cursor.fetchall()
    if twice:
        named = ", ".join(f"{flag_id} of {rule}" for rule, flag_id in twice)
        raise FlagsError(
            f"a flag comes twice in one night: {named}: nothing was published; make the rule yield it once"
        )
