from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.inventory.models import AIModel
from governance.people.isolated import Isolated, IsolatedQuerySet


class RiskDegree(models.TextChoices):
    """Art. 17(1)."""

    MINIMAL = "minimal", _("minimal")
    MEDIUM = "medium", _("medium")
    HIGH = "high", _("high")


class AutonomyDegree(models.TextChoices):
    """Art. 17(2)."""

    LOW = "low", _("low")
    MEDIUM = "medium", _("medium")
    HIGH = "high", _("high")


class RiskAssessmentQuerySet(IsolatedQuerySet):
    def current(self) -> Self:
        return self.filter(superseded_at=None)


class Band(models.TextChoices):
    """How much depends on a model, and how intricate it is: ours, not the law's."""

    LOW = "low", _("low")
    MEDIUM = "medium", _("medium")
    HIGH = "high", _("high")


class RiskAssessment(Isolated):
    """A computed grade: both axes of the law and the internal tier, with the answers and reasons that gave it.

    It never changes but for being superseded (immutable.py). What counts today is a Grade (grades.py).
    """

    bears_on = "model_id"

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="assessments")
    edition = models.CharField(max_length=40)
    edition_sha256 = models.CharField(max_length=64, blank=True)
    """Of the file of the questionnaire."""
    rule = models.CharField(max_length=12, blank=True)
    """Version of the rule that computed it (rules.RULE)."""
    answers = models.JSONField()
    risk_degree = models.CharField(_("degree of risk"), max_length=8, choices=RiskDegree)
    autonomy_degree = models.CharField(_("degree of autonomy"), max_length=8, choices=AutonomyDegree)
    materiality = models.CharField(_("materiality"), max_length=8, choices=Band, blank=True)
    complexity = models.CharField(_("complexity"), max_length=8, choices=Band, blank=True)
    """Both are empty in a grade by the edition kz-2026, whose tier does not rest on them."""
    tier = models.PositiveSmallIntegerField(_("tier"))
    special_law = models.TextField(_("special law"), blank=True)
    """Under which autonomy may be high."""
    reasons = models.JSONField(default=list)
    assessed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assessed_at = models.DateTimeField(default=timezone.now, editable=False)
    superseded_at = models.DateTimeField(null=True, editable=False)

    objects = RiskAssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["-assessed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "model"],
                condition=Q(superseded_at=None),
                name="one_assessment_of_a_model_is_current",
            ),
            models.CheckConstraint(condition=Q(tier__gte=1, tier__lte=4), name="tier_is_one_to_four"),
        ]

    @property
    def eu_class(self) -> str:
        """Class under EU law, for information: none, transparency or high."""
        return next((reason["value"] for reason in self.reasons if reason["axis"] == "eu"), "none")
