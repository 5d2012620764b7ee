"""Outcomes that became known after their data period was handed in. The data period itself never changes."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.inventory.models import AIModel
from governance.people.isolated import IsolatedQuerySet, Record
from monitoring.data.models import Window


class LabelsQuerySet(IsolatedQuerySet):
    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)

    def newest(self) -> Self:
        """Of each data period the labels that count today."""
        return self.standing().order_by("window_id", "-number").distinct("window_id")


class Labels(Record):
    """All outcomes of a data period that were known after one delivery, in a file of their own that never changes.

    Each delivery is a row: its file holds what the deliveries before it brought and what is new. A wrong one is withdrawn with
    a reason and stays on file.
    """

    bears_on = "model_id"

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="+")
    window = models.ForeignKey(Window, on_delete=models.PROTECT, related_name="labels")
    number = models.PositiveIntegerField(editable=False)
    """Counts the deliveries of its data period, from 1."""
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    fresh = models.BigIntegerField()
    """Rows of the data period whose outcome this delivery made known."""
    labelled = models.BigIntegerField()
    """Rows of the data period whose outcome is known with it, those among them that came with the data period itself."""
    source_name = models.CharField(max_length=200)
    source_sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)
    """Since when the file is gone: erased with the rows of its data period."""
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    withdrawn_reason = models.TextField(_("reason for the withdrawal"), blank=True)

    objects = LabelsQuerySet.as_manager()

    class Meta:
        ordering = ["-uploaded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "window", "number"], name="labels_of_a_window_are_counted"
            ),
            models.CheckConstraint(condition=Q(fresh__gt=0), name="labels_make_an_outcome_known"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""), name="withdrawn_labels_say_why"
            ),
        ]

    @property
    def share(self) -> float:
        """Of the rows of the data period; `window` is at hand."""
        return float(self.labelled / self.window.rows)
