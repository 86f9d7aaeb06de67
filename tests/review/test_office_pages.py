"""Files, figures, nights, the audit log and accounts on the site, as the people who need them use them."""

import re
from base64 import b64decode
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseBase
from django.test import Client

from review.accounts.models import Account, Role
from review.case_life.acting import act
from review.models import AuditEntry, Case, Decision
from review.publishing import publish_night
from tests.review.made_nights import FIRST, SECOND, SUMMARY, flag, table
from tests.review.people import PASSWORD, person

NUMBER = "529901199001011234"
QUALITY: dict[str, Any] = {
    "deliveries": [
        {
            "delivery_id": "20201029-1",
            "type": "motor_vehicle",
            "delivery_date": "2020-10-29",
            "received": "2020-10-29",
            "status": "refused",
            "landed": 10,
            "conformed": 7,
            "quarantined": 3,
            "headers_missing": ["号牌号码"],
            "headers_unknown": [],
            "failures": [{"expectation": "rows", "zh": "行数过少", "en": "too few rows"}],
            "quarantine": [
                {
                    "rule": "id_number_check",
                    "column": "owner_id",
                    "zh": "校验码不符",
                    "en": "the check character does not fit",
                    "rows": 3,
                    "samples": [{"row": 2, "shape": "=0,某某"}],
                }
            ],
            "warnings": [{"zh": "正好是一张工作表的上限", "en": "as many as a sheet holds"}],
            "waits_for": {"parts": [2, 3], "of": 3},
        }
    ],
    "passed_over": [{"file": "taxation/<b>x.csv", "advice": "move it", "advice_zh": "请移走"}],
}
TYPES = {
    "motor_vehicle": {"freshness": "stale", "newest": "2020-10-20", "refused": ["20201029-1"]},
    "real_estate": {"freshness": "missing", "newest": None, "refused": []},
    "dibao_roster": {"freshness": "fresh", "newest": "2020-10-29", "refused": []},
}

NOT_RUN = {"not_run": {"category_unsupported": ["disability_certificate", "student_enrolment"]}}


@pytest.fixture(autouse=True)
def a_night(database: str) -> None:  # noqa: ARG001
    """Three households, one in another city; what the night stood on."""
    flags = table(flag("H1"), flag("H2", rule="wage_income_over_standard"), flag("H3", division="520302001001"))
    publish_night(FIRST, flags, SUMMARY | {"types": TYPES, "quality": QUALITY, "counts": NOT_RUN})


def client_of(account: Account) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def get(client: Client, address: str, **asked: str) -> str:
    answer = client.get(address, asked, secure=True)
    assert answer.status_code == 200
    return answer.content.decode()


def sent(answer: HttpResponseBase) -> str:
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    answer.close()
    return content.decode("utf-8-sig")


def test_an_export_has_what_its_filter_fits_masked_and_is_in_the_log() -> None:
    county = client_of(person("county"))
    page = get(county, "/export/", rule="vehicle_owned")
    assert "<dd>1</dd>" in page
    file = sent(county.post("/export/file/?rule=vehicle_owned", {"kind": "csv"}, secure=True))
    assert (file.count("\r\n"), NUMBER in file, "529901************" in file) == (2, False, True)
    manifest = AuditEntry.objects.get(action="flags.exported")
    assert (manifest.detail["filter"], manifest.detail["rows"]) == ({"rule": "vehicle_owned"}, 1)


def test_an_unmasked_export_takes_a_role_that_may_and_a_reason() -> None:
    asked = {"kind": "csv", "unmasked": "1", "because": "入户核查"}
    county = client_of(person("county"))
    assert NUMBER in sent(county.post("/export/file/", asked, secure=True))
    assert county.post("/export/file/", asked | {"because": " "}, secure=True).status_code == 400
    assert client_of(person("engineer")).post("/export/file/", asked, secure=True).status_code == 403
    assert AuditEntry.objects.filter(action="flags.exported").count() == 1


