"""A database that an earlier release filled is brought up to date, and shows what a new one would."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from review.configure import configure, migrate
from review.models import Case
from tests.review.made_nights import FIRST, SECOND

BEFORE_WEIGHING = ("review", "0012_walls")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def earlier_release(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    """A database of its own, as it was before a case kept its priority."""
    if request.param == "sqlite":
        configure(f"sqlite:///{tmp_path / 'earlier.sqlite3'}")
    else:
        address = request.getfixturevalue("postgresql_address")
        configure(address)
        with connection.cursor() as cursor:
            cursor.execute("CREATE DATABASE earlier")
        configure(address.replace("/postgres?", "/earlier?"))
    call_command("migrate", *BEFORE_WEIGHING, verbosity=0, skip_checks=True)
    yield
    configure("sqlite:///:memory:")


def case_of_earlier_release(household: str, *flags: dict[str, Any]) -> None:
    apps = MigrationExecutor(connection).loader.project_state([BEFORE_WEIGHING]).apps
    case = apps.get_model("review", "Case").objects.create(
        case_no=f"2020-520102-{household}",
        scheme="dibao",
        household_id=household,
        division="520102001001",
        opened_night=FIRST,
        last_changed_night=FIRST,
    )
    for number, said in enumerate(flags):
        apps.get_model("review", "Flag").objects.create(
            **(
                {
                    "flag_id": f"{household}-{number}",
                    "case": case,
                    "rule": "vehicle_owned",
                    "direction": "doubt",
                    "severity": 2,
                    "confidence": 1,
                    "first_night": FIRST,
                }
                | said
            )
        )


@pytest.mark.usefixtures("earlier_release")
def test_cases_of_an_earlier_release_get_their_priority_and_open_grounds() -> None:
    gone = {"last_night": FIRST, "cleared_night": SECOND}
    case_of_earlier_release("H1", {"severity": 3, "amount": 500}, {"rule": "business_operated"}, {"amount": 100})
    case_of_earlier_release("H2", gone | {"rule": "property_purchased", "severity": 3}, {"confidence": "0.50"})
    case_of_earlier_release("H3", gone)
    migrate()
    assert list(Case.objects.order_by("household_id").values_list("household_id", "priority", "open_grounds")) == [
        ("H1", 450, " business_operated:doubt:2 vehicle_owned:doubt:2 vehicle_owned:doubt:3 "),
        ("H2", 100, " vehicle_owned:doubt:2 "),
        ("H3", 0, ""),
    ]
