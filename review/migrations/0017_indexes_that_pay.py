"""Indexes that nothing reads cost every night: a case's open grounds are with the case, and codes are never searched by LIKE."""

import django.db.models.deletion
from django.db import migrations, models

# Django gives every text key of PostgreSQL a second index for LIKE.
FOR_LIKE = """
    SELECT indexname FROM pg_indexes
    WHERE indexname LIKE 'review\\_flag\\_flag\\_id\\_%\\_like' OR indexname LIKE 'review\\_case\\_case\\_no\\_%\\_like'
"""


def drop_for_like(_apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(FOR_LIKE)
            names = [name for (name,) in cursor.fetchall()]
        for name in names:
            schema_editor.execute(f'DROP INDEX "{name}"', params=None)


def to(model, name, on_delete):
    return models.ForeignKey(db_index=False, on_delete=on_delete, related_name=name, to=f"review.{model}")


class Migration(migrations.Migration):
    dependencies = [("review", "0016_tally")]

    operations = [
        migrations.RemoveIndex("flag", "flag_open_of_rule"),
        migrations.RemoveIndex("flag", "flag_open_of_case"),
        # The unique constraints of these begin with the same column.
        migrations.AlterField("evidence", "flag", to("flag", "evidence", django.db.models.deletion.CASCADE)),
        migrations.AlterField("member", "case", to("case", "members", django.db.models.deletion.CASCADE)),
        migrations.AlterField("casestep", "case", to("case", "steps", django.db.models.deletion.PROTECT)),
        migrations.AlterField("flagevent", "flag", to("flag", "events", django.db.models.deletion.CASCADE)),
        migrations.AlterField("case", "division", models.CharField(max_length=12)),
        migrations.AddIndex(
            "case", models.Index(fields=["division"], opclasses=["varchar_pattern_ops"], name="case_division")
        ),
        migrations.AddIndex("flagevent", models.Index(fields=["flag"], name="event_of_flag")),
        migrations.RunPython(drop_for_like, migrations.RunPython.noop),
    ]
