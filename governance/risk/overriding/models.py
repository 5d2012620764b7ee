"""An override: the second line sets one axis of a grade by hand, for a time and with a reason."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.inventory.models import AIModel
from governance.people.isolated import Isolated, IsolatedQuerySet
from governance.risk.models import AutonomyDegree, RiskAssessment, RiskDegree
from governance.risk.overriding.words import beside, words_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class OverrideAxis(models.TextChoices):
    RISK = "risk", _("Degree of risk")
    AUTONOMY = "autonomy", _("Degree of autonomy")
    TIER = "tier", _("Internal tier")


VALUES: dict[str, list[str]] = {
    OverrideAxis.RISK: RiskDegree.values,
    OverrideAxis.AUTONOMY: AutonomyDegree.values,
    OverrideAxis.TIER: ["1", "2", "3", "4"],
}


class OverrideQuerySet(IsolatedQuerySet):
    def running(self) -> Self:
        """Neither reverted nor noted as lapsed, beside a grade that nobody has replaced."""
        return self.filter(reverted_at=None, lapsed_at=None, assessment__superseded_at=None)

    def standing(self, on: date) -> Self:
        return self.running().filter(ends_on__gte=on)


class Override(Isolated):
    """One axis of one computed grade, set by hand. It ends with its day, when it is reverted, or with a new grade."""

    bears_on = "model_id"

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="overrides")
    assessment = models.ForeignKey(RiskAssessment, on_delete=models.PROTECT, related_name="overrides")
    axis = models.CharField(_("axis"), max_length=8, choices=OverrideAxis)
    value = models.CharField(_("value"), max_length=8)
    computed = models.CharField(max_length=8)
    """The value that it stands in for."""
    reason = models.TextField(_("reason"))
    ends_on = models.DateField(_("until"))
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now, editable=False)
    reverted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, editable=False
    )
    reverted_at = models.DateTimeField(null=True, editable=False)
    reverted_reason = models.TextField(blank=True, editable=False)
    lapsed_at = models.DateTimeField(null=True, editable=False)

    objects = OverrideQuerySet.as_manager()

    class Meta:
        ordering = ["-set_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "assessment", "axis"],
                condition=Q(reverted_at=None, lapsed_at=None),
                name="one_override_of_an_axis_runs",
            ),
            models.CheckConstraint(
                condition=Q(axis="risk", value__in=RiskDegree.values)
                | Q(axis="autonomy", value__in=AutonomyDegree.values)
                | Q(axis="tier", value__in=["1", "2", "3", "4"]),
                name="override_sets_a_value_of_its_axis",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="override_gives_a_reason"),
            models.CheckConstraint(
                condition=Q(reverted_at=None) | ~Q(reverted_reason=""),
                name="override_is_reverted_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_axis_display()}: {self.computed} → {self.value}"

    @property
    def words(self) -> StrOrPromise:
        return words_of(self.axis, self.value)

    @property
    def computed_words(self) -> StrOrPromise:
        return words_of(self.axis, self.computed)

    @property
    def in_full(self) -> str:
        return beside(self.words, self.computed_words)

    @property
    def is_replaced(self) -> bool:
        """Somebody graded the model again."""
        return self.assessment.superseded_at is not None

    @property
    def stands(self) -> bool:
        over = self.reverted_at or self.lapsed_at or self.is_replaced
        return not over and self.ends_on >= timezone.localdate()
