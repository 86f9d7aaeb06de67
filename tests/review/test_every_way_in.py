"""Every address of the site, as every role, in and out of its division, signed out and forged: nothing leaks.

The addresses come from the site itself: one that is new and not in ``DOORS`` fails the first test until it is written
down who may open it. What must not be seen is planted: a household, its people, its case, its county's officer.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zipfile import ZipFile, is_zipfile

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from review.accounts.models import ACTORS, READERS, UNMASKERS, Account, Role
from review.audit.log import AuditEntry, AuditManager, AuditQuerySet
from review.case_life.acting import act
from review.case_life.table import Action
from review.configure import configure
from review.models import Case, CaseStep, Decision, Evidence, Flag, Proposal
from review.publishing import publish_night
from review.walls.scoped import ScopedManager
from tests.review.made_nights import FIRST, SUMMARY, empty_tables, flag, table
from tests.review.people import person, stranger

HERE, THERE = "520102001001", "520302001001"
NUMBER = "529901199001011234"
WHOLE = ("慎独明", "慎独行", NUMBER)
PLANTED = ("慎独", "SHEN-7", NUMBER, "529901********1234", "planted-officer", "钱不露")
NO_SUCH_CASE = "2020-520102-999999"

# Who is let in by each address; "nobody" has only addresses that need no account. Others are refused or sent to sign in.
EVERYBODY = tuple(Role)
ENGINEERS = (Role.ENGINEER, Role.PROVINCE, Role.AUDITOR)
OPEN_TO_ALL = {"sign_in", "sign_out", "set_language"}
DOORS: dict[str, tuple[Role, ...]] = {
    "home": EVERYBODY,
    **dict.fromkeys(("work_list", "act_on_chosen", "case", "act", "unmasked", "visit_sheet"), EVERYBODY),
    **dict.fromkeys(("keep_view", "drop_view", "ledgers"), EVERYBODY),
    "export": READERS,
    "export_file": READERS,
    "take_in": (Role.COUNTY,),
    "dashboard": READERS,
    "types_by_night": READERS,
    "deliveries": ENGINEERS,
    "quarantine_samples": ENGINEERS,
    "even_handedness": READERS,
    "audit": (Role.AUDITOR, Role.ADMINISTRATOR),
    "accounts": (Role.ADMINISTRATOR,),
    "make_account": (Role.ADMINISTRATOR,),
    "account": (Role.ADMINISTRATOR,),
    "account_password": (Role.ADMINISTRATOR,),
    "own_password": EVERYBODY,
}
SENT = {
    "kind": "csv",
    "unmasked": "1",
    **dict.fromkeys(("because", "unmasked_because", "reason", "note", "finding"), "核查"),
    "version": "2",
    "outcome": "legitimate",
    "assigned_to": "planted-officer",
    **dict.fromkeys(("visited_on", "notified_on", "objected_on"), "2020-11-02"),
    "objection_ends_on": "2020-11-12",
    "investigator": "甲",
    "second_investigator": "乙",
    "username": "planted-officer",
    "full_name": "改",
    "role": "county",
    "division": "520102",
    "active": "0",
}
ASKED = (
    "",
    "?division=520102",
    "?status=open&ledger=both",
    "?actor=planted-officer",
    "?before=9999&action=case.decide",
)


@dataclass(frozen=True)
class Planted:
    """What must not be seen, and must not be changed, from elsewhere."""

    case_no: str

    @property
    def marks(self) -> tuple[str, ...]:
        return (*PLANTED, self.case_no)

    def rows(self) -> list[Any]:
        """Everything of the planted household and of its officer that anybody could change."""
        case = Case._base_manager.filter(case_no=self.case_no)
        hanging = (Flag, Evidence, Decision, CaseStep, Proposal)
        counts = [model._base_manager.count() for model in hanging]
        return [*case.values(), *Account.objects.filter(username="planted-officer").values(), counts]


def addresses() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Name and parameters of every address."""
    yield from _below(get_resolver())


