"""Great Expectations on DuckDB: suites run as SQL over whole tables of a connection that is open already.

Great Expectations knows no DuckDB. Its SQL engine works through the ``duckdb-engine`` dialect once it keeps one
connection open between a query and the fetching of its rows; otherwise every metric fails with an IndexError.
Importing it takes seconds, so it happens in functions, when the first delivery is checked.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, Literal

import duckdb

COUNTS_ONLY = {"result_format": "BASIC", "partial_unexpected_count": 0}
"""Results carry counts and no values: a value may be somebody's."""


SPARK = ("pyspark", "pyspark.sql.connect")


def great_expectations() -> Any:
    """The Great Expectations package, imported so that it calls nobody and takes no Spark for its engine."""
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    with _as_if_not_installed(SPARK):
        import great_expectations as gx

    return gx


@contextmanager
def _as_if_not_installed(packages: Sequence[str]) -> Iterator[None]:
    """Let an import pass these packages by.

    Where PySpark lacks one of its extras, Great Expectations' attempt to import it ends the process without an error.
    """
    loaded = {name: sys.modules[name] for name in packages if name in sys.modules}
    sys.modules.update(dict.fromkeys(packages))  # type: ignore[arg-type]  # None is how Python says "not there"
    try:
        yield
    finally:
        for name in packages:
            del sys.modules[name]
        sys.modules.update(loaded)


def open_datasource(connection: duckdb.DuckDBPyConnection) -> Any:
    """A datasource over the tables and views of ``connection``, in a context that writes nothing to disk."""
    gx = great_expectations()
    from great_expectations.data_context.types.base import ProgressBarsConfig

    _teach_duckdb()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    datasource = context.data_sources.add_duckdb(name="deliveries", connection_string="duckdb://")
    datasource.use(connection)
    return datasource


def whole_table(datasource: Any, table: str) -> Any:
    """All rows of a table or view, to be validated as one batch."""
    return datasource.add_table_asset(table, table_name=table).add_batch_definition_whole_table("whole table")


@cache
def _teach_duckdb() -> None:
    """Register the datasource type ``duckdb``. Great Expectations refuses to learn a type twice."""
    import sqlalchemy
    from duckdb_engine import ConnectionWrapper
    from great_expectations.datasource.fluent import SQLDatasource
    from great_expectations.execution_engine import SqlAlchemyExecutionEngine
    from sqlalchemy.ext.compiler import deregister

    # The one thing that keeps the DuckDB module alive to the very end, when it would print pages about leaked types.
    deregister(sqlalchemy.TryCast)

    class AutocommitConnection(ConnectionWrapper):  # type: ignore[misc]
        """Each statement stands alone, so that it sees the tables of the delivery at hand."""

        def begin(self) -> None:
            """Nothing to begin."""

        def commit(self) -> None:
            """Nothing to commit."""

        def rollback(self) -> None:
            """Nothing to undo: checks only read."""

    class DuckDBExecutionEngine(SqlAlchemyExecutionEngine):  # type: ignore[misc]
        """The SQL engine, with one connection that stays open."""

        _connection: Any

        @contextmanager
        def get_connection(self) -> Iterator[Any]:
            """The one connection."""
            if self._connection is None:
                self._connection = self.engine.connect()
            yield self._connection

        def close(self) -> None:
            """Give the connection back, so that DuckDB can close."""
            if self._connection is not None:
                self._connection.close()
                self._connection = None
            super().close()

    class DuckDBDatasource(SQLDatasource):  # type: ignore[misc]
        """Tables of a DuckDB connection that somebody else opened and will close."""

        type: Literal["duckdb"] = "duckdb"

        def use(self, connection: duckdb.DuckDBPyConnection) -> None:
            """Take the connection whose tables are meant."""
            self._engine = sqlalchemy.create_engine(
                "duckdb://",
                creator=lambda: AutocommitConnection(connection.cursor()),
                poolclass=sqlalchemy.NullPool,
            )
            self._execution_engine = DuckDBExecutionEngine(engine=self._engine, create_temp_table=False)

        def get_engine(self) -> Any:
            """The SQLAlchemy engine over that connection."""
            return self._engine

        def get_execution_engine(self) -> Any:
            """The Great Expectations engine over that connection."""
            return self._execution_engine

        def test_connection(self, **_: Any) -> None:
            """Nothing to test: ``use`` takes a connection that is open."""
