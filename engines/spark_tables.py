"""The tables and views of a connection to Spark.

A table is a folder of Parquet files: written once by the cluster, it keeps no plan and no worker has to live on for it.
Each row has a number that grows in the order in which rows were put in (DuckDB's ``rowid``). A view is the text of its
query, made again when something it reads has changed. A view that joins or groups is computed once and kept as files:
several rules read it, and Spark would compute it anew in every place it is named.
"""

import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import cast

import pyarrow as pa
import pyarrow.dataset as ds
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import col, lit, monotonically_increasing_id
from pyspark.sql.types import LongType, StructField, StructType
from sqlglot import exp

from engines.dialect import WrittenForSpark
from engines.spark_files import ParquetFiles, in_one_if_small

ROW = "_row"
APPEND = 54
"""Bits below the number of the append in a row number: Spark's own stay under them up to a million partitions."""


@dataclass
class _Stored:
    """A table: its folder, none while it is empty, how often rows were written, and rows still to be written."""

    schema: StructType
    folder: Path | None = None
    appends: int = 0
    waiting: list[DataFrame] = field(default_factory=list)


@dataclass
class _View:
    """A view: its query, what it reads, and the versions of that when it was made."""

    query: exp.Expr
    reads: frozenset[str]
    made_of: dict[str, int] = field(default_factory=dict)
    made: bool = False


