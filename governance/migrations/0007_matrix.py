"""The counts of duty sheets as columns; the sheets that are there already give theirs."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

FILL = """
INSERT INTO governance_standing (id, organisation_id, model_id, framework_key, failing, overdue, missing, accepted_gap,
    open, not_ready, due_soon, waived, on_file, supported, ready)
SELECT gen_random_uuid(), sheet.organisation_id, sheet.model_id, framework.key,
    coalesce(t.failing, 0), coalesce(t.overdue, 0), coalesce(t.missing, 0), coalesce(t.accepted_gap, 0),
    coalesce(t.open, 0), coalesce(t.not_ready, 0), coalesce(t.due_soon, 0), coalesce(t.waived, 0),
    coalesce(t.on_file, 0), coalesce(t.supported, 0), coalesce(t.ready, 0)
FROM governance_dutysheet AS sheet, jsonb_each(sheet.counts) AS framework,
    jsonb_to_record(framework.value) AS t (failing integer, overdue integer, missing integer, accepted_gap integer,
        open integer, not_ready integer, due_soon integer, waived integer, on_file integer, supported integer,
        ready integer)
"""


class Migration(migrations.Migration):
    dependencies = [("governance", "0006_grading")]

    operations = [
        migrations.CreateModel(
            name="Standing",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("framework_key", models.CharField(max_length=40)),
                ("failing", models.PositiveIntegerField(default=0)),
                ("overdue", models.PositiveIntegerField(default=0)),
                ("missing", models.PositiveIntegerField(default=0)),
                ("accepted_gap", models.PositiveIntegerField(default=0)),
                ("open", models.PositiveIntegerField(default=0)),
                ("not_ready", models.PositiveIntegerField(default=0)),
                ("due_soon", models.PositiveIntegerField(default=0)),
                ("waived", models.PositiveIntegerField(default=0)),
                ("on_file", models.PositiveIntegerField(default=0)),
                ("supported", models.PositiveIntegerField(default=0)),
                ("ready", models.PositiveIntegerField(default=0)),
                (
                    "model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="standings",
                        to="governance.aimodel",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "model", "framework_key"),
                        name="model_stands_once_under_a_framework",
                    )
                ]
            },
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
