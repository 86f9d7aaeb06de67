"""Number and seal the lines of the audit log, those already written among them."""

from django.db import migrations, models


def seal_what_is_there(apps, _schema_editor):
    from review.audit.chain import HEAD, Anchor, seal

    entries, head = apps.get_model("review", "AuditEntry").objects, apps.get_model("review", "AuditHead").objects
    newest = Anchor(0, "")
    for entry in entries.order_by("number"):
        was = entry.number
        entry.number = newest.number + 1
        entry.seal = seal(entry, newest.seal)
        # The new number is never above the old one: no two lines meet.
        entries.filter(number=was).update(number=entry.number, seal=entry.seal)
        newest = Anchor(entry.number, entry.seal)
    head.create(pk=HEAD, number=newest.number, seal=newest.seal)


class Migration(migrations.Migration):
    dependencies = [("review", "0003_even_handedness")]

    operations = [
        migrations.RenameField("auditentry", "id", "number"),
        migrations.AlterField(
            "auditentry", "number", models.PositiveBigIntegerField(primary_key=True, serialize=False)
        ),
        migrations.AddField("auditentry", "division", models.CharField(blank=True, default="", max_length=12)),
        migrations.AddField("auditentry", "seal", models.CharField(default="", max_length=64), preserve_default=False),
        migrations.AddIndex("auditentry", models.Index(fields=["action", "number"], name="audit_action")),
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveBigIntegerField(default=0)),
                ("seal", models.CharField(blank=True, default="", max_length=64)),
            ],
        ),
        migrations.RunPython(seal_what_is_there, migrations.RunPython.noop),
    ]
