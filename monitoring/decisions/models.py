"""One decision explained by the number of its case: what a person is told who asks why."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.inventory.models import AIModel, ModelVersion
from monitoring.data.models import Window
from monitoring.errands.models import UNDERWAY, Errand


class Explained(Errand):
    """The contributions to one decision, computed by a worker in the sandbox.

    It tells of a person, so the ledger copies none of it, and it is blanked when the rows of its data period are erased.
    """

    withheld = ("case", "found")
    bell = "monitoring.decisions.tasks.work"

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    window = models.ForeignKey(Window, on_delete=models.PROTECT, related_name="+")
    case = models.CharField(_("number of the case"), max_length=120)
    found = models.JSONField(default=dict)
    """As `engines.one_decision` gives it, or {"refused": rule, "params": {…}}; empty until a worker has answered."""
    blanked_at = models.DateTimeField(null=True)
    """Since when case and found are empty."""

    class Meta(Errand.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "version", "window", "case"],
                condition=Q(status__in=UNDERWAY),
                name="a_decision_is_explained_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(blanked_at=None) ^ Q(case=""), name="an_explained_decision_has_a_case"
            ),
        ]
