"""What is told of a delivery of the same bytes as an earlier one is what was told of that."""

from pipelines.deliveries.receipts import READ, Receipt, Section, Status
from tests.pipelines.conftest import DELIVERED
from tests.pipelines.intake.made_files import workbook
from tests.pipelines.intake.payment_office import HEADER, NEXT, MakeOffice


def row(number: str, name: str) -> tuple[str, ...]:
    return (number, name, *[""] * 9)


def test_a_repeated_delivery_tells_where_each_line_stands_and_why_it_is_set_apart(office_of: MakeOffice) -> None:
    office = office_of("full")
    book = workbook([HEADER, row("A1", "张三"), row("A2", "李四")], [HEADER, row("A3", ""), row("A4", "王五")])
    office.drop("payment_20201029.csv", book)
    office.drop("payment_20201030.csv", book, NEXT)
    first, again = office.take_in()
    assert (first.status, again.status) == (Status.ACCEPTED, Status.REPEATED)
    assert {name: getattr(again, name) for name in READ} == {name: getattr(first, name) for name in READ}
    assert (again.came_as, again.quarantined_by_rule) == ("xlsx", {"required": 1})
    assert again.section_of(5) == ("表2", 2)


def test_a_line_of_a_file_without_sheets_stands_where_it_stands() -> None:
    told = {"delivery_date": DELIVERED, "received": DELIVERED, "sequence": 1, "source": "", "size": 0}
    said = {"delivery_id": "", "type_name": "", "modified_ns": 0, "sha256": "", "contract_version": ""}
    receipt = Receipt.model_validate({**told, **said, "status": Status.ACCEPTED})
    assert receipt.section_of(7) == ("", 7)
    passed_over = receipt.model_copy(update={"sections": (Section(name="说明"), Section(name="表", first_line=1))})
    assert passed_over.section_of(7) == ("表", 7)
