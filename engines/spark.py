"""Spark as an engine: the statements of this project, written for DuckDB, run by a Spark session.

Tables live as Parquet in a scratch folder that the driver and all workers reach, views in the session. What is left to
the site is how Spark runs (``engines.spark_session``).
"""

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from pyspark.errors import AnalysisException, ParseException, PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import StructType
from sqlglot import exp

from engines.dialect import Macros, filled_in, spark_sql, statements, text_of
from engines.duckdb_functions import register_functions
from engines.spark_files import parquet_files
from engines.spark_session import session
from engines.spark_tables import Tables, schema_of

Struct = tuple[str, list[str]]


class SparkRelation:
    """A query, answered when it is asked for rows."""

    def __init__(self, rows: DataFrame, tables: Tables) -> None:
        """Over a frame of Spark, and the tables beside which large answers are written."""
        self._rows = rows
        self._tables = tables

    @property
    def columns(self) -> Sequence[str]:
        """The names of its columns, in order."""
        return list(self._rows.columns)

    def to_arrow_table(self) -> pa.Table:
        """All its rows, on the driver."""
        with duckdb_faults():
            return self._rows.toArrow()

    def to_arrow_reader(self, batch_size: int = 1 << 17) -> pa.RecordBatchReader:
        """Its rows in batches: the cluster writes them to files, which are read here one after the other."""
        with duckdb_faults():
            return self._tables.written_out(self._rows, batch_size)

    def fetchall(self) -> list[Any]:
        """Its rows, as tuples."""
        columns = [column.to_pylist() for column in self.to_arrow_table().columns]
        return list(zip(*columns, strict=True))

    def fetchnumpy(self) -> dict[str, np.ndarray[Any, np.dtype[Any]]]:
        """Its columns, as arrays by name."""
        table = self.to_arrow_table()
        return {name: table[name].to_numpy() for name in table.column_names}


class _Rows:
    """Rows the engine itself knows."""

    def __init__(self, rows: list[tuple[Any, ...]]) -> None:
        self._rows = rows

    def fetchall(self) -> list[Any]:
        return self._rows

    def fetchnumpy(self) -> dict[str, np.ndarray[Any, np.dtype[Any]]]:
        raise TypeError("this statement gives no columns")


class SparkConnection:
    """A connection as ``engines.connection`` wants it. Use ``connect``."""

    def __init__(self, spark: SparkSession, scratch: Path) -> None:
        """Over a session, with a scratch folder of its own."""
        self.spark = spark
        self.tables = Tables(spark, scratch)
        self._macros = Macros()
        register_functions(spark)

    def execute(self, query: str, parameters: object = None, /) -> "SparkRelation | _Rows":
        """Run the statements of a text; the result is the last one's.

        Raises what DuckDB raises: duckdb.BinderException for what does not fit, duckdb.Error for what fails.
        """
        result: SparkRelation | _Rows = _Rows([])
        for statement in statements(query):
            if isinstance(parameters, Mapping):
                filled_in(statement, parameters)
            result = self._run(statement)
        return result

    def sql(self, query: str, /) -> SparkRelation:
        """A query to be answered later."""
        (statement,) = statements(query)
        return SparkRelation(self.frame(statement), self.tables)

    def register(self, view_name: str, python_object: object, /) -> None:
        """Show an Arrow table, or a reader of batches, under a name."""
        table = python_object.read_all() if isinstance(python_object, pa.RecordBatchReader) else python_object
        if not isinstance(table, pa.Table):
            raise TypeError(f"{view_name}: an Arrow table is registered, not a {type(table).__name__}")
        # PySpark 4.3 loses the rows of a table whose first batch is empty.
        self.tables.show(view_name, self.spark.createDataFrame(_signed(table).combine_chunks()))

    def unregister(self, view_name: str, /) -> None:
        """Forget a registered name."""
        self.tables.drop(view_name)

    def frame(self, query: exp.Expr) -> DataFrame:
        """A parsed query as a frame of Spark."""
        self._prepare(query)
        with duckdb_faults():
            text = spark_sql(query, self._macros, self._asked, self.tables.json_columns)
            return self.spark.sql(text)

    def close(self) -> None:
        """Drop every table, view and file of the connection."""
        self.tables.close()

    def _asked(self, text: str) -> list[Struct]:
        schema = self.spark.sql(text).schema
        return [
            (column.name, column.dataType.names if isinstance(column.dataType, StructType) else [])
            for column in schema.fields
        ]

    def _prepare(self, query: exp.Expr) -> None:
        """Bring the views that a query reads up to date, and name the files it reads."""
        for place in list(query.find_all(exp.Table)):
            if isinstance(place.this, exp.ReadParquet):
                name = self.tables.show_files(parquet_files(place.this))
                place.replace(
                    exp.alias_(exp.to_table(name), place.alias, table=True) if place.alias else exp.to_table(name)
                )
            elif not place.db:
                self.tables.refresh(place.name, self.frame)
        _read_row_numbers(query, self.tables)

    def _run(self, statement: exp.Expr) -> "SparkRelation | _Rows":
        with duckdb_faults():
            match statement:
                case exp.Create(kind="MACRO"):
                    self._macros.remember(statement)
                case exp.Create(kind="VIEW"):
                    self.tables.remember_view(statement.this.name, statement.expression)
                case exp.Create(kind="TABLE"):
                    self._create_table(statement)
                case exp.Insert():
                    self._insert(statement)
                case exp.Delete():
                    self._delete(statement)
                case exp.Drop():
                    for table in statement.args["tables"]:
                        self.tables.drop(table.name)
                case exp.Describe():
                    return _Rows([(name,) for name in self.frame(statement.this).columns])
                case exp.Show(name="TABLES"):
                    return _Rows([(name,) for name in self.tables.names()])
                case exp.Query():
                    return SparkRelation(self.frame(statement), self.tables)
                case _:
                    raise duckdb.NotImplementedException(
                        f"{type(statement).__name__} is not known to the Spark engine: {text_of(statement)[:80]}"
                    )
        return _Rows([])

    def _create_table(self, create: exp.Create) -> None:
        if isinstance(create.this, exp.Schema):
            name = create.this.this.name
            if not (create.args.get("exists") and name in self.tables.names()):
                schema, json_columns = schema_of(create.this)
                self.tables.empty(name, schema, json_columns)
            return
        name = create.this.name
        rows = self.frame(create.expression)
        self.tables.store(name, rows)

    def _insert(self, insert: exp.Insert) -> None:
        self.tables.append(insert.this.name, self.frame(insert.expression), by_name=bool(insert.args.get("by_name")))

    def _delete(self, delete: exp.Delete) -> None:
        name = delete.this.name
        gone = exp.func("coalesce", delete.args["where"].this, exp.false())
        left = exp.select("*", "rowid").from_(name).where(exp.not_(gone))
        self.tables.leave(name, self.frame(left))


