"""Columns that say in what unit a row's amounts are, or for how many months, are not passed over."""

from datetime import date

import pyarrow as pa
import pytest

from pipelines.intake.said_beside import over_their_periods, said_beside
from pipelines.intake.typed_columns import Cells
from schemas.catalogue import load_catalogue
from schemas.period import Period
from tests.pipelines.conftest import Deliver, csv_of

TURNOVER = load_catalogue()["business_turnover"]
DAY = date(2020, 10, 29)
HEADER = ("发放流水号", "姓名", "金额")


@pytest.mark.parametrize(
    ("header", "unit", "amount"),
    [
        ("金额单位", "万元", 15_000),
        ("计量单位", "万元", 15_000),
        ("币种", "人民币", 1.5),
        ("币种", "美元", None),
        ("金额单位", "千元", None),
        ("单位", "某县财政局", 1.5),
        ("单位", "万元", 15_000),
        ("工作单位", "万元", 1.5),
    ],
)
def test_an_amount_is_read_in_the_unit_that_its_row_says(
    deliver: Deliver, header: str, unit: str, amount: float | None
) -> None:
    """One in a unit that is not read, or that contradicts its cell, is noted and never taken for yuan."""
    delivered = deliver(csv_of((*HEADER, header), ("A1", "张三", "1.5", unit), ("A2", "李四", "2元", unit)))
    amounts = [row["amount"] for row in delivered.rows]
    assert amounts == [amount, 2 if amount == 1.5 else None]
    noted = amounts.count(None)
    assert delivered.counts.noted == ({"amount": {"unreadable_amount": noted}} if noted else {})


def test_a_header_s_own_unit_goes_before_a_column_of_units(deliver: Deliver) -> None:
    delivered = deliver(csv_of(("发放流水号", "姓名", "金额(元)", "计量单位"), ("A1", "张三", "1.5", "万元")))
    assert delivered.rows[0]["amount"] == 1.5


def read(month: str, length: str) -> tuple[str, str, str, str]:
    cells = {"month": Cells(pa.array([month])), "invoiced": Cells(pa.array(["600"]))}
    done = over_their_periods(_period(), cells, Cells(pa.array([length])), DAY)
    first, last = (done[name].rows()[0].as_py() if name in done else "" for name in ("period_begins", "period_ends"))
    return done["month"].rows()[0].as_py(), first, last, done["invoiced"].rows()[0].as_py()


def _period() -> Period:
    assert TURNOVER.period is not None
    return TURNOVER.period


@pytest.mark.parametrize(
    ("month", "length", "said"),
    [
        ("2020-09", "季", ("2020-09", "2020-07", "2020-09", "600")),
        ("202007", "按季申报", ("2020-09", "2020-07", "2020-09", "600")),
        ("2020年8月", "季度", ("2020-09", "2020-07", "2020-09", "600")),
        ("2020/6/30", "半年", ("2020-06", "2020-01", "2020-06", "600")),
        ("2019-12", "按年", ("2019-12", "2019-01", "2019-12", "600")),
        ("2020-09", "月", ("2020-09", "", "", "600")),
        ("2020-09", "次", ("2020-09", "", "", "600")),
        ("2020-09", "", ("2020-09", "", "", "600")),
        ("2020-09", "2020-10-15", ("2020-09", "", "", "600")),
        ("2020-09", "双月", ("2020-09", "", "", "600不详")),
        ("2020-09", "年", ("2020-09", "", "", "600不详")),
        ("九月", "季", ("九月", "", "", "600不详")),
    ],
)
def test_a_row_is_for_the_months_that_its_column_of_periods_says(
    month: str, length: str, said: tuple[str, str, str, str]
) -> None:
    """A year that is not over is no year of the calendar: what its amount is for, nobody knows."""
    assert read(month, length) == said


def test_what_a_row_says_of_its_months_itself_stands() -> None:
    cells = {name: Cells(pa.array([text])) for name, text in (("month", "2020-09"), ("period_begins", "2020-08"))}
    done = over_their_periods(_period(), cells, Cells(pa.array(["季"])), DAY)
    assert done["period_begins"].rows().to_pylist() == ["2020-08"]


def test_such_columns_are_known_by_their_headers_where_the_type_has_a_period() -> None:
    header = ["纳税人识别号", "税款所属期", "纳税期限（必填）", "金额单位"]
    assert said_beside(header, {0, 1}, TURNOVER) == {"length": 2, "unit": 3}
    assert said_beside(header, {0, 1}, load_catalogue()["motor_vehicle"]) == {"unit": 3}
