"""Several files of one day: parts add up, a correction replaces, and what may be either is asked, never half used."""

import pytest

from pipelines.deliveries.as_of import Freshness
from pipelines.deliveries.receipts import Receipt, Status
from pipelines.intake.same_day import as_many_as_a_sheet_holds
from schemas.contract import Range
from tests.pipelines.conftest import csv_of
from tests.pipelines.intake.payment_office import HEADER, NEXT, MakeOffice, Office, people, take_back

pytestmark = pytest.mark.slow
TOWNS = [people(*((f"{town}{n}", "张三") for n in range(4))) for town in "ABC"]
ALL = {f"{town}{n}": "张三" for town in "ABC" for n in range(4)}
BEFORE = people(("B1", "李四"))


def of(*towns: str) -> dict[str, str]:
    return {key: name for key, name in ALL.items() if key[0] in towns}


def with_parts(office: Office, parts: object) -> Office:
    said = office.contract.model_dump(mode="json")
    office.contract = type(office.contract).model_validate(said | {"delivery": said["delivery"] | {"parts": parts}})
    return office


@pytest.fixture
def office(office_of: MakeOffice) -> Office:
    """One that has what was whole the day before."""
    office = office_of("full")
    office.drop("payment_20201028.csv", BEFORE)
    office.take_in()
    return office


@pytest.mark.parametrize(
    "named", ["payment_20201029_{}of3.csv", "补贴2020-10-29_3之{}.txt", "2020年10月29日 第{}部分共3份"]
)
def test_parts_are_in_use_when_all_have_come(office: Office, named: str) -> None:
    for number in (3, 1):
        office.drop(named.format(number), TOWNS[number - 1])
    assert [one.status for one in office.take_in()] == [Status.ACCEPTED] * 2
    chosen = office.chosen(NEXT)
    assert (chosen.freshness, chosen.waiting, office.rows()) == (Freshness.FRESH, "part 2 of 3", {"B1": "李四"})
    office.drop(named.format(2), TOWNS[1], NEXT)
    office.take_in()
    assert (office.chosen(NEXT).waiting, office.rows()) == ("", ALL)
    assert office.take_in() == []


def test_a_correction_of_a_part_replaces_that_part_alone(office: Office) -> None:
    for number, town in enumerate(TOWNS, 1):
        office.drop(f"payment_20201029_{number}of3.csv", town)
    office.take_in()
    office.drop("payment_20201029_2of3.csv", people(("B1", "王五")), NEXT)
    office.take_in()
    assert office.rows() == of("A", "C") | {"B1": "王五"}


def test_a_row_that_two_parts_have_is_there_once(office: Office) -> None:
    office.drop("payment_20201029_1of2.csv", people(("A1", "张三"), ("A2", "张三")))
    office.drop("payment_20201029_2of2.csv", people(("A2", "李四"), ("A3", "张三")))
    office.take_in()
    assert office.rows() == {"A1": "张三", "A2": "李四", "A3": "张三"}
    count = office.connection.execute("SELECT count(*) FROM payment").fetchall()
    assert count == [(3,)]


def test_without_one_of_its_parts_a_day_is_not_in_use(office: Office) -> None:
    for number, town in enumerate(TOWNS, 1):
        office.drop(f"payment_20201029_{number}of3.csv", town)
    *_, last = office.take_in()
    take_back(office, last.delivery_id)
    assert (office.rows(), office.chosen(NEXT).waiting) == ({"B1": "李四"}, "part 3 of 3")


def test_the_parts_are_measured_together_by_what_was_in_use(office: Office) -> None:
    bounds = office.contract.expectations.model_copy(update={"rows_against_last": Range(min=0.7)})
    office.contract = office.contract.model_copy(update={"expectations": bounds})
    office.drop("payment_20201027.csv", people(*((f"A{n}", "张三") for n in range(10))))
    office.drop("payment_20201028_更正.csv", people(*((f"A{n}", "张三") for n in range(10))), NEXT)
    office.take_in()
    for number in (1, 2):
        office.drop(f"payment_20201029_{number}of2.csv", people(*((f"{number}{n}", "张三") for n in range(3))), NEXT)
    first, last = office.take_in()
    assert (first.status, last.status) == (Status.ACCEPTED, Status.REFUSED)
    assert "合计 6 行" in last.failures[0].message_zh
    assert len(office.rows()) == 10


def disjoint(office: Office) -> tuple[Receipt, Receipt]:
    """Two townships as 1 and 2 of a day."""
    for number in (1, 2):
        office.drop(f"payment_20201029_{number}.csv", TOWNS[number - 1])
    first, second = office.take_in()
    return first, second


def test_what_may_be_a_part_or_a_correction_is_asked_and_the_earlier_stays(office: Office) -> None:
    first, second = disjoint(office)
    assert (first.status, second.status) == (Status.ACCEPTED, Status.REFUSED)
    (question,) = second.failures
    for said in (question.message_zh, question.message_en):
        assert "_1of2" in said
        assert f"hedui withdraw {first.delivery}" in said
    assert (office.rows(), office.chosen(NEXT).freshness) == (of("A"), Freshness.STALE)
    assert office.take_in() == []


