"""What is told of each delivery, and a withdrawal that was a mistake is undone."""

from datetime import timedelta

import pytest

from pipelines.deliveries.kept_contracts import keep_contracts
from pipelines.deliveries.receipts import ReceiptStore
from pipelines.deliveries.states import delivery_lines
from pipelines.reprocess import reprocess, to_read_again
from pipelines.watching.contracts_grown import contracts_grown
from schemas.contract import Contract
from tests.pipelines.conftest import DELIVERED, csv_of
from tests.pipelines.intake.payment_office import HEADER, NEXT, MakeOffice, Office, grown, people, strict, take_back
from tests.pipelines.intake.test_reprocess import again, of

pytestmark = pytest.mark.slow


def states(office: Office) -> dict[str, tuple[str, bool]]:
    """State, and whether the rows are shown, by file and reading."""
    told = delivery_lines(ReceiptStore(office.lake), of(office.contract), ["payment"], today=NEXT)
    return {f"{one.file.removeprefix('payment_')}/{one.reading}": (one.state.value, one.in_use) for one in told}


def test_each_delivery_is_told_with_its_state(office_of: MakeOffice) -> None:
    office = office_of("full")
    right = office.contract
    office.drop("payment_20201027.csv", people(("A1", "张三")))
    office.drop("payment_20201028.csv", people(("A1", "错误")))
    office.drop("payment_20201029.csv", people(("A2", "李四")))
    office.drop("payment_20201029_2.csv", people(("A2", "李四")))
    office.drop("payment_20201029_3.csv", b"")
    old, wrong, *_ = office.take_in()
    take_back(office, wrong.delivery_id)
    ReceiptStore(office.lake).write(old.model_copy(update={"dropped": NEXT}))
    office.contract = strict(right)
    office.drop("payment_20201029_4.csv", csv_of(HEADER[:-1], ("A1", "张三", *[""] * 8)))
    office.take_in()
    office.contract = right
    office.drop("payment_20201031.csv", people(("A9", "明天")), NEXT + timedelta(days=1))
    office.take_in(NEXT + timedelta(days=1))
    assert states(office) == {
        "20201027.csv/1": ("dropped", False),
        "20201028.csv/1": ("withdrawn", False),
        "20201029.csv/1": ("in_use", True),
        "20201029_2.csv/1": ("repeated", True),
        "20201029_3.csv/1": ("unreadable", False),
        "20201029_4.csv/1": ("refused", False),
        "20201031.csv/1": ("waiting", False),
    }


def test_a_superseded_delivery_says_by_what(office_of: MakeOffice) -> None:
    office = office_of("full")
    office.drop("payment_20201028.csv", people(("A1", "张三")))
    office.drop("payment_20201029.csv", people(("A1", "张三"), ("A2", "李四")))
    _, newer = office.take_in()
    first, second = delivery_lines(ReceiptStore(office.lake), of(office.contract), ["payment"], today=NEXT)
    assert (first.state, first.why_en, second.state) == ("superseded", f"by {newer.delivery_id}", "in_use")


def test_a_reading_is_superseded_by_the_next_reading_of_its_delivery(office_of: MakeOffice) -> None:
    office = office_of("increment")
    office.drop("payment_20201028.csv", people(("A1", "张三")))
    office.take_in()
    office.contract = grown(office.contract)
    again(office)
    office.drop("payment_20201029.csv", people(("A2", "李四")))
    office.take_in()
    lines = delivery_lines(ReceiptStore(office.lake), of(office.contract), ["payment"], today=NEXT)
    first, second, other = sorted(lines, key=lambda line: (line.day, line.reading))
    assert (first.why_en, second.in_use, other.in_use) == (f"by {second.delivery}", True, True)


def test_parts_wait_for_the_others_of_their_day(office_of: MakeOffice) -> None:
    office = office_of("full")
    office.drop("payment_20201028.csv", people(("A1", "张三"), ("A2", "李四")))
    office.drop("payment_20201029_1of2.csv", people(("A1", "张三")))
    office.take_in()
    assert states(office) == {"20201028.csv/1": ("in_use", True), "20201029_1of2.csv/1": ("waiting", False)}
    office.drop("payment_20201029_2of2.csv", people(("A2", "李四")))
    office.take_in()
    assert set(states(office).values()) == {("superseded", False), ("in_use", True)}


def test_rows_read_before_a_column_was_added_are_named_until_they_are_read_again(
    office_of: MakeOffice, kind: str
) -> None:
    office = office_of(kind)
    office.drop("payment_20201029.csv", people(("A1", "张三")))
    (first,) = office.take_in()
    keep_contracts(office.lake, of(office.contract))
    assert contracts_grown(office.lake, of(office.contract), NEXT) == []
    office.contract = grown(office.contract, dropped="kind")
    (told,) = contracts_grown(office.lake, of(office.contract), NEXT)
    assert (told.type_name, told.deliveries) == ("payment", (first.delivery_id,))
    assert told.differs == ("column vin added", "column kind dropped")
    again(office)
    assert contracts_grown(office.lake, of(office.contract), NEXT) == []


def test_a_contract_that_reads_alike_is_no_change(office_of: MakeOffice) -> None:
    office = office_of("full")
    office.drop("payment_20201029.csv", people(("A1", "张三")))
    office.take_in()
    keep_contracts(office.lake, of(office.contract))
    said = office.contract.model_dump(mode="json") | {"retention_days": 400, "title": {"zh": "别名", "en": "Else"}}
    office.contract = Contract.model_validate(said)
    assert contracts_grown(office.lake, of(office.contract), NEXT) == []


def test_a_withdrawn_delivery_that_is_restored_is_as_it_was_and_due_by_its_own_contract(
    office_of: MakeOffice, kind: str
) -> None:
    """Its file was touched meanwhile, and a contract changed: nobody has read it by the new one."""
    office = office_of(kind)
    office.drop("payment_20201028.csv", people(("A1", "张三")))
    path = office.drop("payment_20201029.csv", people(("A2", "李四")))
    _, taken = office.take_in()
    before = office.rows()
    take_back(office, taken.delivery_id)
    office.contract = grown(office.contract)
    path.touch()
    office.take_in()
    assert office.rows() != before
    receipt_store = ReceiptStore(office.lake)
    (receipt,) = receipt_store.readings("payment", taken.delivery)
    receipt_store.write(receipt.model_copy(update={"withdrawn": None}))
    assert office.rows(DELIVERED) == before
    due = to_read_again(office.lake, of(office.contract))
    assert taken.delivery in {one.delivery for one in due}
    assert {one.after is not None for one in reprocess(office.lake, of(office.contract), due)} == {True}
    assert office.rows(DELIVERED) == before
