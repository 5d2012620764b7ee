"""The closed lists of what comes from outside."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProviderKind(models.TextChoices):
    COMPANY = "company", _("company")
    PUBLIC_BODY = "public_body", _("public body")
    ACADEMIC = "academic", _("university or institute")
    COMMUNITY = "community", _("open-source community")
    PERSON = "person", _("natural person")


class ComponentKind(models.TextChoices):
    MODEL = "model", _("model")
    DATA = "data", _("data")
    SOFTWARE = "software", _("software")
    HOSTING = "hosting", _("hosting")
    SERVICE = "service", _("service")


class Substitute(models.TextChoices):
    """How hard it would be to go on without this component."""

    EASY = "easy", _("another one is ready")
    WORK = "work", _("another one exists, changing takes work")
    NONE = "none", _("there is no other one")
