"""Duties become a view over answers that are kept once; what was computed so far is kept in the new form."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

VIEW = """
CREATE VIEW governance_duty WITH (security_invoker = true) AS
SELECT md5(standing.model_id::text || answer.obligation_id::text)::uuid AS id, standing.organisation_id,
    standing.model_id, standing.framework_key, answer.obligation_id, answer.status,
    coalesce(standing.concluded ->> answer.obligation_id::text, '') AS concluded, answer.groups, answer.reasons,
    answer.evidence_ids, answer.evidence_digest, answer.due_on
FROM governance_standing AS standing
    CROSS JOIN LATERAL unnest(standing.answers) AS held (id)
    JOIN governance_keptanswer AS answer
        ON answer.id = held.id AND answer.organisation_id = standing.organisation_id
"""

# The past names its answers as well. The rows that change are on record in the ledger by their digest, which stays.
KEEP = """
CREATE TEMPORARY TABLE moved ON COMMIT DROP AS
SELECT change.id, change.organisation_id, each.place, (each.what ->> 'obligation')::uuid AS obligation_id,
    each.what ->> 'was' AS was, each.what ->> 'because' AS because, nullif(each.what -> 'now', 'null') AS now,
    md5(change.organisation_id::text || (each.what ->> 'obligation')
        || ((each.what -> 'now') - 'concluded')::text)::uuid AS answer
FROM governance_dutychange AS change, jsonb_array_elements(change.changes) WITH ORDINALITY AS each (what, place);

INSERT INTO governance_keptanswer (id, organisation_id, obligation_id, status, groups, reasons, evidence_ids,
    evidence_digest, due_on)
SELECT DISTINCT ON (answer) answer, organisation_id, obligation_id, now ->> 'status', now -> 'groups', now -> 'reasons',
    now -> 'evidence_ids', now ->> 'evidence_digest', (now ->> 'due_on')::date
FROM moved WHERE now IS NOT NULL;

UPDATE governance_dutychange AS change SET
    answers = coalesce(
        (SELECT array_agg(answer ORDER BY place) FROM moved WHERE moved.id = change.id AND now IS NOT NULL), '{}'),
    told = coalesce(
        (SELECT jsonb_object_agg(obligation_id, jsonb_build_object('was', was, 'because', because, 'concluded',
            coalesce(now ->> 'concluded', ''))) FROM moved WHERE moved.id = change.id
            AND (because <> 'first' OR coalesce(now ->> 'concluded', '') <> '')), '{}');

DELETE FROM governance_dutysheet;
DELETE FROM governance_standing;
SET CONSTRAINTS ALL IMMEDIATE;
"""

TRIGGERS = "ALTER TABLE governance_dutychange {} TRIGGER USER"


class Migration(migrations.Migration):
    dependencies = [("governance", "0008_filing")]

    operations = [
        migrations.DeleteModel(name="Duty"),
        migrations.CreateModel(
            name="KeptAnswer",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("status", models.CharField(max_length=20)),
                ("groups", models.JSONField(default=list)),
                ("reasons", models.JSONField(default=list)),
                ("evidence_ids", models.JSONField(default=list)),
                ("evidence_digest", models.CharField(blank=True, max_length=64)),
                ("due_on", models.DateField(null=True)),
                (
                    "obligation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.obligation",
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
            options={"abstract": False},
        ),
        migrations.AddField(
            model_name="standing",
            name="answers",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(), default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="standing", name="concluded", field=models.JSONField(default=dict)
        ),
        *(
            migrations.AddField(
                model_name="dutysheet",
                name=name,
                field=django.contrib.postgres.fields.ArrayField(
                    base_field=models.CharField(max_length=40), default=list, size=None
                ),
            )
            for name in ("flags_on", "flags_open")
        ),
        migrations.AddField(
            model_name="dutychange",
            name="answers",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(), default=list, size=None
            ),
        ),
        migrations.AddField(model_name="dutychange", name="told", field=models.JSONField(default=dict)),
        migrations.RunSQL(TRIGGERS.format("DISABLE")),
        migrations.RunSQL(KEEP),
        migrations.RunSQL(TRIGGERS.format("ENABLE")),
        migrations.RemoveField(model_name="dutychange", name="changes"),
        migrations.CreateModel(
            name="Duty",
            fields=[],
            options={
                "managed": False,
                "db_table": "governance_duty",
                "ordering": ["obligation__framework", "obligation__position"],
            },
        ),
        migrations.RunSQL(VIEW),
    ]
