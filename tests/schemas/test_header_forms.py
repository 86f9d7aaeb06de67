"""Headers as people adorn them: a unit, a number, a star, brackets, how to fill it in."""

import pytest

from schemas.catalogue import load_catalogue

PAYMENT = load_catalogue()["subsidy_payment"]
HOME = load_catalogue()["real_estate"]


@pytest.mark.parametrize(
    ("header", "column", "unit"),
    [
        ("补贴金额(万元)", "amount", "wan_yuan"),
        ("补贴金额（ 万 元 ）", "amount", "wan_yuan"),
        ("补贴金额【单位：万元】", "amount", "wan_yuan"),
        ("补贴金额/万元", "amount", "wan_yuan"),
        ("补贴金额万元", "amount", "wan_yuan"),
        ("发放金额_元", "amount", "yuan"),
        ("补贴金额（￥）", "amount", "yuan"),
        ("补贴金额(人民币)", "amount", "yuan"),
        ("6、补贴金额（元）：", "amount", "yuan"),
        ("*补贴金额（单位：元）(必填)", "amount", "yuan"),
        ("【姓名】", "name", None),
        ("（三）姓名", "name", None),
        ("'姓名'", "name", None),
        ("* 姓 名 *", "name", None),
        ("发放日期（yyyy-mm-dd）", "paid_on", None),
        ("证件号码（18位）", "id_number", None),
        ("证件号码(文本格式)", "id_number", None),
    ],
)
def test_a_header_means_its_column_whatever_is_added_to_it(header: str, column: str, unit: str | None) -> None:
    found = PAYMENT.column_under(header)
    assert found is not None
    assert found.name == column
    assert found.unit_said(header) == unit


@pytest.mark.parametrize("header", ["补贴金额（千元）", "补贴金额（分）", "补贴金额/美元", "补贴金额百元"])
def test_an_amount_in_a_unit_that_is_not_read_is_no_column(header: str) -> None:
    assert PAYMENT.column_under(header) is None
    assert PAYMENT.column("amount").is_in_another_unit(header)


@pytest.mark.parametrize("header", ["姓名(曾用名)", "姓名1", "补贴金额（元/年）", "姓名（元）", "", "*", "（元）"])
def test_what_says_something_else_is_not_taken_for_the_column(header: str) -> None:
    assert PAYMENT.column_under(header) is None
    assert not PAYMENT.column("amount").is_in_another_unit(header)


def test_an_area_is_taken_in_its_own_unit_alone() -> None:
    area = HOME.column("area")
    assert HOME.column_under(f"{area.header}（㎡）") is area
    assert HOME.column_under(f"{area.header}（亩）") is None
