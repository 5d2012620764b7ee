"""How a version of a dataset ends: replaced by a corrected one, or retired. What was measured by it stays as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.errors import OutOfOrder

if TYPE_CHECKING:
    from monitoring.data.models import Dataset


class Ended(models.Model):
    """Columns of a Dataset; all empty while it stands."""

    ended_at = models.DateTimeField(null=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    ended_reason = models.TextField(_("why the description ended"), blank=True, editable=False)

    class Meta:
        abstract = True


ENDED = [
    models.CheckConstraint(
        condition=Q(ended_at=None) | (Q(ended_by__isnull=False) & ~Q(ended_reason="")),
        name="an_ended_dataset_says_who_and_why",
    )
]
"""Of the table of datasets."""

REPLACED = _("Version %(version)s of this description has taken its place. Go on with that one.")
RETIRED = _("This dataset is retired: nothing is taken in or asked of it any more.")


def refuse_ended(dataset: Dataset) -> None:
    """dataset: as it stands now, not as somebody fetched it earlier. Raises OutOfOrder."""
    if dataset.ended_at is None:
        return
    successor = type(dataset)._default_manager.filter(replaces=dataset).first()
    raise OutOfOrder(REPLACED % {"version": successor.version} if successor else RETIRED)
