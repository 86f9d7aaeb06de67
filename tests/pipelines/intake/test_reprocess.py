"""Landed bytes are read again: an alias, a code or a contract was changed, and the file is long gone."""

import shutil
from datetime import date

import pytest

from pipelines.deliveries.kept_contracts import version_of
from pipelines.deliveries.named import NoSuchDeliveryError
from pipelines.deliveries.receipts import ReceiptStore, Status
from pipelines.reprocess import Reread, reprocess, to_read_again
from schemas.catalogue import Catalogue, ContractError, load_catalogue
from schemas.contract import Contract
from tests.pipelines.conftest import DELIVERED, csv_of
from tests.pipelines.intake.payment_office import HEADER, NEXT, MakeOffice, Office, aliased, people, strict, take_back

pytestmark = pytest.mark.slow
MOVED = tuple("现住址" if name == "住址" else name for name in HEADER)
ONE = csv_of(MOVED, ("A1", "张三", *[""] * 8, "某街"))
WITHOUT_ADDRESS = csv_of(HEADER[:-1], ("A1", "张三", *[""] * 8))


def of(contract: Contract) -> Catalogue:
    return Catalogue(load_catalogue().departments, {contract.name: contract})


def again(office: Office, delivery: str = "", type_name: str = "", since: date | None = None) -> list[Reread]:
    catalogue = of(office.contract)
    asked = to_read_again(office.lake, catalogue, delivery=delivery, type_name=type_name, since=since)
    return list(reprocess(office.lake, catalogue, asked)) if asked else []


def without_inbox(office: Office) -> Office:
    shutil.rmtree(office.inbox)
    office.inbox.mkdir()
    return office


def with_code(contract: Contract, also: str) -> Contract:
    said = contract.model_dump(mode="json")
    for column in said["columns"]:
        if column["name"] == "kind":
            column["codes"]["1"]["also"].append(also)
    return Contract.model_validate(said)


def test_an_alias_added_shows_what_the_rows_in_use_left_empty(office_of: MakeOffice, kind: str) -> None:
    office = office_of(kind)
    office.drop("payment_20201029.csv", ONE)
    (first,) = office.take_in()
    without_inbox(office)
    office.contract = aliased(office.contract, "现住址")
    (one,) = again(office)
    assert one.changed
    assert one.after is not None
    assert (one.before.delivery_id, one.after.delivery_id) == (first.delivery_id, f"{first.delivery_id}-r2")
    assert office.told("address") == {"A1": "某街"}
    assert office.chosen(DELIVERED, DELIVERED).deliveries == (one.after.delivery_id,)
    assert again(office) == []
    assert office.take_in() == []


def test_a_code_added_to_a_list_is_read_in_the_rows_that_had_it(office_of: MakeOffice) -> None:
    office = office_of("increment")
    office.drop("payment_20201029.csv", csv_of(HEADER, ("A1", "张三", *[""] * 6, "镇上", "", "")))
    office.take_in()
    before = office.told("kind")
    office.contract = with_code(office.contract, "镇上")
    (one,) = again(office)
    assert one.after is not None
    assert (one.before.noted, one.after.noted) == (1, 0)
    assert (before, office.told("kind")) == ({"A1": None}, {"A1": "1"})


def test_a_refused_delivery_is_read_from_the_lake_once_its_contract_is_put_right(
    office_of: MakeOffice, kind: str
) -> None:
    office = office_of(kind)
    right, office.contract = office.contract, strict(office.contract)
    path = office.drop("payment_20201029.csv", WITHOUT_ADDRESS)
    (refused,) = office.take_in()
    assert refused.status is Status.REFUSED
    path.unlink()
    office.contract = right
    (one,) = again(office)
    assert one.after is not None
    assert (one.after.status, one.after.delivery_id) == (Status.ACCEPTED, refused.delivery_id)
    assert office.rows() == {"A1": "张三"}


