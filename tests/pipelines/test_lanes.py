"""Deliveries are settled side by side, and what becomes of each does not depend on it."""

import threading
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import cast

import pytest

from pipelines.block_workers import BlockWorkers
from pipelines.inbox import InboxFile
from pipelines.ingest import Ingest
from pipelines.lanes import settle_all
from pipelines.ledger import Receipt, Status
from schemas.catalogue import load_catalogue
from schemas.contract import Contract

DAY = date(2020, 10, 29)
TYPES = ("cremation", "dibao_roster", "motor_vehicle", "marriage")


@dataclass
class Settling:
    """Stands for what settles a delivery: keeps in which order each type's were."""

    fails_at: str = ""
    settled: dict[str, list[str]] = field(default_factory=dict)

    def settle(self, delivery: InboxFile, contract: Contract) -> Receipt:
        if delivery.source == self.fails_at:
            raise OSError("no space left")
        self.settled.setdefault(contract.name, []).append(delivery.source)
        return Receipt(
            delivery_id=delivery.source,
            type_name=contract.name,
            delivery_date=DAY,
            received=DAY,
            sequence=delivery.sequence,
            source=delivery.source,
            size=0,
            modified_ns=0,
            sha256="",
            contract_version="",
            status=Status.ACCEPTED,
        )


@pytest.fixture
def files(tmp_path: Path) -> list[InboxFile]:
    found = []
    for sequence in (1, 2, 3):
        for name in TYPES:
            path = tmp_path / f"{name}_{sequence}.csv"
            path.write_text(name * sequence)
            found.append(InboxFile(DAY, DAY, sequence, path, name, path.name))
    return found


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_every_delivery_is_settled_after_the_earlier_ones_of_its_type(files: list[InboxFile], threads: int) -> None:
    settling, told = Settling(), list[str]()
    receipts = settle_all(
        cast("Ingest", settling), files, load_catalogue(), threads, lambda receipt: told.append(receipt.source)
    )
    assert settling.settled == {name: [f"{name}_{number}.csv" for number in (1, 2, 3)] for name in TYPES}
    assert [receipt.source for receipt in receipts] == [file.source for file in files]
    assert sorted(told) == sorted(file.source for file in files)


def test_after_an_error_no_further_delivery_is_begun(files: list[InboxFile]) -> None:
    settling = Settling(fails_at="motor_vehicle_1.csv")
    with pytest.raises(OSError, match="no space left"):
        settle_all(cast("Ingest", settling), files, load_catalogue(), 1, lambda _: None)
    assert "motor_vehicle" not in settling.settled
    assert sum(map(len, settling.settled.values())) < len(files) - 3


def test_blocks_come_back_in_their_order_whichever_ends_first() -> None:
    first_may_end = threading.Event()

    def work(number: int) -> int:
        if number == 0:
            first_may_end.wait(10)
        return number * number

    with BlockWorkers(2) as workers:
        threading.Timer(0.2, first_may_end.set).start()
        done = list(workers.in_order(work, iter(range(20))))
    assert done == [number * number for number in range(20)]


def test_when_one_block_fails_no_other_is_worked_on_afterwards() -> None:
    going_on = []

    def work(number: int) -> int:
        if number == 1:
            raise UnicodeDecodeError("gb18030", b"\xff", 0, 1, "invalid")
        going_on.append(number)
        return number

    with BlockWorkers(3) as workers:
        with pytest.raises(UnicodeDecodeError):
            list(workers.in_order(work, iter(range(50))))
        seen = len(going_on)
        assert list(workers.in_order(lambda number: number, iter(range(9)))) == list(range(9))
    assert len(going_on) == seen
