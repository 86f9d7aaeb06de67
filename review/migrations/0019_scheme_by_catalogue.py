"""Which schemes there are, the catalogue says: no column changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("review", "0018_night_made_of")]

    operations = [
        migrations.AlterField(model_name="case", name="scheme", field=models.CharField(max_length=32)),
    ]
