"""From a piece of evidence that is owed to the form that takes it in: the rooms know their forms, this page knows the rooms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from governance.inventory.kinds import KINDS
from governance.inventory.models import AIModel, ModelVersion, Revision
from governance.inventory.outlines.outline import outlines
from governance.inventory.queries import focus_version
from governance.inventory.sections import QUESTIONS, SECTION_OF
from governance.obligations.edition import vocabularies
from governance.obligations.flags import VENDORED
from governance.obligations.house.models import HouseRevision
from governance.obligations.owed.asking import GRADE
from governance.obligations.owed.queries import Line
from governance.obligations.owed.rules import Act
from governance.obligations.registration import attribute
from governance.obligations.status import FIELD
from governance.people.actor import Actor
from governance.people.rights import may
from monitoring.checks import CHECKS
from monitoring.data.models import Dataset

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

GRADED = frozenset({"risk_degree", "autonomy_degree", "tier"})
DRILLED = frozenset({"kill_switch_test", "fallback_test"})
CHECK = "check:"


@dataclass(frozen=True)
class Way:
    """words: what to do. url: "" where the reader may not do it. others: other ways to the same end."""

    words: StrOrPromise
    url: str = ""
    others: Sequence[Way] = ()


@dataclass(frozen=True)
class Around:
    """What decides which form is the right one. version: the one in focus. avoided: kinds without a form.

    unread, unread_at_home: by kind the page of a paper that was handed in and waits for its review.
    """

    model: AIModel
    actor: Actor
    version: ModelVersion | None
    has_data: bool
    avoided: frozenset[str]
    unread: Mapping[str, str]
    unread_at_home: Mapping[str, str]

    def may(self, right: str) -> bool:
        return may(self.actor, right, self.model)

    def at_home(self, words: StrOrPromise, right: str, name: str, *args: object, end: str = "") -> Way:
        """A way to a page of the organisation, where it answers for all of its models."""
        return Way(words, reverse(name, args=args) + end if self.may(right) else "")

    def to(self, words: StrOrPromise, right: str, name: str, *args: object, end: str = "") -> Way:
        """A way for those who have the right to go it; others read what is to be done."""
        url = reverse(name, args=args or [self.model.pk]) + end
        return Way(words, url if not right or self.may(right) else "")


def around(model: AIModel, actor: Actor) -> Around:
    has_data = Dataset.objects.standing().filter(model=model).exists()
    papers = Revision.objects.to_review().filter(model=model)
    for_all = HouseRevision.objects.to_review().filter(organisation_id=model.organisation_id)
    return Around(
        *(model, actor, focus_version(model), has_data, _avoided(model)),
        unread=_by_kind(papers.values_list("document_id", "kinds"), "inventory:document"),
        unread_at_home=_by_kind(for_all.values_list("paper_id", "kinds"), "house:paper"),
    )


def _by_kind(papers: Iterable[tuple[UUID, list[str]]], page: str) -> dict[str, str]:
    return {kind: reverse(page, args=[key]) for key, kinds in papers for kind in kinds}


def _avoided(model: AIModel) -> frozenset[str]:
    """Kinds that the register has no form for, or that do not count for this model."""
    words = vocabularies()
    checks = {f"{CHECK}{name}" for name in words["checks"]} - {check.evidence for check in CHECKS.values()}
    fields = {FIELD + name for name in words["registration_fields"] if not _has_a_form(name)}
    alone = not model.vendor and model.origin not in VENDORED
    return frozenset(checks | fields | ({"vendor_disclosure"} if alone else set()))


def _has_a_form(field: str) -> bool:
    return field == "version" or attribute(field) in GRADED or attribute(field) in QUESTIONS


def way_of(line: Line, here: Around) -> Way:
    """The form that takes this piece in, with the kind chosen beforehand."""
    if line.piece.of_organisation:
        return _for_all(line, here)
    if line.piece.act == Act.FIND_CAUSE:
        return _cause(line, here)
    if line.piece.act == Act.ANSWER:
        return _answer(line, line.kind, here)
    return _hand_in(line, here)


def _read(words: StrOrPromise, line: Line, here: Around) -> Way:
    """There is no form: the requirement itself says what it asks for."""
    return here.to(words, "", "obligations:requirement", here.model.pk, line.piece.requirements[0])


def _for_all(line: Line, here: Around) -> Way:
    """What the organisation hands in once: a training, the committee's word on a paper, or the paper itself."""
    name = line.kind.removeprefix("document:")
    if name == "training_record":
        return here.at_home(_("Record a training"), "training.record", "house:trainings")
    if name == "approval":
        return here.at_home(_("Have the committee approve a governing paper"), "model.read", "house:papers")
    if name not in KINDS:
        return _read(line.name, line, here)
    if name in here.unread_at_home:
        return _unread(line, here.unread_at_home[name])
    kept = line.evidence.summary.get("document") if line.evidence else None
    if line.piece.is_renewal and kept:
        words = _("Hand in a new revision: %(name)s") % {"name": line.name}
        return here.at_home(words, "house_paper.add", "house:revise", kept)
    words = _("Hand in for the organisation: %(name)s") % {"name": line.name}
    return here.at_home(words, "house_paper.add", "house:add", end=f"?kind={line.kind}")


