"""An office of either kind of delivery, and the gate its deliveries pass."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from expectations.gate import Gate
from schemas.contract import Contract
from tests.pipelines.intake.payment_office import MakeOffice, Office


@pytest.fixture(scope="module")
def gate() -> Iterator[Gate]:
    with Gate(memory_limit="1GB", threads=2) as opened:
        yield opened


@pytest.fixture(params=["full", "increment"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def office_of(tmp_path: Path, contract: Contract, connection: duckdb.DuckDBPyConnection, gate: Gate) -> MakeOffice:
    def make(kind: str) -> Office:
        delivery = contract.delivery.model_copy(update={"kind": kind})
        return Office(tmp_path, contract.model_copy(update={"delivery": delivery}), connection, gate)

    return make
