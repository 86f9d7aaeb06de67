"""An office that takes in deliveries of the small type, and what happens to its deliveries."""

import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb

from engines.lake import Lake
from expectations.gate import Gate
from pipelines.deliveries.as_of import TypeAsOf, choose, create_view
from pipelines.deliveries.receipts import Receipt, ReceiptStore, Withdrawal
from pipelines.intake.inbox import find_deliveries
from pipelines.intake.ingest import Ingest
from schemas.contract import Contract
from tests.pipelines.conftest import DELIVERED, csv_of

HEADER = (
    *("发放流水号", "姓名", "身份证号", "发放日期", "所属月份", "金额"),
    *("面积", "人数", "类别", "区划", "住址"),
)
NEXT = DELIVERED + timedelta(days=1)


class Office:
    """An inbox, a lake, and the night that takes the one into the other."""

    def __init__(self, folder: Path, contract: Contract, connection: duckdb.DuckDBPyConnection, gate: Gate) -> None:
        self.inbox, self.lake, self.contract = folder / "inbox", Lake(folder / "lake"), contract
        self.connection, self._gate = connection, gate

    def drop(self, name: str, content: bytes, received: date = DELIVERED) -> Path:
        path = self.inbox / "finance" / "payment" / received.isoformat() / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def take_in(self, by: date = NEXT, *, alone: bool = False) -> list[Receipt]:
        """Settle what came by then, with the receipts read afresh as a new night would."""
        receipt_store = ReceiptStore(self.lake)
        ingest = Ingest(self.lake, receipt_store, self.connection, self._gate)
        found, _ = find_deliveries(self.inbox, [self.contract], delivered_by=by, received_by=by)
        return [
            ingest.settle(file, self.contract, alone=alone)
            for file in found
            if not receipt_store.settled(file.type_name, file.source, size=file.size, modified_ns=file.modified_ns)
        ]

    def chosen(self, as_of: date, known_by: date | None = None) -> TypeAsOf:
        return choose(self.contract, ReceiptStore(self.lake), as_of=as_of, known_by=known_by or as_of)

    def rows(self, as_of: date = NEXT, known_by: date | None = None) -> dict[str, str]:
        return self.told("name", as_of, known_by)

    def told(self, column: str, as_of: date = NEXT, known_by: date | None = None) -> dict[str, Any]:
        """What a column says, by the key of its row."""
        create_view(self.connection, self.lake, self.contract, self.chosen(as_of, known_by))
        found = self.connection.execute(f"SELECT payment_no, {column} FROM payment ORDER BY ALL").fetchall()
        return dict(found)

    def columns(self) -> list[tuple[str, str]]:
        """The columns of the view with their types."""
        return [(name, kind) for name, kind, *_ in self.connection.execute("DESCRIBE payment").fetchall()]


MakeOffice = Callable[[str], Office]


def people(*rows: tuple[str, str]) -> bytes:
    return csv_of(HEADER, *((number, name, *[""] * 9) for number, name in rows))


def grown(contract: Contract, *, dropped: str = "", changed: dict[str, object] | None = None) -> Contract:
    """The contract with an optional column more; and one less, or one of another meaning."""
    said = contract.model_dump(mode="json")
    columns = [one | (changed or {}) if one["name"] == "address" else one for one in said["columns"]]
    columns = [one for one in columns if one["name"] != dropped]
    more = {"name": "vin", "header": "车辆识别代号", "en": "VIN", "meaning": "quantity", "unit": "hour"}
    return Contract.model_validate(said | {"columns": [*columns, more]})


def touched(path: Path) -> None:
    """The file is as it was, only newer."""
    facts = path.stat()
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns + 1))


def strict(contract: Contract) -> Contract:
    """The contract after somebody asked for a value that the deliveries so far do not have."""
    filled = contract.expectations.model_copy(update={"filled": {"address": 0.5}})
    return contract.model_copy(update={"expectations": filled})


def aliased(contract: Contract, header: str, column: str = "address") -> Contract:
    """The contract after the header was added to those of a column."""
    columns = (one.model_copy(update={"aliases": (header,)}) if one.name == column else one for one in contract.columns)
    return contract.model_copy(update={"columns": tuple(columns)})


def take_back(office: Office, delivery_id: str) -> None:
    """The tombstone on a delivery's receipt."""
    receipt_store = ReceiptStore(office.lake)
    (receipt,) = (one for one in receipt_store if one.delivery_id == delivery_id)
    tombstone = Withdrawal(day=NEXT, by="test", reason="test")
    receipt_store.write(receipt.model_copy(update={"withdrawn": tombstone}))
