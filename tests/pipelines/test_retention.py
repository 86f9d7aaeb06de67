"""What is past keeping is dropped with a receipt, and no night that may still be asked about changes."""

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from deltalake import DeltaTable

from engines.embedded import Limits
from engines.lake import Lake
from expectations.gate import Gate
from pipelines.deliveries.receipts import ReceiptStore, Status
from pipelines.retention import drop_past_keeping
from schemas.catalogue import Catalogue
from schemas.contract import Contract
from tests.pipelines.intake.payment_office import Office, people, take_back

pytestmark = pytest.mark.slow
FIRST = date(2020, 10, 1)
LIMITS = Limits("500MB", 1)


@pytest.fixture(scope="module")
def gate() -> Iterator[Gate]:
    with Gate(memory_limit="1GB", threads=2) as opened:
        yield opened


def days(number: int) -> date:
    return FIRST + timedelta(days=number)


@pytest.fixture
def office_of(tmp_path: Path, contract: Contract, connection: object, gate: Gate) -> Callable[[str], Office]:
    """An office with a delivery on each of three days; the second day's corrects A1, the third is refused."""

    def make(kind: str) -> Office:
        delivery = contract.delivery.model_copy(update={"kind": kind})
        its = contract.model_copy(update={"delivery": delivery, "retention_days": 30})
        office = Office(tmp_path, its, connection, gate)  # type: ignore[arg-type]
        office.drop("payment_20201001.csv", people(("A1", "张三"), ("A2", "李四")), days(0))
        office.drop("payment_20201002.csv", people(("A1", "张三丰"), ("A3", "王五")), days(1))
        office.drop("payment_20201003.csv", b"\n", days(2))
        office.take_in(days(2))
        return office

    return make


def drop(office: Office, today: date, *, dry_run: bool = False) -> list[tuple[tuple[str, ...], int]]:
    catalogue = Catalogue({}, {"payment": office.contract})
    told = drop_past_keeping(office.lake, catalogue, today, LIMITS, dry_run=dry_run)
    return [(one.deliveries, one.rows) for one in told]


def kept_rows(lake: Lake) -> int:
    return int(DeltaTable(lake.root / "tables" / "payment").to_pyarrow_table().num_rows)


def test_a_full_type_keeps_what_any_night_since_then_shows(office_of: Callable[[str], Office]) -> None:
    office = office_of("full")
    first, second, _ = (receipt.delivery_id for receipt in ReceiptStore(office.lake).of_type("payment"))
    assert drop(office, days(30)) == []
    ((dropped, rows),) = drop(office, days(32))
    assert (dropped[0], rows) == (first, 2)
    assert second not in dropped
    assert office.rows(days(40)) == {"A1": "张三丰", "A3": "王五"}
    assert kept_rows(office.lake) == 2
    assert not list((office.lake.root / "landed").rglob(f"{first}/*"))


def test_an_increment_loses_only_the_rows_that_came_again(office_of: Callable[[str], Office]) -> None:
    office = office_of("increment")
    before = office.rows(days(40))
    ((dropped, rows),) = drop(office, days(31))
    assert (dropped, rows) == ((), 1)
    assert office.rows(days(40)) == before == {"A1": "张三丰", "A2": "李四", "A3": "王五"}
    assert kept_rows(office.lake) == 3


def test_a_receipt_tells_what_was_dropped_and_the_ledger_still_what_came(office_of: Callable[[str], Office]) -> None:
    office = office_of("full")
    promised = drop(office, days(60), dry_run=True)
    assert kept_rows(office.lake) == 4
    done = drop(office, days(60))
    assert done == promised
    (told,) = json.loads((office.lake.root / "retention" / f"{days(60)}.json").read_text(encoding="utf-8"))
    assert (told["type_name"], told["kept_since"], told["rows"]) == ("payment", str(days(30)), 2)
    assert len(told["deliveries"]) == 2
    receipts = ReceiptStore(office.lake).of_type("payment")
    assert [receipt.dropped for receipt in receipts] == [days(60), None, days(60)]
    assert office.take_in(days(2)) == []
    assert drop(office, days(61)) == []


@pytest.mark.parametrize("kind", ["full", "increment"])
def test_bytes_whose_rows_were_dropped_are_read_again_when_they_come_again(
    office_of: Callable[[str], Office], kind: str
) -> None:
    office = office_of(kind)
    drop(office, days(60))
    office.drop("payment_20201130.csv", people(("A1", "张三"), ("A2", "李四")), days(60))
    (again,) = office.take_in(days(60))
    assert (again.status, again.conformed) == (Status.ACCEPTED, 2)
    expected = {"A1": "张三", "A2": "李四"}
    assert office.rows(days(60)) == (expected if kind == "full" else expected | {"A3": "王五"})


def test_a_repetition_settled_of_dropped_rows_is_mended_by_the_next_night(office_of: Callable[[str], Office]) -> None:
    office = office_of("full")
    office.drop("payment_20201130.csv", people(("A1", "张三"), ("A2", "李四")), days(60))
    (repeated,) = office.take_in(days(60))
    first = ReceiptStore(office.lake).of_type("payment")[0]
    assert repeated.same_as == first.delivery_id
    ReceiptStore(office.lake).write(first.model_copy(update={"dropped": days(31)}))
    assert office.chosen(days(60)).newest == days(1)
    assert [receipt.status for receipt in office.take_in(days(60))] == [Status.ACCEPTED]
    assert office.chosen(days(60)).newest == days(60)


@pytest.mark.parametrize("kind", ["full", "increment"])
def test_the_rows_of_a_withdrawn_delivery_stay_while_another_stands_on_them(
    office_of: Callable[[str], Office], kind: str
) -> None:
    office = office_of(kind)
    office.drop("payment_20201004.csv", people(("A1", "张三丰"), ("A3", "王五")), days(3))
    office.take_in(days(3))
    second, repeated = (
        one.delivery_id
        for one in ReceiptStore(office.lake).of_type("payment")
        if one.conformed == 2 and one.delivery_date > days(0)
    )
    take_back(office, second)
    before = office.rows(days(40))
    drop(office, days(60))
    assert office.rows(days(40)) == before
    assert before["A1"] == "张三丰"
    assert repeated in {one.delivery_id for one in ReceiptStore(office.lake) if one.usable}


def test_a_part_of_a_day_that_became_complete_afterwards_is_kept(office_of: Callable[[str], Office]) -> None:
    office = office_of("full")
    office.drop("payment_20201003_1of2.csv", people(("A4", "张三")), days(2))
    office.take_in(days(2))
    office.drop("payment_20201003_2of2.csv", people(("A5", "李四")), days(20))
    office.take_in(days(20))
    before = office.rows(days(40))
    assert before == {"A4": "张三", "A5": "李四"}
    drop(office, days(45))
    assert office.rows(days(40)) == before