def test_an_export_by_a_filter_that_is_not_understood_is_refused() -> None:
    county = client_of(person("county"))
    for answer in (
        county.get("/export/?state=gone", secure=True),
        county.post("/export/file/?state=gone", secure=True),
    ):
        assert answer.status_code == 400


def upload(client: Client, *lines: str) -> HttpResponseBase:
    content = "\n".join(("case_no,version,outcome,note", *lines, "")).encode()
    return client.post("/outcomes/", {"file": SimpleUploadedFile("o.csv", content, "text/csv")}, secure=True)


def test_outcomes_come_back_all_or_none_and_the_page_names_each_refused_row() -> None:
    first, second, elsewhere = Case.objects.order_by("household_id").values_list("case_no", flat=True)
    county = client_of(person("county"))
    refused = upload(county, f"{first},1,legitimate,属实", f"{elsewhere},1,legitimate,属实")
    assert refused.status_code == 400
    page = refused.content.decode()  # type: ignore[attr-defined]
    assert f"<td>3</td><td>{elsewhere}</td>" in page
    assert not Decision.objects.exists()
    assert upload(county, f"{first},1,legitimate,属实", f"{second},1,legitimate,属实").status_code == 200
    assert Decision.objects.count() == 2


def pictures(page: str) -> Iterator[str]:
    for coded in re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', page):
        yield b64decode(coded).decode()


def test_figures_are_drawn_and_stand_in_a_table_beside_the_picture() -> None:
    county = person("county")
    case = Case.objects.get(household_id="H1")
    act(county, case.case_no, "decide", {"outcome": "gradual_exit_granted", "note": "属实"}, case.version)
    page = get(client_of(county), "/figures/")
    drawn = list(pictures(page))
    assert len(drawn) == page.count("<figure>") == 5
    assert all(one.startswith("<svg") and "<script" not in one for one in drawn)
    assert "vehicle_owned" in drawn[0]
    assert re.search(r"vehicle_owned</th><td class=\"number\">1</td><td class=\"number\">0</td>", page)
    assert re.search(r"vehicle_owned</th><td class=\"number\">1</td><td class=\"number\">1</td>", page)
    assert "520302" not in page


def test_figures_of_a_division_without_cases_are_empty_not_broken() -> None:
    page = get(client_of(person("township", "520303001")), "/figures/")
    assert "<figure>" not in page


def test_types_by_night_say_fresh_stale_refused_and_missing() -> None:
    page = get(client_of(person("township")), "/nights/")
    states = re.findall(r'<td class="(\w+)">', page)
    assert states == ["fresh", "refused", "missing"]


@pytest.mark.parametrize("page", ["/nights/", "/figures/"])
def test_a_rule_not_run_is_named_with_what_was_not_delivered(page: str) -> None:
    """Beside the flags by rule, where none would else look like nothing found."""
    client = client_of(person("county"))
    said = get(client, page)
    assert "未运行：category_unsupported，因为数据未送达：残疾人证" in said
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert "not run: category_unsupported, because not delivered: Disability certificate" in get(client, page)


def test_engineers_see_deliveries_failures_and_the_shape_of_lines_set_apart() -> None:
    engineer = client_of(person("engineer"))
    page = get(engineer, "/nights/deliveries/")
    assert all(words in page for words in ("行数过少", "号牌号码", "校验码不符", "=0,某某"))
    assert all(
        words in page for words in ("正好是一张工作表的上限", "还缺第 2, 3 部分", "taxation/&lt;b&gt;x.csv", "请移走")
    )
    file = engineer.get("/nights/samples/", secure=True).content.decode("utf-8-sig")
    assert "'=0" in file
    assert engineer.get("/nights/deliveries/?night=2019-01-01", secure=True).status_code == 404
    assert engineer.get("/nights/deliveries/?night=nonsense", secure=True).status_code == 404


def test_there_is_no_page_on_even_handedness_before_a_night_has_reported() -> None:
    assert client_of(person("city")).get("/nights/even-handedness/", secure=True).status_code == 404


def lines(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'<tr><td class="number">(\d+)</td>', page)]


