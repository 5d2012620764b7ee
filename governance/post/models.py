from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from governance.people.actor import Actor
from governance.people.isolated import Isolated, IsolatedQuerySet


class MessageQuerySet(IsolatedQuerySet):
    def of(self, user_id: object) -> Self:
        return self.filter(to_id=user_id)

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def inbox_of(self, actor: Actor) -> Self:
        """What a person reads in the register, for the organisation they work for now."""
        return self.of(actor.user_id).filter(organisation_id=actor.organisation_id, shown=True)

    def undelivered(self) -> Self:
        """What still has to go out as mail. Who wants none reads it in the register; a letter with a secret always goes."""
        waiting = self.filter(delivered_at=None, attempts__lt=MOST_ATTEMPTS)
        return waiting.exclude(shown=True, to__wants_mail=False)


MOST_ATTEMPTS = 10


class Message(Isolated):
    """One message to one person, written in the transaction that it reports; a task delivers it as mail."""

    withheld = ("subject", "body", "link")
    churning = ("attempts",)

    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_column="user_id"
    )
    key = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    link = models.CharField(max_length=400, blank=True)
    shown = models.BooleanField(default=True)
    """False for a message that only goes out as mail: the link in it is a secret."""
    created_at = models.DateTimeField(default=timezone.now)
    delivered_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
