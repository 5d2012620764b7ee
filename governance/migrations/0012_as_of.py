"""How standings changed; the standings that are there already begin their past with their last computation."""

import django.db.models.deletion
import uuid
from django.db import migrations, models

FILL = """
INSERT INTO governance_standingchange (id, organisation_id, model_id, framework_key, at, is_on, failing, overdue, missing,
    accepted_gap, open, not_ready, due_soon, waived, on_file, supported, ready)
SELECT gen_random_uuid(), standing.organisation_id, standing.model_id, standing.framework_key, sheet.computed_at, true,
    standing.failing, standing.overdue, standing.missing, standing.accepted_gap, standing.open, standing.not_ready,
    standing.due_soon, standing.waived, standing.on_file, standing.supported, standing.ready
FROM governance_standing AS standing JOIN governance_dutysheet AS sheet ON sheet.model_id = standing.model_id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('governance', '0011_fields'),
    ]

    operations = [
        migrations.CreateModel(
            name='StandingChange',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('framework_key', models.CharField(max_length=40)),
                ('at', models.DateTimeField()),
                ('is_on', models.BooleanField(default=True)),
                ('failing', models.PositiveIntegerField(default=0)),
                ('overdue', models.PositiveIntegerField(default=0)),
                ('missing', models.PositiveIntegerField(default=0)),
                ('accepted_gap', models.PositiveIntegerField(default=0)),
                ('open', models.PositiveIntegerField(default=0)),
                ('not_ready', models.PositiveIntegerField(default=0)),
                ('due_soon', models.PositiveIntegerField(default=0)),
                ('waived', models.PositiveIntegerField(default=0)),
                ('on_file', models.PositiveIntegerField(default=0)),
                ('supported', models.PositiveIntegerField(default=0)),
                ('ready', models.PositiveIntegerField(default=0)),
                ('model', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='standing_changes', to='governance.aimodel')),
                ('organisation', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='governance.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['model', 'framework_key', '-at'], name='standing_changes_by_time')],
            },
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
