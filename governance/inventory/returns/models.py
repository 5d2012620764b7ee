"""A participant that uses no AI says so: the return is a submission of its own, with a number and a name under it."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.people.isolated import Isolated, IsolatedQuerySet


class NilReturnQuerySet(IsolatedQuerySet):
    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)


class NilReturn(Isolated):
    """ "No AI was in use", for a period that has ended, declared by a named person. Withdrawn, never removed."""

    number = models.CharField(_("number"), max_length=12, editable=False)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    position = models.CharField(_("position of the person who declares it"), max_length=200)
    remark = models.TextField(_("remark"), blank=True)
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField(default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_reason = models.TextField(blank=True, editable=False)

    objects = NilReturnQuerySet.as_manager()

    class Meta:
        ordering = ["-ends_on", "-filed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "number"], name="return_number_is_unique_in_its_organisation"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="return_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=~Q(position=""), name="return_names_the_position_of_its_signer"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""), name="withdrawn_return_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def acknowledgement(self) -> str:
        """The number that confirms the filing: the return's and the day."""
        return f"{self.number}/{timezone.localdate(self.filed_at):%Y%m%d}"
