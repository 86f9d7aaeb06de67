"""The people of a household that has a case, as its register lists them: what the household declared."""

import hashlib
from collections.abc import Iterable

import pyarrow as pa
from django.db import connection, models
from django.db.backends.utils import CursorWrapper

from review.sql_files import run_sql, sql_text
from review.walls.scoped import ScopedManager

COLUMNS = ("scheme", "household_id", "member_id", "facts")
ROWS_A_BATCH = 5_000


class Member(models.Model):
    """One line of a register: ``type`` is the register's name, ``facts`` what the line says."""

    DIVISION_PATH = "case__division"

    case = models.ForeignKey("review.Case", on_delete=models.CASCADE, related_name="members", db_index=False)
    member_id = models.CharField(max_length=64)
    facts = models.JSONField(default=dict)
    facts_hash = models.CharField(max_length=32)

    objects = ScopedManager()

    class Meta:
        app_label = "review"
        constraints = [models.UniqueConstraint(fields=["case", "member_id"], name="one_line_a_member")]

    def __str__(self) -> str:
        return self.member_id


def keep_members(cursor: CursorWrapper, members: pa.Table) -> None:
    """Make the members of these households (``COLUMNS``; facts is JSON) what the register says now.

    Households that are not among them stay as they were last listed. Most lines are as they were: who they are and a
    hash go to the database, what they say follows for those that are not.
    """
    _drop(cursor)
    run_sql(cursor, "create_incoming_member")
    texts = members.select(COLUMNS).cast(pa.schema([(name, pa.string()) for name in COLUMNS]))
    listed = 0
    for batch in texts.to_batches(ROWS_A_BATCH):
        *who, facts = (column.to_pylist() for column in batch.columns)
        hashes = [hashlib.sha256(said.encode()).hexdigest()[:32] for said in facts]
        rows = list(zip(range(listed, listed + batch.num_rows), *who, hashes, strict=True))
        if connection.vendor == "postgresql":
            _copy(cursor, "incoming_member", rows)
        else:
            cursor.executemany("INSERT INTO incoming_member VALUES (%s, %s, %s, %s, %s)", rows)
        listed += batch.num_rows
    cursor.execute("CREATE INDEX incoming_member_household ON incoming_member (scheme, household_id)")
    cursor.execute("ANALYZE incoming_member")
    run_sql(cursor, "delete_unlisted_members")
    _write_changed(cursor, texts)
    _drop(cursor)


def _write_changed(cursor: CursorWrapper, texts: pa.Table) -> None:
    run_sql(cursor, "find_changed_members")
    changed = cursor.fetchall()
    if connection.vendor == "postgresql":
        run_sql(cursor, "create_changed_member")
    said = texts.select(["member_id", "facts"]).combine_chunks()
    for start in range(0, len(changed), ROWS_A_BATCH):
        positions, cases, hashes = zip(*changed[start : start + ROWS_A_BATCH], strict=True)
        member_ids, facts = (column.to_pylist() for column in said.take(pa.array(positions)).columns)
        rows = list(zip(cases, member_ids, hashes, facts, strict=True))
        if connection.vendor == "postgresql":
            _copy(cursor, "changed_member", rows)
        else:
            cursor.executemany(sql_text("write_members"), rows)
    if connection.vendor == "postgresql":
        run_sql(cursor, "write_members")


def _copy(cursor: CursorWrapper, table: str, rows: Iterable[tuple[object, ...]]) -> None:
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _drop(cursor: CursorWrapper) -> None:
    cursor.execute("DROP TABLE IF EXISTS incoming_member")
    cursor.execute("DROP TABLE IF EXISTS changed_member")
