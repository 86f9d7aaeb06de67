"""The site as people use it: Chromium, four people at four levels, in Chinese, on a real PostgreSQL."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, Page

from pipelines.publish import said_of
from review.accounts.models import Role
from review.configure import configure
from review.models import AuditEntry, Case, CaseStep, Decision
from review.publishing import publish_night
from rules.rule import load_rules
from tests.review.browser import CHROMIUM, at_the_door, chromium, complaints_of, follow, served, signed_in
from tests.review.case_in_the_browser import (
    assigned_and_visited,
    closed_by_the_county_and_sent_back,
    do,
    heavy_vehicle_case,
    objected_and_checked_again,
    proposed_by_two_investigators,
    rectified_and_closed_in_both,
    today,
)
from tests.review.made_households import TOWNSHIP, flags, members
from tests.review.made_nights import SUMMARY, empty_tables, table
from tests.review.people import PASSWORD, person

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here: apt-get install chromium"),
]
NIGHT = timezone.localdate() - timedelta(days=20)
HOUSEHOLDS = 64
DIVISIONS = {Role.TOWNSHIP: TOWNSHIP, Role.COUNTY: TOWNSHIP[:6], Role.CITY: TOWNSHIP[:4], Role.PROVINCE: "52"}
NAMES = {
    Role.TOWNSHIP: "杨秀英",
    Role.COUNTY: "罗建国",
    Role.CITY: "顾明",
    Role.PROVINCE: "田力",
    Role.AUDITOR: "安静",
    Role.ENGINEER: "石磊",
    Role.ADMINISTRATOR: "龙泉",
}


@dataclass(frozen=True)
class Office:
    """The site with its people, and the browser they use."""

    site: str
    browser: Browser

    def window(self, role: str, **size: int) -> Page:
        return signed_in(self.browser, self.site, role, **size)


@pytest.fixture(scope="module")
def office(postgresql_address: str) -> Iterator[Office]:
    configure(postgresql_address)
    empty_tables()
    texts = said_of(load_rules())
    publish_night(
        NIGHT, table(*flags(NIGHT, HOUSEHOLDS, texts)), SUMMARY, members=members(NIGHT, HOUSEHOLDS), rules=texts
    )
    for role, full_name in NAMES.items():
        person(role, DIVISIONS.get(role, "52"), username=role.value, full_name=full_name)
    with pytest.MonkeyPatch.context() as patch, served(postgresql_address) as site, chromium() as browser:
        # Playwright keeps a loop in this thread; the tests look at the database between two clicks, never during one.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield Office(site, browser)


def test_a_case_from_the_night_to_both_ledgers_closed_by_four_people(office: Office) -> None:
    case = heavy_vehicle_case()
    path = f"/cases/{case.case_no}/"
    township, county, city, province = (office.window(role) for role in ("township", "county", "city", "province"))
    assigned_and_visited(case, county, township)
    closed_by_the_county_and_sent_back(county, city, path)
    proposed_by_two_investigators(county, township, path)
    objected_and_checked_again(county, township, path)
    rectified_and_closed_in_both(county, province, path)

    case.refresh_from_db()
    assert case.state == "closed_by_province"
    decision = Decision.objects.filter(case=case).order_by("pk").last()
    assert decision is not None
    assert (decision.outcome, decision.investigator, decision.second_investigator) == ("adjusted", "杨秀英", "陆小川")
    actors = CaseStep.objects.filter(case=case).values_list("actor", flat=True)
    assert set(actors) == {"township", "county", "city", "province"}
    unmasked = AuditEntry.objects.get(action="case.unmasked", detail__case_no=case.case_no)
    assert unmasked.detail["because"] == "入户前核对姓名住址"
    assert [said for page in (township, county, city, province) for said in complaints_of(page)] == []


def test_who_was_slower_is_told_what_changed(office: Office) -> None:
    case = heavy_vehicle_case()
    slow, fast = office.window("county"), office.window("township")
    slow.goto(f"/cases/{case.case_no}/")
    fast.goto(f"/cases/{case.case_no}/")
    do(fast, "登记入户", "已入户", 入户日期=today(), 入户情况="车辆已报废")
    form = slow.locator("details.act").filter(has=slow.locator("summary", has_text="分派"))
    form.get_by_label("经办人").select_option(index=1)
    form.get_by_role("button", name="分派").click()
    alert = slow.get_by_role("alert")
    alert.filter(has_text="案件已有变化").wait_for()
    assert "township：登记入户" in alert.inner_text()
    case.refresh_from_db()
    assert case.state == "visited"


def test_many_cases_are_assigned_or_found_legitimate_at_once(office: Office) -> None:
    page = office.window("county")
    page.goto("/cases/?rule=supplement_missing&state=opened")
    page.get_by_label("全选本页").check()
    page.get_by_role("group", name="批量办理所选案件").get_by_label("经办人").select_option("township")
    page.get_by_role("button", name="分派").click()
    page.get_by_role("status").filter(has_text="已办理").first.wait_for()
    page.goto("/cases/?rule=wage_income_over_standard&state=opened")
    boxes = page.locator('input[name="chosen"]')
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.get_by_role("button", name="认定符合条件").click()
    page.get_by_role("alert").filter(has_text="请简要说明理由").wait_for()
    page.locator('input[name="chosen"]').nth(0).check()
    page.locator('input[name="note"]').fill("务工合同已到期，单位证明在卷")
    page.get_by_role("button", name="认定符合条件").click()
    page.get_by_role("status").filter(has_text="已办理 1 件").wait_for()
    assert not page.get_by_role("button", name="停止待遇").count()


def test_a_filter_is_kept_found_again_and_forgotten(office: Office) -> None:
    page = office.window("county")
    page.goto("/cases/?severity=3&ledger=county")
    page.get_by_label("将当前条件存为视图").fill("重点案件")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("link", name="重点案件").wait_for()
    other = office.window("township")
    other.goto("/cases/")
    assert other.get_by_role("link", name="重点案件").count() == 0
    page.goto("/cases/")
    follow(page.get_by_role("link", name="重点案件"))
    assert "severity=3" in page.url
    follow(page.get_by_role("button", name="删除视图"))
    assert page.get_by_role("link", name="重点案件").count() == 0


def test_pages_of_the_list_lead_on_and_back_and_lose_nobody(office: Office) -> None:
    page = office.window("province")
    page.goto("/cases/")
    first = page.locator("a.case-no").all_inner_texts()
    follow(page.get_by_role("link", name="下一页"))
    second = page.locator("a.case-no").all_inner_texts()
    assert len(first) == 50
    assert len({*first, *second}) == HOUSEHOLDS
    follow(page.get_by_role("link", name="上一页"))
    assert page.locator("a.case-no").all_inner_texts() == first


def test_by_keyboard_alone_from_the_door_to_a_case(office: Office) -> None:
    page = at_the_door(office.browser, office.site)
    page.get_by_label("用户名").and_(page.locator(":focus")).wait_for()
    page.keyboard.type("county")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{office.site}/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "case-no":
            break
    page.keyboard.press("Enter")
    page.wait_for_url(f"{office.site}/cases/*-*/")


def pages_of(case_no: str) -> list[str]:
    return ["/", "/cases/", f"/cases/{case_no}/", f"/cases/{case_no}/visit-sheet/", "/ledgers/", "/cases/none/"]


def findings(page: Page) -> list[str]:
    """What the checker calls serious or critical, with where."""
    found = Axe().run(page).response["violations"]
    return [
        f"{page.url}: {one['id']}: {one['nodes'][0]['html'][:120]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
    ]


@pytest.mark.parametrize("language", ["中文", "English"])
def test_the_accessibility_checker_finds_nothing_serious(office: Office, language: str) -> None:
    case = Case.objects.order_by("case_no").last()
    assert case is not None
    page = at_the_door(office.browser, office.site)
    found = findings(page)
    page = office.window("county")
    if language == "English":
        page.get_by_role("button", name="English").click()
        page.get_by_role("button", name="中文").wait_for()
    for path in pages_of(case.case_no):
        page.goto(path)
        found += findings(page)
    assert found == []
    assert complaints_of(page) == []


def test_a_small_screen_shows_every_page_without_sideways_scrolling(office: Office) -> None:
    case = Case.objects.order_by("case_no").last()
    assert case is not None
    page = office.window("county", width=1024, height=600)
    for path in pages_of(case.case_no):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 1024, path


@pytest.mark.parametrize(("role", "acts"), [("auditor", 0), ("engineer", 0), ("city", 0), ("county", 3)])
def test_each_role_is_offered_what_it_may_do_and_no_more(office: Office, role: str, acts: int) -> None:
    case = Case.objects.filter(state="opened").order_by("case_no").last()
    assert case is not None
    page = office.window(role)
    page.goto(f"/cases/{case.case_no}/")
    assert page.locator("details.act").count() == acts
    assert page.get_by_text("查看未脱敏信息").count() == (role != "engineer")
    assert case.head_name not in page.content()


def test_an_administrator_is_shown_no_cases(office: Office) -> None:
    case = Case.objects.order_by("case_no").last()
    assert case is not None
    page = office.window("administrator")
    assert page.get_by_role("link", name="案件列表").count() == 0
    page.goto(f"/cases/{case.case_no}/")
    page.get_by_role("alert").filter(has_text="没有该案件").wait_for()
    page.goto("/cases/")
    page.get_by_text("没有符合条件的案件").wait_for()
