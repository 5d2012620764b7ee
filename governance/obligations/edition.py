"""Reads the catalogue: YAML editions of frameworks, checked against the vocabularies. Knows no database."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from governance.obligations.requirement import Requirement, When, requirement_from, when_from
from governance.obligations.schema import PREFIXES, Raw, flaws_of_edition

CATALOGUE = Path(__file__).parent / "catalogue"
NOT_EDITIONS = frozenset({"crosswalk.yaml", "vocabularies.yaml"})


class EditionBroken(ValueError):
    """An edition uses a word that is not in the vocabularies, or lacks what every edition has."""

    def __init__(self, where: str, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
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
    """Every edition of the folder, of one framework the oldest first. Raises EditionBroken."""
    words = vocabularies(folder)
    found = [read(path, words) for path in folder.glob("*.yaml") if path.name not in NOT_EDITIONS]
    return sorted(found, key=lambda each: (each.framework, each.edition))


def read(path: Path, words: Raw) -> Edition:
    """Raises EditionBroken."""
    content = path.read_bytes()
    try:
        raw = parsed(content)
    except yaml.YAMLError as error:
        raise EditionBroken(path.name, [f"{path.name}: {error}"]) from error
    problems = [str(flaw) for flaw in flaws_of_edition(raw, words, path.name)]
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
    return parsed((folder / "vocabularies.yaml").read_bytes())


@cache
def crosswalk(folder: Path = CATALOGUE) -> Raw:
    return parsed((folder / "crosswalk.yaml").read_bytes())


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


def without(value: Any, keys: Collection[str]) -> Any:
    """A part of an edition as it is without these keys, at whatever depth they stand."""
    if isinstance(value, Mapping):
        return {key: without(each, keys) for key, each in value.items() if key not in keys}
    return [without(each, keys) for each in value] if isinstance(value, list) else value


def parsed(content: bytes) -> dict[str, Any]:
    """Raises yaml.YAMLError."""
    loaded: dict[str, Any] = yaml.load(content, Loader=yaml.CSafeLoader)
    return loaded
