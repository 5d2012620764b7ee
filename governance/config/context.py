"""What every page knows: who reads it, for which organisation, and the ways from here."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance.people import recognition
from governance.people.actor import Actor
from governance.people.rights import may
from governance.post import services as post


def _version() -> str:
    try:
        return version("senim")
    except PackageNotFoundError:
        return "0.1.0"


VERSION = _version()


def house(request: HttpRequest) -> dict[str, Any]:
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or not actor.is_person or actor.user_id is None:
        return {"senim_version": VERSION}
    belongs = recognition.belongings(actor.user_id)
    organisations = [
        {
            "id": each.organisation_id,
            "name": each.name,
            "current": each.organisation_id == actor.organisation_id,
        }
        for each in belongs
    ]
    return {
        "senim_version": VERSION,
        "organisations": organisations,
        "organisation_name": next((each["name"] for each in organisations if each["current"]), ""),
        "navigation": navigation(actor, request.path),
        "unread": post.unread(actor),
        "inbox_url": reverse("inbox"),
        "profile_url": reverse("profile"),
    }


def navigation(actor: Actor, path: str) -> list[dict[str, Any]]:
    ways = [("home", _("Home")), ("models", _("Models"))]
    if actor.roles:
        ways += [("obligations:matrix", _("Matrix")), ("house:papers", _("Papers"))]
    ways += [("approvals:committee", _("Committee")), ("incidents:incidents", _("Incidents"))]
    if may(actor, "member.invite", _Home(actor.organisation_id)):
        ways += [("people", _("People")), ("tokens", _("Tokens"))]
    if may(actor, "connector.register", _Home(actor.organisation_id)):
        ways.append(("mlflow:connectors", _("MLflow servers")))
    if may(actor, "source.register", _Home(actor.organisation_id)):
        ways.append(("sources:sources", _("Databases")))
    if may(actor, "engagement.see", _Home(actor.organisation_id)):
        ways.append(("engagements:engagements", _("Audits")))
    if may(actor, "crosswalk.confirm", _Home(actor.organisation_id)):
        ways.append(("obligations:crosswalk", _("Crosswalk")))
    if may(actor, "visit.see", _Home(actor.organisation_id)):
        ways.append(("engagements:visits", _("Your visits")))
    if may(actor, "health.read", actor):
        ways.append(("health", _("Health")))
    if may(actor, "market.read", None):
        ways.append(("market:market", _("Market")))
    if may(actor, "campaign.read", None):
        ways.append(("returns:campaigns", _("Campaigns")))
    else:
        ways.append(("returns:returns", _("Returns")))
    links = [(reverse(name), words) for name, words in ways]
    here = max(
        (url for url, _words in links if path == url or (url != "/" and path.startswith(url))),
        key=len,
        default="",
    )
    return [{"url": url, "words": words, "current": url == here} for url, words in links]


class _Home:
    """The organisation one works for, as rights judge it."""

    def __init__(self, organisation_id: Any) -> None:
        self.organisation_id = organisation_id
