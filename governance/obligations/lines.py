"""One requirement as a page says it: its words, where it stands, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import formats
from django.utils.translation import gettext_lazy as _

from governance.inventory.kinds import KINDS
from governance.obligations.apart import Apart
from governance.obligations.edition import label
from governance.obligations.mapping.models import MappingSignature
from governance.obligations.models import Conclusion, Duty, Evidence, Obligation
from governance.obligations.requirement import BINDING_NORMS
from governance.obligations.rules import (
    OUTDATED,
    UNSIGNED,
    Answered,
    ConclusionFact,
    Ground,
    Reason,
    spoken,
)
from governance.obligations.saying import Saying, reads, said
from governance.obligations.sheets import ASKS_NOTHING
from governance.obligations.status import FIELD
from governance.obligations.words import NEXT_STEPS, NORMS, STATUSES, sentence

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LOOKS: Mapping[str, str] = {
    "supported": "on_file",
    "ready": "on_file",
    "not_ready": "due_soon",
    "none": "not_applicable",
    "partly": "uncertain",
    OUTDATED: "uncertain",
    UNSIGNED: "uncertain",
}
"""Statuses that are drawn like another one; their words stay their own."""

CONCLUDED: Mapping[str, StrOrPromise] = {
    "met": _("concluded: met"),
    "partly": _("concluded: partly met"),
    "not_met": _("concluded: not met"),
    "not_applicable": _("concluded: not applicable"),
    OUTDATED: _("the evidence or the edition has changed since the conclusion"),
    UNSIGNED: _("evidence on file; concluded, but nobody has signed the mapping"),
}
BADGES: Mapping[str, StrOrPromise] = {
    OUTDATED: _("conclusion out of date"),
    UNSIGNED: _("concluded, not signed"),
}
"""What fits a badge in a list; the whole sentence stands under it."""
SET_ASIDE = _("concluded: not applicable, but nobody has signed the mapping")

CONFIDENCE: Mapping[str, StrOrPromise] = {
    "verified": _("Wording read in an unofficial copy of the whole text."),
    "secondary": _("Wording taken from a secondary source."),
    "inferred": _("Our own reading; the text does not say it in these words."),
}


@dataclass(frozen=True)
class Line:
    """A duty with the conclusion that is current and the signature that holds under its mapping."""

    duty: Duty
    conclusion: Conclusion | None = None
    signature: MappingSignature | None = None

    @property
    def apart(self) -> Apart:
        return Apart(self.obligation, self.signature)

    @property
    def obligation(self) -> Obligation:
        return self.duty.obligation

    @property
    def facts(self) -> Mapping[str, Any]:
        facts: Mapping[str, Any] = self.obligation.facts
        return facts

    @property
    def is_asked(self) -> bool:
        """Something is asked of this model here, so it carries a status."""
        return self.duty.status not in ASKS_NOTHING

    @property
    def binds_here(self) -> bool:
        return bool(self.facts.get("binding_in_kz"))

    @property
    def is_of_the_organisation(self) -> bool:
        return self.obligation.level == "organisation"

    @property
    def norm(self) -> StrOrPromise:
        return NORMS[self.obligation.norm]

    @property
    def look(self) -> str:
        return LOOKS.get(self.duty.status, self.duty.status)

    @property
    def words(self) -> StrOrPromise:
        return STATUSES[self.duty.status]

    @property
    def concluded(self) -> str:
        """The verdict as far as it rests on the evidence of the sheet; OUTDATED, UNSIGNED, or "" where nobody concluded."""
        if self.conclusion is None:
            return ""
        said = self.conclusion
        fact = ConclusionFact(said.verdict, said.evidence_digest, said.edition)  # type: ignore[arg-type]  # the choices of the column
        status: Any = self.duty.status
        ground = Ground(
            self.obligation.framework.edition,
            self.signature is not None,
            self.obligation.norm in BINDING_NORMS,
        )
        return spoken(fact, Answered(status, digest=self.duty.evidence_digest), ground)

    @property
    def concluded_look(self) -> str:
        return LOOKS.get(self.concluded, self.concluded)

    @property
    def concluded_words(self) -> StrOrPromise:
        if self.concluded == UNSIGNED and self.conclusion and self.conclusion.verdict == "not_applicable":
            return SET_ASIDE
        return CONCLUDED[self.concluded]

    @property
    def concluded_badge(self) -> StrOrPromise:
        return BADGES.get(self.concluded, self.concluded_words)

    @property
    def reasons(self) -> list[str]:
        """Each sentence once. A group whose evidence fails lacks nothing else: the failure is told, not a gap."""
        failing = {group["number"] for group in self.duty.groups if group["failing"]}
        told = [
            _sentence(Reason.from_dict(reason))
            for reason in self.duty.reasons
            if reason["key"] != "nothing_on_file" or reason["params"].get("group") not in failing
        ]
        return list(dict.fromkeys(told))

    @property
    def next_step(self) -> StrOrPromise:
        if self.concluded == "met":
            return ""
        return NEXT_STEPS.get(UNSIGNED if self.concluded == UNSIGNED else self.duty.status, "")

    @property
    def text(self) -> Saying:
        return said(self.facts["text"])

    @property
    def confidence(self) -> StrOrPromise:
        return CONFIDENCE[self.facts["confidence"]]

    @property
    def is_unread_since_the_amendment(self) -> bool:
        return self.facts.get("wording_since_2026_08_25") == "not_read"


@dataclass(frozen=True)
class Alternative:
    """One kind of evidence of a group. can_be_handed_in: as a document, by anybody who may."""

    kind: str
    counts: bool

    @property
    def name(self) -> str:
        return kind_name(self.kind)

    @property
    def can_be_handed_in(self) -> bool:
        return self.kind.removeprefix("document:") in KINDS

    @property
    def is_a_check(self) -> bool:
        return self.kind.startswith("check:")

    @property
    def is_asked_in_the_registration(self) -> bool:
        return self.kind.startswith(FIELD)


@dataclass(frozen=True)
class GroupLine:
    """status: of the group alone. note: the analyst's; None where there is none."""

    number: int
    status: str
    note: Saying | None
    until: date | None
    alternatives: Sequence[Alternative]


