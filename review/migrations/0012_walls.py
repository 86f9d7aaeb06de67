"""Row-level security under the site's role, and an audit log that only grows."""

from django.db import migrations

from review.walls.row_security import build


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0011_case_life"),
        ("accounts", "0001_initial"),
        ("axes", "0010_accessattemptexpiration"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("sessions", "0001_initial"),
    ]

    operations = [migrations.RunPython(build, migrations.RunPython.noop)]
