"""Words of the catalogue in the reader's language, or in English where they are not translated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language


@dataclass(frozen=True)
class Saying:
    """Words of an edition as the reader gets them. language: the one they are in, for the page to mark."""

    words: str
    language: str

    def __str__(self) -> str:
        return self.words

    @property
    def is_untranslated(self) -> bool:
        return self.language != reads()


def said(stated: str | Mapping[str, str]) -> Saying:
    """In the reader's language where the edition has it, else in English; a plain string is English."""
    if isinstance(stated, str):
        return Saying(stated, "en")
    language = reads() if stated.get(reads()) else "en"
    return Saying(stated[language], language)


def reads() -> str:
    return (get_language() or "en")[:2]
