"""The people of a household that has a case, as its register lists them: what the household declared."""

import hashlib

import pyarrow as pa
from django.db import connection, models
from django.db.backends.utils import CursorWrapper

from review.statements import run
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

    Households that are not among them stay as they were last listed.
    """
    cursor.execute("DROP TABLE IF EXISTS incoming_member")
    run(cursor, "incoming_member")
    for batch in members.select(COLUMNS).to_batches(ROWS_A_BATCH):
        columns = [batch.column(name).cast(pa.string()).to_pylist() for name in COLUMNS]
        rows = [
            (*values, hashlib.sha256(values[-1].encode()).hexdigest()[:32]) for values in zip(*columns, strict=True)
        ]
        if connection.vendor == "postgresql":
            with cursor.copy("COPY incoming_member FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            cursor.executemany("INSERT INTO incoming_member VALUES (%s, %s, %s, %s, %s)", rows)
    cursor.execute("CREATE INDEX incoming_member_household ON incoming_member (scheme, household_id)")
    cursor.execute("ANALYZE incoming_member")
    run(cursor, "forget_members")
    run(cursor, "write_members")
    cursor.execute("DROP TABLE incoming_member")
