"""The closed lists of this room, and what a column of a return is called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance.inventory.words import Origin, Status
from governance.risk.models import AutonomyDegree, RiskDegree

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Kind(models.TextChoices):
    FULL = "full", pgettext_lazy("return", "list of models")
    NIL = "nil", pgettext_lazy("return", "no AI in use")


EDITIONS = [("2026-1", "2026-1")]
"""Editions of the form of a return, the newest last: another set of columns is another edition."""

LATEST = EDITIONS[-1][0]

COLUMNS: Mapping[str, StrOrPromise] = {
    "name": _("Name"),
    "business_process": _("Business process"),
    "risk_degree": _("Degree of risk"),
    "autonomy_degree": _("Degree of autonomy"),
    "tier": _("Internal tier"),
    "origin": _("Origin"),
    "vendor": _("Vendor"),
    "status": _("Status"),
}
"""What is compared between two returns: a change of these is a change of the model."""

CHOICES: Mapping[str, type[models.TextChoices]] = {
    "risk_degree": RiskDegree,
    "autonomy_degree": AutonomyDegree,
    "origin": Origin,
    "status": Status,
}


def said(column: str, value: Any) -> str:
    """A value of a row in the reader's language; a dash for nothing."""
    if value in ("", None):
        return "–"
    choices = CHOICES.get(column)
    return str(choices(value).label) if choices else str(value)
