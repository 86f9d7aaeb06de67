"""What the nights' quality was, and an audit log that can be searched by actor and case."""

from django.db import migrations, models
from django.db.models.fields.json import KT

from review.audit.log import TakenFromDetail
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
            TakenFromDetail(
                expression=KT("detail__case_no"),
                output_field=models.CharField(max_length=32, null=True),
                db_persist=True,
            ),
        ),
        migrations.RunPython(guard_again, migrations.RunPython.noop),
        migrations.AddIndex("auditentry", models.Index(fields=["actor", "number"], name="audit_actor")),
        migrations.AddIndex("auditentry", models.Index(fields=["case_no", "number"], name="audit_case")),
        migrations.AddIndex(
            "case", models.Index(fields=["last_changed_night", "-priority", "-case_no"], name="case_changed")
        ),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["division"],
                include=["assigned_to", "opened_night"],
                opclasses=["varchar_pattern_ops"],
                condition=~models.Q(state__in=("closed_by_county", "closed_by_province")),
                name="case_waits_for_county",
            ),
        ),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["division"],
                include=["assigned_to", "opened_night"],
                opclasses=["varchar_pattern_ops"],
                condition=models.Q(state="closed_by_county"),
                name="case_waits_for_province",
            ),
        ),
        migrations.AddIndex(
            "flag",
            models.Index(
                fields=["rule", "case"],
                include=["severity", "direction"],
                condition=models.Q(cleared_night__isnull=True),
                name="flag_open_of_rule",
            ),
        ),
        migrations.AddIndex(
            "flag",
            models.Index(
                fields=["case"],
                include=["rule", "severity", "direction"],
                condition=models.Q(cleared_night__isnull=True),
                name="flag_open_of_case",
            ),
        ),
    ]