class Tables:
    """All that a connection shows by name."""

    def __init__(self, spark: SparkSession, scratch: Path) -> None:
        """Nothing yet; tables are written below ``scratch``."""
        self._spark = spark
        self._scratch = scratch
        self._stored: dict[str, _Stored] = {}
        self._views: dict[str, _View] = {}
        self._shown: set[str] = set()
        self._versions: dict[str, int] = {}
        self._folders: list[Path] = []
        self.json_columns: frozenset[str] = frozenset()

    def names(self) -> list[str]:
        """The names of all tables and views."""
        return sorted(self._stored.keys() | self._views.keys() | self._shown)

    def show(self, name: str, rows: DataFrame) -> None:
        """Show a frame under a name."""
        rows.createOrReplaceTempView(name)
        self._shown.add(name)
        self._changed(name)

    def show_files(self, files: ParquetFiles) -> str:
        """Show files of the lake; returns the name."""
        if files.name not in self._shown:
            self.show(files.name, files.read(self._spark))
        return files.name

    def empty(self, name: str, schema: StructType, json_columns: frozenset[str]) -> None:
        """Make a table without rows."""
        self.drop(name)
        self.json_columns |= json_columns
        self._stored[name] = _Stored(schema)
        self._show_stored(name)

    def store(self, name: str, rows: DataFrame) -> None:
        """Make a table of the rows; they may be read from the table it replaces."""
        stored = _Stored(rows.schema, self._folder(name))
        self._write(rows, stored, "overwrite")
        self.drop(name)
        self._stored[name] = stored
        self._show_stored(name)

    def leave(self, name: str, rows: DataFrame) -> None:
        """Make a table of those of its rows that are left, with their numbers, which ``rows`` have as ``rowid``."""
        stored = self._stored[name]
        folder = self._folder(name)
        fields = [field.name for field in stored.schema.fields]
        rows.select(*fields, col("rowid").alias(ROW)).write.parquet(str(folder))
        stored.folder = folder
        self._show_stored(name)

    def append(self, name: str, rows: DataFrame, *, by_name: bool) -> None:
        """Put rows into a table, by place, or by name (columns that are not given are NULL), cast to its types.

        They are written when the table is next read, all in one job.
        """
        stored = self._stored[name]
        if by_name:
            given = set(rows.columns)
            columns = [
                (col(one.name) if one.name in given else lit(None)).cast(one.dataType).alias(one.name)
                for one in stored.schema.fields
            ]
            typed = rows.select(columns)
        else:
            frame = rows.toDF(*(f"c{place}" for place in range(len(rows.columns))))
            typed = frame.select(
                [col(f"c{place}").cast(one.dataType).alias(one.name) for place, one in enumerate(stored.schema.fields)]
            )
        stored.waiting.append(typed)
        self._changed(name)

    def remember_view(self, name: str, query: exp.Expr) -> None:
        """Keep a view; it is made when it is read."""
        own = {cte.alias for cte in query.find_all(exp.CTE)}
        reads = frozenset(table.name for table in query.find_all(exp.Table) if table.name) - own
        self.drop(name)
        self._views[name] = _View(query, reads)

    def refresh(self, name: str, frame: Callable[[exp.Expr], DataFrame]) -> None:
        """Write what waits for a table; make a view if it is not made yet, or what it reads has changed since."""
        stored = self._stored.get(name)
        if stored is not None and stored.waiting:
            self._write_waiting(name, stored)
        view = self._views.get(name)
        if view is None:
            return
        for read in view.reads:
            self.refresh(read, frame)
        versions = {read: self._versions.get(read, 0) for read in view.reads}
        if view.made_of == versions and view.made:
            return
        rows = frame(view.query.copy())
        if _worth_keeping(view.query):
            kept = _Stored(rows.schema, self._folder(name))
            self._write(rows, kept, "overwrite")
            rows = self._read(kept).drop(ROW)
        rows.createOrReplaceTempView(name)
        view.made_of, view.made = versions, True
        self._changed(name)

    def numbered(self, name: str) -> str:
        """The name under which a table shows ``rowid`` too; the name itself for what has no row numbers."""
        stored = self._stored.get(name)
        if stored is None:
            return name
        shown = f"{name}_numbered"
        self._read(stored).withColumnRenamed(ROW, "rowid").createOrReplaceTempView(shown)
        return shown

    def drop(self, name: str) -> None:
        """Forget a table or view, if there is one; its files go with the connection."""
        known = self._stored.pop(name, None) or self._views.pop(name, None) or name in self._shown
        self._shown.discard(name)
        if known:
            self._spark.catalog.dropTempView(name)
            self._changed(name)

    def written_out(self, rows: DataFrame, batch_size: int) -> pa.RecordBatchReader:
        """Rows by way of files, so that no more than a batch is in this process."""
        folder = self._folder("answer")
        rows.write.parquet(str(folder))
        files = sorted(str(file) for file in folder.glob("*.parquet"))
        return ds.dataset(files, format="parquet").scanner(batch_size=batch_size).to_reader()

    def close(self) -> None:
        """Forget everything and remove the files."""
        for name in self.names():
            self.drop(name)
        for folder in self._folders:
            shutil.rmtree(folder, ignore_errors=True)

    def _changed(self, name: str) -> None:
        self._versions[name] = self._versions.get(name, 0) + 1

    def _folder(self, name: str) -> Path:
        folder = self._scratch / f"{name}-{uuid.uuid4().hex[:12]}"
        self._folders.append(folder)
        return folder

    def _write(self, rows: DataFrame, stored: _Stored, mode: str) -> None:
        row = monotonically_increasing_id() + lit(stored.appends << APPEND)
        rows.withColumn(ROW, row).write.mode(mode).parquet(str(stored.folder))
        stored.appends += 1

    def _write_waiting(self, name: str, stored: _Stored) -> None:
        waiting, stored.waiting = stored.waiting, []
        stored.folder = stored.folder or self._folder(name)
        self._write(reduce(DataFrame.unionAll, waiting), stored, "append")
        self._show_stored(name, changed=False)

    def _read(self, stored: _Stored) -> DataFrame:
        schema = StructType([*stored.schema.fields, StructField(ROW, LongType())])
        if stored.folder is None:
            return self._spark.createDataFrame([], schema)
        return in_one_if_small(self._spark, self._spark.read.schema(schema).parquet(str(stored.folder)))

    def _show_stored(self, name: str, *, changed: bool = True) -> None:
        stored = self._stored[name]
        self._read(stored).drop(ROW).createOrReplaceTempView(name)
        if changed:
            self._changed(name)


def _worth_keeping(query: exp.Expr) -> bool:
    return query.find(exp.Join, exp.Group) is not None


def schema_of(declared: exp.Schema) -> tuple[StructType, frozenset[str]]:
    """The columns of a CREATE TABLE, and those of them that hold JSON: Spark keeps it as text."""
    json_columns = frozenset(one.name for one in declared.expressions if one.kind.is_type("json"))
    for one in declared.expressions:
        if one.name in json_columns:
            one.set("kind", exp.DataType.build("text"))
    columns = [f"`{one.name}` {one.kind.sql(dialect=WrittenForSpark)}" for one in declared.expressions]
    schema = StructType.fromDDL(", ".join(columns))
    return cast("StructType", schema), json_columns
