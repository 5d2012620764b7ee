"""Outlines of documents, as data: one YAML file for each kind, with headings and guiding questions in three languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language

from governance.inventory.kinds import KINDS

FOLDER = Path(__file__).parent
LANGUAGES = ("kk", "ru", "en")


class Said(dict[str, str]):
    """The same words in Kazakh, Russian and English; as text, those of the reader."""

    def __str__(self) -> str:
        return self[(get_language() or "kk")[:2]]


@dataclass(frozen=True)
class Part:
    """One section. facts: names of what the record puts into it; ask: what its author should answer."""

    key: str
    title: Said
    ask: Said
    facts: tuple[str, ...] = ()
    required: bool = True


@dataclass(frozen=True)
class Outline:
    """kind: what the finished document is evidence of; order: where it stands among the others."""

    kind: str
    title: Said
    lead: Said
    parts: tuple[Part, ...]
    order: int = 99

    @property
    def file_stem(self) -> str:
        return self.kind.replace("_", "-")


class BrokenOutline(Exception):
    """A file of this folder is not an outline. The message names the file and the place."""


@cache
def outlines() -> Mapping[str, Outline]:
    """All of them by kind, in their order. Raises BrokenOutline."""
    read = [_outline(path) for path in FOLDER.glob("*.yaml")]
    return {each.kind: each for each in sorted(read, key=lambda each: (each.order, each.kind))}


def _outline(path: Path) -> Outline:
    try:
        raw = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        parts = tuple(_part(each) for each in raw["parts"])
        found = Outline(path.stem, _said(raw["title"]), _said(raw["lead"]), parts, raw.get("order", 99))
    except (KeyError, TypeError, ValueError, yaml.YAMLError) as wrong:
        raise BrokenOutline(f"{path.name}: {wrong}") from wrong
    keys = [part.key for part in parts]
    if found.kind not in KINDS or len(set(keys)) < len(keys):
        raise BrokenOutline(f"{path.name}: an unknown kind, or a key that stands twice")
    return found


def _part(raw: Mapping[str, Any]) -> Part:
    facts = tuple(raw.get("facts", ()))
    return Part(raw["key"], _said(raw["title"]), _said(raw["ask"]), facts, raw.get("required", True))


def _said(raw: Mapping[str, str]) -> Said:
    if set(raw) != set(LANGUAGES) or not all(isinstance(each, str) and each.strip() for each in raw.values()):
        raise ValueError(f"words are needed in {', '.join(LANGUAGES)}: {dict(raw)}")
    return Said({language: words.strip() for language, words in raw.items()})
