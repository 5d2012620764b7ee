"""Brings the catalogue into the database: each edition once, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from governance.errors import OutOfOrder, Problem
from governance.obligations.edition import CATALOGUE, Edition, Entry, editions, without
from governance.obligations.models import Framework, Obligation
from governance.people.acting import acting, viewing
from governance.people.actor import Actor
from governance.people.rights import require

TOLD = frozenset({"title", "text", "note"})
"""Keys that people read and no rule does: they may be completed and corrected in an edition that is loaded."""


def load(*, by: Actor, folder: Path = CATALOGUE) -> list[Framework]:
    """Load the editions that are not there yet, complete those that only tell more, and return both; a second run writes
    nothing.

    Raises NotAllowed, and OutOfOrder for an edition that would judge otherwise than the one that models are judged by.
    """
    require(by, "catalogue.load", None)
    read = editions(folder)
    with viewing(by):
        if not _not_loaded(read):
            return []
    with acting(by, "catalogue.loaded"):
        _alone()
        return [
            _complete(there, edition) if there else _write(edition) for edition, there in _not_loaded(read)
        ]


def _alone() -> None:
    """Two loaders wait for each other; the second finds nothing left to do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('senim catalogue', 0))")


def _not_loaded(read: Iterable[Edition]) -> list[tuple[Edition, Framework | None]]:
    """Editions that are not there as they were read, each with the row that is there under its name."""
    there = {(each.key, each.edition): each for each in Framework.objects.all()}
    fresh = [(edition, there.get((edition.framework, edition.edition))) for edition in read]
    fresh = [(edition, row) for edition, row in fresh if row is None or row.sha256 != edition.sha256]
    changed = [edition for edition, row in fresh if row is not None and not _judges_alike(edition, row)]
    if changed:
        what = _("The content of an edition that is already loaded has changed. Give it a new edition.")
        raise OutOfOrder(what, [Problem(f"{each.framework} {each.edition}", what) for each in changed])
    return fresh


def _judges_alike(edition: Edition, row: Framework) -> bool:
    """Whether only what is told differs: the same requirements, judged by the same words."""
    now = {entry.id: without(_plain(entry.raw), TOLD) for entry in edition.entries}
    before = {key: without(facts, TOLD) for key, facts in row.obligations.values_list("key", "facts")}
    return now == before and without(_plain(edition.head), TOLD) == without(row.head, TOLD)


def _complete(framework: Framework, edition: Edition) -> Framework:
    for name, words in _titles(edition.title).items():
        setattr(framework, name, words)
    framework.sha256, framework.head = edition.sha256, _plain(edition.head)
    framework.save()
    rows = {row.key: row for row in framework.obligations.all()}
    for entry in edition.entries:
        row = rows[entry.id]
        row.facts = _plain(entry.raw)
        for name, words in _titles(entry.raw["title"]).items():
            setattr(row, name, words)
    Obligation.objects.bulk_update(rows.values(), ["facts", "title_kk", "title_ru", "title_en"])
    return framework


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
