"""What somebody wrote survives a session that ended and a form that expired, for its writer alone."""

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from review.case_life.acting import act
from review.models import AuditEntry, Case
from review.publishing import publish_night
from tests.review.made_nights import FIRST, SUMMARY, flag, table
from tests.review.people import PASSWORD, person

pytestmark = pytest.mark.usefixtures("database")
FINDING = "门口停着五菱面包车，户主称系儿子购买。"


@pytest.fixture(autouse=True)
def a_case(database: str) -> None:  # noqa: ARG001
    publish_night(FIRST, table(flag("H1")), SUMMARY)
    Session.objects.all().delete()


def path() -> str:
    return f"/cases/{Case.objects.get().case_no}/"


def signed_in(client: Client, username: str, **more: str) -> Any:
    return client.post("/sign-in/", {"username": username, "password": PASSWORD} | more, secure=True)


def browser(username: str = "") -> Client:
    client = Client(headers={"host": "localhost", "accept-language": "zh-hans"})
    if username:
        assert signed_in(client, username).status_code == 302
    return client


def form_of(client: Client, action: str) -> dict[str, str]:
    """The hidden fields of an act's form, as the page has them."""
    page = client.get(path(), secure=True).content.decode()
    form = re.search(rf'action="{path()}act/{action}/".*?</form>', page, re.S)
    assert form
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form.group(0)))


def written(client: Client, action: str = "visit") -> dict[str, str]:
    return form_of(client, action) | {"visited_on": str(FIRST), "note": FINDING}


def page_of(client: Client, address: str) -> str:
    answer = client.get(address, secure=True)
    assert answer.status_code == 200, answer.status_code
    return unescape(answer.content.decode())


@pytest.mark.parametrize("how", ["session gone", "cookie gone", "form without its seal"])
def test_a_finding_survives_a_session_that_ended(how: str) -> None:
    person("county")
    client = browser("county")
    sent = written(client)
    if how == "cookie gone":
        client.cookies.clear()
    else:
        Session.objects.all().delete()
    if how == "form without its seal":
        del sent["form_of"]
    answer = client.post(f"{path()}act/visit/", sent, secure=True)
    assert answer["Location"] == f"/sign-in/?next={path()}"
    assert "已保留" in page_of(client, answer["Location"])
    back = signed_in(client, "county", next=path())
    assert back["Location"] == path()
    page = page_of(client, path())
    assert f">{FINDING}</textarea>" in page
    assert "尚未提交" in page
    # Nor is it lost to another language, which comes back to the same page.
    client.post("/language/setlang/", {"language": "en", "next": path()}, secure=True)
    assert FINDING in page_of(client, path())
    again = client.post(f"{path()}act/visit/", written(client), secure=True)
    assert again.status_code == 302
    assert f">{FINDING}</textarea>" not in page_of(client, path())


def test_nobody_else_who_signs_in_there_sees_it() -> None:
    person("county")
    person("county", username="other")
    client = browser("county")
    sent = written(client)
    Session.objects.all().delete()
    client.post(f"{path()}act/visit/", sent, secure=True)
    signed_in(client, "other")
    assert FINDING not in page_of(client, path())
    assert FINDING not in str([one.get_decoded() for one in Session.objects.all()])
    # A form that was open for somebody else is not taken for the own one either.
    checked = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    checked.force_login(person("county", username="third"), backend="django.contrib.auth.backends.ModelBackend")
    assert "已重新填入" not in checked.post(f"{path()}act/visit/", sent, secure=True).content.decode()
    assert FINDING not in page_of(checked, path())


def test_nobody_keeps_words_here_without_ever_having_signed_in() -> None:
    client = browser()
    answer = client.post(f"{path()}act/visit/", {"note": FINDING, "form_of": "1:forged:seal"}, secure=True)
    assert answer["Location"].startswith("/sign-in/")
    assert not Session.objects.exists()


def test_what_was_written_is_in_no_address_and_no_log() -> None:
    person("county")
    client = browser("county")
    sent = written(client)
    Session.objects.all().delete()
    answer = client.post(f"{path()}act/visit/", sent, secure=True)
    assert "note" not in answer["Location"]
    assert FINDING not in str(list(AuditEntry.objects.values()))


