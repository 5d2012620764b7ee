"""What every page knows: the reader's language, name and organisation."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from governance.people.models import Organisation


def _version() -> str:
    try:
        return version("senim")
    except PackageNotFoundError:
        return "0.1.0"


VERSION = _version()


def house(request: HttpRequest) -> dict[str, Any]:
    actor = getattr(request, "actor", None)
    known = actor is not None and actor.is_known
    return {
        "actor": actor if known else None,
        "organisation": Organisation.objects.filter(pk=actor.organisation_id).first() if known and actor else None,
        "languages": settings.LANGUAGES,
        "senim_version": VERSION,
    }
