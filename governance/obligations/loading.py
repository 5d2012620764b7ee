"""Brings the catalogue into the database: each edition once, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from governance.errors import OutOfOrder, Problem
from governance.obligations.edition import CATALOGUE, Edition, Entry, editions
from governance.obligations.models import Framework, Obligation
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from governance.people.rights import require

Loaded = Mapping[tuple[str, str], str]
"""Framework and edition → SHA-256 of the file it came from."""


def load(*, by: Actor, folder: Path = CATALOGUE) -> list[Framework]:
    """Load the editions that are not there yet and return them; a second run writes nothing.

    Raises NotAllowed, and OutOfOrder for an edition whose content differs from the one that models are judged by.
    """
    require(by, "catalogue.load", None)
    read = editions(folder)
    with viewing(by):
        fresh = _not_loaded(read, _loaded())
    if not fresh:
        return []
    with acting(by, "catalogue.loaded"):
        _alone()
        return [_write(edition) for edition in _not_loaded(fresh, _loaded())]


def _alone() -> None:
    """Two loaders wait for each other; the second finds nothing left to do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('senim catalogue', 0))")


def _loaded() -> Loaded:
    return {
        (key, edition): sha for key, edition, sha in Framework.objects.values_list("key", "edition", "sha256")
    }


def _not_loaded(read: Iterable[Edition], loaded: Loaded) -> list[Edition]:
    changed = [
        edition
        for edition in read
        if loaded.get((edition.framework, edition.edition), edition.sha256) != edition.sha256
    ]
    if changed:
        what = _("The content of an edition that is already loaded has changed. Give it a new edition.")
        raise OutOfOrder(what, [Problem(f"{each.framework} {each.edition}", what) for each in changed])
    return [edition for edition in read if (edition.framework, edition.edition) not in loaded]


def _write(edition: Edition) -> Framework:
    framework = Framework.objects.create(
        key=edition.framework,
        edition=edition.edition,
        **_titles(edition.title),
        jurisdiction=edition.jurisdiction,
        binding=edition.binding,
        default_on=edition.default_on,
        sha256=edition.sha256,
        head=_plain(edition.head),
    )
    Obligation.objects.bulk_create(
        [_obligation(framework, position, entry) for position, entry in enumerate(edition.entries, start=1)]
    )
    return framework


def _obligation(framework: Framework, position: int, entry: Entry) -> Obligation:
    return Obligation(
        framework=framework,
        key=entry.id,
        position=position,
        ref=entry.raw["ref"],
        **_titles(entry.raw["title"]),
        norm=entry.requirement.norm,
        level=entry.requirement.level,
        facts=_plain(entry.raw),
    )


def _titles(title: Mapping[str, str]) -> dict[str, str]:
    return {f"title_{language}": title[language] for language in ("kk", "ru", "en")}


def _plain(raw: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON can carry it: a day that YAML read as a date becomes ISO text."""
    plain: dict[str, Any] = json.loads(json.dumps(raw, default=str))
    return plain