def _below(resolver: URLResolver) -> Iterator[tuple[str, tuple[str, ...]]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from _below(one)
        elif isinstance(one, URLPattern):
            yield str(one.name), tuple(one.pattern.converters)


def paths(case_no: str) -> Iterator[tuple[str, str]]:
    """Name and path of every address but the ways in and out, about this case and the planted officer."""
    values = {"case_no": case_no, "username": "planted-officer"}
    for name, parameters in addresses():
        if name not in OPEN_TO_ALL:
            yield name, reverse(name, kwargs={parameter: values[parameter] for parameter in parameters})


def client_of(account: Account | None = None) -> Client:
    client = Client(headers={"host": "localhost"}, raise_request_exception=True)
    if account is not None:
        client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    return client


def body(answer: HttpResponseBase) -> str:
    """All that was sent, a workbook unpacked."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    answer.close()
    if is_zipfile(io.BytesIO(content)):
        with ZipFile(io.BytesIO(content)) as book:
            return "".join(book.read(name).decode() for name in book.namelist())
    return content.decode()  # type: ignore[no-any-return]


def answers(client: Client, case_no: str) -> Iterator[tuple[str, HttpResponseBase, str]]:
    """Every address asked in several ways, and every act and export tried: what it was, the answer, its body."""
    for name, path in paths(case_no):
        for query in ASKED:
            answer = client.get(path + query, secure=True)
            yield f"GET {name}{query}", answer, body(answer)
        forms = [SENT, SENT | {"kind": "xlsx"}, SENT | {"unmasked": ""}]
        forms += [SENT | {"action": action.value, "chosen": f"{case_no}:2", "case_no": case_no} for action in Action]
        for form in forms if case_no in path or name in {"export_file", "work_list"} else forms[:1]:
            answer = client.post(path, form, secure=True)
            yield f"POST {name} {form.get('action', '')}", answer, body(answer)


def seen(text: str, marks: tuple[str, ...]) -> list[str]:
    return [mark for mark in marks if mark in text]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def planted(request: pytest.FixtureRequest) -> Planted:
    return plant(request.getfixturevalue(f"{request.param}_address"))


@pytest.fixture
def planted_postgresql(postgresql_address: str) -> Planted:
    return plant(postgresql_address)


def plant(address: str) -> Planted:
    configure(address)
    empty_tables()
    told = f"慎独行名下有车（{NUMBER}）"
    secret = flag(
        "SHEN-7", head_name="慎独明", member_name="慎独行", member_id_number=NUMBER, reason_zh=told, reason_en=told
    )
    publish_night(FIRST, table(secret, flag("H2", division=THERE)), SUMMARY)
    case = Case.objects.get(household_id="SHEN-7")
    officer = person("county", "520102", username="planted-officer", full_name="钱不露")
    act(officer, case.case_no, "decide", {"outcome": "legitimate", "note": "慎独明属实"}, case.version)
    return Planted(case.case_no)


def test_it_is_written_down_who_may_open_each_address() -> None:
    names = {name for name, _parameters in addresses()}
    assert names == DOORS.keys() | OPEN_TO_ALL
    assert {parameter for _name, parameters in addresses() for parameter in parameters} <= {"case_no", "username"}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_is_let_in_where_it_may_and_nowhere_else(planted: Planted, role: Role) -> None:
    client = client_of(person(role))
    for name, path in paths(planted.case_no):
        for answer in (client.get(path, secure=True), client.post(path, {}, secure=True)):
            if role in DOORS[name]:
                # 404: there is nothing to show; 405: the other method; 400: an empty form.
                assert answer.status_code in {200, 302, 400, 404, 405}, name
                assert "/sign-in/" not in answer.get("Location", ""), name
            else:
                assert answer.status_code == 403, name


@pytest.mark.parametrize("role", list(Role))
def test_from_elsewhere_nothing_is_seen_and_nothing_changed(planted: Planted, role: Role) -> None:
    before = planted.rows()
    client = client_of(stranger(role))
    leaks = [(what, seen(text, planted.marks)) for what, _answer, text in answers(client, planted.case_no)]
    assert [leak for leak in leaks if leak[1]] == []
    assert planted.rows() == before


@pytest.mark.parametrize("role", list(Role))
def test_a_case_elsewhere_is_answered_like_one_that_does_not_exist(planted: Planted, role: Role) -> None:
    client = client_of(stranger(role))
    theirs = [(what, answer.status_code) for what, answer, _text in answers(client, planted.case_no)]
    forged = [(what, answer.status_code) for what, answer, _text in answers(client, NO_SUCH_CASE)]
    assert theirs == forged


@pytest.mark.parametrize("role", list(Role))
def test_at_home_nobody_sees_whole_names_unasked_and_some_never(planted: Planted, role: Role) -> None:
    before = planted.rows()[0]
    client = client_of(person(role))
    for what, answer, text in answers(client, planted.case_no):
        if what.startswith("GET") or role not in UNMASKERS or answer.status_code >= 400:
            assert seen(text, WHOLE) == [], what
        if role == Role.ADMINISTRATOR:
            assert seen(text, ("慎独", "SHEN-7")) == [], what
    if role not in ACTORS:
        assert planted.rows()[0] == before


def forged_clients() -> Iterator[tuple[str, Client]]:
    """Nobody; sessions that were never made; one of an account that is locked; one whose seal is another account's."""
    yield "nobody", client_of()
    for cookie in ("x" * 32, "../../etc", "0" * 400):
        client = client_of()
        client.cookies[settings.SESSION_COOKIE_NAME] = cookie
        yield f"cookie {cookie[:9]}", client
    gone = person("province", username="gone")
    client = client_of(gone)
    gone.is_active = False
    gone.save()
    yield "locked", client
    session = SessionStore()
    session.update(
        {
            "_auth_user_id": str(person("province", username="forged").pk),
            "_auth_user_backend": "django.contrib.auth.backends.ModelBackend",
            "_auth_user_hash": gone.get_session_auth_hash(),
        }
    )
    session.create()
    client = client_of()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key or ""
    yield "forged", client


def test_signed_out_or_with_a_forged_session_every_address_asks_to_sign_in(planted: Planted) -> None:
    before = planted.rows()
    for who, client in forged_clients():
        for name, path in paths(planted.case_no):
            for answer in (client.get(path, secure=True), client.post(path, SENT, secure=True)):
                assert answer.status_code in {302, 403}, (who, name)
                assert answer.status_code == 403 or answer["Location"].startswith("/sign-in/"), (who, name)
                assert seen(body(answer), planted.marks) == [], (who, name)
    assert planted.rows() == before


@pytest.mark.slow
@pytest.mark.parametrize("role", list(Role))
def test_with_every_scope_removed_row_security_alone_still_holds(
    planted_postgresql: Planted, role: Role, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted = planted_postgresql
    before = planted.rows()
    client = client_of(stranger(role))
    monkeypatch.setattr(ScopedManager, "visible_to", lambda manager, _account: manager.model._base_manager.all())
    monkeypatch.setattr(AuditManager, "visible_to", lambda _manager, _account: AuditQuerySet(AuditEntry))
    leaks = [(what, seen(text, planted.marks)) for what, _answer, text in answers(client, planted.case_no)]
    assert [leak for leak in leaks if leak[1]] == []
    assert planted.rows() == before
