"""Which engine runs: DuckDB inside this process, unless Spark is chosen."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engines.connection import DUCKDB, ENGINES, SPARK, Connection
from engines.embedded import Limits, connect


class EngineUnknownError(ValueError):
    """No engine has that name."""

    exit_code = 4


def default_engine() -> str:
    """The engine of the environment (HEDUI_ENGINE), else DuckDB."""
    return engine_named(os.environ.get("HEDUI_ENGINE") or DUCKDB)


def engine_named(name: str) -> str:
    """The name, if an engine has it. Raises EngineUnknownError."""
    if name not in ENGINES:
        raise EngineUnknownError(f"the engine is {name!r}: give one of {', '.join(ENGINES)} (--engine, HEDUI_ENGINE)")
    return name


@contextmanager
def open_engine(engine: str, spill: Path, limits: Limits) -> Iterator[Connection]:
    """A connection of an engine. DuckDB spills to ``spill`` and keeps to ``limits``.

    Spark writes its tables below HEDUI_SPARK_SCRATCH, a folder that driver and workers share, else below ``spill``; its
    memory is the site's to set. Raises engines.spark_session.SparkMissingError where there is no Spark.
    """
    if engine == SPARK:
        from engines.spark_session import require_spark

        require_spark()
        from engines.spark import connect as connect_spark

        above = Path(os.environ.get("HEDUI_SPARK_SCRATCH") or spill)
        with connect_spark(above / f"spark-{uuid.uuid4().hex[:12]}") as spark:
            yield spark
    else:
        with connect(spill, limits) as duckdb:
            yield duckdb
