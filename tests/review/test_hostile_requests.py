"""Whatever is sent to whichever address by whomever: an answer in words, never a failure; and what a failure leaves."""

import io
import logging
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import review.site
from pipelines.commands.serve_site import run
from review.accounts.models import Role
from review.case_life.act_inputs import INPUT_TYPES
from review.case_life.acting import act
from review.case_life.refusals import IncompleteError
from review.configure import configure
from review.filters import WorkFilter
from review.models import AuditEntry, Case
from review.publishing import publish_night
from review.site.safe_serving import UnsafeServingError
from review.written_text import LONGEST_NOTE, has_words
from tests.review.made_nights import FIRST, SUMMARY, empty_tables, flag, table
from tests.review.people import person
from tests.review.test_every_way_in import SENT, addresses, client_of, paths, plant

HOSTILE = (
    "\0",
    "属实\0",
    "9" * 5_000,
    "9" * 19,
    "-1",
    "٣",
    "9999-12-31",
    "0001-01-01",
    "2020-02-30",
    "2020-W45-1",
    "x" * 20_000,
    "\ufffd\u202e\u200b",
    "{}",
    "[1]",
    "' OR 1=1 --",
    "%s%(x)s{0}",
    "\r\nSet-Cookie: x=1",
    "nan",
    "9" * 9 + "~x",
    "1:" + "9" * 5_000,
)
READ_FROM_A_REQUEST = re.compile(
    r'(?:GET|POST|given|form_data\(request\))(?:\.get(?:list)?)?[\[(]"(\w+)"|"(\w+)" in request'
)


def parameters() -> list[str]:
    """The name of everything that any page reads from a request, found in the pages themselves."""
    source = "".join(file.read_text(encoding="utf-8") for file in Path(review.site.__file__).parent.glob("*.py"))
    names = (
        {name for found in READ_FROM_A_REQUEST.findall(source) for name in found if name}
        | {one.name for one in fields(WorkFilter)}
        | set(SENT)
    )
    for form in INPUT_TYPES.values():
        names |= set(form.model_fields)
    return sorted(names | {"file", "next", "username", "password", "language", "division", "form_of"})


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def office(request: pytest.FixtureRequest) -> Iterator[tuple[list[tuple[str, str]], dict[str, Client]]]:
    """The paths of every address about one case, and a client signed in as each role, and one that is not."""
    address = request.getfixturevalue(f"{request.param}_address")
    planted = plant(address)
    configure(address)
    everybody = {role.value: client_of(person(role)) for role in Role} | {"nobody": client_of()}
    ways_in = [("sign_in", "/sign-in/"), ("sign_out", "/sign-out/"), ("set_language", "/language/setlang/")]
    yield [*paths(planted.case_no), *ways_in], everybody
    empty_tables()


def outcome_of(client: Client, method: str, path: str, sent: dict[str, str]) -> int:
    """The status; a page that fails raises."""
    answer = client.get(path, sent, secure=True) if method == "GET" else client.post(path, sent, secure=True)
    answer.close()
    return answer.status_code


def test_the_names_that_pages_read_are_found() -> None:
    assert {"unmasked_because", "before", "day", "night", "after", "back", "chosen", "version", "sheet"} <= set(
        parameters()
    )
    assert len({name for name, _parts in addresses()}) > 20


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_page_fails_whatever_is_sent_by_whomever(
    office: tuple[list[tuple[str, str]], dict[str, Client]], data: st.DataObject
) -> None:
    everywhere, everybody = office
    who = data.draw(st.sampled_from(sorted(everybody)))
    name, path = data.draw(st.sampled_from(everywhere))
    # Signing out would leave the next example with nobody, a new name for oneself with another role.
    if name in {"sign_out", "own_password"} and who != "nobody":
        who = "nobody"
    method = data.draw(st.sampled_from(["GET", "POST"]))
    values = st.sampled_from(HOSTILE) | st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
    wrong = data.draw(st.dictionaries(st.sampled_from(parameters()), values, min_size=1, max_size=3))
    sent = (SENT if data.draw(st.booleans()) and name != "account" else {}) | wrong
    assert outcome_of(everybody[who], method, path, sent) < 500


