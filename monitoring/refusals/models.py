"""Files that were refused, with every broken row, for whoever has to mend them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.inventory.models import AIModel
from governance.people.isolated import Record
from monitoring.data.models import Dataset


class RefusedFile(Record):
    """One file that became no data period, or no outcomes of one; nothing of it is kept but what is wrong with it.

    faults: as `monitoring.data.faults.Fault`, the first thousand; they repeat up to forty characters of a value (of protected
    rows nothing), so that the ledger does not copy them and they are forgotten after a month. counts: of each kind, all of
    them. is_whole: whether the file was looked at to its end.
    """

    withheld = ("faults",)

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="+")
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="refused")
    file_name = models.CharField(_("file"), max_length=200)
    digest = models.CharField(max_length=64)
    faults = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    is_whole = models.BooleanField(default=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=timezone.now, editable=False)
    forgotten_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-sent_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(forgotten_at=None) | Q(faults=[]), name="a_forgotten_refusal_names_no_rows"
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def total(self) -> int:
        return sum(self.counts.values())
