"""A file that changes while it is read, or that cannot be read now."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from unittest.mock import Mock

import duckdb
import pytest

from pipelines.deliveries.as_of import Freshness
from pipelines.deliveries.receipts import ReceiptStore, Status
from pipelines.intake.land import ChangingDeliveryError
from pipelines.stages import Night, waiting
from schemas.catalogue import Catalogue
from schemas.contract import Contract
from tests.pipelines.conftest import csv_of
from tests.pipelines.intake.payment_office import (
    NEXT,
    MakeOffice,
    aliased,
    people,
)

pytestmark = pytest.mark.slow


def in_the_middle_of_reading(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object], times: int = 1) -> None:
    """Something happens to the file after its first bytes were read, each of so many times that it is read."""
    left, read = [act] * times, os.read

    def reading(source: int, size: int) -> bytes:
        block = read(source, size)
        if block and left:
            left.pop()()
        return block

    monkeypatch.setattr(os, "read", reading)


BEFORE, AFTER = people(("A1", "张三")), people(("A1", "张三"), ("A2", "李四"))


def append(path: Path) -> None:
    with path.open("ab") as file:
        file.write(AFTER[len(BEFORE) :])


def write_over(path: Path) -> None:
    facts = path.stat()
    path.write_bytes(AFTER)
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))


def replace(path: Path) -> None:
    beside = path.with_suffix(".new")
    beside.write_bytes(AFTER)
    beside.replace(path)


@pytest.mark.parametrize("change", [append, write_over, replace])
def test_a_file_that_changes_while_it_is_read_is_read_again(
    office_of: MakeOffice, monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None]
) -> None:
    office = office_of("full")
    file = office.drop("payment_20201029.csv", BEFORE)
    in_the_middle_of_reading(monkeypatch, lambda: change(file))
    assert [receipt.landed for receipt in office.take_in()] == [2]
    assert office.rows() == {"A1": "张三", "A2": "李四"}
    assert office.take_in() == []


@pytest.mark.parametrize("end", [lambda path: path.write_bytes(AFTER + os.urandom(9)), Path.unlink])
def test_a_file_that_never_rests_or_goes_while_it_is_read_is_not_settled(
    office_of: MakeOffice, monkeypatch: pytest.MonkeyPatch, end: Callable[[Path], object]
) -> None:
    office = office_of("full")
    file = office.drop("payment_20201029.csv", BEFORE)
    in_the_middle_of_reading(monkeypatch, lambda: end(file), times=9)
    with pytest.raises(ChangingDeliveryError):
        office.take_in()
    monkeypatch.undo()
    assert list(ReceiptStore(office.lake)) == []
    assert not [path for path in (office.lake.root / "landed").rglob("*") if path.is_file()]
    office.drop("payment_20201029.csv", AFTER)
    assert [receipt.landed for receipt in office.take_in()] == [2]


@pytest.mark.parametrize("error", [PermissionError(errno.EACCES, "no"), OSError(errno.EIO, "disk")])
def test_a_file_that_cannot_be_opened_is_unreadable_until_it_can(
    office_of: MakeOffice, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    office = office_of("full")
    office.drop("payment_20201028.csv", BEFORE)
    office.take_in()
    file = office.drop("payment_20201029.csv", AFTER)

    for _ in range(2):
        with monkeypatch.context() as patched:
            patched.setattr("pipelines.intake.land.open_regular", Mock(side_effect=error))
            (receipt,) = office.take_in()
        assert (receipt.status, receipt.as_json()["file"]) == (Status.UNREADABLE, file.name)
        assert errno.errorcode[error.errno or 0] in receipt.failures[0].message_zh
        assert office.chosen(NEXT).unreadable == (receipt.delivery_id,)
        assert office.rows() == {"A1": "张三"}
    office.take_in()
    assert office.chosen(NEXT).freshness is Freshness.FRESH
    assert office.rows() == {"A1": "张三", "A2": "李四"}


def test_what_this_process_or_the_lake_cannot_do_is_no_delivery_s_fault(
    office_of: MakeOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = office_of("full")
    office.drop("payment_20201029.csv", BEFORE)
    for place, error in (
        ("pipelines.intake.land.open_regular", OSError(errno.EMFILE, "too many open files")),
        ("pipelines.intake.ingest.conform", OSError(errno.ENOSPC, "no space left")),
        ("pipelines.intake.ingest.conform", duckdb.IOException("no space left")),
        ("engines.lake.Lake.adopt", RuntimeError("as libraries say that a disk is full")),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(place, Mock(side_effect=error))
            with pytest.raises(type(error)):
                office.take_in(alone=True)
    assert list(ReceiptStore(office.lake)) == []


def test_what_nobody_foresaw_is_told_without_what_the_error_says_and_looked_at_again(
    office_of: MakeOffice, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    office = office_of("full")
    office.drop("payment_20201029.csv", BEFORE)
    with monkeypatch.context() as patched:
        error = duckdb.ConversionException("Could not convert '张三' to DATE")
        patched.setattr("pipelines.intake.ingest.conform", Mock(side_effect=error))
        (receipt,) = office.take_in(alone=True)
    assert receipt.status is Status.UNREADABLE
    assert "ConversionException" in receipt.failures[0].message_en
    assert "张三" not in receipt.model_dump_json() + caplog.text
    assert [receipt.status for receipt in office.take_in()] == [Status.ACCEPTED]


def test_what_a_contract_refused_waits_again_when_it_is_mended(office_of: MakeOffice) -> None:
    office = office_of("full")
    office.drop("payment_20201029.csv", csv_of(("发放流水号", "收款人"), ("A1", "张三")))
    assert [one.status for one in office.take_in()] == [Status.REFUSED]

    def waits(contract: Contract) -> list[str]:
        catalogue = Catalogue({}, {"payment": contract})
        night = Night(NEXT, office.inbox, office.lake, "", NEXT, catalogue=catalogue)
        return [one.path.name for one in waiting(night)[0]]

    assert waits(office.contract) == []
    office.contract = aliased(office.contract, "收款人", "name")
    assert waits(office.contract) == ["payment_20201029.csv"]
    office.drop("payment_20201030.csv", people(("A1", "张三")), NEXT)
    office.take_in()
    assert waits(aliased(office.contract, "现住址")) == ["payment_20201029.csv"]
