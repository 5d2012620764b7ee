"""Whether a reference counts: the first of a dataset at once, every later one when the second line has accepted it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Acceptance(models.TextChoices):
    FIRST = "first", _("the first of its data")
    WAITING = "waiting", _("waiting for the second line")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    NOT_ASKED = "not_asked", _("handed in before acceptances were asked for")


COUNTED = (Acceptance.FIRST, Acceptance.ACCEPTED, Acceptance.NOT_ASKED)
DECIDED = (Acceptance.ACCEPTED, Acceptance.DECLINED)


class Acceptable(models.Model):
    """Columns of a Window. acceptance: of a reference; "" of a current data period. The rest: of a decision, else empty."""

    acceptance = models.CharField(max_length=12, choices=Acceptance, blank=True, default="", editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, editable=False)
    decision_reason = models.TextField(
        _("why the second line accepted or declined it"), blank=True, editable=False
    )

    class Meta:
        abstract = True

    @property
    def is_decided(self) -> bool:
        return self.acceptance in DECIDED


CONSTRAINTS = [
    models.CheckConstraint(
        condition=(Q(part="reference") & ~Q(acceptance="")) | (~Q(part="reference") & Q(acceptance="")),
        name="a_reference_and_nothing_else_is_accepted",
    ),
    models.CheckConstraint(
        condition=(
            Q(acceptance__in=DECIDED, decided_by__isnull=False, decided_at__isnull=False)
            & ~Q(decision_reason="")
        )
        | (~Q(acceptance__in=DECIDED) & Q(decided_by=None, decided_at=None, decision_reason="")),
        name="who_decided_on_a_reference_says_why",
    ),
    models.CheckConstraint(
        condition=Q(decided_by=None) | ~Q(decided_by=F("uploaded_by")),
        name="a_reference_is_decided_on_by_a_second_person",
    ),
    models.UniqueConstraint(
        fields=["organisation", "dataset"],
        condition=Q(acceptance=Acceptance.FIRST),
        name="one_reference_of_a_dataset_is_the_first",
    ),
]
"""Of the table of windows."""
