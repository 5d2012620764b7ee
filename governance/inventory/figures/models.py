"""Key figures of a model: what is measured, within which limits, who answers for it, and every value it ever had."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.inventory.models import AIModel
from governance.people.isolated import Isolated, IsolatedQuerySet


class KpiQuerySet(IsolatedQuerySet):
    def current(self) -> Self:
        return self.filter(ended_at=None)

    def fed(self) -> Self:
        """Those whose values come from a check."""
        return self.exclude(metric="")


class Kpi(Isolated):
    """One key figure with its limits. Other limits are another row: a value is judged by those it was measured under."""

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="kpis")
    name = models.CharField(_("name"), max_length=120)
    unit = models.CharField(_("unit"), max_length=24, blank=True)
    lower = models.FloatField(_("not below"), null=True, blank=True)
    upper = models.FloatField(_("not above"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("responsible")
    )
    check_key = models.CharField(max_length=40, blank=True)
    metric = models.CharField(max_length=60, blank=True)
    subject = models.CharField(max_length=200, blank=True)
    """The check above that measures it: plain words, because monitoring stands above; empty where a person enters it."""
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    objects = KpiQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "model", "name"],
                condition=Q(ended_at=None),
                name="one_key_figure_of_a_name_is_current",
            ),
            models.CheckConstraint(
                condition=Q(lower__isnull=False) | Q(upper__isnull=False), name="key_figure_has_a_limit"
            ),
            models.CheckConstraint(
                condition=Q(lower=None) | Q(upper=None) | Q(lower__lte=F("upper")),
                name="lower_limit_is_not_above_the_upper",
            ),
            models.CheckConstraint(
                condition=Q(check_key="", metric="") | (~Q(check_key="") & ~Q(metric="")),
                name="key_figure_of_a_check_names_check_and_metric",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_entered(self) -> bool:
        return not self.metric

    def holds(self, value: float) -> bool:
        """Whether a value keeps the limits."""
        return (self.lower is None or value >= self.lower) and (self.upper is None or value <= self.upper)

    def state(self, value: KpiValue | None) -> str:
        """A key of the status component. What was never measured is never green."""
        if value is None:
            return "not_measured"
        return "within_limit" if self.holds(value.value) else "beyond_limit"


class KpiValue(Isolated):
    """One value: entered by a person, or taken over from a check with the digest of its result."""

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="+")
    kpi = models.ForeignKey(Kpi, on_delete=models.PROTECT, related_name="values")
    value = models.FloatField(_("value"))
    measured_at = models.DateTimeField(_("measured"))
    n = models.BigIntegerField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    """SHA-256 of the result of the check; empty for a value that a person entered."""
    entered_by: models.ForeignKey[Any, Any] = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    note = models.CharField(_("where it comes from"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-measured_at", "-recorded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kpi", "digest"],
                condition=~Q(digest=""),
                name="a_result_gives_a_key_figure_once",
            ),
            models.CheckConstraint(
                condition=Q(digest="", entered_by__isnull=False) | (~Q(digest="") & Q(entered_by=None)),
                name="a_value_comes_from_a_person_or_from_a_check",
            ),
        ]
