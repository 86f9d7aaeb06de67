"""The database itself holds an account's division to its role's level."""

from django.db import migrations, models

import review.accounts.models  # noqa: F401 - the lookup of a text's length

DIGITS = (
    ("township", (9,)),
    ("county", (6,)),
    ("city", (4,)),
    ("province", (2,)),
    ("auditor", (2, 4, 6)),
    ("engineer", (2, 4, 6)),
    ("administrator", (2, 4, 6)),
)
FITS = models.Q(is_active=False)
for _role, _lengths in DIGITS:
    FITS |= models.Q(role=_role, division__length__in=_lengths)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_misfits_locked")]

    operations = [
        migrations.AddConstraint("account", models.CheckConstraint(condition=FITS, name="role_fits_division"))
    ]
