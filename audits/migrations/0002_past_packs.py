"""A pack may be asked for as of a past day."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audits", "0001_rooms")]

    operations = [
        migrations.AddField(model_name="pack", name="past_day", field=models.DateField(null=True)),
    ]
