"""What a flag rests on, and what could not be checked of a household."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("review", "0020_deliveries")]

    operations = [
        migrations.AddField("flag", "basis", models.TextField(blank=True, default="", db_default="")),
        migrations.AddField("case", "not_checkable", models.TextField(blank=True, default="", db_default="")),
    ]
