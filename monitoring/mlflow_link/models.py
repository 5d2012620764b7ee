"""Servers of MLflow, which of their models are which of ours, and what was seen of each version."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.inventory.models import AIModel, ModelVersion
from governance.people.isolated import Isolated, IsolatedQuerySet
from monitoring.mlflow_link.words import SignIn, Trouble

CHAMPION = "champion"


class ConnectorQuerySet(IsolatedQuerySet):
    def standing(self) -> Self:
        return self.filter(ended_at=None)

    def free(self, now: datetime) -> Self:
        """Those that nobody reads at the moment."""
        return self.standing().filter(Q(held_until=None) | Q(held_until__lt=now))

    def held(self, now: datetime) -> Self:
        """Those that a worker reads."""
        return self.filter(held_until__gte=now)

    def due(self, now: datetime) -> Self:
        return self.free(now).filter(due_at__lte=now)


class Connector(Isolated):
    """One MLflow server. `secret` is sealed and never shown again.

    due_at: when it is read next; held_until: a worker reads it now, or died over it; rung_at: a worker was told.
    """

    withheld = ("secret",)
    churning = ("due_at", "held_until", "rung_at", "tried_at", "last_ok_at", "failures")

    name = models.CharField(_("name"), max_length=80)
    url = models.CharField(_("address"), max_length=300)
    sign_in = models.CharField(_("sign-in"), max_length=8, choices=SignIn, default=SignIn.NONE)
    secret = models.TextField(blank=True, editable=False)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    due_at = models.DateTimeField(default=timezone.now, editable=False)
    held_until = models.DateTimeField(null=True, editable=False)
    rung_at = models.DateTimeField(null=True, editable=False)
    tried_at = models.DateTimeField(null=True, editable=False)
    last_ok_at = models.DateTimeField(null=True, editable=False)
    last_error = models.CharField(max_length=24, choices=Trouble, blank=True, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)

    objects = ConnectorQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "url"],
                condition=Q(ended_at=None),
                name="one_connector_for_one_server",
            ),
            models.CheckConstraint(
                condition=Q(url__startswith="http://") | Q(url__startswith="https://"),
                name="connector_speaks_http",
            ),
            models.CheckConstraint(
                condition=Q(sign_in=SignIn.NONE, secret="") | (~Q(sign_in=SignIn.NONE) & ~Q(secret="")),
                name="connector_has_the_secret_of_its_sign_in",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LinkQuerySet(IsolatedQuerySet):
    def standing(self) -> Self:
        return self.filter(ended_at=None, connector__ended_at=None, model__withdrawn_at=None)

    def untold(self) -> Self:
        """Links whose model has changed since MLflow was told what the gate says, and whose requirements are computed."""
        known = self.standing().filter(model__sheet__computed_at_revision=F("model__revision"))
        return known.exclude(told_at_revision=None).exclude(told_at_revision=F("model__revision"))


class Link(Isolated):
    """One registered model of a server is one of our models. `alias` is the name that means "in production" there.

    unauthorised_since: when the alias was first seen on the version `alias_on` without a permission to run it.
    told_at_revision: the revision of the model whose answers of the gate stand in the server's tags, -1 where these were
    still being computed.
    """

    churning = ("read_at", "told_at_revision")

    connector = models.ForeignKey(Connector, on_delete=models.PROTECT, related_name="links")
    registered_name = models.CharField(_("registered model in MLflow"), max_length=250)
    alias = models.CharField(_("alias of the version in production"), max_length=60, default=CHAMPION)
    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="mlflow_links")
    linked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    linked_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    read_at = models.DateTimeField(null=True, editable=False)
    last_error = models.CharField(max_length=24, choices=Trouble, blank=True, editable=False)
    told_at_revision = models.BigIntegerField(null=True, editable=False)
    alias_on = models.PositiveIntegerField(null=True, editable=False)
    unauthorised_since = models.DateTimeField(null=True, editable=False)

    objects = LinkQuerySet.as_manager()

    class Meta:
        ordering = ["registered_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "connector", "registered_name"],
                condition=Q(ended_at=None),
                name="a_registered_model_is_linked_once",
            ),
        ]

    def __str__(self) -> str:
        return self.registered_name


class Seen(Isolated):
    """One version of a linked registered model, as it was first seen, and what has become of it since.

    identity: what never changes about a version of MLflow (run, source, time of creation). files_sha256: of the manifest
    of its files (see files.py). changed: {fact: [first seen, found later]}. told: the tags that were last written there.
    """

    churning = ("looked_at", "told_at")

    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="seen")
    number = models.PositiveIntegerField()
    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="mlflow_seen")
    identity = models.JSONField(default=dict)
    files_sha256 = models.CharField(max_length=64, blank=True)
    first_seen_at = models.DateTimeField(default=timezone.now)
    looked_at = models.DateTimeField(default=timezone.now)
    gone_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)
    changed = models.JSONField(default=dict)
    told = models.JSONField(default=dict)
    told_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "link", "number"], name="a_version_of_mlflow_is_seen_once"
            ),
        ]
