"""How often an earlier holder of a run was refused by the fence."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0010_timing")]

    operations = [
        migrations.AddField(
            model_name="runlease", name="late", field=models.PositiveIntegerField(db_default=0, default=0)
        ),
    ]
