"""One small Spark session for the tests of a process, or the reason why there is none."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest

NEEDED = "Spark needs Java 17 or newer (apt-get install openjdk-17-jre-headless, or set JAVA_HOME)"

SETTINGS = {
    "spark.master": "local[2]",
    "spark.driver.memory": "2g",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "OFF",
    # Tiny tables: what costs is the plan of a statement and its jobs, not rows. One partition is never shuffled, and a
    # join that is not broadcast is no job of its own.
    "spark.sql.shuffle.partitions": "1",
    "spark.default.parallelism": "1",
    "spark.sql.autoBroadcastJoinThreshold": "-1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.subexpressionElimination.enabled": "false",
    "spark.sql.lightweightPlanChangeValidation": "false",
    "spark.sql.ui.explainMode": "simple",
    "spark.sql.parquet.compression.codec": "uncompressed",
    "spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version": "2",
    # With the first compiler alone Java keeps 48 MB for what it compiled, and compiles over and over what falls out.
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=256m -XX:+UseSerialGC -Xmn700m",
}


@cache
def why_not() -> str | None:
    """What keeps Spark from running here, and what to do; None where nothing does."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if not java or not Path(java).exists():
        return f"no JVM {'in JAVA_HOME' if home else 'on the PATH'}: {NEEDED}"
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    major = told.partition('version "')[2].partition('"')[0].partition(".")[0]
    if not major.isdigit() or int(major) < 17:
        return f"the JVM is {major or 'unknown'}: {NEEDED}"
    return None


@cache
def start() -> None:
    """Start the session of this process; ``engines.spark_session`` takes it from there."""
    if reason := why_not():
        pytest.skip(reason)
    os.environ["PYSPARK_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    builder: Any = SparkSession.builder
    for name, value in SETTINGS.items():
        builder = builder.config(name, value)
    builder.getOrCreate()


@contextmanager
def spark(folder: Path) -> Iterator[Any]:
    """A connection of the Spark engine."""
    start()
    from engines.spark import connect

    with connect(folder / "spark") as connection:
        yield connection


def copied(source: duckdb.DuckDBPyConnection, target: Any) -> None:
    """Show every table of a DuckDB connection in one of Spark, under the same name."""
    for (name,) in source.execute("SHOW TABLES").fetchall():
        target.register(name, source.sql(f'FROM "{name}"').to_arrow_table())