def test_a_delivery_that_is_refused_when_read_again_stays_in_use_as_it_was(office_of: MakeOffice, kind: str) -> None:
    office = office_of(kind)
    office.drop("payment_20201029.csv", WITHOUT_ADDRESS)
    office.take_in()
    before = office.chosen(NEXT)
    office.contract = strict(office.contract)
    (one,) = again(office)
    assert one.after is not None
    assert one.after.status is Status.REFUSED
    assert (office.chosen(NEXT), office.rows()) == (before, {"A1": "张三"})
    assert again(office) == []


def test_what_repeats_a_delivery_is_read_again_with_it(office_of: MakeOffice, kind: str) -> None:
    """By whichever of its two names it is asked for; and where the first was withdrawn, of its own bytes."""
    office = office_of(kind)
    office.drop("payment_20201029.csv", ONE)
    office.drop("payment_20201030.csv", ONE, NEXT)
    first, repeated = office.take_in()
    assert repeated.status is Status.REPEATED
    office.contract = aliased(office.contract, "现住址")
    assert [one.before.delivery for one in again(office, delivery=repeated.delivery_id)] == [
        *(first.delivery, repeated.delivery),
    ]
    assert office.told("address", DELIVERED) == office.told("address") == {"A1": "某街"}
    for receipt in ReceiptStore(office.lake).readings("payment", first.delivery):
        take_back(office, receipt.delivery_id)
    office.contract = aliased(office.contract, "别的")
    (own,) = again(office)
    assert (own.before.delivery, own.changed) == (repeated.delivery, True)
    assert (office.rows(DELIVERED), office.told("address")) == ({}, {"A1": None})


def test_an_older_delivery_read_again_does_not_take_the_place_of_its_correction(
    office_of: MakeOffice, kind: str
) -> None:
    office = office_of(kind)
    office.drop("payment_20201029.csv", ONE)
    office.take_in()
    office.drop("payment_20201029.csv", people(("A2", "李四")))
    office.take_in()
    office.contract = aliased(office.contract, "现住址")
    assert len(again(office)) == 2
    assert office.rows() == {"A2": "李四"}


def test_rows_that_come_out_the_same_keep_their_name_and_are_not_due_again(office_of: MakeOffice) -> None:
    office = office_of("full")
    office.drop("payment_20201029.csv", people(("A1", "张三")))
    (first,) = office.take_in()
    office.contract = aliased(office.contract, "现住址")
    (one,) = again(office)
    assert (one.changed, office.chosen(NEXT).deliveries) == (False, (first.delivery_id,))
    (receipt,) = ReceiptStore(office.lake)
    assert receipt.contract_version == version_of(office.contract)
    assert again(office) == []
    assert [one.changed for one in again(office, type_name="payment")] == [False]


def test_what_is_withdrawn_or_past_keeping_is_left(office_of: MakeOffice) -> None:
    office = office_of("increment")
    office.drop("payment_20201029.csv", ONE)
    (taken,) = office.take_in()
    take_back(office, taken.delivery_id)
    office.drop("payment_20201030.csv", people(("A2", "李四")), NEXT)
    (old,) = office.take_in()
    receipt_store = ReceiptStore(office.lake)
    receipt_store.write(old.model_copy(update={"dropped": NEXT}))
    office.contract = aliased(office.contract, "现住址")
    assert again(office) == again(office, type_name="payment") == []


def test_bytes_the_lake_has_lost_are_told_and_nothing_changes(office_of: MakeOffice) -> None:
    office = office_of("full")
    office.drop("payment_20201029.csv", ONE)
    office.take_in()
    before = office.chosen(NEXT)
    shutil.rmtree(office.lake.root / "landed")
    office.contract = aliased(office.contract, "现住址")
    (one,) = again(office)
    assert "does not keep its bytes" in one.problem
    assert office.chosen(NEXT) == before


def test_what_is_asked_for_must_be_there(office_of: MakeOffice) -> None:
    office = office_of("full")
    office.drop("payment_20201029.csv", ONE)
    office.take_in()
    with pytest.raises(NoSuchDeliveryError, match="hedui deliveries"):
        again(office, delivery="nothing.csv")
    with pytest.raises(ContractError, match="no information type"):
        again(office, type_name="nothing")
    assert again(office, type_name="payment", since=date(2020, 11, 1)) == []
    assert len(again(office, type_name="payment", since=DELIVERED)) == 1
