"""A case's whole way as four people take it in the browser: each step, and what the page says after it."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page

from review.models import Case
from tests.review.browser import follow, picture
from tests.review.clock import days_pass
from tests.review.made_households import TOWNSHIP


def send(page: Page, act: str, **fields: str) -> None:
    """Fill in one act's form and send it."""
    form = page.locator("details.act").filter(has=page.locator("summary", has_text=act))
    if form.get_attribute("open") is None:
        form.locator("summary").click()
    for label, value in fields.items():
        control = form.get_by_label(label)
        if control.evaluate("one => one.tagName") == "SELECT":
            control.select_option(label=value)
        else:
            control.fill(value)
    form.get_by_role("button", name=act).click()


def do(page: Page, act: str, state: str, **fields: str) -> None:
    """Take one step; the case must be in the state afterwards."""
    send(page, act, **fields)
    page.get_by_role("status").filter(has_text=f"案件现为“{state}”").wait_for()


def today(days: int = 0) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def heavy_vehicle_case() -> Case:
    """The most pressing case of the township with an undeclared car."""
    found = Case.objects.filter(flags__rule="vehicle_owned", division__startswith=TOWNSHIP, state="opened")
    case = found.order_by("-priority", "-case_no").first()
    assert case is not None
    return case


def assigned_and_visited(case: Case, county: Page, township: Page) -> None:
    picture(county, "today")
    follow(county.get_by_role("link", name="案件列表"))
    county.get_by_label("规则").select_option(label="家庭成员名下有机动车")
    follow(county.get_by_role("button", name="筛选"))
    picture(county, "work_list")
    follow(county.get_by_role("link", name=case.case_no))
    assert case.head_name not in county.content()
    do(county, "分派", "已分派", 经办人="杨秀英（西秀区 七眼桥镇）")
    township.goto("/cases/?ledger=both&assigned_to=township")
    follow(township.get_by_role("link", name=case.case_no))
    follow(township.get_by_role("link", name="入户核查表"))
    picture(township, "visit_sheet")
    township.get_by_label("理由（记入审计日志）").fill("入户前核对姓名住址")
    follow(township.get_by_role("button", name="显示未脱敏信息"))
    assert case.head_name in township.content()
    township.goto(f"/cases/{case.case_no}/")
    do(township, "登记入户", "已入户", 入户日期=today(), 入户情况="门口停有五菱面包车，户主称系儿子购买，日常拉货。")


def closed_by_the_county_and_sent_back(county: Page, city: Page, path: str) -> None:
    county.goto(path)
    picture(county, "case")
    county.get_by_role("article").filter(has_text="贵G").evaluate("one => one.scrollIntoView()")
    picture(county, "flag")
    do(county, "认定", "已认定", 处理结果="符合条件", 理由="车辆为务工所用")
    do(county, "县级销号", "县级已销号", 说明="")
    city.goto(path)
    do(city, "退回", "重新打开", 退回原因和核查要求="未说明车辆价值和购车款来源，请补充核查。")


def proposed_by_two_investigators(county: Page, township: Page, path: str) -> None:
    township.goto(path)
    do(township, "登记入户", "已入户", 入户日期=today(), 入户情况="购车款四万二千元，为儿子务工所得，户主未申报。")
    county.goto(path)
    why = "务工收入未申报，按规定调整补差"
    send(county, "认定", 处理结果="调整待遇", 理由=why)
    county.get_by_text("需要两名核查人").first.wait_for()
    assert county.locator("#decide-note").input_value() == why
    county.locator("#decide-outcome").scroll_into_view_if_needed()
    picture(county, "two_investigators")
    do(county, "认定", "已认定", 第一核查人="杨秀英", 第二核查人="陆小川")


def objected_and_checked_again(county: Page, township: Page, path: str) -> None:
    township.goto(path)
    do(township, "登记告知", "已告知", 告知日期=today(), 异议期截止=today(10))
    do(township, "登记异议", "有异议，待复核", 异议日期=today(), 家庭的陈述="车是儿子分户后买的，不应计入本户。")
    do(township, "登记入户", "已入户", 入户日期=today(), 入户情况="儿子户口仍在本户，共同生活。")
    county.goto(path)
    two = {"第一核查人": "杨秀英", "第二核查人": "陆小川"}
    do(county, "认定", "已认定", 处理结果="调整待遇", 理由="复核属实，维持调整", **two)
    do(county, "登记告知", "已告知", 告知日期=today(), 异议期截止=today(10))


def rectified_and_closed_in_both(county: Page, province: Page, path: str) -> None:
    send(county, "登记整改", 整改情况="下月起调整")
    county.get_by_text("之前提出异议").first.wait_for()
    days_pass(11)
    county.goto(path)
    do(county, "登记整改", "已整改", 整改情况="自下月起按核定收入补差发放，已书面告知。")
    do(county, "县级销号", "县级已销号", 说明="")
    province.goto("/ledgers/")
    picture(province, "ledgers")
    waiting = province.get_by_role("region", name="县级已销号，待省级销号").first
    waiting.get_by_role("link", name="安顺市").wait_for()
    province.goto(path)
    do(province, "省级销号", "省级已销号", 说明="材料齐全")
    province.get_by_role("heading", name="办理经过").scroll_into_view_if_needed()
    picture(province, "history")
