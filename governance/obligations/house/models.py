"""What the organisation hands in once for all of its models: papers in revisions, and trainings."""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.people.isolated import Isolated, IsolatedQuerySet


class Review(models.TextChoices):
    WAITING = "waiting", _("waits for review")
    ACCEPTED = "accepted", _("accepted")
    RETURNED = "returned", _("returned")


def person() -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, editable=False
    )


class HousePaper(Isolated):
    """A paper of the organisation, by the title of its newest revision."""

    title = models.CharField(_("title"), max_length=200)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["title", "created_at"]

    def __str__(self) -> str:
        return self.title


class HouseRevisionQuerySet(IsolatedQuerySet):
    def to_review(self) -> Self:
        return self.filter(review=Review.WAITING, withdrawn_at=None)

    def standing(self, on: date) -> Self:
        """Of every paper the newest revision that was accepted, was not withdrawn, and whose day has come."""
        counted = self.filter(review=Review.ACCEPTED, withdrawn_at=None, effective_on__lte=on)
        return counted.order_by("paper_id", "-number").distinct("paper_id")


class HouseRevision(Isolated):
    """One revision of a paper: a stored file that never changes. It counts once a second person has accepted it.

    effective_on: the day from which the paper applies, whenever it was handed in. valid_until: its last day; none = no end.
    """

    paper = models.ForeignKey(HousePaper, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    kinds = models.JSONField(default=list)
    file_name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, default="ru")
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    effective_on = models.DateField(_("applies from"))
    valid_until = models.DateField(_("valid until"), null=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)
    review = models.CharField(max_length=12, choices=Review, default=Review.WAITING)
    review_note = models.TextField(_("what the reviewer says"), blank=True)
    reviewed_by = person()
    reviewed_at = models.DateTimeField(null=True, editable=False)
    signed_by = person()
    signed_at = models.DateTimeField(null=True, editable=False)
    """When a member of the committee approved what the paper says."""
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = person()
    withdrawn_reason = models.TextField(blank=True, editable=False)

    objects = HouseRevisionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "paper", "number"],
                name="house_revision_number_is_unique_in_its_paper",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("effective_on")),
                name="house_revision_is_valid_from_its_day_on",
            ),
            models.CheckConstraint(
                condition=Q(review=Review.WAITING, reviewed_by=None)
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False),
                name="house_revision_names_its_reviewer",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("uploaded_by")),
                name="house_revision_is_reviewed_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=~Q(review=Review.RETURNED) | ~Q(review_note=""),
                name="house_revision_is_returned_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(signed_by=None)
                | (Q(review=Review.ACCEPTED, signed_at__isnull=False) & ~Q(signed_by=F("uploaded_by"))),
                name="house_revision_is_signed_once_accepted_and_by_another_person",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""),
                name="house_revision_is_withdrawn_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def awaits_review(self) -> bool:
        return self.review == Review.WAITING and self.withdrawn_at is None

    @property
    def is_accepted(self) -> bool:
        return self.review == Review.ACCEPTED and self.withdrawn_at is None


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
