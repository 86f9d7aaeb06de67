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
from review.case_life.refusals import NoSuchCaseError
from review.case_life.table import Action
from review.configure import configure
from review.models import Case, CaseStep, Decision, Evidence, Flag, Proposal
from review.publishing import publish_night
from review.visible_case import read_case
from review.walls.scoped import ScopedManager
from tests.review.made_family import NOTE, NOTE_ON_A_NEIGHBOUR, PHONE, SON, given_away, records, roster
from tests.review.made_nights import FIRST, SUMMARY, empty_tables, flag, table
from tests.review.people import person, stranger

HERE, THERE = "520102001001", "520302001001"
NUMBER, ANOTHER = SON, "529902198505054321"
PLANTED = ("慎独", "SHEN-7", NUMBER, "529901******", "planted-officer", "钱不露")

# Who is let in by each address; others are refused.
EVERYBODY = tuple(Role)
ENGINEERS = (Role.ENGINEER, Role.PROVINCE, Role.AUDITOR)
KNOWN_PARAMETERS = {"case_no", "username", "action", "key", "delivery_id"}
OPEN_TO_ALL = {"sign_in", "sign_out", "set_language"}
DOORS: dict[str, tuple[Role, ...]] = {
    "home": EVERYBODY,
    **dict.fromkeys(("work_list", "act_on_chosen", "case", "act", "unmasked", "visit_sheet", "why_linked"), EVERYBODY),
    **dict.fromkeys(("keep_view", "drop_view", "ledgers"), EVERYBODY),
    "export": READERS,
    "export_file": READERS,
    "import_outcomes": (Role.COUNTY,),
    "dashboard": READERS,
    "types_by_night": READERS,
    "deliveries": ENGINEERS,
    "all_deliveries": ENGINEERS,
    "delivery": ENGINEERS,
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
    "username": "somebody-new",
    "full_name": "改",
    "role": "county",
    "division": "520102",
    "active": "0",
}
SENT_FURTHER: dict[str, tuple[dict[str, str], ...]] = {
    "export_file": ({}, {"kind": "xlsx"}, {"unmasked": ""}, {"unmasked": "", "kind": "xlsx"}),
    "act_on_chosen": ({"action": "assign"}, {"action": "decide"}, {"action": "close_county"}),
    "unmasked": ({}, {"sheet": "1"}),
    "account": ({}, {"active": "1"}),
}
ASKED_FURTHER = {"work_list", "ledgers", "export", "audit", "accounts"}
ASKED = ("", "?division=520102&status=open", "?ledger=both", "?before=9999&action=case.decide")
# What an allowed role may be told: done, nothing to show, the other method, a form that does not do.
LET_IN = {200, 302, 400, 404, 405, 409, 422}
# Here the act itself decides, by role and state.
DECIDED_WITHIN = {"act", "unmasked"}


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


NO_SUCH_CASE = Planted("2020-520102-999999")


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
    record = Evidence._base_manager.filter(flag__case__household_id="SHEN-7").values_list("pk", flat=True)[0]
    for name, parameters in addresses():
        for action in Action.values if "action" in parameters else ("",):
            values = {"case_no": case_no, "username": "planted-officer", "key": record, "action": action}
            values["delivery_id"] = "20201029-20201029-1-0123456789"
            if name not in OPEN_TO_ALL:
                yield name, reverse(name, kwargs={parameter: values[parameter] for parameter in parameters})


def client_of(account: Account | None = None, *, may_fail: bool = False) -> Client:
    client = Client(headers={"host": "localhost"}, raise_request_exception=not may_fail)
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
    return content.decode()


def answers(
    client: Client, planted: Planted, names: frozenset[str] = frozenset(DOORS)
) -> Iterator[tuple[str, HttpResponseBase, str]]:
    """Every address asked in several ways, and every act and export tried: what it was, the answer, its body."""
    for name, path in paths(planted.case_no):
        if name not in names:
            continue
        for query in ASKED if name in ASKED_FURTHER else ("",):
            answer = client.get(path + query, secure=True)
            # An act on many cases tells on the next page what it refused, by the number that was typed.
            yield f"GET {name}{query}", answer, body(answer).replace(f"{planted.case_no}: {NoSuchCaseError()}", "")
        for more in SENT_FURTHER.get(name, ({},)):
            answer = client.post(path, SENT | {"chosen": f"{planted.case_no}:2"} | more, secure=True)
            yield f"POST {name} {more}", answer, body(answer)


def seen(text: str, marks: tuple[str, ...]) -> list[str]:
    return [mark for mark in marks if mark in text]


@pytest.fixture(params=[pytest.param(name, marks=pytest.mark.slow) for name in ("sqlite", "postgresql")])
def planted(request: pytest.FixtureRequest) -> Planted:
    return plant(request.getfixturevalue(f"{request.param}_address"))


