"""The writers of this room: servers are connected, models are linked, a worker reads what is due."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID, uuid4

from celery import current_app
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError

from governance.errors import OutOfOrder, Problem, RuleBroken
from governance.inventory.locks import locked
from governance.inventory.models import AIModel
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from governance.people.models import Organisation
from governance.people.rights import require
from monitoring.mlflow_link import reading, sealing
from monitoring.mlflow_link.address import shape_of
from monitoring.mlflow_link.models import CHAMPION, Connector, Link
from monitoring.mlflow_link.server import Server, ServerTrouble
from monitoring.mlflow_link.words import SignIn, Trouble
from monitoring.runs import lining

TASK = "monitoring.mlflow_link.tasks.poll"
EVERY = timedelta(seconds=60)
HELD = timedelta(minutes=5)
"""A worker that died over a reading holds it so long: a little longer than the task may take."""
SELDOMEST = timedelta(hours=1)
CALM = timedelta(seconds=3)
"""News of the gate is not told more often than this."""
RING_AGAIN = timedelta(seconds=30)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tested:
    """What a test of the connection found: the release of MLflow, or a trouble."""

    release: str = ""
    trouble: str = ""


def register(
    *,
    by: Actor,
    organisation: Organisation,
    name: str,
    url: str,
    sign_in: str = SignIn.NONE,
    token: str = "",
    user: str = "",
    password: str = "",
) -> Connector:
    """Connect a server. Its sign-in is sealed and never shown again. Raises NotAllowed, RuleBroken, OutOfOrder."""
    said = (
        {"token": token.strip()} if sign_in == SignIn.TOKEN else {"user": user.strip(), "password": password}
    )
    _refuse_nonsense(name, url, sign_in, said)
    with acting(by, "connector.registered"):
        organisation = locked(organisation)
        require(by, "connector.register", organisation)
        address = shape_of(url)
        if Connector.objects.standing().filter(organisation=organisation, url=address).exists():
            raise OutOfOrder(_("This server is already connected."))
        key = uuid4()
        return Connector.objects.create(
            pk=key,
            organisation=organisation,
            name=name.strip(),
            url=address,
            sign_in=sign_in,
            secret=sealing.seal(key, said) if sign_in != SignIn.NONE else "",
            registered_by_id=by.person,
        )


def test(*, by: Actor, connector: Connector) -> Tested:
    """Ask the server something small, with its sign-in. Changes nothing. Raises NotAllowed."""
    require(by, "connector.register", connector)
    try:
        with _server(connector) as server:
            release = server.release()
            server.get("registered-models/search", max_results="1")
            return Tested(release=release)
    except ServerTrouble as found:
        return Tested(trouble=found.trouble)


def end(*, by: Actor, connector: Connector) -> Connector:
    """No longer read this server; its sign-in is forgotten, what was recorded stays. Raises NotAllowed, OutOfOrder."""
    with acting(by, "connector.ended"):
        connector = _standing(by, connector)
        connector.ended_at = timezone.now()
        connector.sign_in, connector.secret = SignIn.NONE, ""
        connector.save(update_fields=["ended_at", "sign_in", "secret"])
        return connector


def link(
    *, by: Actor, connector: Connector, model: AIModel, registered_name: str, alias: str = CHAMPION
) -> Link:
    """Say that a registered model of the server is this model. Its versions are copied from now on.

    A link that was ended is taken up again, so that nothing is copied twice. Raises NotAllowed, OutOfOrder, RuleBroken.
    """
    registered_name, alias = registered_name.strip(), alias.strip()
    _refuse_names(registered_name, alias)
    with acting(by, "mlflow_model.linked"):
        connector = _standing(by, connector)
        model = locked(model)
        require(by, "connector.register", model)
        if model.withdrawn_at is not None:
            raise OutOfOrder(_("This model was withdrawn."))
        same = Link.objects.filter(connector=connector, registered_name=registered_name)
        if same.filter(ended_at=None).exists():
            raise OutOfOrder(_("This registered model is already linked."))
        row = same.filter(model=model).first() or Link(
            organisation_id=connector.organisation_id,
            connector=connector,
            registered_name=registered_name,
            model=model,
        )
        row.alias, row.linked_by_id, row.linked_at, row.ended_at = alias, by.person, timezone.now(), None
        row.save()
        _due_now(connector)
        return row


def unlink(*, by: Actor, link: Link) -> Link:
    """Versions are no longer copied, and MLflow is told nothing more. Raises NotAllowed, OutOfOrder."""
    with acting(by, "mlflow_model.unlinked"):
        link = locked(link)
        require(by, "connector.register", link)
        if link.ended_at is not None:
            raise OutOfOrder(_("This link has already ended."))
        link.ended_at = timezone.now()
        link.save(update_fields=["ended_at"])
        return link


def read_now(*, by: Actor, connector: Connector) -> None:
    """Read the server as soon as a worker is free. Raises NotAllowed, OutOfOrder."""
    with acting(by, "connector.asked"):
        _due_now(_standing(by, connector))


def catch_up(organisation_id: UUID) -> None:
    """Ring for every server that is due, and for those that have not been told what the gate says since."""
    clerk = Actor.system("mlflow reader", organisation_id)
    now = timezone.now()
    with viewing(clerk):
        mine = Connector.objects.filter(organisation_id=organisation_id)
        if not mine.standing().exists():  # every few seconds, in each organisation
            return
        news = Link.objects.untold().filter(organisation_id=organisation_id).values("connector_id")
        calm = Q(tried_at=None) | Q(tried_at__lt=now - CALM)
        fresh = list(mine.free(now).filter(calm, failures=0, due_at__gt=now, pk__in=news))
        unheard = Q(rung_at=None) | Q(rung_at__lt=F("due_at")) | Q(rung_at__lt=now - RING_AGAIN)
        is_busy = mine.held(now).exists()
        due = [] if is_busy else [each.pk for each in (*fresh, *mine.due(now).filter(unheard))]
    if due:
        with acting(clerk, "connector.rung", quiet=True):
            mine.filter(pk__in=due).update(rung_at=now, due_at=now)
            for connector_id in due:
                transaction.on_commit(partial(_ring, organisation_id, connector_id), robust=True)


def poll(organisation_id: UUID, connector_id: UUID) -> None:
    """Read one server. Safe to deliver twice: the claim decides, and what was seen is not seen again."""
    reader = Actor.system("mlflow reader", organisation_id)
    connector = _claimed(reader, connector_id)
    if connector is None:
        return
    trouble = ""
    try:
        with _server(connector) as server:
            reading.read(reader, server, connector)
    except ServerTrouble as found:
        trouble = found.trouble
    except SoftTimeLimitExceeded:
        trouble = Trouble.TIMED_OUT
    _finish(reader, connector, trouble)


@contextmanager
def _server(connector: Connector) -> Iterator[Server]:
    """Raises ServerTrouble."""
    try:
        sign_in = sealing.opened(connector.pk, connector.secret)
    except sealing.KeyLost as lost:
        raise ServerTrouble(Trouble.KEY_LOST) from lost
    with Server(connector.url, sign_in, loopback=not settings.PRODUCTION) as server:
        yield server


def _claimed(reader: Actor, connector_id: UUID) -> Connector | None:
    now = timezone.now()
    with acting(reader, "connector.claimed", quiet=True):
        if reader.organisation_id:
            lining.one_at_a_time(reader.organisation_id)
        due = Connector.objects.due(now).filter(pk=connector_id)
        others = Connector.objects.held(now).filter(organisation_id=reader.organisation_id)
        if others.exists() or not due.update(held_until=now + HELD, tried_at=now):
            return None
        claimed: Connector = Connector.objects.get(pk=connector_id)
        return claimed


def _finish(reader: Actor, connector: Connector, trouble: str) -> None:
    """A server in trouble is asked more and more seldom. Whoever asked while it was being read is not forgotten."""
    now = timezone.now()
    failures = connector.failures + 1 if trouble else 0
    pause = min(EVERY * 2 ** min(failures, 8), SELDOMEST) if trouble else EVERY
    values = {"last_error": trouble, "failures": failures, "held_until": None}
    if not trouble:
        values["last_ok_at"] = now
    with acting(reader, "connector.read", quiet=True):
        row = Connector.objects.filter(pk=connector.pk)
        row.filter(due_at__lte=connector.tried_at).update(due_at=now + pause)
        row.update(**values)


def _due_now(connector: Connector) -> None:
    """Inside `acting`: the sweep that its commit rings finds it due."""
    Connector.objects.filter(pk=connector.pk).update(due_at=timezone.now(), failures=0)


def _ring(organisation_id: UUID, connector_id: UUID) -> None:
    if not settings.SENIM_BELL:
        return
    try:
        current_app.send_task(TASK, args=[str(organisation_id), str(connector_id)])
    except OperationalError:
        log.warning("the broker does not answer; connector %s will be rung for again", connector_id)


def _standing(by: Actor, connector: Connector) -> Connector:
    """The connector, locked. Raises NotAllowed, OutOfOrder."""
    connector = locked(connector)
    require(by, "connector.register", connector)
    if connector.ended_at is not None:
        raise OutOfOrder(_("This server is no longer connected."))
    return connector


def _refuse_nonsense(name: str, url: str, sign_in: str, said: dict[str, str]) -> None:
    """Raises RuleBroken."""
    problems = []
    if not name.strip() or len(name.strip()) > 80:
        problems.append(Problem("name", _("Enter a name of at most 80 characters.")))
    if not shape_of(url):
        problems.append(
            Problem(
                "url",
                _(
                    "Enter an address such as https://mlflow.bank.kz, without a user name, a password or a query."
                ),
            )
        )
    if sign_in not in SignIn.values:
        problems.append(Problem("sign_in", _("Choose one of the list.")))
    elif sign_in != SignIn.NONE and not all(said.values()):
        problems.append(
            Problem(next(key for key, value in said.items() if not value), _("This is needed to sign in."))
        )
    if problems:
        raise RuleBroken(problems=problems)


def _refuse_names(registered_name: str, alias: str) -> None:
    """Raises RuleBroken."""
    problems = []
    both_quotes = "'" in registered_name and '"' in registered_name
    if not registered_name or len(registered_name) > 250 or not registered_name.isprintable() or both_quotes:
        problems.append(Problem("registered_name", _("Enter the name as it stands in MLflow.")))
    if not alias or len(alias) > 60 or not alias.isprintable():
        problems.append(Problem("alias", _("Enter the alias that marks the version in production.")))
    if problems:
        raise RuleBroken(problems=problems)
