"""What a page says of an entry of the catalogue, three things apart: the wording read, the mapping, the translation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from governance.obligations import strength
from governance.obligations.edition import flag_label, label, vocabularies
from governance.obligations.mapping.models import MappingSignature
from governance.obligations.mapping.rules import mapping_digest
from governance.obligations.models import Framework, Obligation
from governance.obligations.schema import as_day
from governance.obligations.words import COPIES, LANGUAGES, STRENGTHS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def caution(framework: Framework) -> str:
    """What stands beside every status: by which edition, as read when, and that it is no legal opinion."""
    return _("Evidence status under the edition of %(edition)s as read on %(day)s; not a legal opinion.") % {
        "edition": said_day(framework.head.get("text_dated")),
        "day": said_day(framework.edition),
    }


def caution_over(editions: Mapping[str, str]) -> str:
    """The same over several frameworks. editions: key of a framework → its edition; empty where nothing is computed."""
    days = ", ".join(said_day(day) for day in sorted(set(editions.values())))
    if not days:
        return ""
    return _("Evidence status under the editions as read on %(days)s; not a legal opinion.") % {"days": days}


def said_day(stated: Any) -> str:
    """A day in the reader's notation; a month or a year alone stays as the edition has it."""
    day = as_day(stated)
    return str(formats.date_format(day, "SHORT_DATE_FORMAT")) if day else str(stated or "–")


@dataclass(frozen=True)
class Apart:
    obligation: Obligation
    signature: MappingSignature | None

    @property
    def facts(self) -> Mapping[str, Any]:
        facts: Mapping[str, Any] = self.obligation.facts
        return facts

    @property
    def wording(self) -> strength.Strength:
        return strength.wording(self.facts)

    @property
    def mapping(self) -> strength.Strength:
        return strength.mapping(is_signed=self.signature is not None)

    @property
    def translation(self) -> strength.Strength:
        official = strength.official_titles(self.obligation.framework.head)
        return strength.translation(self.facts, _language(), official)

    @property
    def weakest_words(self) -> StrOrPromise:
        """One short phrase: the ground under the status is no firmer than this."""
        return _words(strength.weakest([self.wording, self.mapping, self.translation]))

    @property
    def wording_words(self) -> StrOrPromise:
        return _words(self.wording)

    @property
    def edition_read(self) -> str:
        """The wording that was read, by its day."""
        return said_day(self._read.get("edition") or self.obligation.framework.head.get("text_dated"))

    @property
    def language_read(self) -> StrOrPromise:
        return LANGUAGES.get(str(self._read.get("language")), _("language not noted"))

    @property
    def copy_read(self) -> StrOrPromise:
        """What lay before the reader; an edition that does not say so read no more than an unofficial copy."""
        default = "unofficial" if self.facts["confidence"] == "verified" else "not_read"
        return COPIES[self._read.get("copy", default)]

    @property
    def read_on(self) -> str:
        return said_day(self.obligation.framework.edition)

    @property
    def also_unread(self) -> str:
        """The act that it refers to and that nobody here has read."""
        return str((self._read.get("also") or {}).get("act", ""))

    @property
    def _read(self) -> Mapping[str, Any]:
        read: Mapping[str, Any] = self.facts.get("wording_read") or {}
        return read

    @property
    def is_unread_since_the_amendment(self) -> bool:
        return self.facts.get("wording_since_2026_08_25") == "not_read"

    @property
    def is_believed_unchanged(self) -> bool:
        return self.facts.get("believed_unchanged") is True

    @property
    def digest(self) -> str:
        return mapping_digest(self.facts)

    @property
    def mapping_words(self) -> StrOrPromise:
        if self.signature is None:
            return _words(self.mapping)
        return _("signed by %(name)s, %(position)s on %(day)s") % {
            "name": self.signature.name,
            "position": self.signature.position,
            "day": formats.date_format(self.signature.signed_at, "SHORT_DATE_FORMAT"),
        }

    @property
    def condition_words(self) -> str:
        """When we take it to apply, in the words for the flags."""
        return _condition(self.facts.get("when")) or _("to every model")

    @property
    def groups(self) -> list[tuple[str, str]]:
        """What answers it, with the condition of each group: all are needed, within each any of the pieces will do."""
        stated, either = self.facts.get("answered_by") or (), _("or")
        return [
            (
                f" {either} ".join(label(kind, _language()) for kind in group["any_of"]),
                _condition(group.get("when")),
            )
            for group in stated
        ]

    @property
    def interval_words(self) -> str:
        names = vocabularies()["periodicity"][self.facts["periodicity"]]
        is_law = self.facts["periodicity_basis"] == "text"
        basis = _("the text says so") if is_law else _("the text sets no interval; this is our suggestion")
        return f"{names[_language()]} ({basis})"

    @property
    def translation_words(self) -> StrOrPromise:
        return _words(self.translation)

    @property
    def in_force_from(self) -> date | None:
        stated = (self.facts.get("in_force") or {}).get("from") or self.facts.get("applies_from")
        return as_day(stated)


def _words(of: strength.Strength) -> StrOrPromise:
    return STRENGTHS[of.part][of.key]


def _condition(stated: Any) -> str:
    """A condition on flags in words, "" where there is none."""
    all_of, any_of = (_flags((stated or {}).get(part)) for part in ("all_of", "any_of"))
    parts = []
    if all_of:
        parts.append(_("all of this holds: %(flags)s") % {"flags": "; ".join(all_of)})
    if any_of:
        parts.append(_("one of this holds: %(flags)s") % {"flags": "; ".join(any_of)})
    return ". ".join(parts)


def _flags(named: Any) -> list[str]:
    return [flag_label(flag, _language()) for flag in named or ()]


def _language() -> str:
    code = (get_language() or "en")[:2]
    return code if code in LANGUAGES else "en"
