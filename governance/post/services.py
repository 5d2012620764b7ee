"""Messages to people: `send` writes one in the transaction at hand, a task delivers it."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone, translation

from governance.people.acting import acting, current_actor, viewing
from governance.people.actor import Actor
from governance.people.models import User
from governance.post.models import MOST_ATTEMPTS, Message

log = logging.getLogger(__name__)


def send(
    *,
    organisation_id: UUID,
    to: User,
    key: str,
    context: dict[str, object],
    link: str = "",
    shown: bool = True,
) -> Message:
    """Write a message in its reader's language. Call it inside the `acting` that it reports.

    key: name of the template `emails/<key>.txt`, whose first line is the subject. link: path on this installation.
    """
    with translation.override(to.language):
        text = render_to_string(f"emails/{key}.txt", {**context, "to": to, "link": settings.SENIM_URL + link})
    subject, _, body = text.strip().partition("\n")
    message = Message.objects.create(
        organisation_id=organisation_id,
        to=to,
        key=key,
        subject=subject[:200],
        body=body.strip(),
        link=link,
        shown=shown,
    )
    transaction.on_commit(lambda: _enqueue(message.pk, organisation_id), robust=True)
    return message


def _enqueue(message_id: UUID, organisation_id: UUID) -> None:
    from governance.post.tasks import deliver

    deliver.delay(str(message_id), str(organisation_id))


def deliver(message_id: UUID, organisation_id: UUID) -> None:
    """Send one message as mail. Safe to call twice: a message that went out is left alone."""
    post = Actor.system("post", organisation_id)
    with acting(post, "message.delivered", quiet=True):
        message = Message.objects.undelivered().select_for_update(of=("self",)).filter(pk=message_id).first()
        if message is None:
            return
        to = User.objects.get(pk=message.to_id)
        send_mail(message.subject, message.body, None, [to.email])
        message.delivered_at, message.attempts = timezone.now(), message.attempts + 1
        if not message.shown:
            message.body = message.link = ""  # the secret in it has gone out and is kept nowhere
        message.save(update_fields=["delivered_at", "attempts", "body", "link"])


def read(*, by: Actor, messages: Iterable[Message]) -> None:
    """A person has read messages of theirs. Reading them again changes nothing."""
    ids = [message.pk for message in messages if message.read_at is None]
    if ids:
        with acting(by, "message.read", quiet=True):
            unread = Message.objects.filter(pk__in=ids, to_id=by.user_id, read_at=None)
            unread.update(read_at=timezone.now())


def unread(actor: Actor) -> int:
    """How many messages wait for a person, outside or inside `viewing`."""
    if current_actor() == actor:
        return Message.objects.inbox_of(actor).unread().count()
    with viewing(actor):
        return Message.objects.inbox_of(actor).unread().count()


def catch_up(organisation_id: UUID) -> None:
    """Deliver what is still lying here, because the broker or the mail server was away."""
    post = Actor.system("post", organisation_id)
    with viewing(post):
        ids = list(Message.objects.undelivered().order_by("created_at").values_list("pk", flat=True)[:50])
    for message_id in ids:
        try:
            deliver(message_id, organisation_id)
        except OSError:
            log.warning("message %s could not be delivered", message_id)
            with acting(post, "message.not_delivered"):
                Message.objects.filter(pk=message_id, attempts__lt=MOST_ATTEMPTS).update(
                    attempts=F("attempts") + 1
                )
