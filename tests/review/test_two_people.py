"""The two ledgers are closed by two people: roles and divisions that fit, passwords nobody else knows, acts by name."""

import os
import pwd
import re
from pathlib import Path
from typing import Any

import pytest
import typer
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client

from pipelines.commands.keep_review import run_add_account, run_import
from review.accounts.administration import change_account, make_account, new_password
from review.accounts.models import DIGITS, Account, Role
from review.case_life.acting import act
from review.case_life.refusals import IncompleteError, NotAllowedError
from review.configure import configure, migrate
from review.models import AuditEntry, Case, CaseStep
from review.publishing import publish_night
from tests.review.made_nights import FIRST, SUMMARY, flag, table
from tests.review.people import PASSWORD, person

CODE = "520302001001"


def case_of() -> Case:
    return Case.objects.get(household_id="H1")


def take(account: Account, action: str, data: dict[str, Any] | None = None) -> None:
    case = case_of()
    act(account, case.case_no, action, data or {}, case.version)


def closed_by_the_county(by: Account) -> None:
    publish_night(FIRST, table(flag("H1")), SUMMARY)
    take(by, "decide", {"outcome": "legitimate", "note": "属实"})
    take(by, "close_county")


def turned(account: Account, role: str, division: str) -> Account:
    """As an administrator may do: the same account under another role."""
    change_account(person("administrator", username="keeper"), account.username, role=role, division=division)
    account.refresh_from_db()
    return account


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("role", list(Role))
def test_a_role_has_divisions_of_its_own_level_and_the_database_holds_it(role: Role) -> None:
    account = person(role, CODE[: DIGITS[role][0]])
    for digits in {0, 1, 2, 3, 4, 5, 6, 8, 9, 12} - set(DIGITS[role]):
        account.division = CODE[:digits]
        with pytest.raises(ValidationError):
            account.full_clean()
        with pytest.raises(IntegrityError), transaction.atomic():
            Account.objects.filter(pk=account.pk).update(division=account.division)


@pytest.mark.usefixtures("database")
def test_an_administrator_gives_no_more_than_the_own_division() -> None:
    keeper = person("administrator", "520102")
    reviewer = person("county", username="reviewer")
    given = {"username": "new", "full_name": "新来"}
    for role, division in (("province", "52"), ("city", "5201"), ("county", "520302"), ("administrator", "5201")):
        with pytest.raises(NotAllowedError):
            make_account(keeper, role=role, division=division, **given)
        with pytest.raises(NotAllowedError):
            change_account(keeper, reviewer.username, role=role, division=division)
    for changes in ({"role": "province"}, {"role": "township"}, {"division": "520102999", "role": "township"}):
        with pytest.raises(IncompleteError):
            change_account(keeper, reviewer.username, **changes)
    with pytest.raises(NotAllowedError):
        change_account(keeper, keeper.username, role="county")
    assert make_account(keeper, role="county", division="520102", **given)


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("first", ["county", "township"])
def test_who_acted_for_the_county_does_not_close_at_the_province_under_a_new_role(first: str) -> None:
    account = person(first)
    publish_night(FIRST, table(flag("H1")), SUMMARY)
    take(account, "visit", {"visited_on": FIRST, "note": "看过车"})
    county = account if first == "county" else person("county")
    take(county, "decide", {"outcome": "legitimate", "note": "属实"})
    take(county, "close_county")
    with pytest.raises(NotAllowedError):
        take(turned(account, "province", "52"), "close_province")
    take(person("province"), "close_province")
    assert case_of().state == "closed_by_province"


@pytest.mark.usefixtures("database")
def test_who_acted_for_the_province_does_not_act_for_the_county_under_a_new_role() -> None:
    closed_by_the_county(person("county"))
    account = person("province")
    take(account, "send_back", {"note": "请补充材料"})
    take(person("county", username="other"), "decide", {"outcome": "legitimate", "note": "属实"})
    with pytest.raises(NotAllowedError):
        take(turned(account, "county", "520102"), "close_county")


@pytest.mark.usefixtures("database")
def test_two_accounts_of_one_name_do_not_close_both_ledgers() -> None:
    closed_by_the_county(person("county", full_name="罗建国"))
    with pytest.raises(NotAllowedError):
        take(person("province", username="second", full_name="罗 建国\u200b"), "close_province")
    take(person("province", full_name="田力"), "close_province")


@pytest.mark.usefixtures("database")
def test_outcomes_from_the_command_line_say_so_in_history_and_log(database: str, tmp_path: Path) -> None:
    publish_night(FIRST, table(flag("H1")), SUMMARY)
    account = person("county")
    file = tmp_path / "outcomes.csv"
    file.write_text(f"case_no,version,outcome,note\n{case_of().case_no},1,legitimate,属实\n", encoding="utf-8")
    # What the environment says of the user is what anybody may have put there.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOGNAME", "somebody-else")
        run_import(file, account.username, database)
    user = pwd.getpwuid(os.getuid()).pw_name
    for action in ("case.decide", "outcomes.imported"):
        line = AuditEntry.objects.get(action=action)
        assert (line.actor, line.detail["for"]) == (f"command line of {user}", account.username)
    step = CaseStep.objects.get()
    assert (step.actor, step.detail["command_line_of"]) == (account.username, user)
    page = signed_in("county").get(f"/cases/{case_of().case_no}/", secure=True).content.decode()
    assert f"由命令行导入，系统用户：{user}" in page


