"""What the law asks of a model, what answers it, and what the second line concludes."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from governance.inventory.models import AIModel, ModelVersion
from governance.obligations.verdicts import Verdict
from governance.people.isolated import Isolated, IsolatedQuerySet


class Shared(models.Model):
    """A row of the catalogue: the same for everybody, written by the loader alone."""

    shared: ClassVar[bool] = True
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class Framework(Shared):
    """One edition of one framework: a law, a standard, a recommendation."""

    key = models.CharField(max_length=40)
    edition = models.CharField(max_length=20)
    title_kk = models.CharField(max_length=300)
    title_ru = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    jurisdiction = models.CharField(max_length=80, blank=True)
    binding = models.BooleanField()
    default_on = models.BooleanField()
    sha256 = models.CharField(max_length=64)
    head = models.JSONField(default=dict)
    """Every key of the edition except its requirements: dates, notes, `default_on_when`."""
    loaded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["key", "edition"]
        constraints = [
            models.UniqueConstraint(fields=["key", "edition"], name="framework_edition_is_loaded_once")
        ]

    @property
    def title(self) -> str:
        return str(getattr(self, f"title_{(get_language() or 'en')[:2]}", self.title_en))


class Obligation(Shared):
    """One requirement of one edition, as data: when it binds, what answers it, where that is written."""

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="obligations")
    key = models.CharField(max_length=100)
    position = models.PositiveIntegerField()
    ref = models.CharField(max_length=200)
    title_kk = models.CharField(max_length=300)
    title_ru = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    norm = models.CharField(max_length=16)
    level = models.CharField(max_length=16, default="model")
    facts = models.JSONField()
    """The whole entry as it stands in the catalogue: text, when, answered_by, periodicity, source, confidence."""

    class Meta:
        ordering = ["framework", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["framework", "key"], name="obligation_key_is_unique_in_its_framework"
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return str(getattr(self, f"title_{(get_language() or 'en')[:2]}", self.title_en))


class Adoption(Isolated):
    """An organisation follows a framework that is not on by itself."""

    framework_key = models.CharField(max_length=40)
    adopted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    adopted_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "framework_key"],
                condition=Q(ended_at=None),
                name="framework_is_adopted_once",
            )
        ]


class EvidenceVerdict(models.TextChoices):
    ON_FILE = "on_file", _("on file")
    PASSED = "passed", _("passed")
    UNCERTAIN = "uncertain", _("uncertain")
    AMBER = "amber", _("amber")
    FAILED = "failed", _("failed")
    INSUFFICIENT = "insufficient_data", _("too few rows")
    NOT_APPLICABLE = "not_applicable", _("not applicable")
    NOT_RUN = "not_run", _("not run")


class EvidenceQuerySet(IsolatedQuerySet):
    def standing(self) -> Self:
        return self.filter(revoked_at=None)


class Evidence(Isolated):
    """One fact that helps to answer requirements. What it rests on is named by digest, never by foreign key."""

    bears_on = "model_id"

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="evidence", null=True)
    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+", null=True)
    kind = models.CharField(max_length=80)
    verdict = models.CharField(max_length=20, choices=EvidenceVerdict, default=EvidenceVerdict.ON_FILE)
    source = models.CharField(max_length=60)
    source_id = models.UUIDField()
    digest = models.CharField(max_length=64)
    taken_at = models.DateTimeField()
    valid_until = models.DateField(null=True)
    summary = models.JSONField(default=dict)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["-taken_at"]
        indexes = [models.Index(fields=["organisation", "model", "kind"], name="evidence_of_model_by_kind")]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "source", "source_id"],
                name="evidence_of_a_source_is_recorded_once",
            )
        ]


class Occurrence(Isolated):
    """An event that requirements speak of has happened to a model: a flag that nobody is asked about is true since.

    `source` and `source_id` say what it rests on in a room above, as with evidence.
    """

    bears_on = "model_id"

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="occurrences")
    flag = models.CharField(max_length=40)
    source = models.CharField(max_length=60)
    source_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "flag", "source", "source_id"], name="an_event_occurs_once"
            )
        ]


class Conclusion(Isolated):
    """What a named person of the second line concludes on one requirement, over the evidence of that moment."""

    bears_on = "model_id"

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="conclusions")
    obligation_key = models.CharField(max_length=100)
    verdict = models.CharField(max_length=16, choices=Verdict)
    reason = models.TextField()
    evidence_digest = models.CharField(max_length=64)
    edition = models.CharField(max_length=20)
    """The edition of the framework that it was drawn by."""
    concluded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    concluded_at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "model", "obligation_key"],
                condition=Q(superseded_at=None),
                name="one_conclusion_on_a_requirement_is_current",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="conclusion_gives_a_reason"),
        ]


class DutySheet(Isolated):
    """How far the duties of a model are computed: behind, or up to this revision and until this moment."""

    recorded = False

    model = models.OneToOneField(AIModel, on_delete=models.CASCADE, related_name="sheet")
    computed_at_revision = models.BigIntegerField()
    computed_at = models.DateTimeField()
    stale_after = models.DateField(null=True)
    """The last day on which the sheet still holds if nothing but time passes."""
    basis = models.CharField(max_length=64, blank=True)
    """SHA-256 of what lies outside the model's revision: editions in force, adoptions, flags of the organisation."""
    flags_on = ArrayField(models.CharField(max_length=40), default=list)
    """Flags of the model that hold, so that those of its organisation follow without reading every model."""
    flags_open = ArrayField(models.CharField(max_length=40), default=list)
    """Flags that nobody has answered."""
    editions = models.JSONField(default=dict)
    """Key of a framework → its edition."""
    counts = models.JSONField(default=dict)
    """Key of a framework → evidence status → number of requirements."""
    failing = models.JSONField(default=dict)
    """Id of each version that is not withdrawn → what fails or is overdue: [{key, status, framework, norm, excused}]."""


class KeptAnswer(Isolated):
    """What was computed for one requirement, kept once for every model of the organisation of which the same is said.

    The id follows from the content, and a row never changes: Standings name the answers that hold, DutyChanges those
    that held from some moment on.
    """

    recorded = False

    obligation = models.ForeignKey(Obligation, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=20)
    groups = models.JSONField(default=list)
    reasons = models.JSONField(default=list)
    evidence_ids = models.JSONField(default=list)
    evidence_digest = models.CharField(max_length=64, blank=True)
    due_on = models.DateField(null=True)


class Duty(Isolated):
    """One requirement that applies to one model, with its evidence status as computed last: a view, only ever read.

    It puts the Standings of a model and their KeptAnswers together, with the rights of whoever asks: their walls hold.
    """

    recorded = False

    model = models.ForeignKey(AIModel, on_delete=models.DO_NOTHING, related_name="duties")
    obligation = models.ForeignKey(Obligation, on_delete=models.DO_NOTHING, related_name="+")
    framework_key = models.CharField(max_length=40)
    status = models.CharField(max_length=20)
    concluded = models.CharField(max_length=16, blank=True)
    groups = models.JSONField(default=list)
    reasons = models.JSONField(default=list)
    evidence_ids = models.JSONField(default=list)
    evidence_digest = models.CharField(max_length=64, blank=True)
    due_on = models.DateField(null=True)

    class Meta:
        managed = False
        db_table = "governance_duty"
        ordering = ["obligation__framework", "obligation__position"]
