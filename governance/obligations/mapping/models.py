"""A named lawyer has read how we map a requirement to evidence, and signs it for their organisation."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.people.isolated import Isolated, IsolatedQuerySet


class MappingSignatureQuerySet(IsolatedQuerySet):
    def standing(self) -> Self:
        """Those that nobody revoked. Whether one holds is a question of the mapping in force."""
        return self.filter(revoked_at=None)


class MappingSignature(Isolated):
    """The mapping of one requirement, by its content, signed. Another content is not signed by it; revoked, never removed."""

    obligation_key = models.CharField(max_length=100)
    framework_key = models.CharField(max_length=40)
    edition = models.CharField(max_length=20)
    """The edition that lay before the lawyer."""
    mapping_digest = models.CharField(max_length=64)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("name of the lawyer"), max_length=200)
    position = models.CharField(_("position of the lawyer"), max_length=200)
    signed_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)
    revoked_reason = models.TextField(blank=True, editable=False)

    objects = MappingSignatureQuerySet.as_manager()

    class Meta:
        ordering = ["framework_key", "obligation_key", "-signed_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "obligation_key", "mapping_digest"],
                condition=Q(revoked_at=None),
                name="a_mapping_is_signed_once",
            ),
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(position=""), name="mapping_signature_names_person_and_position"
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | ~Q(revoked_reason=""),
                name="revoked_mapping_signature_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.position}"