@pytest.fixture
def planted_postgresql(postgresql_address: str) -> Planted:
    return plant(postgresql_address)


def plant(address: str) -> Planted:
    configure(address)
    empty_tables()
    told = f"慎独行（{NUMBER}，原示 529901********{NUMBER[-4:]}）在慎远山的店里有车"
    secret = flag(
        "SHEN-7",
        head_name="慎独明",
        member_name="慎独行",
        member_id_number=NUMBER,
        reason_zh=told,
        reason_en=told,
        evidence=records(),
    )
    elsewhere = flag("H2", division=THERE, member_id_number=ANOTHER)
    publish_night(FIRST, table(secret, elsewhere), SUMMARY, members=roster())
    case = Case.objects.get(household_id="SHEN-7")
    officer = person("county", "520102", username="planted-officer", full_name="钱不露")
    visit = {"visited_on": str(FIRST), "note": NOTE_ON_A_NEIGHBOUR}
    act(officer, case.case_no, "visit", visit, case.version)
    act(officer, case.case_no, "decide", {"outcome": "legitimate", "note": NOTE}, case.version + 1)
    read_case(officer, case.case_no, unmasked_because=f"仰望舒 {PHONE} 来电")
    return Planted(case.case_no)


def test_it_is_written_down_who_may_open_each_address() -> None:
    names = {name for name, _parameters in addresses()}
    assert names == DOORS.keys() | OPEN_TO_ALL
    assert {parameter for _name, parameters in addresses() for parameter in parameters} <= KNOWN_PARAMETERS


@pytest.mark.parametrize("role", list(Role))
def test_each_role_is_let_in_where_it_may_and_nowhere_else(planted: Planted, role: Role) -> None:
    client = client_of(person(role))
    for name, path in paths(planted.case_no):
        for answer in (client.get(path, secure=True), client.post(path, {}, secure=True)):
            if role in DOORS[name]:
                assert answer.status_code in LET_IN | ({403} if name in DECIDED_WITHIN else set()), name
                assert "/sign-in/" not in answer.get("Location", ""), name
            else:
                assert answer.status_code == 403, name


@pytest.mark.parametrize("role", list(Role))
def test_from_elsewhere_a_case_is_as_if_it_did_not_exist(planted: Planted, role: Role) -> None:
    before = planted.rows()
    client = client_of(stranger(role))
    leaks = [(what, seen(text, planted.marks)) for what, _answer, text in answers(client, planted)]
    assert [leak for leak in leaks if leak[1]] == []
    about_cases = frozenset(name for name, parameters in addresses() if "case_no" in parameters)
    theirs = [(what, answer.status_code) for what, answer, _text in answers(client, planted, about_cases)]
    forged = [(what, answer.status_code) for what, answer, _text in answers(client, NO_SUCH_CASE, about_cases)]
    assert theirs == forged
    assert planted.rows() == before


@pytest.mark.parametrize("role", list(Role))
def test_at_home_nobody_is_given_away_unasked_and_some_see_nobody_ever(planted: Planted, role: Role) -> None:
    before = planted.rows()[0]
    client = client_of(person(role))
    for what, answer, text in answers(client, planted):
        if what.startswith("GET") or role not in UNMASKERS or answer.status_code >= 400:
            assert given_away(text) == [], what
        if role == Role.ENGINEER:
            assert "座机" not in text, what
        if role == Role.ADMINISTRATOR:
            assert seen(text, ("慎独", "SHEN-7")) == [], what
    if role not in ACTORS:
        assert planted.rows()[0] == before


def forged_clients() -> Iterator[tuple[str, Client]]:
    """Nobody; sessions that were never made; one of an account that is locked; one with a seal of its own making."""
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
            "_auth_user_hash": "0" * 64,
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
                # 405: the address never answers this method, whoever asks.
                assert answer.status_code in {302, 405}, (who, name)
                assert answer.status_code == 405 or answer["Location"].startswith("/sign-in/"), (who, name)
                assert seen(body(answer), planted.marks) == [], (who, name)
    assert planted.rows() == before


@pytest.mark.slow
@pytest.mark.parametrize("role", list(Role))
def test_with_every_scope_removed_row_security_alone_still_holds(
    planted_postgresql: Planted, role: Role, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted = planted_postgresql
    before = planted.rows()
    # Where the wall refuses a write, the site may well break: it must not leak.
    client = client_of(stranger(role), may_fail=True)
    monkeypatch.setattr(ScopedManager, "visible_to", lambda manager, _account: manager.model._base_manager.all())
    monkeypatch.setattr(AuditManager, "visible_to", lambda _manager, _account: AuditQuerySet(AuditEntry))
    leaks = [(what, seen(text, planted.marks)) for what, _answer, text in answers(client, planted)]
    assert [leak for leak in leaks if leak[1]] == []
    assert planted.rows() == before
