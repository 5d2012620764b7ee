"""Reads the catalogue: YAML editions of frameworks, checked against the vocabularies. Knows no database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from governance.obligations.requirement import (
    BINDING_NORMS,
    STATUS_NORMS,
    Requirement,
    When,
    requirement_from,
    when_from,
)

CATALOGUE = Path(__file__).parent / "catalogue"
NOT_EDITIONS = frozenset({"crosswalk.yaml", "vocabularies.yaml"})
LANGUAGES = frozenset({"kk", "ru", "en"})
NORMS = STATUS_NORMS | BINDING_NORMS | {"principle", "on_event", "information", "sanction"}
PREFIXES = {
    "document": "evidence_document_kinds",
    "check": "checks",
    "registration_field": "registration_fields",
}

Raw = Mapping[str, Any]


class EditionBroken(ValueError):
    """An edition uses a word that is not in the vocabularies, or lacks what every edition has."""

    def __init__(self, where: str, problems: list[str]) -> None:
        super().__init__(f"{where}: {'; '.join(problems)}")
        self.where = where
        self.problems = problems


@dataclass(frozen=True)
class Entry:
    """One requirement: `requirement` for the rules, `raw` with every key for the reader."""

    requirement: Requirement
    raw: Raw

    @property
    def id(self) -> str:
        return self.requirement.id


@dataclass(frozen=True)
class Edition:
    """One reading of one framework. head: every key of the file except the requirements."""

    framework: str
    edition: str
    title: Mapping[str, str]
    jurisdiction: str
    binding: bool
    default_on: bool
    default_on_when: When | None
    sha256: str
    head: Raw
    entries: tuple[Entry, ...]


def editions(folder: Path = CATALOGUE) -> list[Edition]:
    """Every edition of the folder, in the order of its file names. Raises EditionBroken."""
    words = vocabularies(folder)
    return [read(path, words) for path in sorted(folder.glob("*.yaml")) if path.name not in NOT_EDITIONS]


def read(path: Path, words: Raw) -> Edition:
    content = path.read_bytes()
    raw = _yaml(content)
    problems = list(_problems(raw, words))
    if problems:
        raise EditionBroken(path.name, problems)
    when = raw.get("default_on_when")
    return Edition(
        framework=raw["framework"],
        edition=raw["edition"],
        title=raw["title"],
        jurisdiction=raw["jurisdiction"],
        binding=raw["binding"],
        default_on=raw["default_on"],
        default_on_when=when_from(when) if when else None,
        sha256=hashlib.sha256(content).hexdigest(),
        head={key: value for key, value in raw.items() if key != "requirements"},
        entries=tuple(Entry(requirement_from(entry), entry) for entry in raw["requirements"]),
    )


@cache
def vocabularies(folder: Path = CATALOGUE) -> Raw:
    return _yaml((folder / "vocabularies.yaml").read_bytes())


@cache
def crosswalk(folder: Path = CATALOGUE) -> Raw:
    return _yaml((folder / "crosswalk.yaml").read_bytes())


@cache
def requirement_ids(folder: Path = CATALOGUE) -> frozenset[str]:
    return frozenset(entry.id for edition in editions(folder) for entry in edition.entries)


@cache
def _titles() -> dict[str, Mapping[str, str]]:
    return {entry.id: entry.raw["title"] for edition in editions() for entry in edition.entries}


def title(requirement: str, language: str) -> str:
    """The title of a requirement in a language; an id that no edition knows is said as it stands."""
    known = _titles().get(requirement)
    return str(known[language]) if known else requirement


def label(kind: str, language: str, folder: Path = CATALOGUE) -> str:
    """The name of a kind of evidence ("document:model_card", "approval") in kk, ru or en."""
    prefix, _, name = kind.rpartition(":")
    words: Mapping[str, str] = vocabularies(folder)[PREFIXES.get(prefix, "other_evidence")][name]
    return words.get(language, words["en"])


def flag_label(flag: str, language: str, folder: Path = CATALOGUE) -> str:
    words: Mapping[str, str] = vocabularies(folder)["flags"][flag]
    return words.get(language, words["en"])


def _yaml(content: bytes) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load(content, Loader=yaml.CSafeLoader)
    return loaded


def _problems(raw: Raw, words: Raw) -> Iterator[str]:
    needed = ("framework", "edition", "title", "jurisdiction", "binding", "default_on", "requirements")
    lacking = [key for key in needed if key not in raw]
    if lacking:
        yield f"lacks {', '.join(lacking)}"
        return
    yield from _title_problems("head", raw["title"])
    yield from _when_problems("head", raw.get("default_on_when"), words)
    ids = [entry.get("id", "") for entry in raw["requirements"]]
    yield from (f"{name!r} stands twice" for name in sorted(set(ids)) if ids.count(name) > 1)
    for entry in raw["requirements"]:
        yield from _entry_problems(entry, words)


def _entry_problems(entry: Raw, words: Raw) -> Iterator[str]:
    where = str(entry.get("id", "a requirement without id"))
    needed = (
        "id",
        "ref",
        "title",
        "text",
        "norm",
        "answered_by",
        "periodicity",
        "periodicity_basis",
        "source",
    )
    lacking = [key for key in needed if key not in entry]
    if lacking:
        yield f"{where} lacks {', '.join(lacking)}"
        return
    yield from _title_problems(where, entry["title"])
    yield from _text_problems(where, entry)
    if entry["norm"] not in NORMS:
        yield f"{where}: norm {entry['norm']!r}"
    if entry["periodicity"] not in words["periodicity"]:
        yield f"{where}: periodicity {entry['periodicity']!r}"
    yield from _when_problems(where, entry.get("when"), words)
    yield from _when_problems(where, entry.get("default_on_when"), words)
    for group in entry["answered_by"]:
        yield from _when_problems(where, group.get("when"), words)
        yield from (f"{where}: evidence {kind!r}" for kind in group["any_of"] if not is_known(kind, words))
    yield from (
        f"{where}: evidence {kind!r}" for kind in entry.get("evidence", ()) if not is_known(kind, words)
    )


def is_known(kind: str, words: Raw) -> bool:
    prefix, _, name = kind.rpartition(":")
    vocabulary = PREFIXES.get(prefix) if prefix else "other_evidence"
    return vocabulary is not None and name in words[vocabulary]


def _title_problems(where: str, title: Mapping[str, str]) -> Iterator[str]:
    if set(title) != LANGUAGES or not all(title.values()):
        yield f"{where}: the title is needed in kk, ru and en"


def _text_problems(where: str, entry: Raw) -> Iterator[str]:
    """What binds in Kazakhstan is told in its two languages too."""
    needed = LANGUAGES if entry.get("binding_in_kz") else {"en"}
    lacking = sorted(language for language in needed if not entry["text"].get(language))
    if lacking:
        yield f"{where}: the text is needed in {', '.join(lacking)}"


def _when_problems(where: str, when: Raw | None, words: Raw) -> Iterator[str]:
    stated = when or {}
    yield from (f"{where}: condition {key!r}" for key in stated if key not in ("all_of", "any_of"))
    for flag in [*(stated.get("all_of") or ()), *(stated.get("any_of") or ())]:
        if flag not in words["flags"]:
            yield f"{where}: flag {flag!r}"
