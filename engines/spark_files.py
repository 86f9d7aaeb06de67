"""Parquet files of the lake, as the SQL names them: ``read_parquet([files], hive_types = {...})``."""

from dataclasses import dataclass
from hashlib import sha256

import pyarrow as pa
import pyarrow.parquet as pq
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import col
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import StringType, StructField, StructType
from sqlglot import exp


@dataclass(frozen=True)
class ParquetFiles:
    """Files, the folder their partitions stand under, and the types of the partitions' columns."""

    files: tuple[str, ...]
    types: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        """A name for a view of them, the same for the same files."""
        return "files_" + sha256("\n".join([*self.files, repr(self.types)]).encode()).hexdigest()[:24]

    def read(self, spark: SparkSession) -> DataFrame:
        """The rows of all files, with the columns of the partitions."""
        first = self.files[0].split("/")
        above = next((place for place, part in enumerate(first) if "=" in part), len(first) - 1)
        # The schema is read here: Spark would run a job over the files for it.
        written = pa.unify_schemas([pq.read_schema(file).remove_metadata() for file in self.files])
        columns = from_arrow_schema(written).fields
        parts = [part.partition("=")[0] for part in first[above:-1]]
        schema = StructType([*columns, *(StructField(name, StringType()) for name in parts)])
        files = spark.read.schema(schema).option("basePath", "/".join(first[:above])).parquet(*self.files)
        frame = in_one_if_small(spark, files)
        for column, kind in self.types:
            frame = frame.withColumn(column, col(column).cast(kind))
        return frame


def in_one_if_small(spark: SparkSession, rows: DataFrame) -> DataFrame:
    """Rows of files, in one partition where the session shuffles into one.

    Spark does not shuffle what is in one partition: a statement over little then is one task.
    """
    return rows.coalesce(1) if spark.conf.get("spark.sql.shuffle.partitions") == "1" else rows


def parquet_files(call: exp.ReadParquet) -> ParquetFiles:
    """What a call of ``read_parquet`` names."""
    listed, *options = call.expressions
    files = [listed] if isinstance(listed, exp.Literal) else listed.expressions
    types: list[tuple[str, str]] = []
    for option in options:
        if option.this.name == "hive_types":
            types = [(entry.this.name, _type(entry.expression.name)) for entry in option.expression.expressions]
    return ParquetFiles(tuple(file.name for file in files), tuple(types))


def _type(name: str) -> str:
    return {"VARCHAR": "string"}.get(name, name.lower())