@pytest.mark.parametrize("division", ["99", "5299", "52x", ""])
def test_the_command_line_makes_no_account_for_a_division_there_is_not(database: str, division: str) -> None:
    with pytest.raises(typer.BadParameter, match="division"):
        run_add_account("new", "新来", "administrator", division, database)
    assert not Account.objects.exists()


def signed_in(username: str, password: str = PASSWORD) -> Client:
    client = Client(headers={"host": "localhost"})
    answer = client.post("/sign-in/", {"username": username, "password": password}, secure=True)
    assert answer.status_code == 302
    return client


def first_password_of(how: str, database: str, capsys: pytest.CaptureFixture[str]) -> str:
    """The password of *new*, as whoever gave it was told it."""
    keeper = person("administrator")
    if how == "command line":
        run_add_account("new", "新来", "county", "520102", database)
        found = re.search(r"is (\S+)$", capsys.readouterr().out.strip())
        assert found
        return found.group(1)
    if how == "reset":
        person("county", username="new")
        return new_password(keeper, "new")
    return make_account(keeper, username="new", full_name="新来", role="county", division="520102")


@pytest.mark.parametrize("how", ["site", "command line", "reset"])
def test_a_password_somebody_else_knows_is_changed_before_anything_else(
    how: str, database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    publish_night(FIRST, table(flag("H1")), SUMMARY)
    given = first_password_of(how, database, capsys)
    client = signed_in("new", given)
    case = f"/cases/{case_of().case_no}/"
    for path in ("/", case, "/export/", "/outcomes/"):
        assert client.get(path, secure=True)["Location"].startswith("/password/"), path
    decided = {"version": "1", "outcome": "legitimate", "note": "属实"}
    assert client.post(f"{case}act/decide/", decided, secure=True)["Location"] == "/password/"
    assert case_of().state == "opened"
    wanted = client.get(case, secure=True)["Location"]
    assert "请先设置您自己的密码" in client.get(wanted, secure=True).content.decode()
    same = {"old": given, "new": given, "next": case}
    assert client.post("/password/", same, secure=True).status_code == 400
    changed = client.post("/password/", same | {"new": "another long one"}, secure=True)
    assert changed["Location"] == case
    assert client.get(case, secure=True).status_code == 200


@pytest.mark.usefixtures("database")
def test_the_offices_single_sign_on_uses_no_password_that_could_be_known() -> None:
    account = person("county", must_change_password=True)
    client = Client(headers={"host": "localhost"})
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/", secure=True).status_code == 302
    session = client.session
    session["_auth_user_backend"] = "review.accounts.single_sign_on.SingleSignOn"
    session.save()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.contrib.auth.settings.AUTHENTICATION_BACKENDS", [session["_auth_user_backend"]])
        # Only who the session belongs to is asked of it here, and that any backend knows.
        patch.setattr("review.accounts.single_sign_on.SingleSignOn", ModelBackend)
        assert client.get("/", secure=True).status_code == 200


@pytest.mark.usefixtures("database")
def test_an_account_that_was_locked_and_opened_again_signs_in_anew() -> None:
    keeper, account = person("administrator"), person("county")
    client = signed_in("county")
    for active in (False, True):
        change_account(keeper, account.username, is_active=active)
    assert client.get("/", secure=True)["Location"].startswith("/sign-in/")
    assert signed_in("county").get("/", secure=True).status_code == 200


def test_an_account_of_an_earlier_release_that_does_not_fit_is_locked_and_the_log_says_so(tmp_path: Path) -> None:
    configure(f"sqlite:///{tmp_path / 'earlier.sqlite3'}")
    call_command("migrate", "review", "0018_night_made_of", verbosity=0, skip_checks=True)
    call_command("migrate", "accounts", "0002_user_names", verbosity=0, skip_checks=True)
    rows = [("both", "province", "520102"), ("whole", "province", "52"), ("desk", "auditor", "520102001")]
    with connection.cursor() as cursor:
        for username, role, division in rows:
            cursor.execute(
                "INSERT INTO accounts_account (password, username, full_name, role, division, is_active, created_at) "
                "VALUES ('', %s, 'x', %s, %s, 1, '2020-10-29')",
                [username, role, division],
            )
    migrate()
    assert list(Account.objects.filter(is_active=True).values_list("username", flat=True)) == ["whole"]
    told = AuditEntry.objects.filter(action="account.changed").order_by("number")
    assert [line.detail["account"] for line in told] == ["both", "desk"]
