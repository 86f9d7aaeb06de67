"""The Spark session, taken from the environment: local, YARN, Kubernetes or Connect, by the ordinary Spark settings."""

import os
import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

MEANING = {
    "spark.sql.session.timeZone": "Asia/Shanghai",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
}
"""What the SQL of this project takes for granted. Everything else is the site's (spark-defaults.conf, SPARK_REMOTE)."""


class SparkMissingError(RuntimeError):
    """PySpark or a JVM is not there."""

    exit_code = 4


def require_spark() -> None:
    """Raise SparkMissingError, saying what to install, unless PySpark is there."""
    if find_spec("pyspark") is None or find_spec("sqlglot") is None:
        raise SparkMissingError("the Spark engine needs PySpark and sqlglot: pip install 'hedui[spark]'")


def session() -> "SparkSession":
    """The session of the environment; it is shared, so the temporary views of a night have names of their own.

    Raises SparkMissingError, saying what to install.
    """
    require_spark()
    from pyspark.errors import PySparkException
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    try:
        found = SparkSession.builder.appName("hedui").getOrCreate()
    except (PySparkException, OSError) as error:
        raise SparkMissingError(
            f"no Spark session could be started ({type(error).__name__}): a JVM of 17 or newer must be installed "
            "(JAVA_HOME), or SPARK_REMOTE name a server"
        ) from error
    for name, value in MEANING.items():
        found.conf.set(name, value)
    return found
