"""Ready accounts for a demo, one a role; refused anywhere else."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction
from django.db.models import Count

from review.accounts.models import DIGITS, Account, Role
from review.models import Case

MARK = "THIS_IS_A_DEMO"
NAMES = {
    Role.TOWNSHIP: "乡镇经办（演示）",
    Role.COUNTY: "县级审核（演示）",
    Role.CITY: "市级督导（演示）",
    Role.PROVINCE: "省级核查（演示）",
    Role.AUDITOR: "审计（演示）",
    Role.ENGINEER: "数据工程（演示）",
    Role.ADMINISTRATOR: "账号管理（演示）",
}


class NotADemoError(RuntimeError):
    """Demo accounts were asked for on a database that is no demo's."""

    exit_code = 4


@dataclass(frozen=True)
class DemoAccount:
    """A way in, as the demo prints it."""

    username: str
    password: str
    role: Role
    division: str


def make_demo_accounts(folder: Path) -> list[DemoAccount]:
    """One account a role, in the township with most cases and the divisions above it, with passwords of their own.

    Their passwords stay: they are printed for whoever tries the demo, on that machine alone.
    Only on a SQLite database in ``folder`` itself, in which the demo has left its mark, and with no account yet.
    """
    database = Path(str(connection.settings_dict["NAME"]))
    in_folder = connection.vendor == "sqlite" and database.parent == folder.absolute()
    if not in_folder or not (folder / MARK).exists() or Account.objects.exists():
        raise NotADemoError(f"{folder} is no fresh demo: no demo accounts were made; run `hedui demo`")
    busiest = Case.objects.values("division").annotate(cases=Count("pk")).order_by("-cases", "division").first()
    village = busiest["division"] if busiest else "520102001001"
    made = []
    with transaction.atomic():
        for role in Role:
            division = village[: DIGITS[role][0]]
            password = secrets.token_urlsafe(9)
            Account.objects.create_user(role.value, password, full_name=NAMES[role], role=role.value, division=division)
            made.append(DemoAccount(role.value, password, role, division))
    return made
