"""Evidently's own report of a data period, made when somebody asks for it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from governance.inventory.models import AIModel
from monitoring.data.models import Window
from monitoring.errands.models import UNDERWAY, Errand


class EvidentlyReport(Errand):
    """The page that Evidently makes of a data period against a reference, as a file of the store. It is no evidence of ours.

    Its charts hide no small number, so the file goes when the rows of either period are erased; the digest stays.
    """

    bell = "monitoring.evidently_reports.tasks.work"

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="+")
    window = models.ForeignKey(Window, on_delete=models.PROTECT, related_name="evidently_reports")
    reference = models.ForeignKey(Window, on_delete=models.PROTECT, related_name="+")
    limits = models.JSONField()
    """Those of the plan of drift when it was asked for."""
    told = models.JSONField(default=dict)
    """As `engines.evidently_html` gives it, without the page, or {"refused": rule, "params": {…}}; empty until then."""
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    removed_at = models.DateTimeField(null=True)

    class Meta(Errand.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "window", "reference"],
                condition=Q(status__in=UNDERWAY),
                name="evidently_reports_of_a_window_once_at_a_time",
            ),
        ]

    @property
    def is_there(self) -> bool:
        """Whether there is a file to hand out."""
        return bool(self.sha256) and self.removed_at is None
