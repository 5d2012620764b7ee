"""What a supervisor asks of the whole market for a period, and what each participant files."""

from __future__ import annotations

import uuid
from datetime import date
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from governance.filing.words import EDITIONS, Kind
from governance.people.actor import ALL, Actor
from governance.people.isolated import Isolated, IsolatedQuerySet


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def visible_to(self, actor: Actor) -> Self:
        """Everybody reads what is asked of everybody."""
        return self.all()

    def open(self) -> Self:
        return self.filter(closed_at=None)


class Campaign(models.Model):
    """A supervisor asks every participant for a return: for which period, by which day, on which form.

    The row belongs to the supervisor, who alone writes it, and everybody reads it: that is why it is not `Isolated`,
    whose foreign keys never leave an organisation.
    """

    withheld: ClassVar[tuple[str, ...]] = ()
    churning: ClassVar[tuple[str, ...]] = ()

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        "governance.Organisation", on_delete=models.PROTECT, related_name="+", editable=False
    )
    title_kk = models.CharField(_("title in Kazakh"), max_length=200)
    title_ru = models.CharField(_("title in Russian"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    due_on = models.DateField(_("to be filed by"))
    edition = models.CharField(_("edition of the form"), max_length=20, choices=EDITIONS)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, editable=False)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ["-due_on", "-opened_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="campaign_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(due_on__gt=F("ends_on")), name="campaign_is_due_after_its_period"
            ),
            models.CheckConstraint(
                condition=~Q(title_kk="") & ~Q(title_ru="") & ~Q(title_en=""),
                name="campaign_has_a_title_in_three_languages",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """In the reader's language."""
        return str(getattr(self, f"title_{(get_language() or 'en')[:2]}", self.title_en))

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    def is_overdue(self, on: date) -> bool:
        """Whether a return that is filed on this day is late."""
        return on > self.due_on


class ReturnQuerySet(IsolatedQuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """A return names every model of its participant: whoever came to see some of them sees none."""
        return super().visible_to(actor) if actor.models == ALL else self.none()

    def standing(self) -> Self:
        """Neither withdrawn nor corrected by a later one."""
        return self.filter(withdrawn_at=None, corrected_at=None)


class Return(Isolated):
    """What a participant declared of its register for a period, signed by a named officer. Kept whatever follows."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="returns", null=True)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    number = models.CharField(_("number"), max_length=16, editable=False)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    due_on = models.DateField(_("to be filed by"), null=True)
    """As the campaign had it when the return was filed; null where nobody asked for it."""
    edition = models.CharField(_("edition of the form"), max_length=20, choices=EDITIONS)
    rows = models.JSONField(default=list)
    """The register as it was declared: a row of `snapshot.COLUMNS` for each model."""
    model_count = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    officer = models.CharField(_("officer"), max_length=120)
    position = models.CharField(_("position of the officer"), max_length=200)
    remark = models.TextField(_("remark"), blank=True)
    declared_complete = models.BooleanField(default=False)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField(default=timezone.now, editable=False)
    first_filed_at = models.DateTimeField(default=timezone.now, editable=False)
    """When the return that this one corrects was filed, or its own moment: whether it was late is judged by it."""
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, related_name="correction", null=True, editable=False
    )
    corrected_at = models.DateTimeField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_reason = models.TextField(blank=True, editable=False)

    objects = ReturnQuerySet.as_manager()

    class Meta:
        ordering = ["-ends_on", "-filed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "number"], name="return_number_is_unique_in_its_organisation"
            ),
            models.UniqueConstraint(
                fields=["organisation", "campaign"],
                condition=Q(withdrawn_at=None, corrected_at=None, campaign__isnull=False),
                name="one_return_of_a_campaign_stands",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="return_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~Q(officer="") & ~Q(position=""), name="return_names_its_officer_and_their_position"
            ),
            models.CheckConstraint(
                condition=Q(declared_complete=True), name="return_is_declared_to_be_complete"
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.NIL, model_count=0) | Q(kind=Kind.FULL, model_count__gte=1),
                name="a_full_return_has_models_and_a_nil_return_none",
            ),
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

    @property
    def is_nil(self) -> bool:
        return self.kind == Kind.NIL

    @property
    def is_late(self) -> bool:
        return self.due_on is not None and timezone.localdate(self.first_filed_at) > self.due_on

    @property
    def is_standing(self) -> bool:
        return self.withdrawn_at is None and self.corrected_at is None

    @property
    def state(self) -> str:
        """A key of the status component."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        if self.corrected_at is not None:
            return "corrected"
        return "late" if self.is_late else "on_time" if self.due_on else "done"


class Reminder(Isolated):
    """A participant was told of a campaign that it has not answered: once for each day of reminders.yaml."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    days = models.SmallIntegerField()
    """After the day on which the return is due; negative before it."""
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "campaign", "days"], name="a_reminder_is_sent_once"
            )
        ]
