"""The keys with which an organisation signs what it counted at home."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from governance.people.isolated import Isolated, IsolatedQuerySet


class CountingKeyQuerySet(IsolatedQuerySet):
    def standing(self) -> Self:
        return self.filter(revoked_at=None)


class CountingKey(Isolated):
    """The public half of an Ed25519 key. fingerprint: the first 16 hexadecimal digits of the SHA-256 over its 32 bytes."""

    name = models.CharField(_("name"), max_length=80)
    public_pem = models.CharField(_("public key"), max_length=200)
    fingerprint = models.CharField(_("fingerprint"), max_length=16)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField(default=timezone.now, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects = CountingKeyQuerySet.as_manager()

    class Meta:
        ordering = ["registered_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "fingerprint"],
                condition=Q(revoked_at=None),
                name="a_counting_key_is_registered_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name
