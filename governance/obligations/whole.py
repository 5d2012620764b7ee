"""The catalogue as a whole: what no edition shows alone, and every flaw of every file in one list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from governance.obligations.edition import CATALOGUE, NOT_EDITIONS, parsed
from governance.obligations.schema import (
    CROSSWALK,
    EVIDENCE,
    LANGUAGES,
    MALFORMED,
    TWICE,
    Flaw,
    Place,
    Raw,
    flaws_of_edition,
    flaws_of_languages,
    is_known,
)


@dataclass(frozen=True)
class Sheet:
    """One file of the catalogue as YAML gave it."""

    file: str
    raw: Any

    @property
    def entries(self) -> list[Raw]:
        """Those that can be read at all; what cannot is a flaw of its own."""
        stated = self.raw.get("requirements") if isinstance(self.raw, dict) else None
        return [each for each in stated or () if isinstance(each, dict)]


def flaws(folder: Path = CATALOGUE) -> list[Flaw]:
    """All that is wrong with a catalogue, file by file. Empty = it can be loaded and shown."""
    broken: list[Flaw] = []
    sheets = {path.name: _read(path, broken) for path in sorted(folder.glob("*.yaml"))}
    words, crosswalk = (sheets.pop(name, None) for name in ("vocabularies.yaml", "crosswalk.yaml"))
    if words is None or not isinstance(words.raw, dict):
        return [*broken, Flaw(MALFORMED, "vocabularies.yaml", "head", "", "without it nothing can be read")]
    editions = [sheet for name, sheet in sheets.items() if sheet is not None and name not in NOT_EDITIONS]
    found = [flaw for sheet in editions for flaw in flaws_of_edition(sheet.raw, words.raw, sheet.file)]
    found += [flaw for sheet in editions for flaw in _flaws_of_texts(sheet)]
    found += _flaws_across(editions)
    if crosswalk is not None and isinstance(crosswalk.raw, dict):
        found += _flaws_of_crosswalk(crosswalk, _ids(editions), words.raw)
    return [*broken, *found]


def _read(path: Path, broken: list[Flaw]) -> Sheet | None:
    try:
        return Sheet(path.name, parsed(path.read_bytes()))
    except yaml.YAMLError as error:
        broken.append(
            Flaw(MALFORMED, path.name, "head", "", f"it is no YAML: {' '.join(str(error).split())}")
        )
        return None


def _ids(editions: list[Sheet]) -> frozenset[str]:
    return frozenset(str(entry.get("id")) for sheet in editions for entry in sheet.entries)


def _flaws_of_texts(sheet: Sheet) -> Iterator[Flaw]:
    """What binds a participant in Kazakhstan can be read in all three languages."""
    if not isinstance(sheet.raw, dict) or sheet.raw.get("jurisdiction") != "KZ":
        return
    for entry in sheet.entries:
        if entry.get("binding_in_kz") is True and isinstance(entry.get("text"), dict):
            place = Place(sheet.file, str(entry.get("id")))
            yield from flaws_of_languages(place, "text", entry["text"], LANGUAGES - {"en"})


def _flaws_across(editions: list[Sheet]) -> Iterator[Flaw]:
    """Editions of one framework share their ids; two frameworks never do, and an edition stands in one file."""
    named: dict[tuple[str, str], str] = {}
    owners: dict[str, tuple[str, str]] = {}
    for sheet in editions:
        head = sheet.raw if isinstance(sheet.raw, dict) else {}
        framework, edition = str(head.get("framework")), str(head.get("edition"))
        first = named.setdefault((framework, edition), sheet.file)
        if first != sheet.file:
            yield Place(sheet.file, "head").flaw(
                TWICE, "edition", f"{framework} {edition} stands in {first} too"
            )
        for entry in sheet.entries:
            name = str(entry.get("id"))
            owner, file = owners.setdefault(name, (framework, sheet.file))
            if owner != framework:
                yield Place(sheet.file, name).flaw(TWICE, "id", f"{name!r} stands in {file} too")


def _flaws_of_crosswalk(sheet: Sheet, known: frozenset[str], words: Raw) -> Iterator[Flaw]:
    groups = [group for group in sheet.raw.get("groups") or () if isinstance(group, dict)]
    for group in groups:
        yield from _flaws_of_group(Place(sheet.file, str(group.get("id"))), group, known, words)
    names = [str(group.get("id")) for group in groups]
    for name in sorted({each for each in names if names.count(each) > 1}):
        yield Place(sheet.file, name).flaw(TWICE, "id", f"{name!r} stands twice")
    for member in sheet.raw.get("ungrouped") or ():
        if member not in known:
            place = Place(sheet.file, "ungrouped")
            yield place.flaw(CROSSWALK, "", f"no edition knows {member!r}")


def _flaws_of_group(
    place: Place, group: Mapping[str, Any], known: frozenset[str], words: Raw
) -> Iterator[Flaw]:
    yield from flaws_of_languages(place, "title", group.get("title") or {}, LANGUAGES)
    for member in group.get("members") or ():
        if member not in known:
            yield place.flaw(CROSSWALK, "members", f"no edition knows {member!r}")
    if group.get("strictest") not in known:
        yield place.flaw(CROSSWALK, "strictest", f"no edition knows {group.get('strictest')!r}")
    elif group["strictest"] not in (group.get("members") or ()):
        yield place.flaw(CROSSWALK, "strictest", f"{group['strictest']!r} is none of the members")
    for kind in group.get("evidence") or ():
        if not is_known(kind, words):
            yield place.flaw(EVIDENCE, "evidence", f"the evidence {kind!r} is unknown")
