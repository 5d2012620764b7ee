"""Figures that a participant has computed by itself. Kept apart from what the register measures, and evidence of nothing."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.inventory.models import AIModel, ModelVersion
from governance.people.isolated import IsolatedQuerySet, Record
from monitoring.data.models import Window


class DeclaredQuerySet(IsolatedQuerySet):
    def standing(self) -> Self:
        """The latest word on each figure, of data periods and versions that still stand."""
        return self.filter(superseded_at=None, window__withdrawn_at=None, version__withdrawn_at=None)


class Declared(Record):
    """One figure that a participant says a check of its own gave for a version over a data period."""

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    window = models.ForeignKey(Window, on_delete=models.PROTECT, related_name="declared")
    check_key = models.CharField(_("check"), max_length=40)
    metric = models.CharField(_("figure"), max_length=60)
    subject = models.CharField(_("of what"), max_length=200, blank=True)
    value = models.FloatField(_("value"))
    n = models.BigIntegerField(_("rows"))
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True)

    objects = DeclaredQuerySet.as_manager()

    class Meta:
        ordering = ["check_key", "metric", "subject"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "version", "window", "check_key", "metric", "subject"],
                condition=Q(superseded_at=None),
                name="one_declaration_of_a_figure_stands",
            ),
            models.CheckConstraint(condition=Q(n__gt=0), name="a_declared_figure_rests_on_rows"),
        ]
