"""Which database, in what state; and the two languages."""

import gettext
import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages import extract, pofile
from django.core import checks
from django.core.management import call_command
from django.db import connection

import review
from review.configure import configure, migrate
from review.database import DatabaseAddressError, database_settings
from review.models import Night
from review.publishing import publish_night
from tests.review.made_nights import FIRST, SUMMARY, table

HERE = Path(review.__file__).parent
CATALOGUE = HERE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
# {% translate "message" context "context" %}
IN_A_BLOCK = re.compile(r"{% blocktranslate[^%]*%}(.*?){% endblocktranslate %}", re.S)
IN_A_PAGE = re.compile(r'{%\s*translate\s+"([^"]*)"(?:\s+context\s+"([^"]*)")?')
KEYWORDS = extract.DEFAULT_KEYWORDS | {"gettext_lazy": None, "pgettext_lazy": ((1, "c"), 2)}


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("postgresql://u%40x:p%2Fw@db:5433/name", {"USER": "u@x", "PASSWORD": "p/w", "HOST": "db", "PORT": "5433"}),
        ("postgres://u@/name?host=/run/socket", {"USER": "u", "PASSWORD": "", "HOST": "/run/socket", "PORT": ""}),
        ("postgresql://db/name?sslmode=require", {"HOST": "db", "NAME": "name", "OPTIONS": {"sslmode": "require"}}),
    ],
)
def test_a_postgresql_address(address: str, expected: dict[str, object]) -> None:
    found = database_settings(address)
    assert found["ENGINE"] == "django.db.backends.postgresql"
    assert {key: found[key] for key in expected} == expected


def test_a_sqlite_address_makes_its_folder(tmp_path: Path) -> None:
    found = database_settings(f"sqlite:///{tmp_path}/new/review.sqlite3")
    assert found["NAME"] == str(tmp_path / "new" / "review.sqlite3")
    assert (tmp_path / "new").is_dir()


@pytest.mark.parametrize(
    "address", ["", "review.sqlite3", "mysql://u:secret@db/name", "sqlite:///", "postgresql://u:secret@db"]
)
def test_any_other_address_is_refused_without_showing_a_password(address: str) -> None:
    with pytest.raises(DatabaseAddressError) as refused:
        database_settings(address)
    assert "secret" not in str(refused.value)


@pytest.mark.slow
def test_one_process_can_serve_two_databases_in_turn(tmp_path: Path) -> None:
    addresses = [f"sqlite:///{tmp_path}/{name}.sqlite3" for name in "ab"]
    for address in addresses:
        configure(address)
        migrate()
    publish_night(FIRST, table(), SUMMARY)
    configure(addresses[0])
    assert Night.objects.count() == 0
    configure(addresses[1])
    assert Night.objects.count() == 1


def test_sqlite_lets_readers_read_while_a_night_is_written(tmp_path: Path) -> None:
    configure(f"sqlite:///{tmp_path}/review.sqlite3")
    with connection.cursor() as cursor:
        assert cursor.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == (60_000,)


@pytest.mark.usefixtures("database")
def test_the_models_are_sound_and_no_migration_is_missing() -> None:
    assert [message for message in checks.run_checks() if not message.is_silenced()] == []
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_importing_the_package_imports_no_django() -> None:
    code = "import review, review.configure, sys; sys.exit('django' in sys.modules or 'pyarrow' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=HERE.parent)


def test_every_message_has_chinese_words() -> None:
    with CATALOGUE.open("rb") as file:
        catalogue = pofile.read_po(file)
    wanted = {
        (message, context)
        for _file, _line, message, _comments, context in extract.extract_from_dir(str(HERE), keywords=KEYWORDS)
    }
    for page in HERE.rglob("*.html"):
        words = page.read_text(encoding="utf-8")
        # Django looks a translated % up as %%, and {{ name }} as %(name)s.
        wanted |= {(message.replace("%", "%%"), context or None) for message, context in IN_A_PAGE.findall(words)}
        wanted |= {
            (re.sub(r"{{ (\w+) }}", r"%(\1)s", message.replace("%", "%%")), None)
            for message in IN_A_BLOCK.findall(words)
        }
    written = {(message.id, message.context) for message in catalogue if message.id}
    assert wanted == written
    assert [message.id for message in catalogue if not message.string] == []


def test_the_compiled_catalogue_is_up_to_date() -> None:
    with CATALOGUE.open("rb") as text, CATALOGUE.with_suffix(".mo").open("rb") as compiled:
        written, read = pofile.read_po(text), gettext.GNUTranslations(compiled)
    for each in written:
        if isinstance(each.id, str) and each.id:
            found = read.pgettext(each.context, each.id) if each.context else read.gettext(each.id)
            assert found == each.string, "run: pybabel compile -d review/locale -D django"
