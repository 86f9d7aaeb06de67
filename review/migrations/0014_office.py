"""What the nights' quality was, and an audit log that can be searched by actor and case."""

from django.db import migrations, models
from django.db.models.fields.json import KT

from review.walls.row_security import run_file


def guard_again(_apps, schema_editor):
    """SQLite adds a stored column by making the table anew, and the guards of the old one go with it."""
    if schema_editor.connection.vendor == "sqlite":
        run_file(schema_editor, "audit")


class Migration(migrations.Migration):
    dependencies = [("review", "0013_review_pages")]

    operations = [
        migrations.AddField("night", "quality", models.JSONField(default=dict)),
        migrations.AddField(
            "auditentry",
            "case_no",
            models.GeneratedField(
                expression=KT("detail__case_no"),
                output_field=models.CharField(max_length=32, null=True),
                db_persist=True,
            ),
        ),
        migrations.RunPython(guard_again, migrations.RunPython.noop),
        migrations.AddIndex("auditentry", models.Index(fields=["actor", "number"], name="audit_actor")),
        migrations.AddIndex("auditentry", models.Index(fields=["case_no", "number"], name="audit_case")),
    ]
