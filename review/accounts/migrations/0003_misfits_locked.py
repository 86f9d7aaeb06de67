"""Temporary passwords, sessions that can be ended, and the accounts whose division is not of their role's level.

Such an account is locked, with a line in the audit log, for nobody can say which of the two was meant; an administrator
gives it the right division, or role, and opens it again.
"""

from typing import Any

import django.core.validators
from django.db import migrations, models

DIGITS = {"township": (9,), "county": (6,), "city": (4,), "province": (2,)}
OFFICES = (2, 4, 6)


def lock_misfits(apps: Any, _schema_editor: Any) -> None:
    """Lock every account that could sign in and does not fit."""
    from review.audit import chain

    lines = []
    for account in apps.get_model("accounts", "Account").objects.filter(is_active=True).order_by("pk"):
        if len(account.division) in DIGITS.get(account.role, OFFICES):
            continue
        account.is_active = False
        account.save(update_fields=["is_active"])
        detail = {"account": account.username, "changed": ["is_active"], "why": "the division does not fit the role"}
        lines.append(chain.Line("hedui", "account.changed", detail, account.division))
    chain.append(*lines)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_user_names"), ("review", "0018_night_made_of")]

    operations = [
        migrations.AddField("account", "must_change_password", models.BooleanField(default=False)),
        migrations.AddField("account", "sessions_ended", models.PositiveIntegerField(default=0)),
        migrations.AlterField(
            "account",
            "division",
            models.CharField(
                max_length=12,
                validators=[django.core.validators.RegexValidator("^[0-9]+\\Z")],
                verbose_name="division",
            ),
        ),
        migrations.RunPython(lock_misfits, migrations.RunPython.noop),
    ]
