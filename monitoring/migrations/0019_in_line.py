"""The look through a new data period, and fetches, stand in line with runs and have the leases of errands."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0018_counted_file")]

    operations = [
        migrations.RenameField(model_name="arrival", old_name="held_until", new_name="expires_at"),
        migrations.RenameField(model_name="fetch", old_name="held_until", new_name="expires_at"),
        migrations.AddIndex(
            model_name="run",
            index=models.Index(
                models.F("organisation"), condition=models.Q(status__in=["due", "running"]), name="run_unfinished"
            ),
        ),
    ]
