"""Databases of a firm from which data periods are fetched, what is fetched from them, and every fetch."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.inventory.models import AIModel
from governance.people.isolated import Isolated, IsolatedQuerySet, Record
from monitoring.data.models import Dataset, Part, Window
from monitoring.errands.models import has_ended, lives
from monitoring.refusals.models import RefusedFile
from monitoring.sources.words import Encryption, FetchStatus, Stated, Trouble, stated


class SourceQuerySet(IsolatedQuerySet):
    def standing(self) -> Self:
        return self.filter(ended_at=None)


class DataSource(Isolated):
    """One PostgreSQL database. `secret` is sealed and never shown again.

    authority: the certificate of who signed the server's own, PEM; "" for those that the computer of Senim trusts anyway.
    """

    withheld = ("secret",)

    name = models.CharField(_("name"), max_length=80)
    host = models.CharField(_("address"), max_length=253)
    port = models.PositiveIntegerField(_("port"), default=5432)
    database = models.CharField(_("database"), max_length=63)
    account = models.CharField(_("user name"), max_length=63)
    encryption = models.CharField(
        _("encryption"), max_length=12, choices=Encryption, default=Encryption.VERIFIED
    )
    authority = models.TextField(blank=True)
    secret = models.TextField(blank=True, editable=False)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "host", "port", "database", "account"],
                condition=Q(ended_at=None),
                name="a_database_is_registered_once",
            ),
            models.CheckConstraint(
                condition=Q(port__gt=0) & Q(port__lt=65536), name="data_source_has_a_port"
            ),
            models.CheckConstraint(
                condition=(Q(ended_at=None) & ~Q(secret="")) | (Q(ended_at__isnull=False) & Q(secret="")),
                name="data_source_has_its_secret_while_it_stands",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def where(self) -> str:
        """As people read it, without anything secret."""
        return f"{self.account}@{self.host}:{self.port}/{self.database}"


class FeedQuerySet(IsolatedQuerySet):
    def standing(self) -> Self:
        return self.filter(ended_at=None, source__ended_at=None, model__withdrawn_at=None)


class Feed(Isolated):
    """One table or view of a source gives one dataset its data periods. There is no free SQL, only names.

    columns: those that are fetched. begins_on: the first day of the first period that comes by itself.
    """

    source = models.ForeignKey(DataSource, on_delete=models.PROTECT, related_name="feeds")
    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="+")
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="feeds")
    schema = models.CharField(_("schema"), max_length=63, default="public")
    table = models.CharField(_("table or view"), max_length=63)
    columns = models.JSONField(_("columns"), default=list)
    period_column = models.CharField(_("column of the period"), max_length=63)
    begins_on = models.DateField(_("first day"))
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = FeedQuerySet.as_manager()

    class Meta:
        ordering = ["registered_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "dataset"],
                condition=Q(ended_at=None),
                name="a_dataset_is_fed_by_one_table",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.schema}.{self.table}"


class FetchQuerySet(IsolatedQuerySet):
    def unfinished(self) -> Self:
        return self.filter(status__in=(FetchStatus.DUE, FetchStatus.RUNNING))

    def held(self) -> Self:
        """Those that somebody works on, under a lease that lives."""
        return self.filter(lives(), status=FetchStatus.RUNNING)

    def free(self) -> Self:
        """Those that nobody works on at the moment."""
        return self.filter(Q(status=FetchStatus.DUE) | Q(status=FetchStatus.RUNNING) & has_ended(Now()))


class Fetch(Record):
    """One period that was, or is to be, fetched through a feed. What was asked and what came stays on record.

    query: as it was sent, with its dates. digest: SHA-256 of the file of rows that was handed in, as in the data period.
    fence: counts the attempts; a worker that was given up finds another number and writes nothing.
    """

    churning = ("expires_at", "rung_at", "fence")

    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, related_name="fetches")
    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="+")
    part = models.CharField(max_length=12, choices=Part, default=Part.CURRENT)
    starts_on = models.DateField()
    ends_on = models.DateField()
    is_scheduled = models.BooleanField(default=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    status = models.CharField(max_length=8, choices=FetchStatus, default=FetchStatus.DUE)
    expires_at = models.DateTimeField(null=True)
    rung_at = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    begun_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=16, choices=Trouble, blank=True)
    query = models.TextField(blank=True)
    rows = models.BigIntegerField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    window = models.ForeignKey(Window, on_delete=models.PROTECT, null=True, related_name="fetches")
    refused = models.ForeignKey(RefusedFile, on_delete=models.PROTECT, null=True, related_name="+")

    objects = FetchQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "feed"],
                condition=Q(status__in=("due", "running")),
                name="a_feed_fetches_one_period_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="a_fetched_period_does_not_end_before_it_starts",
            ),
            models.CheckConstraint(
                condition=~Q(status="done") | Q(window__isnull=False, trouble=""),
                name="a_fetch_that_is_done_has_its_data_period",
            ),
            models.CheckConstraint(
                condition=~Q(status="failed") | (Q(window=None) & ~Q(trouble="")),
                name="a_fetch_that_failed_says_why",
            ),
        ]

    @property
    def name(self) -> str:
        """Of the data period that it becomes."""
        return f"{self.starts_on.isoformat()} – {self.ends_on.isoformat()}"

    @property
    def stated(self) -> Stated:
        return stated(self.trouble)
