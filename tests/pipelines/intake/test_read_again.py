"""A contract changes or a delivery is withdrawn: what is shown of rows that were read before."""

from datetime import date

import pytest

from pipelines.deliveries.as_of import create_view, show_deliveries
from pipelines.deliveries.receipts import Status
from schemas.contract import Contract
from tests.pipelines.conftest import DELIVERED, csv_of
from tests.pipelines.intake.payment_office import (
    HEADER,
    NEXT,
    MakeOffice,
    aliased,
    grown,
    people,
    strict,
    take_back,
    touched,
)
from tests.pipelines.intake.test_reprocess import again

pytestmark = pytest.mark.slow


def test_a_column_more_or_less_in_the_contract_shows_in_rows_read_before(office_of: MakeOffice, kind: str) -> None:
    office = office_of(kind)
    office.drop("payment_20201029.csv", people(("A1", "张三"), ("A2", "李四")))
    office.take_in()
    office.contract = grown(office.contract, dropped="kind")
    content = csv_of((*HEADER, "车辆识别代号"), ("A3", "王五", *[""] * 8, "住址", "3"))
    office.drop("payment_20201030.csv", content, NEXT)
    assert office.rows() == {"A1": "张三", "A2": "李四"}
    assert [(name, kind) for name, kind in office.columns() if name == "vin"] == [("vin", "DECIMAL(18,4)")]
    assert "kind" not in dict(office.columns())
    office.take_in()
    assert office.rows() == {"A3": "王五"} | ({} if kind == "full" else {"A1": "张三", "A2": "李四"})
    assert office.rows(DELIVERED) == {"A1": "张三", "A2": "李四"}


def test_rows_read_before_the_key_was_renamed_do_not_supersede_each_other(office_of: MakeOffice) -> None:
    office = office_of("increment")
    office.drop("payment_20201028.csv", people(("A1", "张三"), ("A2", "李四")))
    office.drop("payment_20201029.csv", people(("A3", "王五")))
    office.take_in()
    said = office.contract.model_dump(mode="json")
    renamed = [one | {"name": "number"} if one["name"] == "payment_no" else one for one in said["columns"]]
    office.contract = Contract.model_validate(said | {"columns": renamed, "key": ["number"]})
    create_view(office.connection, office.lake, office.contract, office.chosen(NEXT))
    found = office.connection.execute("SELECT number, name FROM payment ORDER BY name").fetchall()
    assert sorted(found) == [(None, "张三"), (None, "李四"), (None, "王五")]
    again(office)
    create_view(office.connection, office.lake, office.contract, office.chosen(NEXT))
    found = office.connection.execute("SELECT number, name FROM payment").fetchall()
    assert sorted(found) == [("A1", "张三"), ("A2", "李四"), ("A3", "王五")]


def test_a_column_of_another_type_shows_what_can_be_read_as_it(office_of: MakeOffice, kind: str) -> None:
    office = office_of(kind)
    rows = [("A1", "张三", *[""] * 8, "2020-10-01"), ("A2", "李四", *[""] * 8, "某街")]
    office.drop("payment_20201029.csv", csv_of(HEADER, *rows))
    office.take_in()
    office.contract = grown(office.contract, changed={"meaning": "date"})
    assert office.told("address") == {"A1": date(2020, 10, 1), "A2": None}
    office.drop("payment_20201030.csv", csv_of(HEADER, ("A3", "王五", *[""] * 8, "2020年10月2日")), NEXT)
    office.take_in()
    before = {} if kind == "full" else {"A1": date(2020, 10, 1), "A2": None}
    assert office.told("address") == before | {"A3": date(2020, 10, 2)}


def test_an_optional_column_that_is_absent_is_empty(office_of: MakeOffice) -> None:
    office = office_of("full")
    office.drop("payment_20201029.csv", csv_of(("发放流水号", "姓名", "身份证号"), ("A1", "张三", "")))
    (receipt,) = office.take_in()
    assert (receipt.status, receipt.conformed, len(receipt.headers_missing)) == (Status.ACCEPTED, 1, 8)
    assert office.told("address") == {"A1": None}


