"""The list of deliveries, and what engineers ask of the next night."""

from django.db import migrations, models

from review.walls.row_security import run_file

ASKED = [
    ("withdraw", "take back"),
    ("restore", "restore"),
    ("reprocess", "read again"),
    ("reprocess_type", "read all of this type again"),
]
STATES = [("waiting", "waits for the next night"), ("done", "done"), ("failed", "not done")]


def build(_apps, schema_editor):
    """Who may read and add at the site."""
    run_file(schema_editor, "deliveries")


class Migration(migrations.Migration):
    dependencies = [("review", "0019_scheme_by_catalogue")]

    operations = [
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("delivery_id", models.CharField(max_length=120, primary_key=True, serialize=False)),
                ("type_name", models.CharField(max_length=64)),
                ("reading", models.PositiveIntegerField()),
                ("state", models.CharField(max_length=16)),
                ("in_use", models.BooleanField()),
                ("day", models.DateField()),
                ("received", models.DateField()),
                ("file", models.CharField(max_length=300)),
                ("rows", models.BigIntegerField()),
                ("set_apart", models.BigIntegerField()),
                ("noted", models.BigIntegerField()),
                ("why_zh", models.TextField(blank=True)),
                ("why_en", models.TextField(blank=True)),
            ],
            options={"indexes": [models.Index(fields=["type_name", "day"], name="delivery_of_type")]},
        ),
        migrations.CreateModel(
            name="DeliveryRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked", models.CharField(choices=ASKED, max_length=16)),
                ("type_name", models.CharField(max_length=64)),
                ("delivery_id", models.CharField(blank=True, max_length=120)),
                ("reason", models.CharField(max_length=300)),
                ("requested_by", models.CharField(max_length=150)),
                ("requested_at", models.DateTimeField()),
                ("state", models.CharField(choices=STATES, default="waiting", max_length=16)),
                ("carried_out_at", models.DateTimeField(null=True)),
                ("outcome_zh", models.TextField(blank=True)),
                ("outcome_en", models.TextField(blank=True)),
            ],
        ),
        migrations.AddConstraint(
            model_name="deliveryrequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "waiting")),
                fields=("type_name", "delivery_id"),
                name="one_waiting_request",
            ),
        ),
        migrations.RunPython(build, migrations.RunPython.noop),
    ]
