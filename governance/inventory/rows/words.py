"""The closed lists of the rows of a registration."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class UsedFor(models.TextChoices):
    DEVELOPMENT = "development", _("development")
    OPERATION = "operation", _("operation")


class DataKind(models.TextChoices):
    MARKET = "market", _("market data")
    CLIENT = "client", _("client data")
    ORDERS = "orders", _("orders and transactions")
    TEXT = "text", _("documents and text")
    MEDIA = "media", _("images, sound or video")
    OTHER = "other", _("other data")


class Direction(models.TextChoices):
    """Which way results go between two systems, as the model sees it."""

    UPSTREAM = "upstream", _("feeds on it")
    DOWNSTREAM = "downstream", _("feeds it")


class Determined(models.TextChoices):
    """Whether a regime reaches a model."""

    IN = "in", _("within its scope")
    OUT = "out", _("outside its scope")
    EXEMPT = "exempt", _("exempt")
