"""What the pipeline needs of a connection, for either engine: DuckDB's own, or ``engines.spark``."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

DUCKDB = "duckdb"
SPARK = "spark"
ENGINES = (DUCKDB, SPARK)


class Relation(Protocol):
    """A query, answered when it is asked for rows."""

    @property
    def columns(self) -> Sequence[str]:
        """The names of its columns, in order."""
        ...

    def to_arrow_table(self) -> pa.Table:
        """All its rows."""
        ...

    def to_arrow_reader(self, batch_size: int = ...) -> pa.RecordBatchReader:
        """Its rows, in batches of about so many."""
        ...


class Result(Protocol):
    """What a statement gave."""

    def fetchall(self) -> list[Any]:
        """Its rows, as tuples."""
        ...

    def fetchnumpy(self) -> dict[str, np.ndarray[Any, np.dtype[Any]]]:
        """Its columns, as arrays by name."""
        ...


class Connection(Protocol):
    """Tables and views of its own, and SQL over them, written for DuckDB."""

    def execute(self, query: str, parameters: object = None, /) -> Result:
        """Run the statements of a text; the result is the last one's. ``parameters`` fill ``$names``."""
        ...

    def sql(self, query: str, /) -> Relation:
        """A query to be answered later."""
        ...

    def register(self, view_name: str, python_object: object, /) -> object:
        """Show an Arrow table, or a reader of batches, under a name."""
        ...

    def unregister(self, view_name: str, /) -> object:
        """Forget a registered name."""
        ...
