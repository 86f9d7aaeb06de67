"""What each publication counts by division, behind its wall."""

from django.db import migrations, models

from review.walls.row_security import WHOLE, wall


def build(_apps, schema_editor):
    """An account sees the counts of its own division and of those below."""
    wall(schema_editor, "review_tally", WHOLE, grants="SELECT")


class Migration(migrations.Migration):
    dependencies = [("review", "0015_weigh_known_cases")]

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("division", models.CharField(max_length=12)),
                ("what", models.CharField(max_length=16)),
                ("key", models.CharField(max_length=200)),
                ("count", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddConstraint(
            model_name="tally",
            constraint=models.UniqueConstraint(fields=("division", "what", "key"), name="counted_once"),
        ),
        migrations.RunPython(build, migrations.RunPython.noop),
    ]
