"""Functions that Spark has no SQL for: DuckDB's own, run by Spark's Python workers on Arrow batches.

So the two engines cannot come to differ: nothing is written twice. The workers need ``duckdb`` installed.
"""

from collections.abc import Callable

import pyarrow as pa
from pyspark.sql import SparkSession
from pyspark.sql.functions import arrow_udf  # type: ignore[attr-defined]

OF_TWO_TEXTS = {"damerau_levenshtein": "bigint"}
"""Functions of two texts, with Spark's type of what they give."""


def register_functions(spark: SparkSession) -> None:
    """Make the functions known to the session under DuckDB's names."""
    for name, gives in OF_TWO_TEXTS.items():
        spark.udf.register(name, arrow_udf(of_two_texts(name), gives))


def of_two_texts(name: str) -> Callable[[pa.Array, pa.Array], pa.Array]:
    """A function of two columns of text as one over Arrow arrays, NULL where either is."""

    def answered(left: pa.Array, right: pa.Array) -> pa.Array:
        import duckdb  # by the worker

        with duckdb.connect(config={"threads": 1}) as connection:
            connection.register("pairs", pa.table({"l": left, "r": right}))
            found = connection.sql(f"SELECT {name}(l, r) AS found FROM pairs").to_arrow_table()["found"]
        return found.combine_chunks()

    return answered