def test_no_page_of_any_role_takes_what_no_database_keeps(
    office: tuple[list[tuple[str, str]], dict[str, Client]],
) -> None:
    everywhere, everybody = office
    for name, path in dict(everywhere).items():
        for parameter in ("\0", *parameters()) if name == "work_list" else ("note",):
            for client in (everybody["county"], everybody["administrator"]):
                assert outcome_of(client, "GET", path, {parameter: "x\0"}) == 400, (name, parameter)
                assert outcome_of(client, "POST", path, {parameter: "x\0"}) == 400, (name, parameter)


@pytest.mark.parametrize("part", ["%00", "9" * 5_000, "9" * 4_000, "%ED%A0%80"])
def test_no_part_of_an_address_makes_a_page_fail(
    office: tuple[list[tuple[str, str]], dict[str, Client]], part: str
) -> None:
    _everywhere, everybody = office
    for client in everybody.values():
        for path in (f"/cases/{part}/", f"/cases/x/records/{part}/", f"/accounts/{part}/", f"/views/{part}/forget/"):
            assert outcome_of(client, "GET", path, {}) in {302, 400, 403, 404}


@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        ("auditor", "/audit/?day=9999-12-31", 400),
        ("auditor", "/audit/?day=0001-01-01", 400),
        ("auditor", "/audit/?before=" + "9" * 5_000, 200),
        ("county", "/cases/?since=9999-12-31", 400),
        ("county", "/cases/?severity=" + "9" * 5_000, 400),
        ("county", "/cases/?after=" + "9" * 5_000 + "~x", 200),
        ("county", "/ledgers/?division=520102" + "9" * 5_000, 200),
        ("engineer", "/nights/deliveries/?night=0001-01-01", 404),
    ],
)
def test_odd_days_and_long_numbers_are_answered_in_words(
    office: tuple[list[tuple[str, str]], dict[str, Client]], role: str, path: str, status: int
) -> None:
    assert outcome_of(office[1][role], "GET", path, {}) == status


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    "content",
    [
        b"case_no,version,outcome\n" + b"x" * 140_000 + b",1,legitimate\n",
        b'case_no,version,outcome\n"' + b"x" * 200_000,
        b"case_no,version,outcome\nx\0,1,legitimate\n",
        b"case_no,version,outcome\r1\r2,3\r",
        b"\xff\xfe\x00\x00",
        b"case_no,version,outcome\nx," + b"9" * 5_000 + b",legitimate\n",
        b"case_no,version,outcome,investigator,second_investigator,note\nx,1,stopped," + b"y" * 300 + b",z,ab\n",
    ],
)
def test_a_file_of_outcomes_that_is_none_is_refused_in_words(content: bytes) -> None:
    client = client_of(person("county"))
    answer = client.post("/outcomes/", {"file": SimpleUploadedFile("o.csv", content)}, secure=True)
    assert (answer.status_code, 'role="alert"' in answer.content.decode()) == (400, True)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("path", ["/sign-in/", "/cases/", "/outcomes/", "/no-such-page/"])
def test_what_is_far_too_large_is_refused_before_any_of_it_is_read(path: str) -> None:
    class Unread(io.BytesIO):
        def read(self, _size: int | None = -1) -> bytes:
            raise AssertionError("it was read")

    sent: dict[str, Any] = {
        "CONTENT_LENGTH": "400000000",
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
        "wsgi.input": Unread(),
    }
    answer = Client(headers={"host": "localhost"}).generic("POST", path, secure=True, **sent)
    assert (answer.status_code, answer["Connection"]) == (413, "close")
    assert "内容过大" in answer.content.decode()


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("word", ["\u200b\u200b", "\u3164\u3164", ".", "……", "\u2800", "\u115f\uffa0", "aa", " ", "x"])
def test_what_says_nothing_is_no_reason(word: str) -> None:
    assert not has_words(word)
    publish_night(FIRST, table(flag("H1")), SUMMARY)
    county = person("county")
    case = Case.objects.get()
    client = client_of(county)
    answer = client.post(f"/cases/{case.case_no}/unmasked/", {"unmasked_because": word}, secure=True)
    assert answer.status_code == 302
    asked = {"kind": "csv", "unmasked": "1", "because": word}
    assert client.post("/export/file/", asked, secure=True).status_code == 400
    with pytest.raises(IncompleteError):
        act(county, case.case_no, "decide", {"outcome": "legitimate", "note": word}, case.version)
    assert not AuditEntry.objects.filter(action__in=("case.unmasked", "flags.exported")).exists()


