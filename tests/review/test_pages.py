"""What the pages show, and what they refuse, asked without a browser."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from django.test import Client

from review import known_people, masked_records, registers
from review.accounts.models import Account
from review.models import Case, Member, RuleText, SavedView
from review.publishing import publish_night
from review.site import link_explanation
from review.site import titles as site_titles
from review.site.income import read_income
from review.site.link_explanation import LinkComparison, explain_links_with, waterfall
from review.site.paging import page_of
from review.walls.scope import as_account
from tests.review.made_nights import FIRST, SECOND, SUMMARY, flag, table
from tests.review.people import PASSWORD, person, stranger
from tests.schemas.further_register import catalogue_with_temporary_aid

pytestmark = pytest.mark.usefixtures("database")
TEXT: dict[str, Any] = {
    "id": "vehicle_owned",
    "version": "1",
    "direction": "doubt",
    **{part: {"zh": f"{part} 中", "en": f"{part} en"} for part in ("title", "legal_basis", "can_be_wrong")},
    "check_on_visit": {"zh": "看车", "en": "See the vehicle"},
}


def roster(facts: str = '{"name": "李四", "id_number": "529901199001011234"}', household: str = "H1") -> pa.Table:
    line = {"scheme": "dibao", "household_id": household, "member_id": f"{household}-1", "facts": facts}
    return pa.Table.from_pylist([line])


@pytest.fixture(autouse=True)
def night(database: str) -> Iterator[None]:  # noqa: ARG001
    publish_night(FIRST, table(flag("H1")), SUMMARY, members=roster(), rules=[TEXT])
    yield
    link_explanation._explainers.clear()


def signed_in(account: Account, language: str = "zh-hans") -> Client:
    client = Client(headers={"host": "localhost", "accept-language": language})
    assert (
        client.post("/sign-in/", {"username": account.username, "password": PASSWORD}, secure=True).status_code == 302
    )
    return client


def read(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path, secure=True)
    assert answer.status_code == status
    return answer.content.decode()


def sent(client: Client, path: str, **data: Any) -> Any:
    """The answer to a form."""
    return client.post(path, data, secure=True)


def case() -> Case:
    return Case.objects.get(household_id="H1")


def test_a_case_page_says_what_declares_and_what_to_check_and_shows_nobody_unmasked() -> None:
    page = read(signed_in(person("county")), f"/cases/{case().case_no}/")
    for words in ("名下有车", "看车", "机动车登记", "五菱", "李*", "529901************", "号码相同，姓名相符", "d1"):
        assert words in page, words
    for hidden in ("李四", "张三", "529901199001011234"):
        assert hidden not in page


def test_a_household_on_a_further_register_is_shown_by_what_its_contract_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = catalogue_with_temporary_aid(tmp_path / "schemas")
    for module in (registers, site_titles, known_people, masked_records):
        monkeypatch.setattr(module, "load_catalogue", lambda: catalogue)
    facts = '{"called": "王建国", "card": "529901199001011234", "hardship": "火灾", "standing": "active"}'
    line = {"scheme": "temporary_aid", "household_id": "F1", "member_id": "F1-1", "facts": facts}
    publish_night(
        SECOND, table(flag("F1", scheme="temporary_aid")), SUMMARY, members=pa.Table.from_pylist([line]), rules=[TEXT]
    )
    page = read(signed_in(person("county")), f"/cases/{Case.objects.get(scheme='temporary_aid').case_no}/")
    assert "临时救助对象名册" in page
    assert "王**" in page
    assert "救助中" in page
    assert "王建国" not in page
    assert "529901199001011234" not in page


def test_the_same_page_in_english() -> None:
    page = read(signed_in(person("county"), "en"), f"/cases/{case().case_no}/")
    assert "See the vehicle" in page
    assert "holds a vehicle" in page
    assert "Motor vehicle registrations" in page


def test_unmasking_needs_a_reason_and_a_role() -> None:
    path = f"/cases/{case().case_no}/unmasked/"
    county = signed_in(person("county"))
    assert sent(county, path, unmasked_because=" ").status_code == 302
    assert "李四" in sent(county, path, unmasked_because="电话核实").content.decode()
    assert sent(signed_in(person("engineer")), path, unmasked_because="好奇").status_code == 403


def test_numbers_that_look_alike_when_masked_are_not_called_equal() -> None:
    publish_night(SECOND, table(flag("H1", member_id_number="529901199002021234")), SUMMARY)
    kept = flag("H1", member_id_number="529901199002021234")
    facts = '[{"type": "motor_vehicle", "role": "owner", "row_key": "1", "delivery_id": "d", "delivery_date": null, '
    facts += (
        '"row_number": 1, "link_reason": "conflict", "row_hash": "h", "facts": {"owner_id": "529901199001011234"}}]'
    )
    publish_night(SECOND, table(kept | {"evidence": facts}), SUMMARY)
    page = read(signed_in(person("county")), f"/cases/{case().case_no}/")
    assert page.count("529901************") >= 2
    assert "≠ 不一致" in page


def test_a_refused_act_keeps_what_was_written_and_says_why() -> None:
    client = signed_in(person("county"))
    data = {"version": case().version, "visited_on": "2020-10-30", "note": ""}
    answer = sent(client, f"/cases/{case().case_no}/act/visit/", **data)
    assert answer.status_code == 422
    assert 'value="2020-10-30"' in answer.content.decode()
    assert "请简要说明理由" in answer.content.decode()
    assert case().state == "opened"
    assert (
        sent(client, f"/cases/{case().case_no}/act/visit/", **data | {"note": "看过", "version": 9}).status_code == 409
    )
    assert sent(client, f"/cases/{case().case_no}/act/visit/", **data | {"note": "看过"}).status_code == 302
    assert case().state == "visited"


def test_a_case_elsewhere_is_no_case_and_a_role_does_only_its_acts() -> None:
    path = f"/cases/{case().case_no}/"
    read(signed_in(stranger("county")), path, 404)
    assert sent(signed_in(person("city")), f"{path}act/visit/", note="x").status_code == 403


def test_a_wrong_filter_is_named_and_narrows_nothing_wrongly() -> None:
    client = signed_in(person("county"))
    assert "请填写12位区划代码的前几位" in read(client, "/cases/?division=abc", 400)
    assert case().case_no not in read(client, "/cases/?state=decided")
    assert case().case_no in read(client, "/cases/?rule=vehicle_owned&after=nonsense")
    assert case().case_no in read(client, "/cases/?after=99999999999~x")


def test_a_saved_view_is_its_owners_alone() -> None:
    county, city = signed_in(person("county")), signed_in(person("city"))
    sent(county, "/views/", name="重点", severity="2")
    view = SavedView.objects.get()
    assert view.words == {"severity": "2"}
    assert "重点" in read(county, "/cases/")
    assert "重点" not in read(city, "/cases/")
    sent(city, f"/views/{view.pk}/forget/")
    assert SavedView.objects.exists()
    sent(county, f"/views/{view.pk}/forget/")
    assert not SavedView.objects.exists()


def test_many_at_once_says_who_was_refused() -> None:
    client = signed_in(person("county"))
    chosen = [f"{case().case_no}:{case().version}", "2020-520102-999999:1"]
    sent(client, "/cases/chosen/", chosen=chosen, action="decide", note="已核实")
    page = read(client, "/cases/")
    assert "已办理 1 件" in page
    assert "2020-520102-999999：" in page or "2020-520102-999999:" in page
    assert case().state == "decided"
    sent(client, "/cases/chosen/", chosen=chosen, action="close_county", note="")
    assert case().state == "decided"


def test_both_ledgers_count_a_case_until_each_has_closed_it() -> None:
    client = signed_in(person("county"))
    assert '/cases/?division=520102&amp;ledger=county">1<' in read(client, "/ledgers/")
    for act, data in (("decide", {"outcome": "legitimate", "note": "属实"}), ("close_county", {})):
        sent(client, f"/cases/{case().case_no}/act/{act}/", version=case().version, **data)
    page = read(client, "/ledgers/")
    assert '/cases/?division=520102&amp;ledger=county">0<' in page
    assert '/cases/?division=520102&amp;ledger=province">1<' in page


def test_pages_go_by_priority_and_lose_and_repeat_nobody() -> None:
    made = [flag(f"H{number}", str(number), amount=100 * (number % 7)) for number in range(2, 130)]
    publish_night(SECOND, table(flag("H1"), *made), SUMMARY)
    account = person("province")
    with as_account(account):
        cases = Case.objects.visible_to(account)
        first = page_of(cases)
        second = page_of(cases, after=first.next or "")
        third = page_of(cases, after=second.next or "")
        back = page_of(cases, before=third.previous or "")
    seen = [*first.cases, *second.cases, *third.cases]
    assert len(seen) == len({one.pk for one in seen}) == 129
    assert [one.priority for one in seen] == sorted((one.priority for one in seen), reverse=True)
    assert [one.pk for one in back.cases] == [one.pk for one in second.cases]
    assert (first.previous, third.next) == (None, None)


def test_a_case_presses_as_much_as_its_most_pressing_open_ground() -> None:
    assert case().priority == 447
    publish_night(SECOND, table(flag("H1", amount=0), flag("H1", "2", severity=3, amount=1000)), SUMMARY)
    assert case().priority == 600
    publish_night(FIRST.replace(month=11, day=1), table(flag("H1", amount=0)), SUMMARY)
    assert case().priority == 200


def test_the_register_is_kept_as_the_newest_night_has_it() -> None:
    publish_night(SECOND, table(flag("H1")), SUMMARY, members=roster('{"name": "李四", "declared_homes": 2}'))
    publish_night(FIRST, table(flag("H1")), SUMMARY, members=roster('{"name": "早先"}'))
    assert Member.objects.get().facts == {"name": "李四", "declared_homes": 2}
    other = roster().set_column(2, "member_id", pa.array(["H1-2"]))
    publish_night(SECOND, table(flag("H1")), SUMMARY, members=other)
    assert list(Member.objects.values_list("member_id", flat=True)) == ["H1-2"]


def test_a_rules_words_stay_as_they_were_when_its_version_was_published() -> None:
    changed = TEXT | {"title": {"zh": "改了", "en": "changed"}}
    publish_night(SECOND, table(flag("H1")), SUMMARY, rules=[changed, changed | {"version": "2"}])
    assert [(text.version, text.title["zh"]) for text in RuleText.objects.order_by("version")] == [
        ("1", "title 中"),
        ("2", "改了"),
    ]


ZH = "2020-09{}就业登记工资 3600.00{}扣减务工成本 -200.00{}合计 3400.00 元 ÷ 2 人 = 每人 1700.00 元{}标准 359.83 元"
EN = (
    "2020-09: registered wage 3600.00; less cost of work -200.00; together 3400.00 yuan for 2 = 1700.00 a head, "
    "standard 359.83"
)


@pytest.mark.parametrize("reason", [ZH.format(":", ";", ";", ","), "渐退；" + ZH.format("：", "；", "；", "，"), EN])
def test_a_computation_is_read_back_line_by_line(reason: str) -> None:
    income = read_income(reason)
    assert income is not None
    assert [float(line.amount) for line in income.lines] == [3600, -200]
    assert (income.period, income.heads, float(income.over)) == ("2020-09", 2, 1340.17)


@pytest.mark.parametrize(
    ("reason", "period"),
    [
        (
            "2019-10 至 2020-09 共 12 个月:张* 工资(8 个月,2020-02 至 2020-09) 9600.00"
            ";张* 扣减(8 个月,2020-02 至 2020-09) -1600.00;合计 8000.00 元 ÷ 2 人 "
            "= 每人 4000.00 元,标准 4318.00 元;人口:户主、配偶",
            "2019-10 至 2020-09 共 12 个月",
        ),
        (
            "2019-10 to 2020-09, 12 months: 张* wages (8 months, 2020-02 to 2020-09) 9600.00; "
            "张* costs (1 months, 2020-09) -1600.00; together 8000.00 yuan for 2 "
            "= 4000.00 a head, standard 4318.00; heads: the head, the spouse",
            "2019-10 to 2020-09, 12 months",
        ),
    ],
)
def test_a_computation_over_a_period_is_read_back_too(reason: str, period: str) -> None:
    income = read_income(reason)
    assert income is not None
    assert (income.period, len(income.lines), float(income.over)) == (period, 2, -318.0)


@pytest.mark.parametrize("reason", ["车辆登记", ZH.format(":", ";", ";", ",").replace("3600", "3700")])
def test_what_is_no_computation_or_does_not_add_up_is_left_as_a_sentence(reason: str) -> None:
    assert read_income(reason) is None


def test_a_link_is_explained_by_whoever_keeps_the_links() -> None:
    steps = [
        LinkComparison("事先", "before", "", "", "", "", -10, -10),
        LinkComparison("姓名", "name", "李*", "李*", "同", "=", 16, 6),
    ]
    client = signed_in(person("county"))
    path = f"/cases/{case().case_no}/"
    assert "/records/" not in read(client, path)
    asked: list[Any] = []
    explain_links_with(lambda *about: asked.append(about) or steps)  # type: ignore[func-returns-value]
    link = next(part for part in read(client, path).split('"') if "/records/" in part)
    assert "+16.0" in read(client, link)
    assert asked == [(FIRST, "motor_vehicle", "1|02", "owner")]
    read(signed_in(stranger("county")), link, 404)


def test_a_waterfalls_bars_begin_where_the_last_one_ended() -> None:
    weights = [(-10.0, -10.0), (16.0, 6.0), (-2.0, 4.0)]
    drawn = waterfall([LinkComparison("", "", "", "", "", "", weight, total) for weight, total in weights])
    first, second, third = drawn.bars
    assert first.x == second.x
    assert second.x + second.width == pytest.approx(third.x + third.width, abs=0.2)
    assert drawn.zero == pytest.approx(first.x + first.width, abs=0.2)
