"""What the organisation hands in once for all of its models: papers in revisions, and trainings."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.inventory.reviewed import Review, Reviewed, ReviewedQuerySet, constraints_of, person
from governance.people.isolated import Isolated, IsolatedQuerySet


class HousePaper(Isolated):
    """A paper of the organisation, by the title of its newest revision."""

    title = models.CharField(_("title"), max_length=200)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["title", "created_at"]

    def __str__(self) -> str:
        return self.title


class HouseRevisionQuerySet(ReviewedQuerySet):
    def standing(self, on: date) -> Self:
        """Of every paper the newest revision that was accepted, was not withdrawn, and whose day has come."""
        return (
            self.counted().filter(effective_on__lte=on).order_by("paper_id", "-number").distinct("paper_id")
        )


class HouseRevision(Reviewed):
    """One revision of a paper: a stored file that never changes. It counts once a second person has accepted it."""

    paper = models.ForeignKey(HousePaper, on_delete=models.PROTECT, related_name="revisions")
    signed_by = person()
    signed_at = models.DateTimeField(null=True, editable=False)
    """When a member of the committee approved what the paper says."""

    objects = HouseRevisionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "paper", "number"],
                name="house_revision_number_is_unique_in_its_paper",
            ),
            models.CheckConstraint(
                condition=Q(signed_by=None)
                | (Q(review=Review.ACCEPTED, signed_at__isnull=False) & ~Q(signed_by=F("uploaded_by"))),
                name="house_revision_is_signed_once_accepted_and_by_another_person",
            ),
            *constraints_of("house_revision"),
        ]

    def __str__(self) -> str:
        return self.title


class TrainingQuerySet(IsolatedQuerySet):
    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)


class Training(Isolated):
    """People of the organisation were trained. Their names stand here and not in the ledger."""

    withheld = ("people",)

    topic = models.CharField(_("what was taught"), max_length=200)
    trainer = models.CharField(_("who taught it"), max_length=200, blank=True)
    people = models.JSONField(_("who was trained"), default=list)
    held_on = models.DateField(_("held on"))
    valid_until = models.DateField(_("valid until"), null=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = person()
    withdrawn_reason = models.TextField(blank=True, editable=False)

    objects = TrainingQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-recorded_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(topic=""), name="training_says_what_was_taught"),
            models.CheckConstraint(condition=~Q(people=[]), name="training_names_the_people_trained"),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("held_on")),
                name="training_is_valid_from_its_day_on",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""),
                name="training_is_withdrawn_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.topic