def test_it_is_asked_too_where_the_first_of_them_comes_last(office: Office) -> None:
    office.drop("payment_20201029_2.csv", TOWNS[1])
    office.take_in()
    office.drop("payment_20201029_1.csv", TOWNS[0])
    assert [one.status for one in office.take_in()] == [Status.REFUSED]
    assert office.rows() == of("B")


def test_the_answer_parts_by_names(office: Office) -> None:
    disjoint(office)
    folder = office.inbox / "finance" / "payment" / "2020-10-29"
    for number in (1, 2):
        (folder / f"payment_20201029_{number}.csv").rename(folder / f"payment_20201029_{number}of2.csv")
    office.take_in()
    assert (office.rows(), office.chosen(NEXT).freshness) == (of("A", "B"), Freshness.FRESH)
    assert office.take_in() == []


@pytest.mark.parametrize("parts", [True, 2, [{"since": "2020-10-29", "of": 2}]])
def test_the_answer_parts_by_contract(office: Office, parts: object) -> None:
    disjoint(office)
    with_parts(office, parts)
    (office.inbox / "finance/payment/2020-10-29/payment_20201029_2.csv").touch()
    office.take_in()
    assert (office.rows(), office.chosen(NEXT).freshness) == (of("A", "B"), Freshness.FRESH)


def test_the_answer_correction_by_name(office: Office) -> None:
    disjoint(office)
    folder = office.inbox / "finance" / "payment" / "2020-10-29"
    (folder / "payment_20201029_2.csv").rename(folder / "payment_20201029_2_更正.csv")
    assert [one.status for one in office.take_in()] == [Status.ACCEPTED]
    assert (office.rows(), office.chosen(NEXT).freshness) == (of("B"), Freshness.FRESH)


def test_the_answer_correction_by_withdrawing_the_earlier(office: Office) -> None:
    first, _ = disjoint(office)
    take_back(office, first.delivery_id)
    assert [one.status for one in office.take_in()] == [Status.ACCEPTED]
    assert (office.rows(), office.take_in()) == (of("B"), [])


def test_what_is_written_over_its_own_name_replaces_it_with_a_warning(office: Office) -> None:
    office.drop("payment_20201029.csv", TOWNS[0])
    office.take_in()
    office.drop("payment_20201029.csv", TOWNS[1])
    (receipt,) = office.take_in()
    assert (receipt.status, len(receipt.warnings), office.rows()) == (Status.ACCEPTED, 1, of("B"))


def test_townships_by_name_add_up_where_the_contract_says_so(office: Office) -> None:
    with_parts(office, [{"since": "2020-01-01", "of": True}, {"since": "2020-10-30", "of": 1}])
    for town, content in zip("谢茶鱼", TOWNS, strict=True):
        office.drop(f"payment_20201029_{town}镇.csv", content)
    office.take_in()
    assert office.rows() == ALL
    office.drop("payment_20201030.csv", people(("A0", "张三")), NEXT)
    office.take_in()
    assert office.rows() == {"A0": "张三"}


def test_townships_of_one_day_are_all_in_an_increment(office_of: MakeOffice) -> None:
    office = office_of("increment")
    for town, content in zip("谢茶鱼", TOWNS, strict=True):
        office.drop(f"payment_20201029_{town}镇.csv", content)
    office.take_in()
    assert office.rows() == ALL


@pytest.mark.parametrize(("content", "rows"), [(TOWNS[0], of("A")), (b"a,b\n1,2\n", {"B1": "李四"})])
def test_a_copy_of_a_file_is_that_file_and_is_settled_once(
    office: Office, content: bytes, rows: dict[str, str]
) -> None:
    for name in ("payment_20201029.csv", "payment_20201029 - 副本 (2).csv", "payment 2020年10月29日(1).TXT"):
        office.drop(name, content)
    office.take_in()
    assert (office.rows(), office.take_in()) == (rows, [])


@pytest.mark.parametrize(("rows", "warnings"), [(65_534, 0), (65_535, 1), (65_536, 1), (65_537, 0)])
def test_as_many_rows_as_a_sheet_holds_are_accepted_with_a_warning(
    office_of: MakeOffice, rows: int, warnings: int
) -> None:
    office = office_of("full")
    office.drop("payment_20201029.csv", csv_of(HEADER[:2], *((f"A{n}", "张三") for n in range(rows))))
    (receipt,) = office.take_in()
    assert (receipt.status, receipt.landed, len(receipt.warnings)) == (Status.ACCEPTED, rows, warnings)
    assert len(as_many_as_a_sheet_holds(rows + 1_048_576 - 65_536, 1)) == warnings


def test_lines_above_the_header_and_each_of_several_sheets_count() -> None:
    assert as_many_as_a_sheet_holds(65_533, 3)
    assert as_many_as_a_sheet_holds(80_000, 1, [2, 65_537])
    assert as_many_as_a_sheet_holds(80_000, 1, [2, 40_000]) == ()
