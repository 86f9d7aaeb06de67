"""Priority and open grounds of the cases that were there before 0013 added them: the nights weigh only what they touch."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


def weigh(_apps, schema_editor):
    """In one statement; cases that a night has weighed since are weighed the same again, and not written."""
    statement = SQL / f"weigh_known_cases.{schema_editor.connection.vendor}.sql"
    schema_editor.execute(statement.read_text(encoding="utf-8"), params=None)


class Migration(migrations.Migration):
    dependencies = [("review", "0014_office")]

    operations = [migrations.RunPython(weigh, migrations.RunPython.noop)]
