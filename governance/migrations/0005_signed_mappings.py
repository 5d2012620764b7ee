import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0004_owed"),
    ]

    operations = [
        migrations.AddField(
            model_name="conclusion",
            name="edition",
            field=models.CharField(default="", max_length=20),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="conclusion",
            name="verdict",
            field=models.CharField(
                choices=[
                    ("met", "met"),
                    ("partly", "partly met"),
                    ("not_met", "not met"),
                    ("not_applicable", "not applicable"),
                ],
                max_length=16,
            ),
        ),
        migrations.CreateModel(
            name="MappingSignature",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("obligation_key", models.CharField(max_length=100)),
                ("framework_key", models.CharField(max_length=40)),
                ("edition", models.CharField(max_length=20)),
                ("mapping_digest", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=200, verbose_name="name of the lawyer")),
                ("position", models.CharField(max_length=200, verbose_name="position of the lawyer")),
                ("signed_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("revoked_at", models.DateTimeField(editable=False, null=True)),
                ("revoked_reason", models.TextField(blank=True, editable=False)),
                (
                    "organisation",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="governance.organisation",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["framework_key", "obligation_key", "-signed_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at", None)),
                        fields=("organisation", "obligation_key", "mapping_digest"),
                        name="a_mapping_is_signed_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True), models.Q(("position", ""), _negated=True)
                        ),
                        name="mapping_signature_names_person_and_position",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("revoked_at", None),
                            models.Q(("revoked_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="revoked_mapping_signature_says_why",
                    ),
                ],
            },
        ),
    ]
