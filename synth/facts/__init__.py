"""Published facts the invented province is drawn from, one CSV file each; README.md gives their sources."""

from functools import cache
from pathlib import Path

import polars as pl

HERE = Path(__file__).parent


@cache
def read_facts(name: str, **types: type[pl.DataType]) -> pl.DataFrame:
    """The facts file ``name``.csv; columns are text unless ``types`` says otherwise, and an empty cell is ''."""
    text = pl.read_csv(HERE / f"{name}.csv", infer_schema=False).fill_null("")
    return text.with_columns(pl.col(column).cast(kind) for column, kind in types.items())
