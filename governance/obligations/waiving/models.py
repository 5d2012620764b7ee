from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.inventory.models import AIModel
from governance.obligations.models import Evidence
from governance.people.isolated import Isolated, IsolatedQuerySet


class Excuse(models.TextChoices):
    """Nobody can waive a norm of law: its gap is accepted for a time, with a plan, and stays a gap."""

    ACCEPTED_GAP = "accepted_gap", _("accepted gap")
    WAIVED = "waived", _("waiver")


class WaiverQuerySet(IsolatedQuerySet):
    def standing(self, on: date) -> Self:
        """Those whose days have come and not passed, and whose control has not been revoked or run out."""
        holds = Q(control__revoked_at=None) & (Q(control__valid_until=None) | Q(control__valid_until__gte=on))
        return self.filter(Q(control=None) | holds, ended_at=None, starts_on__lte=on, ends_on__gte=on)

    def to_look_at(self, on: date) -> Self:
        """Standing ones whose review has come, and nobody was told."""
        return self.standing(on).filter(review_on__lte=on, reminded_at=None)


class Waiver(Isolated):
    """The second line accepts for a time that evidence is not there: for law an accepted gap, else a waiver.

    plan: what closes the gap, or the control that stands in for it. control: evidence that this control works; a waiver
    holds no longer than it does. It lapses by itself.
    """

    bears_on = "model_id"

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="waivers")
    obligation_key = models.CharField(max_length=100)
    kind = models.CharField(max_length=16, choices=Excuse)
    reason = models.TextField(_("reason"))
    plan = models.TextField(_("plan, or control that stands in for it"))
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("responsible")
    )
    control = models.ForeignKey(Evidence, on_delete=models.PROTECT, related_name="+", null=True)
    starts_on = models.DateField()
    review_on = models.DateField(_("looked at again on"), null=True)
    ends_on = models.DateField(_("until"))
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(default=timezone.now)
    reminded_at = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True)
    ended_reason = models.TextField(blank=True)

    objects = WaiverQuerySet.as_manager()

    @property
    def holds_until(self) -> date:
        """Its last day, if nobody ends it: a waiver holds no longer than the evidence of its control."""
        control = self.control.valid_until if self.control else None
        return min(self.ends_on, control) if control else self.ends_on

    class Meta:
        ordering = ["-granted_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "model", "obligation_key"],
                condition=Q(ended_at=None),
                name="one_waiver_of_a_requirement_is_open",
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(plan=""), name="waiver_gives_a_reason_and_a_plan"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="waiver_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~Q(kind=Excuse.WAIVED) | Q(control__isnull=False, review_on__isnull=False),
                name="waiver_names_its_control_and_its_review",
            ),
            models.CheckConstraint(
                condition=Q(review_on=None) | Q(review_on__gte=F("starts_on"), review_on__lte=F("ends_on")),
                name="waiver_is_reviewed_while_it_lasts",
            ),
        ]
