"""Errands of every kind say how far they are; how far apart a file was run stands beside the result, not in it."""

from django.db import migrations, models

PROGRESS = models.PositiveSmallIntegerField(default=0)
PHASE = models.CharField(blank=True, max_length=40)


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0014_evidently_report")]

    operations = [
        migrations.AddField(model_name="evidentlyreport", name="progress", field=PROGRESS),
        migrations.AddField(model_name="evidentlyreport", name="phase", field=PHASE),
        migrations.AddField(model_name="explained", name="progress", field=PROGRESS),
        migrations.AddField(model_name="explained", name="phase", field=PHASE),
        migrations.AddField(model_name="result", name="isolation", field=models.JSONField(null=True)),
    ]
