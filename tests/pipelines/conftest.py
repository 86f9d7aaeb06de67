"""A small type of our own, with a column of every meaning, and a delivery of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from engines.embedded import Limits, connect
from pipelines.intake.conform import Conformed, conform
from pipelines.intake.header import read_columns
from pipelines.intake.land import detect_encoding
from pipelines.intake.plain_text import as_plain_text
from pipelines.intake.quarantine import DeliveryKey
from schemas.contract import Contract

DELIVERED = date(2020, 10, 29)
TITLE = {"zh": "补贴", "en": "Payment"}


def column(name: str, header: str, meaning: str, **more: object) -> dict[str, object]:
    return {"name": name, "header": header, "en": name, "meaning": meaning, **more}


@pytest.fixture(scope="session")
def contract() -> Contract:
    return Contract.model_validate(
        {
            "name": "payment",
            "department": "finance",
            "title": TITLE,
            "owner": {"office": "预算处"},
            "retention_days": 365,
            "province_rows": 1000,
            "delivery": {"kind": "full", "cadence": "daily", "late_after_days": 2},
            "key": ["payment_no"],
            "identity": [{"role": "self", "id_number": "id_number", "name": "name"}],
            "columns": [
                column("payment_no", "发放流水号", "serial", required=True),
                column("id_number", "身份证号", "id_number", aliases=["公民身份号码"]),
                column("name", "姓名", "person_name", required=True),
                column("paid_on", "发放日期", "date"),
                column("month", "所属月份", "month"),
                column("amount", "金额", "amount", unit="yuan", aliases=["金额(万元)"]),
                column("area", "面积", "quantity", unit="square_metre"),
                column("people", "人数", "count"),
                column("kind", "类别", "code", codes={"1": {"zh": "城市", "en": "urban", "also": ["城镇"]}}),
                column("division", "区划", "division"),
                column("address", "住址", "address"),
            ],
            "row_rules": [{"name": "amount_positive", "sql": "amount >= 0", "explain": TITLE}],
            "expectations": {"rows": {"min": 1}, "quarantined": 0.5},
        }
    )


@pytest.fixture(scope="session")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect(tmp_path_factory.mktemp("spill"), Limits(memory="1GB", threads=2)) as opened:
        yield opened


class Delivered:
    """What conform made of a file."""

    def __init__(self, conformed: Conformed, header_missing: tuple[str, ...], header_unknown: tuple[str, ...]) -> None:
        self.counts = conformed
        self.missing = header_missing
        self.unknown = header_unknown
        self.rows: list[dict[str, object]] = pq.read_table(conformed.rows).sort_by("row_number").to_pylist()
        self.quarantine: list[dict[str, object]] = pq.read_table(conformed.quarantine).to_pylist()
        self.notes: list[dict[str, object]] = pq.read_table(conformed.notes).to_pylist()


Deliver = Callable[[bytes], Delivered]


@pytest.fixture
def deliver(contract: Contract, connection: duckdb.DuckDBPyConnection, tmp_path: Path) -> Deliver:
    def run(content: bytes) -> Delivered:
        path = tmp_path / "payment_20201029.csv"
        path.write_bytes(content)
        path = as_plain_text(path, contract, tmp_path / "aside").path
        encoding = detect_encoding(path)
        header = read_columns(path, encoding, contract)
        key = DeliveryKey("20201029-1", DELIVERED)
        conformed = conform(connection, path, encoding, contract, header, delivery=key, aside=tmp_path / "aside")
        assert conformed.landed == conformed.conformed + conformed.quarantined
        delivered = Delivered(conformed, header.missing, header.unknown)
        assert sum(count for rules in conformed.noted.values() for count in rules.values()) == len(delivered.notes)
        assert {note["row_number"] for note in delivered.notes} <= {row["row_number"] for row in delivered.rows}
        return delivered

    return run


def csv_of(header: Sequence[str], *rows: Sequence[str], encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode(encoding)
