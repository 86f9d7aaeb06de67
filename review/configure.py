"""Start Django on one database, and bring its tables up to date. Django itself is imported only when asked to start."""

import os
from pathlib import Path

from review.database import database_settings, sqlite_address

ADDRESS_VARIABLE = "HEDUI_DATABASE_URL"


def address_for(lake: Path) -> str:
    """The review database that goes with a lake: the one HEDUI_DATABASE_URL names, or a SQLite file in the lake."""
    return os.environ.get(ADDRESS_VARIABLE) or sqlite_address(lake / "review.sqlite3")


def configure(database_url: str | None = None) -> None:
    """Make ``database_url`` the review's database; without it, the one HEDUI_DATABASE_URL names.

    Django is set up once a process. A later call with another address moves the calling thread to that database,
    closing its connection to the first: for tests, and for commands that serve two databases in turn.
    Raises DatabaseAddressError when neither names a database.
    """
    if database_url is not None:
        os.environ[ADDRESS_VARIABLE] = database_url
    os.environ["DJANGO_SETTINGS_MODULE"] = "review.settings"

    import django
    from django.apps import apps
    from django.db import connections

    entry = connections.configure_settings({"default": database_settings(os.environ.get(ADDRESS_VARIABLE, ""))})
    if not apps.ready:
        django.setup()
    if all(connections.settings["default"].get(key) == entry["default"][key] for key in entry["default"]):
        return
    connections["default"].close()
    del connections["default"]
    connections.settings["default"] = entry["default"]


def migrations_to_apply() -> list[str]:
    """The migrations of this version that the database has not had. Needs ``configure`` first."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return [str(step) for step, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def migrate() -> None:
    """Create the tables, or bring them to the newest migration, quietly. Needs ``configure`` first."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
