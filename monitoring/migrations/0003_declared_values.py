"""What values the columns of a dataset may have, and the population that it should represent."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0002_windows_of_counts")]

    operations = [
        migrations.AddField(
            model_name="dataset",
            name="allowed",
            field=models.JSONField(blank=True, default=dict, verbose_name="allowed values"),
        ),
        migrations.AddField(
            model_name="dataset",
            name="population",
            field=models.JSONField(blank=True, default=dict, verbose_name="population that it should represent"),
        ),
    ]
