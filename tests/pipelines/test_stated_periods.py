"""A row may be for several months: its own columns say which, or the cell of its month does."""

from datetime import date

import pytest

from schemas.contract import Contract
from tests.pipelines.conftest import Deliver, column, csv_of

HEADER = ("发放流水号", "姓名", "金额")
JULY, SEPTEMBER = date(2020, 7, 1), date(2020, 9, 1)


@pytest.fixture(scope="session")
def contract(contract: Contract) -> Contract:
    plain = contract.model_dump()
    named = {one["name"]: one for one in plain["columns"]} | {
        "month": column("month", "所属期", "month", required=True)
    }
    more = [column("begins", "所属期起", "month"), column("ends", "所属期止", "month")]
    period = {"month": "month", "begins": "begins", "ends": "ends", "amounts": ["amount"]}
    return Contract.model_validate(plain | {"columns": [*named.values(), *more], "period": period})


@pytest.mark.parametrize(
    "cell",
    [
        *("202007-202009", "2020-07~2020-09", "2020年7月至2020年9月", "2020年7-9月", "2020-07-01至2020-09-30"),
        *("2020年第3季度", "2020年三季度", "2020Q3", "2020 年 第三季度"),
    ],
)
def test_a_cell_of_the_month_may_state_a_period(deliver: Deliver, cell: str) -> None:
    delivered = deliver(csv_of((*HEADER, "所属期"), ("A1", "张三", "6600", cell), ("A2", "李四", "1", "202009")))
    told = [(row["begins"], row["ends"], row["month"]) for row in delivered.rows]
    assert told == [(JULY, SEPTEMBER, SEPTEMBER), (None, None, SEPTEMBER)]
    assert delivered.notes == delivered.quarantine == []


@pytest.mark.parametrize("cell", ["2020年上半年", "2020年1-6月"])
def test_half_a_year_is_six_months(deliver: Deliver, cell: str) -> None:
    (row,) = deliver(csv_of((*HEADER, "所属期"), ("A1", "张三", "1", cell))).rows
    assert (row["begins"], row["month"]) == (date(2020, 1, 1), date(2020, 6, 1))


def test_columns_of_the_period_tell_it_with_or_without_the_month(deliver: Deliver) -> None:
    rows = [("A1", "张三", "1", "2020-07-01", "2020-09-30"), ("A2", "李四", "1", "", "202009")]
    delivered = deliver(csv_of((*HEADER, "所属期起", "所属期止"), *rows))
    assert [(row["begins"], row["month"]) for row in delivered.rows] == [(JULY, SEPTEMBER), (None, SEPTEMBER)]
    assert "所属期" not in delivered.missing
    whole = [("A1", "张三", "1", "2020-10", "2020-07", "2020-09"), ("A2", "李四", "1", "", "2020-07", "2020-09")]
    delivered = deliver(csv_of((*HEADER, "所属期", "所属期起", "所属期止"), *whole))
    assert [row["month"] for row in delivered.rows] == [date(2020, 10, 1), SEPTEMBER]


@pytest.mark.parametrize("cell", ["2020Q5", "第三季度", "1998年度", "2020年7月、8月"])
def test_what_is_no_period_is_no_month(deliver: Deliver, cell: str) -> None:
    delivered = deliver(csv_of((*HEADER, "所属期"), ("A1", "张三", "1", cell), ("A2", "李四", "1", "202009")))
    assert [row["month"] for row in delivered.rows] == [None, SEPTEMBER]
    assert [note["column_name"] for note in delivered.notes] == ["month"]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"begins": "amount"}, "period.begins: amount is not of meaning month"),
        ({"ends": "month"}, "period.ends: a row of one month may lack it"),
        ({"amounts": ["people"]}, "period.amounts: ['people'] are not of meaning amount"),
        ({"month": "since"}, "period.month: ['since'] are not columns"),
    ],
)
def test_a_wrong_period_says_what_to_do(contract: Contract, changed: dict[str, object], says: str) -> None:
    plain = contract.model_dump()
    with pytest.raises(ValueError, match="period") as refusal:
        Contract.model_validate(plain | {"period": plain["period"] | changed})
    assert says in str(refusal.value)
