"""Signing in: lockout, headers, sessions; and that no page is open to who has not signed in."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.urls import get_resolver

from review.models import AuditEntry
from tests.review.people import PASSWORD, person

pytestmark = pytest.mark.usefixtures("database")
OPEN_TO_ALL = {"sign_in", "sign_out", "set_language"}


@pytest.fixture(autouse=True)
def clean(database: str) -> Iterator[None]:  # noqa: ARG001
    from axes.utils import reset

    reset()
    yield
    reset()


def browser() -> Client:
    return Client(headers={"host": "localhost"}, raise_request_exception=True)


def sign_in(client: Client, username: str, password: str = PASSWORD) -> int:
    return client.post("/sign-in/", {"username": username, "password": password}, secure=True).status_code


def logged() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.order_by("number").values_list("actor", "action"))


def test_sign_ins_failed_ones_and_sign_outs_are_in_the_log() -> None:
    person("county")
    client = browser()
    assert sign_in(client, "county", "wrong") == 200
    assert sign_in(client, "not an account: maybe a password") == 200
    assert sign_in(client, "county") == 302
    assert client.get("/", secure=True).status_code == 200
    client.post("/sign-out/", secure=True)
    assert client.get("/", secure=True).status_code == 302
    assert logged() == [
        ("county", "sign_in.failed"),
        ("unknown", "sign_in.failed"),
        ("county", "sign_in.done"),
        ("county", "sign_in.ended"),
    ]


def test_five_wrong_passwords_lock_the_name_and_nobody_elses() -> None:
    person("county")
    person("city")
    client = browser()
    for _ in range(4):
        assert sign_in(client, "county", "wrong") == 200
    assert sign_in(client, "county", "wrong") == 429
    assert sign_in(client, "county") == 429
    assert sign_in(browser(), "city") == 302
    assert ("county", "sign_in.locked_out") in logged()


def test_who_is_deactivated_is_out_at_once() -> None:
    account = person("county")
    client = browser()
    sign_in(client, "county")
    account.is_active = False
    account.save()
    assert client.get("/", secure=True).status_code == 302
    assert sign_in(browser(), "county") == 200


def test_every_page_but_the_way_in_asks_to_sign_in() -> None:
    for route in get_resolver().reverse_dict:
        if isinstance(route, str) and route not in OPEN_TO_ALL:
            (path, parts), *_rest = get_resolver().reverse_dict.getlist(route)[0][0]
            path %= dict.fromkeys(parts, "1")
            answer = browser().get(f"/{path}", secure=True)
            # 405: an address that is only sent to, whoever asks.
            assert answer.status_code in {302, 405}, route
            assert answer.status_code == 405 or answer["Location"].split("?")[0] == "/sign-in/", route


@pytest.mark.parametrize("cookie", ["", "x" * 32, "../../etc", "0" * 400])
def test_a_forged_session_opens_nothing(cookie: str) -> None:
    client = browser()
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    assert client.get("/", secure=True).status_code == 302


def test_a_form_without_its_token_is_refused() -> None:
    person("county")
    client = Client(headers={"host": "localhost"}, enforce_csrf_checks=True)
    assert sign_in(client, "county") == 403


def test_headers_and_cookies_are_tight() -> None:
    person("county")
    client = browser()
    sign_in(client, "county")
    answer = client.get("/", secure=True)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert "max-age=31536000" in answer["Strict-Transport-Security"]
    session = client.cookies[settings.SESSION_COOKIE_NAME]
    assert (session["secure"], session["httponly"], session["samesite"], session["max-age"]) == (True, True, "Lax", "")
    assert client.session.get_expiry_age() == 1800
    assert client.get("/").status_code == 301


def test_passwords_are_kept_as_argon2() -> None:
    assert person("county").password.startswith("argon2$argon2id$")
