"""What the pages show beside the flags: the household, the rules' own words, saved views, priority."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from review.walls.row_security import build_for_pages


class Migration(migrations.Migration):
    dependencies = [
        ("review", "0012_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Member",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("member_id", models.CharField(max_length=64)),
                ("facts", models.JSONField(default=dict)),
                ("facts_hash", models.CharField(max_length=32)),
            ],
        ),
        migrations.CreateModel(
            name="RuleText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rule", models.CharField(max_length=64)),
                ("version", models.CharField(max_length=64)),
                ("direction", models.CharField(max_length=16)),
                ("title", models.JSONField()),
                ("legal_basis", models.JSONField()),
                ("check_on_visit", models.JSONField()),
                ("can_be_wrong", models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40)),
                ("words", models.JSONField(default=dict)),
            ],
        ),
        migrations.AddField(
            model_name="case",
            name="priority",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="case",
            name="open_grounds",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["-priority", "-case_no"], name="case_work_list"),
        ),
        migrations.AddField(
            model_name="member",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="members", to="review.case"
            ),
        ),
        migrations.AddConstraint(
            model_name="ruletext",
            constraint=models.UniqueConstraint(fields=("rule", "version"), name="one_text_a_version"),
        ),
        migrations.AddField(
            model_name="savedview",
            name="account",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.UniqueConstraint(fields=("case", "member_id"), name="one_line_a_member"),
        ),
        migrations.AddConstraint(
            model_name="savedview",
            constraint=models.UniqueConstraint(fields=("account", "name"), name="one_view_a_name"),
        ),
        migrations.RunPython(build_for_pages, migrations.RunPython.noop),
    ]