@dataclass(frozen=True)
class Piece:
    """One row of evidence. counts: the status rests on it, for better or worse."""

    evidence: Evidence
    counts: bool

    @property
    def name(self) -> str:
        return kind_name(self.evidence.kind)

    @property
    def is_of_a_run(self) -> bool:
        """A check may also be set aside by a person, and then nothing was run."""
        return self.evidence.source.startswith("plan:")

    @property
    def measure(self) -> Mapping[str, Any]:
        """value, low, high and n of a check, as far as its summary has them."""
        params: Mapping[str, Any] = self.evidence.summary.get("params") or {}
        return {key: params.get(key) for key in ("value", "low", "high", "n")}


def groups_of(line: Line, pieces: Sequence[Piece]) -> list[GroupLine]:
    """The active groups, each with its alternatives; what counts is marked."""
    kinds = {str(piece.evidence.pk): piece.evidence.kind for piece in pieces}
    stated = dict(enumerate(line.facts["answered_by"], start=1))
    return [_group(group, stated[group["number"]], kinds) for group in line.duty.groups]


def _group(group: Mapping[str, Any], stated: Mapping[str, Any], kinds: Mapping[str, str]) -> GroupLine:
    counting = {kinds.get(item, item) for item in group["by"]}
    return GroupLine(
        number=group["number"],
        status=_group_status(group),
        note=_note(stated),
        until=date.fromisoformat(group["until"]) if group["until"] else None,
        alternatives=[Alternative(kind, kind in counting) for kind in stated["any_of"]],
    )


def _note(stated: Mapping[str, Any]) -> Saying | None:
    """The keys of evidence in it read as words."""
    if not stated.get("note"):
        return None
    note = said(stated["note"])
    return Saying(note.words.replace("_", " "), note.language)


def _group_status(group: Mapping[str, Any]) -> str:
    if group["failing"]:
        return "failing"
    return "on_file" if group["satisfied"] else "missing"


def _sentence(reason: Reason) -> str:
    """With its days in the reader's notation."""
    days = {
        name: formats.date_format(date.fromisoformat(str(value)), "SHORT_DATE_FORMAT")
        for name, value in reason.params
        if name in ("on", "since")
    }
    return sentence(Reason.of(reason.key, **{**dict(reason.params), **days}))


def kind_name(kind: str) -> str:
    """The name of a kind of evidence in the reader's language; a kind that nobody named reads as its key."""
    try:
        return label(kind, reads())
    except KeyError:
        return kind.rpartition(":")[2].replace("_", " ")
