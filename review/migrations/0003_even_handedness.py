import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("review", "0002_flag_history")]

    operations = [
        migrations.CreateModel(
            name="EvenHandedness",
            fields=[
                (
                    "night",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="even_handedness",
                        serialize=False,
                        to="review.night",
                    ),
                ),
                ("report", models.JSONField()),
            ],
        ),
    ]