def test_auditors_search_by_actor_action_case_and_day_newest_first() -> None:
    county, auditor = person("county"), client_of(person("auditor"))
    case = Case.objects.get(household_id="H1")
    act(county, case.case_no, "decide", {"outcome": "legitimate", "note": "属实"}, case.version)
    act(county, case.case_no, "close_county", {}, case.version + 1)
    whole = lines(get(auditor, "/audit/"))
    assert whole == sorted(whole, reverse=True)
    of_case = lines(get(auditor, "/audit/", case_no=case.case_no))
    assert len(of_case) == len(lines(get(auditor, "/audit/", actor="county", action="case.decide"))) + 1 == 2
    today = AuditEntry.objects.get(number=of_case[0]).at.astimezone().date()
    assert lines(get(auditor, "/audit/", day=str(today), case_no=case.case_no)) == of_case
    assert lines(get(auditor, "/audit/", day="2001-01-01")) == []
    assert auditor.get("/audit/?day=yesterday", secure=True).status_code == 400


def test_the_log_goes_on_page_by_page_without_gap_or_repeat(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("review.site.audit_search.LINES_A_PAGE", 2)
    for night in (SECOND, date(2020, 11, 3), date(2020, 11, 4)):
        publish_night(night, table(flag("H1")), SUMMARY)
    auditor = client_of(person("auditor"))
    met: list[int] = []
    address = "/audit/?action=night.published"
    while address:
        page = auditor.get(address, secure=True).content.decode()
        met += lines(page)
        further = re.search(r'<a href="(\?[^"]+)" rel="next"', page)
        address = f"/audit/{further.group(1).replace('&amp;', '&')}" if further else ""
    published = AuditEntry.objects.filter(action="night.published").order_by("-number").values_list("number", flat=True)
    assert met == list(published)
    assert len(met) == 4


def told(answer: HttpResponseBase) -> str:
    found = re.search(r'<strong class="hash">([^<]+)</strong>', answer.content.decode())  # type: ignore[attr-defined]
    assert found
    return found.group(1)


def test_an_administrator_makes_changes_locks_and_gives_a_new_password() -> None:
    keeper = client_of(person("administrator", "5201"))
    given = {"username": "new", "full_name": "新来", "role": "county", "division": "520102"}
    password = told(keeper.post("/accounts/make/", given, secure=True))
    account = Account.objects.get(username="new")
    assert account.check_password(password)
    assert "新来" in get(keeper, "/accounts/", sought="ne")
    assert keeper.post("/accounts/new/", {"full_name": "改名"}, secure=True).status_code == 302
    assert keeper.post("/accounts/new/", {"active": "0"}, secure=True).status_code == 302
    account.refresh_from_db()
    assert (account.full_name, account.is_active) == ("改名", False)
    again = told(keeper.post("/accounts/new/password/", secure=True))
    account.refresh_from_db()
    assert account.check_password(again)
    assert password not in str(list(AuditEntry.objects.values_list("detail", flat=True)))


@pytest.mark.parametrize(
    "wrong", [{"division": "52"}, {"division": "520302"}, {"role": "king"}, {"username": ""}, {"username": "a b<"}]
)
def test_an_account_that_does_not_do_is_refused_in_words(wrong: dict[str, str]) -> None:
    keeper = client_of(person("administrator", "5201"))
    given = {"username": "new", "full_name": "新来", "role": "county", "division": "520102"} | wrong
    answer = keeper.post("/accounts/make/", given, secure=True)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert Account.objects.count() == 1


def test_everybody_changes_the_own_password_and_stays_signed_in() -> None:
    account = person(Role.TOWNSHIP)
    client = client_of(account)
    assert client.post("/password/", {"old": "wrong", "new": "another long one"}, secure=True).status_code == 400
    assert client.post("/password/", {"old": PASSWORD, "new": "short"}, secure=True).status_code == 400
    assert client.post("/password/", {"old": PASSWORD, "new": "another long one"}, secure=True).status_code == 302
    assert client.get("/", secure=True).status_code == 200
    account.refresh_from_db()
    assert account.check_password("another long one")
