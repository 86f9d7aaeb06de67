"""A file's name may name somebody: what is shown of it does not."""

import pytest

from schemas.shown_names import may_name_somebody, shown_name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("finance/王大山/补贴发放20201029王大山.csv", "finance/王**/补贴发放20201029王**.csv"),
        ("李小芳.csv", "李**.csv"),
        ("请王大山核对.xlsx", "请王****.xlsx"),
        ("王大山身份证.jpg", "王**身份证.jpg"),
        ("低保名单_欧阳娜娜(1).xls", "低保名单_欧阳**(1).xls"),
        ("阿不都·热合曼.csv", "阿**·***.csv"),
        ("529901197001010017王大山.csv", "******************王**.csv"),
        ("表1 王大山 / 李小芳", "表1 王** / 李**"),
    ],
)
def test_nobody_is_named(name: str, shown: str) -> None:
    assert shown_name(name) == shown
    assert may_name_somebody(name)


@pytest.mark.parametrize(
    "name",
    [
        "subsidy_payment_20201029_2.csv",
        "惠民惠农补贴发放_2020年10月29日_最终版2 - 副本.csv",
        "导出/2020/花溪.csv",
        "黔西县低保花名册.xlsx",
        "花溪区 低保名单.csv",
        "机动车.csv",
        "1 甲.csv",
        "小额贷款台账.xls",
        "填表说明",
        "字典",
        "\\x1b[31m[red]x.csv",
    ],
)
def test_what_says_what_it_is_and_of_where_is_shown(name: str) -> None:
    assert shown_name(name) == name
    assert not may_name_somebody(name)
