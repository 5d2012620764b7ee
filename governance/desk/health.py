"""The page of health: how the installation fares, and what of one's own organisation waits or failed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from governance.desk import signs
from governance.desk.signs import Sign, moment
from governance.errors import SignInNeeded
from governance.obligations.models import DutySheet
from governance.people.acting import viewing
from governance.people.actor import ALL, Actor
from governance.people.door import Request
from governance.people.rights import require
from governance.post.models import MOST_ATTEMPTS, Message
from monitoring.mlflow_link.models import Connector
from monitoring.runs.models import Run, RunStatus

LONG = timedelta(minutes=10)


def health(request: Request) -> HttpResponse:
    """For administrators and officers. What Senim as a whole knows is asked as Senim, what is one's own as oneself."""
    actor, now = request.actor, timezone.now()
    if not actor.is_known:
        raise SignInNeeded
    require(actor, "health.read", actor)
    with viewing(Actor.system("health")):
        installation = [*signs.of_the_installation(now), _letters(actor, now)]
    with viewing(actor):
        context = {"installation": installation, "own": list(_own(actor, now)), "now": now}
        return render(request, "governance/desk/health.html", context)


def _letters(actor: Actor, now: datetime) -> Sign:
    """Of one's own organisation; of all for the supervisor. Asked as Senim: nobody reads another person's letters."""
    mine = Message.objects.filter(delivered_at=None)
    if actor.reads != ALL:
        mine = mine.filter(organisation_id=actor.organisation_id)
    given_up = mine.filter(attempts__gte=MOST_ATTEMPTS).count()
    waiting = mine.filter(attempts__lt=MOST_ATTEMPTS, created_at__lt=now - LONG).count()
    part = _("Letters")
    if given_up or waiting:
        words = _("%(waiting)s wait for longer than ten minutes, %(given_up)s were given up.") % {
            "waiting": waiting,
            "given_up": given_up,
        }
        return Sign("attention", part, words, _("See whether the mail server takes letters."))
    return Sign("in_order", part, _("None waits."))


def _own(actor: Actor, now: datetime) -> Iterator[Sign]:
    yield _due(actor, now)
    yield _failed(actor, now)
    yield _behind(actor)
    yield from _connectors(actor)


def _due(actor: Actor, now: datetime) -> Sign:
    due = Run.objects.visible_to(actor).filter(status=RunStatus.DUE, due_at__lte=now)
    oldest = due.order_by("due_at").first()
    part = _("Checks that are due")
    if oldest is None:
        return Sign("in_order", part, _("None waits."))
    count = due.count()
    words = ngettext("%(count)s waits", "%(count)s wait", count) % {"count": count}
    words = _("%(words)s, the oldest since %(at)s.") % {"words": words, "at": moment(oldest.due_at)}
    if now - oldest.due_at > LONG:
        return Sign("not_run", part, words, _("See above whether the worker of checks answers."))
    return Sign("due", part, words)


def _failed(actor: Actor, now: datetime) -> Sign:
    recent = now - timedelta(days=7)
    failed = Run.objects.visible_to(actor).filter(status=RunStatus.FAILED, finished_at__gt=recent).count()
    part = _("Checks that could not run")
    if failed:
        words = ngettext("%(count)s in the last seven days.", "%(count)s in the last seven days.", failed) % {
            "count": failed
        }
        return Sign("attention", part, words, _("Their findings on the models' pages say why."))
    return Sign("in_order", part, _("None in the last seven days."))


def _behind(actor: Actor) -> Sign:
    behind = DutySheet.objects.visible_to(actor).filter(~Q(computed_at_revision=F("model__revision"))).count()
    part = _("Requirements")
    if behind:
        words = ngettext("%(count)s model is computed again.", "%(count)s models are computed again.", behind)
        return Sign("running", part, words % {"count": behind})
    return Sign("in_order", part, _("Computed for the present state of every model."))


def _connectors(actor: Actor) -> Iterator[Sign]:
    for connector in Connector.objects.visible_to(actor).filter(ended_at=None):
        part = _("MLflow server “%(name)s”") % {"name": connector.name}
        last = moment(connector.last_ok_at) if connector.last_ok_at else _("never")
        words = _("Last read: %(at)s.") % {"at": last}
        if connector.last_error:
            told = f"{connector.get_last_error_display()} {words}"
            yield Sign("attention", part, told, _("Check its address and its sign-in."))
        else:
            yield Sign("in_order" if connector.last_ok_at else "unknown", part, words)
