"""What a paper has that counts only once a second person has read it: the days between which it applies, and its review.

Papers of a model and papers of an organisation share this, so that one word means one thing in both.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.errors import OutOfOrder, Problem, RuleBroken
from governance.people.isolated import Isolated, IsolatedQuerySet

if TYPE_CHECKING:
    from governance.people.actor import Actor


class Review(models.TextChoices):
    WAITING = "waiting", _("waits for review")
    ACCEPTED = "accepted", _("accepted")
    RETURNED = "returned", _("returned")
    NOT_ASKED = "not_asked", _("handed in before reviews were asked for")


COUNTED = (Review.ACCEPTED, Review.NOT_ASKED)


def person() -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, editable=False
    )


class ReviewedQuerySet(IsolatedQuerySet):
    def to_review(self) -> Self:
        return self.filter(review=Review.WAITING, withdrawn_at=None)

    def counted(self) -> Self:
        """Those that count as soon as their day has come."""
        return self.filter(review__in=COUNTED, withdrawn_at=None)


class Reviewed(Isolated):
    """One revision of a paper: a stored file that never changes, with title and kinds as this revision gave them.

    effective_on: the day from which the paper applies, whenever it was handed in. valid_until: its last day;
    none = no end.
    """

    number = models.PositiveIntegerField()
    title = models.CharField(max_length=200)
    kinds = models.JSONField(default=list)
    file_name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, default="ru")
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    effective_on = models.DateField(_("applies from"), default=timezone.localdate)
    valid_until = models.DateField(_("valid until"), null=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)
    review = models.CharField(max_length=12, choices=Review, default=Review.WAITING)
    review_note = models.TextField(_("what the reviewer says"), blank=True)
    reviewed_by = person()
    reviewed_at = models.DateTimeField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = person()
    withdrawn_reason = models.TextField(blank=True, editable=False)

    class Meta:
        abstract = True

    def is_handed_in_again(
        self, sha256: str, kinds: Iterable[str], language: str, effective_on: date, valid_until: date | None
    ) -> bool:
        """The same file, said to be the same. What was returned or withdrawn may be handed in again."""
        if self.withdrawn_at is not None or self.review == Review.RETURNED:
            return False
        given = (sha256, sorted(set(kinds)), language, effective_on, valid_until)
        return given == (self.sha256, self.kinds, self.language, self.effective_on, self.valid_until)

    @property
    def awaits_review(self) -> bool:
        return self.review == Review.WAITING and self.withdrawn_at is None

    @property
    def is_accepted(self) -> bool:
        return self.review in COUNTED and self.withdrawn_at is None


def constraints_of(noun: str) -> list[models.CheckConstraint]:
    """The rules of every reviewed paper. noun: begins their names."""
    return [
        models.CheckConstraint(
            condition=Q(valid_until=None) | Q(valid_until__gte=F("effective_on")),
            name=f"{noun}_is_valid_from_its_day_on",
        ),
        models.CheckConstraint(
            condition=Q(review__in=[Review.WAITING, Review.NOT_ASKED], reviewed_by=None)
            | Q(reviewed_by__isnull=False, reviewed_at__isnull=False),
            name=f"{noun}_names_its_reviewer",
        ),
        models.CheckConstraint(
            condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("uploaded_by")),
            name=f"{noun}_is_reviewed_by_a_second_person",
        ),
        models.CheckConstraint(
            condition=~Q(review=Review.RETURNED) | ~Q(review_note=""),
            name=f"{noun}_is_returned_with_a_reason",
        ),
        models.CheckConstraint(
            condition=Q(withdrawn_at=None) | ~Q(withdrawn_reason=""),
            name=f"{noun}_is_withdrawn_with_a_reason",
        ),
    ]


Kind = TypeVar("Kind", bound=Reviewed)


def standing(revisions: Iterable[Kind], on: date) -> Kind | None:
    """The one that counts on a day, out of the revisions of one paper, the newest first."""
    return next((each for each in revisions if each.is_accepted and each.effective_on <= on), None)


def state_of(revision: Reviewed, counting: Reviewed | None, on: date) -> str:
    """A key of the statuses. counting: the revision of the same paper that counts."""
    if revision.withdrawn_at is not None:
        return "withdrawn"
    if not revision.is_accepted:
        return "to_review" if revision.awaits_review else "returned"
    if revision.valid_until is not None and revision.valid_until < on:
        return "expired"
    if revision.effective_on > on:
        return "upcoming"
    return "on_file" if revision == counting else "superseded"


def refuse_days(effective_on: date, valid_until: date | None) -> None:
    """Raises RuleBroken."""
    if valid_until is None:
        return
    if valid_until < effective_on:
        raise RuleBroken(problems=[Problem("valid_until", _("It applies only from a later day on."))])
    if valid_until < timezone.localdate():
        raise RuleBroken(
            problems=[Problem("valid_until", _("This day has passed. Hand in the paper that applies now."))]
        )


def refuse_verdict(verdict: str, note: str) -> None:
    """Raises RuleBroken."""
    if verdict not in (Review.ACCEPTED, Review.RETURNED):
        raise RuleBroken(problems=[Problem("verdict", _("Choose one of the list."))])
    if verdict == Review.RETURNED and not note.strip():
        raise RuleBroken(problems=[Problem("note", _("Say what has to change."))])


def record(revision: Reviewed, by: Actor, verdict: str, note: str) -> None:
    """Write the review of a locked revision, once. Raises OutOfOrder."""
    if not revision.awaits_review:
        raise OutOfOrder(_("This revision does not wait for a review."))
    revision.review, revision.review_note = verdict, note.strip()
    revision.reviewed_by_id, revision.reviewed_at = by.person, timezone.now()
    revision.save(update_fields=["review", "review_note", "reviewed_by", "reviewed_at"])