def _cause(line: Line, here: Around) -> Way:
    words = _("Find the cause: %(name)s") % {"name": line.name}
    if line.kind in DRILLED:
        return here.to(words, "", "incidents:drills")
    if line.evidence is not None and line.evidence.source.startswith("plan:"):
        return here.to(words, "run.read", "runs:run", line.evidence.source_id)
    return here.to(words, "", "runs:findings") if line.kind.startswith(CHECK) else _read(words, line, here)


def _answer(line: Line, question: str, here: Around) -> Way:
    words = _("Answer: %(name)s") % {"name": line.name}
    if question == GRADE or question in GRADED:
        return here.to(_("Grade the risk and the autonomy"), "risk.assess", "risk:assess")
    asked = QUESTIONS[question]
    section = SECTION_OF[question].slug
    return here.to(words, "model.edit", "inventory:edit", here.model.pk, section, end=f"#id_{asked.field}")


def _hand_in(line: Line, here: Around) -> Way:
    for begins, way in WAYS.items():
        if line.kind.startswith(begins):
            return way(line, here)
    return _paper(line, here)


def _field(line: Line, here: Around) -> Way:
    name = line.kind.removeprefix(FIELD)
    if name == "version":
        return here.to(_("Add a version"), "version.add", "inventory:add-version")
    if _has_a_form(name):
        return _answer(line, attribute(name), here)
    return _read(_("Not asked by the register yet: %(name)s") % {"name": line.name}, line, here)


def _check(line: Line, here: Around) -> Way:
    words = _("Have it checked: %(name)s") % {"name": line.name}
    if line.kind in here.avoided:
        return _read(_("Not checked by the register yet: %(name)s") % {"name": line.name}, line, here)
    return here.to(words, "", "runs:checks" if here.has_data else "data:data")


def _oversight(line: Line, here: Around) -> Way:
    return here.to(_("Write into the log of human oversight"), "", "incidents:oversight")


def _drill(line: Line, here: Around) -> Way:
    return here.to(_("Hold a drill: %(name)s") % {"name": line.name}, "", "incidents:drills")


def _approval(line: Line, here: Around) -> Way:
    if here.version is None:
        return here.to(_("Add a version, then ask for its approval"), "version.add", "inventory:add-version")
    words = _("Ask the committee to approve version %(version)s") % {"version": here.version.label}
    return here.to(words, "approval.request", "approvals:ask", here.version.pk)


def _paper(line: Line, here: Around) -> Way:
    """A document: its next revision, a new one from an outline, or a new file."""
    name = line.kind.removeprefix("document:")
    if name not in KINDS:
        return _read(_("Hand in: %(name)s") % {"name": line.name}, line, here)
    if name in here.unread:
        return _unread(line, here.unread[name])
    file = _file(line, here)
    if name not in outlines():
        return file
    words = _("Write it: %(name)s") % {"name": line.name}
    written = here.to(words, "document.add", "outlines", end=f"?kind={name}")
    return Way(written.words, written.url, [Way(_("hand in a file instead"), file.url)])


def _unread(line: Line, page: str) -> Way:
    """It was handed in: what is owed is the review by a second person, and everybody may look how far it is."""
    return Way(_("It waits for a review by a second person: %(name)s") % {"name": line.name}, page)


def _file(line: Line, here: Around) -> Way:
    kept = line.evidence.summary.get("document") if line.evidence else None
    if line.piece.is_renewal and kept:
        words = _("Hand in a new revision: %(name)s") % {"name": line.name}
        return here.to(words, "document.add", "inventory:revise-document", kept)
    words = _("Hand in: %(name)s") % {"name": line.name}
    return here.to(words, "document.add", "inventory:add-document", end=f"?kind={line.kind}")


def _decision_log(line: Line, here: Around) -> Way:
    """A file, or the log itself as data, which is then looked through again and again."""
    file = _file(line, here)
    words = _("or hand the log in as data and have it checked")
    return Way(file.words, file.url, [here.to(words, "", "data:data")])


WAYS: Mapping[str, Callable[[Line, Around], Way]] = {
    FIELD: _field,
    CHECK: _check,
    "audit_log": _decision_log,
    "human_oversight_log": _oversight,
    "kill_switch_test": _drill,
    "fallback_test": _drill,
    "approval": _approval,
}
"""By the beginning of the kind; all others are papers."""
