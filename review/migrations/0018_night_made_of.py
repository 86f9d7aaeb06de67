"""A night that is published again as it stands is known by what it was made of."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("review", "0017_indexes_that_pay")]

    operations = [migrations.AddField("night", "made_of", models.CharField(max_length=64, default=""))]
