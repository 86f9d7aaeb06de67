"""Deliveries are settled side by side, and what becomes of each does not depend on it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import cast

import pytest

from pipelines.deliveries.receipts import Receipt, Status
from pipelines.intake.block_workers import BlockWorkers
from pipelines.intake.inbox import InboxFile
from pipelines.intake.ingest import Ingest
from pipelines.intake.land import ChangingDeliveryError
from pipelines.intake.side_by_side import settle_all
from schemas.catalogue import load_catalogue
from schemas.contract import Contract

DAY = date(2020, 10, 29)
TYPES = ("cremation", "dibao_roster", "motor_vehicle", "marriage")


@dataclass
class Settling:
    """Stands for what settles a delivery: keeps in which order each type's were."""

    fails_at: str = ""
    fails_with: BaseException = field(default_factory=lambda: OSError("no space left"))
    alone: list[str] = field(default_factory=list)
    settled: dict[str, list[str]] = field(default_factory=dict)

    @contextmanager
    def ready(self) -> Iterator[Ingest]:
        yield cast("Ingest", self)

    def settle(self, delivery: InboxFile, contract: Contract, *, alone: bool) -> Receipt:
        if alone:
            self.alone.append(delivery.source)
        elif delivery.source == self.fails_at:
            raise self.fails_with
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
            found.append(InboxFile(DAY, DAY, sequence, path, name, path.name, size=path.stat().st_size))
    return found


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_every_delivery_is_settled_after_the_earlier_ones_of_its_type(files: list[InboxFile], threads: int) -> None:
    settling, told = Settling(), list[str]()
    receipts = settle_all(settling.ready, files, load_catalogue(), threads, lambda receipt: told.append(receipt.source))
    assert settling.settled == {name: [f"{name}_{number}.csv" for number in (1, 2, 3)] for name in TYPES}
    assert [receipt.source for receipt in receipts] == [file.source for file in files]
    assert sorted(told) == sorted(file.source for file in files)


def test_after_an_error_no_further_delivery_is_begun(files: list[InboxFile]) -> None:
    settling = Settling(fails_at="motor_vehicle_1.csv")
    with pytest.raises(OSError, match="no space left"):
        settle_all(settling.ready, files, load_catalogue(), 1, lambda _: None)
    assert "motor_vehicle" not in settling.settled
    assert sum(map(len, settling.settled.values())) < len(files) - 3


class PanicError(BaseException):
    """What a library written in another language raises where it meets its own fault: no Exception."""


@pytest.mark.parametrize("error", [ValueError("贵A12345"), MemoryError(), PanicError("贵A12345")])
def test_what_nobody_foresaw_sets_its_type_aside_to_be_settled_alone_in_order(
    files: list[InboxFile], error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    settling = Settling(fails_at="marriage_2.csv", fails_with=error)
    receipts = settle_all(settling.ready, files, load_catalogue(), 2, lambda _: None)
    assert settling.alone == ["marriage_2.csv", "marriage_3.csv"]
    assert settling.settled == {name: [f"{name}_{number}.csv" for number in (1, 2, 3)] for name in TYPES}
    assert [receipt.source for receipt in receipts] == [file.source for file in files]
    assert type(error).__name__ in caplog.text
    assert "test_side_by_side.py:" in caplog.text
    assert "贵A12345" not in caplog.text


def test_a_file_that_does_not_rest_is_left_and_the_others_of_its_type_are_settled(files: list[InboxFile]) -> None:
    settling = Settling(fails_at="marriage_2.csv", fails_with=ChangingDeliveryError("marriage_2.csv"))
    receipts = settle_all(settling.ready, files, load_catalogue(), 2, lambda _: None)
    assert [receipt.source for receipt in receipts if receipt.type_name == "marriage"] == [
        "marriage_1.csv",
        "marriage_3.csv",
    ]


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
