"""The site's own login to PostgreSQL, a member of hedui_site and nothing else: it does for a reviewer's day."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client

from pipelines.commands.serve_site import TablesNotReadyError, run
from review.configure import configure, migrations_to_apply
from review.models import AuditEntry, Case
from review.publishing import publish_night
from tests.review.made_nights import FIRST, SUMMARY, empty_tables, flag, table
from tests.review.people import PASSWORD, person

pytestmark = pytest.mark.slow
LOGIN = "hedui_reviewers"


@pytest.fixture
def own_login(postgresql_address: str) -> Iterator[str]:
    """The address of a review with one case, as the site's own login has it."""
    configure(postgresql_address)
    empty_tables()
    publish_night(FIRST, table(flag("H1")), SUMMARY)
    person("county")
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {LOGIN} LOGIN NOBYPASSRLS IN ROLE hedui_site")
    owner = urlsplit(postgresql_address)
    yield owner._replace(netloc=f"{LOGIN}:@{owner.netloc.rpartition('@')[2]}").geturl()
    configure(postgresql_address)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP ROLE {LOGIN}")


def test_a_reviewer_signs_in_and_reads_a_case(own_login: str, postgresql_address: str) -> None:
    case_no = Case.objects.get().case_no
    configure(own_login)
    assert migrations_to_apply() == []
    client = Client(headers={"host": "localhost"})
    client.post("/sign-in/", {"username": "county", "password": PASSWORD}, secure=True)
    assert client.get(f"/cases/{case_no}/", secure=True).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM review_case")
        assert cursor.fetchone() == (0,), "past the site's own reading, the login sees nobody"
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)
    configure(postgresql_address)
    last = AuditEntry.objects.order_by("number").last()
    assert last is not None
    assert (last.actor, last.action) == ("county", "sign_in.done"), "it may add to the log, which it cannot read"


def test_it_makes_no_tables_and_says_when_they_are_missing(
    own_login: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HEDUI_SECRET_KEY", "k" * 50)
    monkeypatch.delenv("HEDUI_DATABASE_URL", raising=False)
    monkeypatch.setenv("HEDUI_SITE_DATABASE_URL", own_login)
    monkeypatch.setattr("pipelines.commands.serve_site.migrations_to_apply", lambda: ["review.9999_next"])
    with pytest.raises(TablesNotReadyError, match="run hedui migrate first"):
        run(tmp_path, "127.0.0.1:0", 1)
