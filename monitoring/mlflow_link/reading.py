"""One reading of a server: every linked model, oldest news first. Each step commits for itself, so a reading that breaks
off loses nothing and the next one goes on from there."""

from __future__ import annotations

import logging
from dataclasses import replace

from django.utils import timezone

from governance.errors import Refusal
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from monitoring.mlflow_link import alarm, comparing, copying, facts, telling
from monitoring.mlflow_link.facts import RemoteVersion
from monitoring.mlflow_link.models import Connector, Link, Seen
from monitoring.mlflow_link.server import Server, ServerTrouble
from monitoring.mlflow_link.words import Trouble

PAGE = 200
MOST_PAGES = 50
BEHIND = -1
"""Told what the gate says while requirements were still being computed: it is told again as soon as they are."""

log = logging.getLogger(__name__)


def read(reader: Actor, server: Server, connector: Connector) -> None:
    """Read what is linked. Trouble with one model stays with its link. Raises ServerTrouble for the server itself."""
    with viewing(reader):
        links = list(Link.objects.standing().filter(connector=connector).values_list("pk", flat=True))
    if not links:
        server.release()
    for link_id in links:
        with viewing(reader):
            link = Link.objects.select_related("connector", "model").get(pk=link_id)
        try:
            trouble = _read(reader, server, link)
        except ServerTrouble as missing:
            if missing.trouble not in (Trouble.MISSING, Trouble.TOO_MUCH):
                raise
            trouble = missing.trouble
        _note(reader, link, trouble)


def _read(reader: Actor, server: Server, link: Link) -> str:
    """Returns the trouble with it, or "". Raises ServerTrouble."""
    aliases = facts.aliases(server.get("registered-models/get", name=link.registered_name))
    remotes = _versions(server, link.registered_name)
    seen = _seen(reader, link)
    copied = [_copied(reader, server, link, each) for each in remotes.values() if each.number not in seen]
    comparing.compare(reader, link, remotes, seen)
    seen = _seen(reader, link)
    comparing.look_again(reader, server, link, seen)
    revision = _revision(reader, link)
    said = telling.answers(reader, link)
    link.told_at_revision = revision if telling.are_settled(said) else BEHIND
    alarm.watch(reader, link, aliases, seen, said)
    telling.tell(reader, server, link, remotes, seen.values(), said)
    return "" if all(copied) else Trouble.NOT_RECORDED


def _versions(server: Server, name: str) -> dict[int, RemoteVersion]:
    """All versions of a registered model, oldest first. Raises ServerTrouble."""
    quote = "'" if "'" not in name else '"'
    asked = {"filter": f"name={quote}{name}{quote}", "max_results": str(PAGE)}
    found: list[RemoteVersion] = []
    for _page in range(MOST_PAGES):
        answer = server.get("model-versions/search", **asked)
        found += facts.versions(answer)
        asked["page_token"] = facts.text(answer.get("next_page_token"))
        if not asked["page_token"]:
            return {each.number: each for each in sorted(found, key=lambda each: each.number)}
    raise ServerTrouble(Trouble.TOO_MUCH)


def _copied(reader: Actor, server: Server, link: Link, remote: RemoteVersion) -> bool:
    """Whether nothing is left to do for it. One that is still being uploaded has time until the next reading.

    The version is recorded in the name of the person who linked: somebody has to answer for it.
    """
    if not remote.is_ready:
        return True
    speaker = replace(reader, user_id=link.linked_by_id)
    try:
        copying.copy(speaker, server, link, remote)
    except Refusal as refusal:
        log.warning("version %s of link %s was not recorded: %s", remote.number, link.pk, refusal.code)
        return False
    return True


def _seen(reader: Actor, link: Link) -> dict[int, Seen]:
    with viewing(reader):
        return {each.number: each for each in Seen.objects.filter(link=link).select_related("version")}


def _revision(reader: Actor, link: Link) -> int:
    with viewing(reader):
        link.model.refresh_from_db(fields=["revision"])
    return link.model.revision


def _note(reader: Actor, link: Link, trouble: str) -> None:
    with acting(reader, "mlflow_link.read", quiet=True):
        link.read_at, link.last_error = timezone.now(), trouble
        link.save(update_fields=["read_at", "last_error", "told_at_revision"])
