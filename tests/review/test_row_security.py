"""PostgreSQL's own wall, asked past every manager: the site's role sees its account's rows and writes little."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from review.accounts.models import ACTORS, DIGITS, READERS, Role
from review.case_life.acting import act
from review.configure import configure
from review.models import Case
from review.publishing import publish_night
from review.walls.scope import as_account
from tests.review.made_nights import FIRST, SUMMARY, empty_tables, flag, table
from tests.review.people import person, stranger

pytestmark = pytest.mark.slow
HERE, THERE = "520102001001", "520302001001"
TABLES = ("review_case", "review_flag", "review_evidence", "review_decision", "review_casestep")


@pytest.fixture(autouse=True)
def two_households(postgresql_address: str) -> None:
    configure(postgresql_address)
    empty_tables()
    publish_night(FIRST, table(flag("H1"), flag("H2", division=THERE)), SUMMARY)
    for case in Case.objects.order_by("pk"):
        county = person("county", case.division[:6], username=f"county-{case.pk}")
        act(county, case.case_no, "decide", {"outcome": "legitimate", "note": "属实"}, case.version)


def raw(sql: str) -> int:
    """The one number a query gives, or how many rows a statement changed."""
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0]) if cursor.description else int(cursor.rowcount)


def refused(sql: str) -> bool:
    try:
        with transaction.atomic():
            raw(sql)
    except DatabaseError as error:
        return "permission denied" in str(error) or "row-level security" in str(error)
    return False


def test_the_role_neither_owns_nor_bypasses() -> None:
    assert raw("SELECT count(*) FROM pg_roles WHERE rolname = 'hedui_site' AND NOT rolsuper AND NOT rolbypassrls") == 1
    assert raw("SELECT count(*) FROM pg_tables WHERE tableowner = 'hedui_site'") == 0


def test_every_table_that_speaks_of_a_household_has_its_wall() -> None:
    walled = {model._meta.db_table for model in apps.get_models() if hasattr(model, "DIVISION_PATH")}
    assert set(TABLES) <= walled
    for name in (*walled, "review_auditentry"):
        assert raw(f"SELECT count(*) FROM pg_class WHERE relname = '{name}' AND relrowsecurity AND relforcerowsecurity")


@pytest.mark.parametrize("role", list(Role))
def test_without_any_manager_each_role_sees_its_division_only(role: Role) -> None:
    here = person(role, HERE[: DIGITS[role][-1]])
    for account in (here, stranger(role)):
        expected = (account.covers(HERE) + account.covers(THERE)) * (role in READERS)
        with as_account(account):
            assert [raw(f"SELECT count(*) FROM {name}") for name in TABLES] == [expected] * len(TABLES)
            other = "520102" if account != here else "53" if role is Role.PROVINCE else "520302"
            assert raw(f"SELECT count(*) FROM review_case WHERE division LIKE '{other}%'") == 0


def test_the_role_without_an_account_sees_nothing() -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE hedui_site")
        assert [raw(f"SELECT count(*) FROM {name}") for name in (*TABLES, "review_auditentry")] == [0] * 6


def test_nothing_of_one_account_is_left_for_the_next() -> None:
    with as_account(person("province")):
        assert raw("SELECT count(*) FROM review_case") == 2
    with as_account(stranger("county")):
        assert raw("SELECT count(*) FROM review_case") == 1
    assert raw("SELECT (current_user = session_user)::int") == 1
    assert raw("SELECT length(coalesce(current_setting('hedui.division', true), ''))") == 0


@pytest.mark.parametrize("role", list(Role))
def test_no_role_writes_what_only_nights_and_the_chain_write(role: Role) -> None:
    with as_account(person(role)):
        for sql in (
            "UPDATE review_flag SET severity = 1",
            "DELETE FROM review_case",
            "UPDATE review_case SET division = '52'",
            "UPDATE review_case SET head_name = ''",
            "DELETE FROM review_decision",
            "UPDATE review_decision SET outcome = 'legitimate'",
            "DELETE FROM review_evidence",
            "UPDATE review_night SET counts = '{}'",
            "DELETE FROM review_auditentry",
            "UPDATE review_auditentry SET actor = 'nobody'",
            "TRUNCATE review_auditentry",
            "ALTER TABLE review_auditentry DISABLE TRIGGER USER",
            "ALTER TABLE review_case DISABLE ROW LEVEL SECURITY",
            "SELECT count(*) FROM pg_authid",
        ):
            assert refused(sql) or _not_owner(sql), sql


def _not_owner(sql: str) -> bool:
    try:
        with transaction.atomic():
            raw(sql)
    except DatabaseError as error:
        return "must be owner" in str(error)
    return False


@pytest.mark.parametrize("role", list(Role))
def test_only_roles_that_act_change_a_case_and_only_in_their_division(role: Role) -> None:
    here = person(role, HERE[: DIGITS[role][-1]])
    with as_account(here):
        changed = raw("UPDATE review_case SET version = version WHERE division LIKE '520102%'")
        assert changed == (1 if role in ACTORS else 0)
    with as_account(stranger(role)):
        assert raw("UPDATE review_case SET version = version WHERE division LIKE '520102%'") == 0


def test_services_work_under_the_role() -> None:
    county = person("county")
    case = Case.objects.get(household_id="H1")
    with as_account(county):
        assert act(county, case.case_no, "close_county", {}, case.version).state == "closed_by_county"
    assert Case.objects.get(pk=case.pk).state == "closed_by_county"
