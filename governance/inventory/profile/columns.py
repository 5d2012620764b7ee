"""The columns of the profile, by what an answer is. Nothing in it has to be answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def line(label: StrOrPromise) -> models.CharField[Any, Any]:
    return models.CharField(label, max_length=200, blank=True)


def text(label: StrOrPromise) -> models.TextField[Any, Any]:
    return models.TextField(label, blank=True)


def choice(label: StrOrPromise, among: type[models.TextChoices]) -> models.CharField[Any, Any]:
    return models.CharField(label, max_length=16, choices=among, blank=True)


def several(label: StrOrPromise) -> models.JSONField[Any, Any]:
    """A list: of short texts, or of keys of a closed list that its question names."""
    return models.JSONField(label, default=list, blank=True)


def number(label: StrOrPromise) -> models.PositiveBigIntegerField[Any, Any]:
    """A whole number; the label names its unit."""
    return models.PositiveBigIntegerField(label, null=True, blank=True)


def day(label: StrOrPromise) -> models.DateField[Any, Any]:
    return models.DateField(label, null=True, blank=True)
