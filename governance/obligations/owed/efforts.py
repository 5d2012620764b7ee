"""How much work a piece of evidence is, as data: the page is ordered by it, and of alternatives the lighter is proposed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language

FILE = Path(__file__).with_name("efforts.yaml")
ANSWER = "answer"


@dataclass(frozen=True)
class Effort:
    """rank: its place, 0 = the lightest. cost: against the others, a choice of ours."""

    key: str
    rank: int
    cost: int
    words: Mapping[str, str]

    @property
    def title(self) -> str:
        return self.words.get((get_language() or "en")[:2], self.words["en"])


@cache
def efforts() -> Mapping[str, Effort]:
    """All of them by key, the lightest first."""
    read = [
        Effort(each["key"], rank, each["cost"], each["title"]) for rank, each in enumerate(_raw()["efforts"])
    ]
    return {effort.key: effort for effort in read}


@cache
def effort_of(kind: str) -> Effort:
    """Of a kind of evidence, by its name or its prefix. Raises KeyError for a kind that the file does not know."""
    named: Mapping[str, str] = _raw()["kinds"]
    prefix, colon, _name = kind.rpartition(":")
    return efforts()[named[prefix + colon] if colon else named[kind]]


@cache
def _raw() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load(FILE.read_bytes(), Loader=yaml.CSafeLoader)
    return loaded
