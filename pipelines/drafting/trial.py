"""A contract tried on the sample it was drafted from: what would become of the rows if it came tonight."""

import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from pipelines.intake.conform import conform
from pipelines.intake.header import read_columns
from pipelines.intake.land import detect_encoding
from pipelines.intake.plain_text import as_plain_text
from pipelines.intake.quarantine import DeliveryKey
from schemas.contract import Contract


@dataclass(frozen=True)
class Trial:
    """What a delivery of the sample would come to."""

    landed: int
    conformed: int
    quarantined_by_rule: dict[str, int]
    unread: dict[str, int]
    """How many cells of the conformed rows say something that could not be read, by column."""


def try_out(connection: duckdb.DuckDBPyConnection, path: Path, contract: Contract, today: date) -> Trial:
    """Conform the whole file by the contract, and keep nothing of it."""
    with tempfile.TemporaryDirectory() as aside:
        text = as_plain_text(path, contract, Path(aside)).path
        encoding = detect_encoding(text)
        header = read_columns(text, encoding, contract)
        key = DeliveryKey("trial", today)
        done = conform(connection, text, encoding, contract, header, delivery=key, aside=Path(aside))
        return Trial(done.landed, done.conformed, done.by_rule, done.unread)
