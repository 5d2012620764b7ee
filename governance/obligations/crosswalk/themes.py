"""The themes of the crosswalk: requirements of many frameworks for which one piece of evidence is proposed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.utils.translation import get_language

from governance.obligations.edition import crosswalk


@dataclass(frozen=True)
class Theme:
    """titles, proposals: by language; a proposal says in words what the one piece is. evidence: its kinds."""

    id: str
    titles: Mapping[str, str]
    proposals: Mapping[str, str]
    evidence: tuple[str, ...]
    strictest: str
    members: tuple[str, ...]

    @property
    def title(self) -> str:
        return _spoken(self.titles)

    @property
    def proposal(self) -> str:
        return _spoken(self.proposals)


@cache
def themes() -> Mapping[str, Theme]:
    """All of them by id, in the order of the file."""
    read = [
        Theme(
            id=group["id"],
            titles=group["title"],
            proposals=group["one_piece_of_evidence"],
            evidence=tuple(group["evidence"]),
            strictest=group["strictest"],
            members=tuple(group["members"]),
        )
        for group in crosswalk()["groups"]
    ]
    return {theme.id: theme for theme in read}


def edition() -> str:
    """The edition of the crosswalk that is asked for and confirmed now."""
    return str(crosswalk()["edition"])


def _spoken(words: Mapping[str, str]) -> str:
    return words.get((get_language() or "en")[:2], words["en"])
