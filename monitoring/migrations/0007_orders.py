"""Datasets that are logs, of orders or of decisions, and the roles of their columns."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("monitoring", "0006_intake")]

    operations = [
        migrations.AddField(
            model_name="dataset",
            name="kind",
            field=models.CharField(
                choices=[
                    ("rows", "cases that the model decides"),
                    ("orders", "order log of a trading model"),
                    ("decisions", "decision log of a model"),
                ],
                default="rows",
                max_length=12,
                verbose_name="kind of data",
            ),
        ),
        migrations.AddField(
            model_name="dataset",
            name="log_columns",
            field=models.JSONField(blank=True, default=dict, verbose_name="columns of the log"),
        ),
        migrations.AddField(
            model_name="dataset",
            name="log_values",
            field=models.JSONField(
                blank=True, default=dict, verbose_name="what the values of the log stand for"
            ),
        ),
        migrations.AddConstraint(
            model_name="dataset",
            constraint=models.CheckConstraint(
                condition=Q(kind="rows", log_columns={}, log_values={})
                | (~Q(kind="rows") & ~Q(log_columns={}) & ~Q(log_values={})),
                name="a_log_names_its_columns_and_values",
            ),
        ),
    ]