@contextmanager
def connect(scratch: Path) -> Iterator[SparkConnection]:
    """A connection over the session of the environment; its scratch folder is emptied when it is closed."""
    scratch.mkdir(parents=True, exist_ok=True)
    connection = SparkConnection(session(), scratch)
    try:
        yield connection
    finally:
        connection.close()
        shutil.rmtree(scratch, ignore_errors=True)


@contextmanager
def duckdb_faults() -> Iterator[None]:
    """Raise Spark's faults as the DuckDB ones that the callers tell apart."""
    try:
        yield
    except (AnalysisException, ParseException) as error:
        raise duckdb.BinderException(_first_line(error)) from error
    except PySparkException as error:
        # What Spark says of a value may be somebody's: only its class is passed on.
        raise duckdb.Error(f"Spark: {error.getCondition() or type(error).__name__}") from error


def _signed(table: pa.Table) -> pa.Table:
    """Spark has no unsigned numbers."""
    wider = {pa.uint8(): pa.int16(), pa.uint16(): pa.int32(), pa.uint32(): pa.int64()}
    return table.cast(pa.schema([(one.name, wider.get(one.type, one.type)) for one in table.schema]))


def _first_line(error: PySparkException) -> str:
    return re.split(r"\n|; line \d", str(error), maxsplit=1)[0]


def _read_row_numbers(query: exp.Expr, tables: Tables) -> None:
    """``rowid``: tables that a SELECT reads it of are read with their row numbers."""
    for column in list(query.find_all(exp.Column)):
        if column.name != "rowid":
            continue
        select = column.find_ancestor(exp.Select)
        while select is not None:
            sources = [one for one in _sources(select) if not column.table or one.alias_or_name == column.table]
            if sources:
                break
            select = select.find_ancestor(exp.Select)
        for source in sources if select is not None else []:
            numbered = tables.numbered(source.name)
            if numbered != source.name:
                alias = source.alias_or_name
                source.set("this", exp.to_identifier(numbered))
                source.set("alias", exp.TableAlias(this=exp.to_identifier(alias)))


def _sources(select: exp.Select) -> list[exp.Table]:
    joined = [select.args.get("from_"), *(select.args.get("joins") or [])]
    return [one.this for one in joined if one is not None and isinstance(one.this, exp.Table)]
