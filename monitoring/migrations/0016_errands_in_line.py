"""Errands of every kind say how far they are; what stands beside a result: how far apart a model's file was run, and by
which version of the check a run was computed again."""

from django.db import migrations, models

PROGRESS = models.PositiveSmallIntegerField(default=0)
PHASE = models.CharField(blank=True, max_length=40)


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0015_dataset_versions")]

    operations = [
        migrations.AddField(model_name="evidentlyreport", name="progress", field=PROGRESS),
        migrations.AddField(model_name="evidentlyreport", name="phase", field=PHASE),
        migrations.AddField(model_name="explained", name="progress", field=PROGRESS),
        migrations.AddField(model_name="explained", name="phase", field=PHASE),
        migrations.AddField(model_name="result", name="isolation", field=models.JSONField(null=True)),
        migrations.AddField(
            model_name="recomputation",
            name="check_version",
            field=models.CharField(blank=True, max_length=12),
        ),
    ]