@pytest.mark.usefixtures("database")
def test_a_note_has_a_limit_that_the_form_says() -> None:
    publish_night(FIRST, table(flag("H1")), SUMMARY)
    county, case = person("county"), Case.objects.get()
    page = client_of(county).get(f"/cases/{case.case_no}/", secure=True).content.decode()
    assert f'maxlength="{LONGEST_NOTE}"' in page
    assert "不超过 5,000 字" in page
    visit = {"visited_on": str(FIRST)}
    with pytest.raises(IncompleteError) as refused:
        act(county, case.case_no, "visit", visit | {"note": "看过" * (LONGEST_NOTE // 2) + "车"}, case.version)
    assert list(refused.value.fields) == ["note"]
    act(county, case.case_no, "visit", visit | {"note": "看过" * (LONGEST_NOTE // 2)}, case.version)


@pytest.mark.usefixtures("database")
def test_a_failure_is_in_the_log_by_its_kind_and_place_and_tells_nothing_of_anybody(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_given: Any, **_more: Any) -> None:
        raise ValueError("慎独明") from KeyError("529901199001011234 慎独明")

    monkeypatch.setattr("review.site.work_list.rows_for", broken)
    client = Client(headers={"host": "localhost"}, raise_request_exception=False)
    client.force_login(person("county"), backend="django.contrib.auth.backends.ModelBackend")
    with caplog.at_level(logging.INFO):
        answer = client.get("/cases/?assigned_to=慎独明", secure=True)
    assert answer.status_code == 500
    number = answer["X-Request-ID"]
    assert number in answer.content.decode()
    assert "系统出错" in answer.content.decode()
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("hedui")]
    assert len(lines) == 1
    for told in (f"request={number}", "view=work_list", "error=ValueError<KeyError", "review/site/work_list.py:"):
        assert told in lines[0]
    assert "慎独" not in caplog.text
    assert "529901" not in caplog.text


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("path", "status", "words"),
    [("/no-such-page/", 404, "未找到"), ("/audit/", 403, "无权打开"), ("/accounts/nobody/", 403, "无权打开")],
)
def test_refusals_are_pages_in_chinese_with_english_beside(path: str, status: int, words: str) -> None:
    client = client_of(person("county"))
    answer = client.get(path, secure=True)
    page = answer.content.decode()
    assert (answer.status_code, words in page, ">English<" in page) == (status, True, True)
    client.post("/language/setlang/", {"language": "en", "next": path}, secure=True)
    assert 'lang="en"' in client.get(path, secure=True).content.decode()


@pytest.mark.parametrize("secret", ["", "x", "change-me-change-me"])
def test_a_secret_that_can_be_guessed_serves_nothing(
    secret: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HEDUI_SECRET_KEY", secret)
    with pytest.raises(UnsafeServingError, match="HEDUI_SECRET_KEY"):
        run(tmp_path, "127.0.0.1:8000", 1)


@pytest.mark.parametrize("listen", ["0.0.0.0:8000", ":8000", "192.168.1.5:80", "[::]:8000"])
def test_plain_http_is_served_on_this_machine_alone(
    listen: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HEDUI_SECRET_KEY", "0123456789abcdefghijklmnopqrstuvwxyz")
    monkeypatch.setenv("HEDUI_PLAIN_HTTP", "1")
    with pytest.raises(UnsafeServingError, match="HEDUI_PLAIN_HTTP"):
        run(tmp_path, listen, 1)