def test_a_good_delivery_read_again_and_refused_stays_in_use(office_of: MakeOffice, kind: str) -> None:
    office = office_of(kind)
    path = office.drop("payment_20201029.csv", csv_of(HEADER[:-1], ("A1", "张三", *[""] * 8)))
    office.take_in()
    before = office.chosen(NEXT)
    office.contract = strict(office.contract)
    touched(path)
    (again,) = office.take_in()
    assert (again.status, again.delivery_id == before.deliveries[0]) == (Status.REFUSED, False)
    assert (office.chosen(NEXT), office.rows()) == (before, {"A1": "张三"})
    assert office.take_in() == []


def test_rows_read_again_are_other_rows_where_they_differ_and_the_same_where_not(
    office_of: MakeOffice, kind: str
) -> None:
    office = office_of(kind)
    header = tuple("现住址" if name == "住址" else name for name in HEADER)
    path = office.drop("payment_20201029.csv", csv_of(header, ("A1", "张三", *[""] * 8, "某街")))
    office.take_in()
    (first,) = office.chosen(NEXT).deliveries
    touched(path)
    office.take_in()
    assert office.chosen(NEXT).deliveries == (first,)
    office.contract = aliased(office.contract, "现住址")
    touched(path)
    (again,) = office.take_in()
    assert (office.chosen(NEXT).deliveries, office.told("address")) == ((again.delivery_id,), {"A1": "某街"})
    assert again.delivery_id != first
    show_deliveries(office.connection, office.lake, office.contract, [first])
    assert office.connection.execute("SELECT address FROM payment").fetchall() == [(None,)]
    touched(path)
    assert [one.delivery_id for one in office.take_in()] == [again.delivery_id]


def test_what_repeats_a_delivery_that_is_read_again_shows_its_new_rows(office_of: MakeOffice, kind: str) -> None:
    office = office_of(kind)
    header = tuple("现住址" if name == "住址" else name for name in HEADER)
    content = csv_of(header, ("A1", "张三", *[""] * 8, "某街"))
    path = office.drop("payment_20201029.csv", content)
    office.drop("payment_20201030.csv", content, NEXT)
    office.take_in()
    office.contract = aliased(office.contract, "现住址")
    touched(path)
    (again,) = office.take_in()
    assert (office.chosen(NEXT).deliveries, office.told("address")) == ((again.delivery_id,), {"A1": "某街"})


def test_without_a_withdrawn_delivery_all_is_as_before_it_came(office_of: MakeOffice, kind: str) -> None:
    office = office_of(kind)
    office.drop("payment_20201029.csv", people(("A1", "张三"), ("A2", "李四")))
    office.take_in()
    before, chosen = office.rows(), office.chosen(NEXT)
    path = office.drop("payment_20201030.csv", people(("A1", "张山"), ("A3", "王五")), NEXT)
    (wrong,) = office.take_in()
    take_back(office, wrong.delivery_id)
    assert (office.rows(), office.chosen(NEXT)) == (before, chosen)
    assert office.take_in() == []
    touched(path)
    assert [one.usable for one in office.take_in()] == [False]
    assert (office.rows(), office.take_in()) == (before, [])
    office.drop("payment_20201030.csv", people(("A3", "王武")), NEXT)
    office.take_in()
    assert office.rows() == {"A3": "王武"} | ({} if kind == "full" else before)


def test_what_repeats_a_withdrawn_delivery_keeps_its_rows(office_of: MakeOffice, kind: str) -> None:
    office = office_of(kind)
    office.drop("payment_20201029.csv", people(("A1", "张三")))
    office.drop("payment_20201030.csv", people(("A1", "张三")), NEXT)
    first, _ = office.take_in()
    take_back(office, first.delivery_id)
    assert (office.rows(DELIVERED), office.rows(NEXT)) == ({}, {"A1": "张三"})


def test_a_file_put_right_and_taken_back_leaves_what_it_was_before(office_of: MakeOffice, kind: str) -> None:
    office = office_of(kind)
    office.drop("payment_20201029.csv", people(("A1", "张三")))
    office.take_in()
    office.drop("payment_20201029.csv", people(("A1", "错误"), ("A2", "错误")))
    (wrong,) = office.take_in()
    take_back(office, wrong.delivery_id)
    assert office.rows() == {"A1": "张三"}
