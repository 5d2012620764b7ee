"""Incidents that a part of Senim opened, said in the reader's language from `summary`: a key and its parameters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from governance.incidents.models import Incident


@dataclass(frozen=True)
class Telling:
    title: StrPromise
    description: StrPromise


TELLINGS: dict[str, Telling] = {
    # params: version, window, features (how many drifted), metric, value, limit
    "drift_and_performance": Telling(
        _("Version %(version)s: the data have drifted and its performance has fallen (%(window)s)"),
        _(
            "In the data period %(window)s the check of drift and the check of performance are both red for version "
            "%(version)s. Look at both, then decide whether the permission has to be suspended."
        ),
    ),
    # params: version, registered_name, alias, server
    "unauthorised_deployment": Telling(
        _("Version %(version)s runs as “%(alias)s” without a deployment permission"),
        _(
            "In %(server)s the alias “%(alias)s” of “%(registered_name)s” stands on version %(version)s, which the gate "
            "does not allow. Move the alias back or ask the committee."
        ),
    ),
}


def title(incident: Incident) -> str:
    """The sentence of its key; what was stored where there is none, or a parameter is missing."""
    telling = _of(incident.summary)
    return _said(telling.title, incident.summary, incident.title) if telling else incident.title


def description(incident: Incident) -> str:
    telling = _of(incident.summary)
    return (
        _said(telling.description, incident.summary, incident.description)
        if telling
        else incident.description
    )


def _of(summary: dict[str, Any]) -> Telling | None:
    return TELLINGS.get(str(summary.get("key", "")))


def _said(sentence: StrPromise, summary: dict[str, Any], otherwise: str) -> str:
    try:
        spoken: str = str(sentence) % summary.get("params", {})
    except (KeyError, TypeError, ValueError):
        return otherwise
    return spoken