def test_it_is_forgotten_after_an_hour_and_no_more_than_a_page_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    person("county")
    client = browser("county")
    sent = written(client)
    Session.objects.all().delete()
    client.post(f"{path()}act/visit/", sent, secure=True)
    client.post(f"{path()}act/decide/", sent | {"note": "长" * 100_000}, secure=True)
    assert "长长" not in str([one.get_decoded() for one in Session.objects.all()])
    signed_in(client, "county")
    assert FINDING in page_of(client, path())
    monkeypatch.setattr("review.site.drafts.KEPT_FOR", -1)
    assert FINDING not in page_of(client, path())


def test_a_case_that_went_on_meanwhile_says_so_beside_the_words() -> None:
    county = person("county")
    client = browser("county")
    sent = written(client)
    case = Case.objects.get()
    act(county, case.case_no, "decide", {"outcome": "legitimate", "note": "属实"}, case.version)
    Session.objects.all().delete()
    client.post(f"{path()}act/visit/", sent, secure=True)
    signed_in(client, "county")
    page = page_of(client, path())
    assert FINDING in page
    assert "案件已有变化" in page


def test_a_form_that_expired_says_so_and_keeps_the_words() -> None:
    person("county")
    client = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    client.force_login(person("township"), backend="django.contrib.auth.backends.ModelBackend")
    sent = written(client)
    answer = client.post(f"{path()}act/visit/", sent | {"csrfmiddlewaretoken": "x" * 64}, secure=True)
    page = unescape(answer.content.decode())
    assert (answer.status_code, "表单已失效" in page, "DEBUG" in page) == (403, True, False)
    assert f'href="{path()}"' in page
    assert f">{FINDING}</textarea>" in page_of(client, path())


def test_an_address_of_an_act_leads_to_the_page_of_its_form() -> None:
    person("county")
    person("administrator")
    client, keeper = browser("county"), browser("administrator")
    for posted, page in (
        (f"{path()}act/visit/", path()),
        (f"{path()}unmasked/", path()),
        ("/cases/chosen/", "/cases/"),
        ("/views/", "/cases/"),
        ("/views/7/forget/", "/cases/"),
        ("/export/file/?rule=vehicle_owned", "/export/?rule=vehicle_owned"),
        ("/sign-out/", "/"),
    ):
        assert client.get(posted, secure=True)["Location"] == page
        if "sign-out" not in posted:
            asked = browser().get(posted, secure=True)["Location"]
            assert asked.startswith("/sign-in/?next=")
            assert "act" not in asked
    assert keeper.get("/accounts/make/", secure=True)["Location"] == "/accounts/"
    assert keeper.get("/accounts/county/password/", secure=True)["Location"] == "/accounts/county/"


def test_another_language_comes_back_to_a_page_that_can_be_read() -> None:
    person("county")
    client = browser("county")
    for posted in (f"{path()}unmasked/", f"{path()}act/visit/"):
        # The browser says where it was, and that is where the form was sent.
        came_from = {"referer": f"https://localhost{posted}"}
        answer = client.post("/language/setlang/", {"language": "en"}, secure=True, headers=came_from, follow=True)
        assert (answer.status_code, answer.redirect_chain[-1][0]) == (200, f"https://localhost{path()}")


def test_chosen_cases_and_reasons_come_back_too_and_a_file_must_be_chosen_again() -> None:
    person("county")
    client = browser("county")
    case_no = Case.objects.get().case_no
    seal = form_of(client, "visit")["form_of"]
    Session.objects.all().delete()
    chosen = {"action": "decide", "chosen": f"{case_no}:1", "note": "已更正", "back": "ledger=both", "form_of": seal}
    answer = client.post("/cases/chosen/", chosen, secure=True)
    assert answer["Location"] == "/sign-in/?next=/cases/%3Fledger%3Dboth"
    client.post(f"{path()}unmasked/", {"unmasked_because": "电话核实", "form_of": seal}, secure=True)
    client.post("/export/file/", {"unmasked": "1", "because": "抽查", "form_of": seal}, secure=True)
    file = SimpleUploadedFile("o.csv", b"case_no,version,outcome\n")
    asked = client.post("/outcomes/", {"file": file}, secure=True)
    assert "重新选择文件" in page_of(client, asked["Location"])
    signed_in(client, "county")
    page = page_of(client, "/cases/?ledger=both")
    assert 'value="已更正"' in page
    assert f'aria-label="{case_no}" checked' in page
    assert 'value="电话核实"' in page_of(client, path())
    assert 'value="抽查"' in page_of(client, "/export/")
