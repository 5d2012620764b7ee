"""How firm the ground under a status is: the wording that was read, the mapping, the translation. Each apart; the weakest tells.

Ranks run from 1, the weakest. They order what a reader should be told first, and measure nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Part = Literal["wording", "mapping", "translation"]

RANKS: Mapping[tuple[Part, str], int] = {
    ("wording", "inferred"): 1,
    ("wording", "not_read_since"): 1,
    ("wording", "secondary"): 2,
    ("wording", "partly_read"): 2,
    ("wording", "unofficial"): 3,
    ("wording", "official"): 4,
    ("mapping", "unsigned"): 2,
    ("mapping", "signed"): 4,
    ("translation", "ours"): 3,
    ("translation", "official"): 4,
}
NOT_READ = ("not_read", "title and status only")


@dataclass(frozen=True)
class Strength:
    """key: which of the words of its part says it."""

    part: Part
    key: str

    @property
    def rank(self) -> int:
        return RANKS[self.part, self.key]


def wording(facts: Mapping[str, Any]) -> Strength:
    """How the text itself was read, as the entry of the edition says it."""
    read = facts.get("wording_read") or {}
    if facts["confidence"] == "inferred":
        return Strength("wording", "inferred")
    if facts.get("wording_since_2026_08_25") == "not_read":
        return Strength("wording", "not_read_since")
    if facts["confidence"] == "secondary" or read.get("copy") in NOT_READ:
        return Strength("wording", "secondary")
    if (read.get("also") or {}).get("copy") in NOT_READ:
        return Strength("wording", "partly_read")
    return Strength("wording", "official" if read.get("copy") == "official" else "unofficial")


def mapping(*, is_signed: bool) -> Strength:
    return Strength("mapping", "signed" if is_signed else "unsigned")


def translation(facts: Mapping[str, Any], language: str, official: Collection[str] = ()) -> Strength:
    """official: Kazakh titles that the head of the edition has in the words of the law itself. Ours unless marked otherwise."""
    title = facts["title"].get(language, "")
    marked = (
        facts.get(f"official_title_{language}") == title
        or facts.get(f"{language}_title_status") == "official"
        or (language == "kk" and title in official)
    )
    return Strength("translation", "official" if title and marked else "ours")


def official_titles(head: Mapping[str, Any]) -> frozenset[str]:
    """Kazakh titles of articles that were seen in an official publication."""
    articles = head.get("articles") or ()
    return frozenset(
        each["official_title_kk"] for each in articles if each.get("kk_title_status") == "official"
    )


def weakest(strengths: Sequence[Strength]) -> Strength:
    """The first of the weakest, so wording is told before mapping, and mapping before translation."""
    return min(strengths, key=lambda strength: strength.rank)
